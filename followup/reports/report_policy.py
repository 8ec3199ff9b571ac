"""Policy `reports`, typed."""

from __future__ import annotations

from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, PositiveFloat, PositiveInt

from followup.reports.document.figures import Words
from survey.policies import Policy, packaged

Format = Literal["html", "docx", "xlsx", "csv", "json"]


class Closed(BaseModel):
    """Unknown names are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Floors(Closed):
    """Shares in [0, 1]."""

    satisfaction_half: float = Field(ge=0, le=1)


class Townships(Closed):
    """Of the townships of a bulletin."""

    direct_n: PositiveInt
    model_areas: PositiveInt


class Watch(Closed):
    """Of the indicators that are held against their own past, day by day."""

    indicators: tuple[str, ...] = Field(min_length=1)
    days: PositiveInt
    false_alarms_a_year: PositiveFloat


class Morning(Closed):
    """Of the report that is written by itself."""

    days: PositiveInt
    decisions: PositiveInt
    formats: tuple[Format, ...]


class Withheld(Closed):
    """Why a cell is not printed."""

    private: Words
    complementary: Words


class ReportPolicy(Closed):
    """Body of reports.yaml, where each entry is explained."""

    fewest_ranked: PositiveInt
    silent_probability: tuple[float, float]
    townships: Townships
    watch: Watch
    floors: Floors
    most_named: PositiveInt
    most_listed: PositiveInt
    hot_spot: PositiveInt
    funnel_levels: tuple[PositiveFloat, ...] = Field(min_length=1, max_length=2)
    morning: Morning
    words: Withheld


def _packaged() -> Policy:
    return packaged("followup.policies", "reports")


@cache
def report_policy() -> ReportPolicy:
    """The packaged version."""
    return ReportPolicy.model_validate(_packaged().body)


@cache
def versions() -> dict[str, int]:
    """{key: version} of the packaged rules that reports apply."""
    rules = [
        _packaged(),
        packaged("survey.statistics", "suppression"),
        packaged("survey.statistics", "changes"),
        packaged("followup.casework", "verdict"),
    ]
    return {rule.key: rule.version for rule in rules}
