"""The file that a questionnaire command names: our YAML, an XLSForm, or the code of a shipped instrument."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from survey.questionnaire import Questionnaire, library, shipped
from survey.questionnaire.lint import Finding, lint, render
from survey.questionnaire.lint.finding import found
from survey.questionnaire.lint.malformed import malformed
from survey.questionnaire.lint.rules import told
from survey.questionnaire.loader import LIBRARY
from survey.questionnaire.places import Place, Step, UnreadableYaml, YamlDocument
from workers.commands.exits import refused

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


class Unreadable(ValueError):
    """There is no such file, or no text in it; the message says why and what to do."""


class NoQuestionnaire(ValueError):
    """A file that can be read and is no questionnaire."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(render(findings))
        self.findings = tuple(findings)


def open_questionnaire(command: str, name: str, lang: str | None = None) -> Opened:
    """Exits with each fault, its place and its remedy where the file is no questionnaire."""
    try:
        return opened(name, lang)
    except Unreadable as error:
        raise refused(command, str(error)) from None
    except NoQuestionnaire as error:
        raise refused(command, f"{name} 不成问卷 is no questionnaire:\n{error}".rstrip()) from None


def opened(name: str, lang: str | None = None) -> Opened:
    """Raises Unreadable and NoQuestionnaire."""
    path = Path(name)
    if not path.exists() and name in shipped():
        return _yaml((LIBRARY / f"{name}.yaml").read_text("utf-8"), f"{name}.yaml")
    body = _read(path)
    if path.suffix.lower() in FORMS:
        return _form(body, path.name, lang)
    try:
        return _yaml(body.decode("utf-8-sig"), path.name)
    except UnicodeDecodeError:
        raise Unreadable(f"{path} 不是 UTF-8 文本 is not UTF-8 text; save it as UTF-8") from None


def findings_of(file: Opened, frame: str | None) -> tuple[Finding, ...]:
    """What the lint says of a questionnaire."""
    others = [library(code) for code in shipped()]
    return lint(file.questionnaire, file.place, frame=frame, shipped=others)


def write_whole(out: Path, body: bytes) -> None:
    """Whole or not at all: what stood there stays until all is written. Raises OSError."""
    draft = out.with_name(f"{out.name}.draft")
    try:
        draft.write_bytes(body)
        draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)


def _read(path: Path) -> bytes:
    if path.is_dir():
        raise Unreadable(f"{path} 是文件夹 is a folder; name a file in it")
    try:
        return path.read_bytes()
    except FileNotFoundError:
        known = ", ".join(shipped())
        raise Unreadable(
            f"没有文件 there is no file {path}; the shipped questionnaires are {known}"
        ) from None
    except OSError as error:
        raise Unreadable(f"{path} 读不了 cannot be read: {error.strerror}; name another file") from None


def _form(body: bytes, name: str, lang: str | None) -> Opened:
    from survey.questionnaire.xlsform import FormRefused, read_form  # pyxform takes half a second to import

    try:
        form = read_form(body, name, lang=lang)
    except FormRefused as error:
        raise NoQuestionnaire([_fault(one) for one in error.faults]) from error
    return Opened(form.questionnaire, form.place, form.dropped)


def _fault(one: Dropped) -> Finding:
    what = f"{one.feature}: {one.why}"
    return told([found("malformed", (), what=what, remedy=one.remedy)], lambda _: one.place)[0]


def _yaml(body: str, name: str) -> Opened:
    document = None
    try:
        document = YamlDocument(body, name)
        return Opened(Questionnaire.model_validate(document.value), document.place)
    except (UnreadableYaml, ValidationError) as error:
        raise NoQuestionnaire(malformed(error, document, name)) from error
