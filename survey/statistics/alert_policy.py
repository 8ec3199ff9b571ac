"""Policy `alerts`, typed, and the limit that it comes to for a number of areas."""

from functools import cache
from itertools import pairwise
from math import log
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, model_validator

from survey.policies import packaged

WEEK: Final = 7


class LimitRow(BaseModel):
    """A limit; days until a false signal where level and error are known, as simulated for calm areas, and the least of all
    simulated kinds of areas, which is what is promised."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    limit: float = Field(gt=0)
    arl0_known: float = Field(gt=1)
    arl0_calm: float = Field(gt=1)
    arl0: float = Field(gt=1)


class Limits(BaseModel):
    """Rows from the narrowest to the widest limit."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: tuple[LimitRow, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _rising(self) -> "Limits":
        if any(a.limit >= b.limit or a.arl0 >= b.arl0 for a, b in pairwise(self.rows)):
            raise ValueError("limits and their days must rise from row to row")
        return self

    def for_days(self, arl0: float) -> tuple[float, float]:
        """The limit at which an unchanged area signals every `arl0` days, and the days that it comes to: those of the first or
        the last row where they are asked for less or more."""
        rows = self.rows
        wanted = min(max(arl0, rows[0].arl0), rows[-1].arl0)
        low, high = next((a, b) for a, b in pairwise(rows) if wanted <= b.arl0)
        share = (log(wanted) - log(low.arl0)) / (log(high.arl0) - log(low.arl0))
        return low.limit + share * (high.limit - low.limit), wanted


class Cusum(Limits):
    """The slack k; a shift of twice as many standard errors is found soonest."""

    slack: float = Field(gt=0, lt=2)


class Ewma(Limits):
    """The weight λ of the newest day."""

    smoothing: float = Field(gt=0, le=1)


class AlertPolicy(BaseModel):
    """Body of alerts.yaml, where each entry is explained."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    past_days: int = Field(ge=WEEK)
    gap_days: int = Field(ge=0)
    least_days: int = Field(ge=WEEK)
    least_variance: float = Field(ge=0, le=1)
    false_alarms_a_day: float = Field(gt=0)
    cusum: Cusum
    ewma: Ewma

    @model_validator(mode="after")
    def _whole_weeks(self) -> "AlertPolicy":
        if self.past_days % WEEK or self.gap_days % WEEK or self.gap_days >= self.past_days:
            raise ValueError("past_days and gap_days are whole weeks, the gap the shorter")
        return self


@cache
def alert_policy() -> AlertPolicy:
    """The packaged version."""
    return AlertPolicy.model_validate(packaged("survey.statistics", "alerts").body)
