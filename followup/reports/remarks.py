"""What people hand in with a report: judgement (研判) and advice (建议) in their own words, printed as theirs, with their name,
never counted; and with the sheet of the surveyors what the centre enters for the month. All of it is kept with the issued report,
which so can be made again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml
from pydantic import Field, ValidationError

from followup.reports.document.figures import Frozen, Words, both
from followup.reports.document.model import Section, Sentence


class Advice(Frozen):
    """What is proposed, who leads, until when."""

    what: Words
    lead: str = Field(min_length=1)
    by: str = Field(min_length=1)


class Remarks(Frozen):
    """`author`: who says it. `entered`: by staff number the fields of policy `pay` that are entered."""

    author: str = Field(min_length=1)
    judgement: tuple[Words, ...] = ()
    advice: tuple[Advice, ...] = ()
    entered: Mapping[str, Mapping[str, float]] = {}


class NoRemarks(ValueError):
    """A file of remarks is none. The message names the file and what is wrong in it."""


def read_remarks(path: Path) -> Remarks:
    """Raises NoRemarks; OSError where the file cannot be read."""
    try:
        return Remarks.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except (ValidationError, yaml.YAMLError, UnicodeDecodeError) as error:
        said = error.errors()[0] if isinstance(error, ValidationError) else None
        why = f"{'.'.join(str(one) for one in said['loc'])}: {said['msg']}" if said else str(error)
        raise NoRemarks(
            f"{path}: {why}. Expected: author, judgement (list of {{zh, en}}), advice (list of {{what: {{zh, en}}, lead, by}})"
        ) from None


def judgement(remarks: Remarks | None) -> Section:
    """研判."""
    title, none = (
        both("研判", "Judgement"),
        both("本期没有提交研判意见。", "No judgement was filed for this period."),
    )
    if remarks is None or not remarks.judgement:
        return Section(title=title, blocks=(Sentence(words=none),))
    return Section(title=title, blocks=tuple(_quote(words, remarks.author) for words in remarks.judgement))


def advice(remarks: Remarks | None) -> Section:
    """建议."""
    title, none = both("建议", "Advice"), both("本期没有提交建议。", "No advice was filed for this period.")
    if remarks is None or not remarks.advice:
        return Section(title=title, blocks=(Sentence(words=none),))
    return Section(
        title=title,
        blocks=tuple(
            _quote(
                both(f"{one.what.zh}(牵头:{one.lead};{one.by}前反馈)", f"{one.what.en} (lead: {one.lead}; until {one.by})"),
                remarks.author,
            )
            for one in remarks.advice
        ),
    )  # fmt: skip


def _quote(words: Words, author: str) -> Sentence:
    return Sentence(words=both(f"{words.zh}——{author}", f"{words.en} — {author}"), quoted=True)
