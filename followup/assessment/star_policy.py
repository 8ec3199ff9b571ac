"""Policy `stars`, typed."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from math import isclose
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, PositiveFloat, PositiveInt, model_validator

from survey.policies import Policy, packaged

Level = Literal["township", "village"]
Colour = Literal["red", "yellow", "black"]
Reason = Literal[
    "rose",
    "fell",
    "stays",
    "chance",
    "barred",
    "sanction",
    "first",
    "first_above",
    "first_below",
    "carried",
    "too_few",
]


COUNTY, STARS, CHANGES = "county", "stars", "changes"
"""Kinds of claims of a summary: of the county's indicators; of stars and of changes of points, by level."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Said(_Frozen):
    """The same in Chinese and in English."""

    zh: str
    en: str


class Parts(_Frozen):
    """{indicator: what it counts}, of those who live there and of cases that arose there."""

    survey: dict[str, float]
    cases: dict[str, float]


class Steps(_Frozen):
    """From which points on a place has how many stars, and from which star on which colour."""

    months: PositiveInt
    from_: tuple[float, ...] = Field(alias="from", min_length=1)
    colours: dict[Colour, int]

    @property
    def most(self) -> int:
        """How many stars there are: 五星乡镇, 七星村."""
        return len(self.from_)


class Sanction(_Frozen):
    """What a sanction does while it is in force."""

    words: Said
    ceiling: dict[Level, int]
    colour: Colour


class StarWords(_Frozen):
    """What is printed."""

    colours: dict[Colour, Said]
    levels: dict[Level, Said]
    reasons: dict[Reason, Said]


class StarPolicy(_Frozen):
    """Body of stars.yaml, where each entry is explained."""

    parts: Parts
    survey_at_most: float = Field(ge=0, le=1)
    beside: tuple[str, ...]
    shares: dict[str, PositiveFloat]
    step: PositiveInt
    levels: dict[Level, Steps]
    sanctions: dict[str, Sanction]
    words: StarWords

    @property
    def indicators(self) -> tuple[str, ...]:
        """All that points are made of, then what stands beside them."""
        return (*self.parts.survey, *self.parts.cases, *self.beside)

    @model_validator(mode="after")
    def _whole(self) -> StarPolicy:
        survey, cases = sum(self.parts.survey.values()), sum(self.parts.cases.values())
        if not isclose(survey + cases, 1.0):
            raise ValueError(f"stars: the parts come to {survey + cases:g}; they must come to 1")
        if survey > self.survey_at_most:
            raise ValueError(
                f"stars: the survey counts {survey:g}, more than the {self.survey_at_most:g} it may"
            )
        for level, one in self.levels.items():
            if any(after <= before for before, after in pairwise((0.0, *one.from_, 100.0))):
                raise ValueError(f"stars: the steps of {level} must rise between 0 and 100")
            if min(one.colours.values()) != 0 or max(one.colours.values()) > one.most:
                raise ValueError(f"stars: the colours of {level} must begin at 0 and end at {one.most} stars")
        kinds = {COUNTY, *(f"{what}.{level}" for what in (STARS, CHANGES) for level in self.levels)}
        if self.shares.keys() != kinds or not isclose(sum(self.shares.values()), 1.0):
            raise ValueError(f"stars: the shares must be those of {', '.join(sorted(kinds))}, and come to 1")
        return self


def packaged_stars() -> Policy:
    """The packaged policy with its version."""
    return packaged("followup.assessment", "stars")


@cache
def star_policy() -> StarPolicy:
    """The packaged policy."""
    return StarPolicy.model_validate(packaged_stars().body)
