"""What people hand in with a report: judgement (研判) and advice (建议) in their own words, printed as theirs, with their name,
never counted; and with the sheet of the surveyors what the centre enters for the month. All of it is kept with the issued report,
which so can be made again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import yaml
from pydantic import Field, ValidationError, model_validator

from followup.reports.document.figures import Frozen, Words, both
from followup.reports.document.model import Section, Sentence


class Advice(Frozen):
    """What is proposed, who leads, until when."""

    what: Words
    lead: str = Field(min_length=1)
    by: str = Field(min_length=1)


class Named(Frozen):
    """Who is praised, and what for."""

    who: Words
    why: Words


class Criticised(Named):
    """Who is criticised: what is to be put right, and until when the office is to hear that it is."""

    rectify: Words
    until: date


class Place(Frozen):
    """Where the province ranked a county in a quarter, and where in the one before, if it was ranked then."""

    rank: int = Field(ge=1)
    before: int | None = Field(default=None, ge=1)


class Province(Frozen):
    """What the province published: ranks of counties, by their codes, among `counties` of them. `source`: the notice of it."""

    counties: int = Field(ge=1)
    source: Words
    ranks: Mapping[str, Place] = Field(min_length=1)

    @model_validator(mode="after")
    def _among_them(self) -> Province:
        for code, place in self.ranks.items():
            if place.rank > self.counties:
                raise ValueError(f"county {code} ranks {place.rank} of {self.counties}")
        return self


class Remarks(Frozen):
    """`author`: who says it. `entered`: by staff number the fields of policy `pay` that are entered. For a bulletin alone: whom
    it names, what the next quarter is about, and the ranks that the province published."""

    author: str = Field(min_length=1)
    judgement: tuple[Words, ...] = ()
    advice: tuple[Advice, ...] = ()
    entered: Mapping[str, Mapping[str, float]] = {}
    praised: tuple[Named, ...] = ()
    criticised: tuple[Criticised, ...] = ()
    focus: tuple[Words, ...] = ()
    province: Province | None = None

    @property
    def of_a_bulletin(self) -> tuple[str, ...]:
        """What is in it that only a bulletin prints."""
        return tuple(one for one in ("praised", "criticised", "focus", "province") if getattr(self, one))


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
            f"{path}: {why}. Expected: author, judgement (list of {{zh, en}}), advice (list of {{what: {{zh, en}}, lead, by}}); "
            "for a bulletin also praised, criticised, focus, province: docs/reports.md"
        ) from None


def judgement(remarks: Remarks | None) -> Section:
    """研判."""
    title, none = (
        both("研判", "Judgement"),
        both("本期没有提交研判意见。", "No judgement was filed for this period."),
    )
    if remarks is None or not remarks.judgement:
        return Section(title=title, blocks=(Sentence(words=none),))
    return Section(title=title, blocks=tuple(quote(words, remarks.author) for words in remarks.judgement))


def advice(remarks: Remarks | None) -> Section:
    """建议."""
    title, none = both("建议", "Advice"), both("本期没有提交建议。", "No advice was filed for this period.")
    if remarks is None or not remarks.advice:
        return Section(title=title, blocks=(Sentence(words=none),))
    return Section(
        title=title,
        blocks=tuple(
            quote(
                both(f"{one.what.zh}(牵头:{one.lead};{one.by}前反馈)", f"{one.what.en} (lead: {one.lead}; until {one.by})"),
                remarks.author,
            )
            for one in remarks.advice
        ),
    )  # fmt: skip


def quote(words: Words, author: str) -> Sentence:
    """What somebody wrote, with their name."""
    return Sentence(words=both(f"{words.zh}——{author}", f"{words.en} — {author}"), quoted=True)
