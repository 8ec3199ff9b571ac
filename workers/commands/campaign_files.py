"""The file that a campaign is written in, and the questionnaire that it names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from survey.campaign_reading import Found, NoCampaign, Told, Written, of_findings, read_campaign
from survey.questionnaire import shipped
from survey.questionnaire.places import Place, UnreadableYaml
from workers.commands.questionnaire_files import (
    FORMS,
    YAMLS,
    NoQuestionnaire,
    Unreadable,
    findings_of,
    opened,
)


def open_campaign_file(name: str) -> Written:
    """Raises NoCampaign and Unreadable."""
    path = Path(name)
    body = _read(path)
    try:
        return read_campaign(body, path.name, lambda named, at: _questionnaire(named, path, at))
    except UnreadableYaml as error:
        raise Unreadable(str(error)) from None


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise Unreadable(f"没有文件 there is no file {path}") from None
    except UnicodeDecodeError:
        raise Unreadable(f"{path} 不是 UTF-8 文本 is not UTF-8 text; save it as UTF-8") from None
    except OSError as error:
        raise Unreadable(f"{path} 读不了 cannot be read: {error.strerror}; name another file") from None


def _questionnaire(named: str, beside: Path, at: Place) -> Found:
    """The shipped instrument of this code, or the file beside the campaign's."""
    where = named if named in shipped() else str(beside.parent / named)
    if named not in shipped() and Path(named).suffix.lower() not in FORMS | YAMLS:
        known = ", ".join(shipped())
        raise _no_questionnaire(
            at,
            f"{named} is no shipped questionnaire ({known}) and no file",
            "name one of them, or a file",
            f"没有叫 {named} 的问卷({known}),也不是文件",
            "写其中一个,或写文件名",
        )
    try:
        file = opened(where)
    except Unreadable as error:
        said = str(error)
        raise _no_questionnaire(at, said, "name a file that can be read", said, "写一个能读的文件") from None
    except NoQuestionnaire as error:
        raise NoCampaign(of_findings(error.findings)) from None
    return file.questionnaire, findings_of(file, "list")


def _no_questionnaire(at: Place, why: str, remedy: str, why_zh: str, remedy_zh: str) -> NoCampaign:
    return NoCampaign([Told("error", at, why, remedy, why_zh, remedy_zh)])


def fault_lines_of(faults: Sequence[Told]) -> Iterator[str]:
    """Two lines for each: where and what, and what to do."""
    for fault in faults:
        yield f"{fault.place}: {fault.severity}: {fault.why}"
        yield f"    改法 remedy: {fault.remedy}"
