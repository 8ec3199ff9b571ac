"""The file that a questionnaire command names: our YAML, an XLSForm, or the code of a shipped instrument."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from survey.questionnaire import MalformedQuestionnaire, Questionnaire, library, shipped
from survey.questionnaire.lint import Finding, lint, lint_yaml
from survey.questionnaire.loader import LIBRARY, from_document
from survey.questionnaire.places import Place, Step, UnreadableYaml, YamlDocument
from workers.commands.running import refused

if TYPE_CHECKING:
    from survey.questionnaire.xlsform import Dropped

FORMS = frozenset({".xlsx", ".xls", ".csv", ".md"})
"""Endings of an XLSForm."""
YAMLS = frozenset({".yaml", ".yml"})


@dataclass(frozen=True)
class Opened:
    """A questionnaire and where its parts stand. `dropped`: what an XLSForm asks for and a telephone cannot do."""

    questionnaire: Questionnaire
    place: Callable[[Sequence[Step]], Place]
    dropped: tuple[Dropped, ...] = ()


def open_questionnaire(command: str, name: str, lang: str | None = None) -> Opened:
    """Exits with a line for each fault where the file is no questionnaire."""
    try:
        return opened(name, lang)
    except MalformedQuestionnaire as error:
        raise refused(command, f"{name}:\n{error}") from None


def opened(name: str, lang: str | None = None) -> Opened:
    """Raises MalformedQuestionnaire; exits where there is no such file."""
    path = Path(name)
    if not path.exists() and name in shipped():
        return _yaml((LIBRARY / f"{name}.yaml").read_text("utf-8"), f"{name}.yaml")
    if not path.is_file():
        raise refused(
            "minyi questionnaire",
            f"there is no file {name}, and no shipped questionnaire of that name ({', '.join(shipped())})",
        )
    if path.suffix.lower() in FORMS:
        return _form(path, lang)
    return _yaml(written(path), path.name)


def written(path: Path) -> str:
    """The text of a YAML file; exits where it is none."""
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise refused("minyi questionnaire", f"{path} is not UTF-8 text; save it as UTF-8") from None


def findings_of(name: str, frame: str | None) -> tuple[Finding, ...]:
    """What the lint says of a file; of one that is no questionnaire, why it is none."""
    path = Path(name)
    others = shipped_ones()
    if path.is_file() and path.suffix.lower() not in FORMS:
        return lint_yaml(written(path), path.name, frame=frame, shipped=others)
    try:
        found = opened(name)
    except MalformedQuestionnaire as error:
        return tuple(_unreadable(path.name, line) for line in str(error).splitlines())
    return lint(found.questionnaire, found.place, frame=frame, shipped=others)


def _unreadable(file: str, line: str) -> Finding:
    """A line of a form that was refused: file, cell, feature, reason; remedy."""
    what, _, remedy = line.removeprefix(f"{file}, ").rpartition("; ")
    place = Place(file, cell=what.partition(": ")[0]) if ": " in what else Place(file)
    told = what.partition(": ")[2] or what or line
    return Finding("malformed", "error", place, "", told, remedy, told, remedy)


def _form(path: Path, lang: str | None) -> Opened:
    from survey.questionnaire.xlsform import FormRefused, read_form  # pyxform takes half a second to import

    try:
        form = read_form(path.read_bytes(), path.name, lang=lang)
    except FormRefused as error:
        raise MalformedQuestionnaire(str(error)) from error
    return Opened(form.questionnaire, _places(form.places, path.name), form.dropped)


def _yaml(body: str, name: str) -> Opened:
    try:
        document = YamlDocument(body, name)
    except UnreadableYaml as error:
        raise MalformedQuestionnaire(str(error)) from error
    return Opened(from_document(document), document.place)


def _places(known: object, file: str) -> Callable[[Sequence[Step]], Place]:
    """The cell of a path, or the nearest one around it."""
    cells: dict[tuple[Step, ...], Place] = {tuple(path): place for path, place in dict(known).items()}  # type: ignore[call-overload]

    def place(path: Sequence[Step]) -> Place:
        steps = tuple(path)
        while steps and steps not in cells:
            steps = steps[:-1]
        return cells.get(steps, Place(file))

    return place


def shipped_ones() -> list[Questionnaire]:
    return [library(code) for code in shipped()]
