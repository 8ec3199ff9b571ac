"""What a simulated quarter is to be, and what it plants: quarter.yaml, typed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache

from pydantic import BaseModel, ConfigDict

from followup.casework.working_time import working_time
from survey.policies import packaged_data
from workers.rehearsal.plan import TZ

LAST_DAYS = timedelta(weeks=1)
"""At the end of the time no new cases come, so that those of the last days can come round."""


COMPARED_UP_TO = 2000
"""Cases."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Residents(_Frozen):
    old: float
    second_case: float


class Cases(_Frozen):
    """`opens` and `closes`: hours of the local day between which cases are registered."""

    sources: Mapping[str, float]
    confidential: float
    opens: float
    closes: float


class Claims(_Frozen):
    """Shares of how a claim of contact is borne out."""

    honestly: Mapping[str, float]
    falsely: Mapping[str, float]


class Honest(_Frozen):
    """Working hours between `low` and `high`, all equally likely."""

    low: float
    high: float


class Quick(Honest):
    """The share of results that are written at once, within these working hours; the others take an honest time."""

    quick: float


class Work(_Frozen):
    honestly: Honest
    falsely: Quick


class Planted(_Frozen):
    """The whole file."""

    version: int
    first_day: date
    weeks: int
    centre: str
    town: Mapping[str, object]
    residents: Residents
    cases: Cases
    claims: Claims
    work: Work


@cache
def planted() -> Planted:
    """The packaged quarter."""
    return Planted.model_validate(packaged_data("workers.quarter", "quarter"))


def town_changes() -> str:
    """What differs from the twin's town, as the twin takes it."""
    return json.dumps(planted().town)


@dataclass(frozen=True)
class QuarterPlan:
    """How much is simulated. `grain_s`: virtual seconds of one step of the clock."""

    cases: int = 10_000
    seed: int = 1
    weeks: int = 13
    operators: int = 6
    grain_s: float = 5.0

    @property
    def compared(self) -> bool:
        """Whether the carrier's whole ledger is held against the database at the end, which takes memory by its length."""
        return self.cases <= COMPARED_UP_TO

    @property
    def first_day(self) -> date:
        return planted().first_day

    @property
    def starts_at(self) -> datetime:
        """Half past seven, before anybody works."""
        return datetime.combine(self.first_day, time(7, 30), TZ)

    @property
    def arrival_days(self) -> tuple[date, ...]:
        """The working days on which cases come; at least one."""
        last = self.first_day + max(timedelta(weeks=self.weeks) - LAST_DAYS, timedelta(days=1))
        days = (self.first_day + timedelta(days=n) for n in range((last - self.first_day).days))
        return tuple(day for day in days if working_time().is_working_day(day))
