"""Policy `microdata`: what leaves the house, and how coarse."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict, PositiveInt

from survey.policies import packaged

WITHHELD = "withheld"
AREA, STRATUM, GROUP, PERSON = "area", "stratum", "group", "person"


class Words(BaseModel):
    """A label in both languages."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zh: str
    en: str


class MicrodataRules(BaseModel):
    """The body of the policy."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    period: Literal["week", "month", "quarter"]
    least_alike: PositiveInt
    known: tuple[str, ...]
    least_in_area: PositiveInt
    area_level: Literal["township"]
    most_tries: PositiveInt
    most_rows_sav: PositiveInt
    official: str
    missing: Mapping[str, int]
    words: Mapping[str, Words]


@cache
def microdata_rules() -> MicrodataRules:
    """The packaged policy."""
    return MicrodataRules.model_validate(packaged("survey.microdata", "microdata").body)


def rules_version() -> int:
    """Of the packaged policy."""
    return packaged("survey.microdata", "microdata").version
