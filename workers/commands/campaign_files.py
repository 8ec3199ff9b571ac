"""The file that a campaign is written in, and the questionnaire that it names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from survey.field.campaign_document import CampaignDocument
from survey.field.fault import Fault
from survey.questionnaire import Questionnaire, shipped
from survey.questionnaire.lint import Finding
from survey.questionnaire.places import Place, Step, UnreadableYaml, YamlDocument
from workers.commands.questionnaire_files import FORMS, YAMLS, NoQuestionnaire, Unreadable, findings_of
from workers.commands.questionnaire_files import opened as opened_questionnaire

MOST_FAULTS = 20


@dataclass(frozen=True)
class Told:
    """One fault for a reader: where it stands, what is wrong, what to do."""

    severity: Literal["error", "warning"]
    place: Place
    why: str
    remedy: str


@dataclass(frozen=True)
class CampaignFile:
    """A campaign's document, the questionnaire it names, and what the lint says of that."""

    document: CampaignDocument
    questionnaire: Questionnaire
    findings: tuple[Finding, ...]
    place: Callable[[Sequence[Step]], Place]

    def told(self, faults: Sequence[Fault]) -> list[Told]:
        """Faults of the check with their places, then errors of the questionnaire with theirs."""
        own = [Told(f.severity, self.place(f.path), f.why, f.remedy) for f in faults]
        theirs = [
            Told("error", one.place, f"{one.zh} / {one.message}", one.remedy)
            for one in self.findings
            if one.severity == "error"
        ]
        return own + theirs


class NoCampaign(ValueError):
    """A file that is no campaign; `faults` say why, each with its place."""

    def __init__(self, faults: Sequence[Told]) -> None:
        super().__init__("\n".join(f"{f.place}: {f.why}; {f.remedy}" for f in faults))
        self.faults = tuple(faults)


def open_campaign_file(name: str) -> CampaignFile:
    """Raises NoCampaign and Unreadable."""
    path = Path(name)
    yaml = _parsed(path)
    try:
        document = CampaignDocument.model_validate(yaml.value)
    except ValidationError as error:
        raise NoCampaign(_faults(error, yaml)) from error
    file = _questionnaire(document.questionnaire, path, yaml)
    return CampaignFile(document, file[0], file[1], yaml.place)


def _parsed(path: Path) -> YamlDocument:
    try:
        body = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise Unreadable(f"没有文件 there is no file {path}") from None
    except UnicodeDecodeError:
        raise Unreadable(f"{path} 不是 UTF-8 文本 is not UTF-8 text; save it as UTF-8") from None
    except OSError as error:
        raise Unreadable(f"{path} 读不了 cannot be read: {error.strerror}; name another file") from None
    try:
        return YamlDocument(body, path.name)
    except UnreadableYaml as error:
        raise Unreadable(str(error)) from None


def _questionnaire(named: str, beside: Path, yaml: YamlDocument) -> tuple[Questionnaire, tuple[Finding, ...]]:
    """The shipped instrument of this code, or the file beside the campaign's."""
    at = yaml.place(("questionnaire",))
    where = named if named in shipped() else str(beside.parent / named)
    if named not in shipped() and Path(named).suffix.lower() not in FORMS | YAMLS:
        known = ", ".join(shipped())
        raise NoCampaign(
            [
                Told(
                    "error",
                    at,
                    f"{named} is no shipped questionnaire ({known}) and no file",
                    "name one of them, or a file",
                )
            ]
        )
    try:
        file = opened_questionnaire(where)
    except Unreadable as error:
        raise NoCampaign([Told("error", at, str(error), "name a file that can be read")]) from None
    except NoQuestionnaire as error:
        found = [Told("error", one.place, f"{one.zh} / {one.message}", one.remedy) for one in error.findings]
        raise NoCampaign(found) from None
    return file.questionnaire, findings_of(file, "list")


def _faults(error: ValidationError, yaml: YamlDocument) -> list[Told]:
    told = []
    for fault in error.errors(include_url=False)[:MOST_FAULTS]:
        path = tuple(fault["loc"])
        where = ".".join(str(step) for step in path) or "the document"
        why, remedy = _said(fault["type"], fault["msg"])
        told.append(Told("error", yaml.place(path), f"{where}: {why}", remedy))
    return told


def _said(kind: str, message: str) -> tuple[str, str]:
    if kind == "missing":
        return "this key is missing", "add it (docs/campaign.md lists the keys)"
    if kind == "extra_forbidden":
        return "there is no such key", "correct its name, or take it out (docs/campaign.md lists the keys)"
    if kind == "value_error":
        why, _, remedy = message.removeprefix("Value error, ").rpartition("; ")
        return why or message, remedy or "correct it"
    return message[:1].lower() + message[1:], "correct it (docs/campaign.md says what may stand here)"


def fault_lines_of(faults: Sequence[Told]) -> Iterator[str]:
    """Two lines for each: where and what, and what to do."""
    for fault in faults:
        yield f"{fault.place}: {fault.severity}: {fault.why}"
        yield f"    改法 remedy: {fault.remedy}"
