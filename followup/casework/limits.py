"""Time limits by class of case, and the due dates that follow from them (domain.md §4.2). Numbers:
limits.yaml.
"""

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from pydantic import BaseModel, ConfigDict, PositiveInt, model_validator

from followup.casework.working_time import WorkingTime, working_time
from survey.policies import packaged


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Span(_Body):
    """A limit in exactly one unit: minutes or hours of the wall clock, working hours, or working days."""

    minutes: PositiveInt | None = None
    hours: PositiveInt | None = None
    working_hours: PositiveInt | None = None
    working_days: PositiveInt | None = None

    @model_validator(mode="after")
    def _one_unit(self) -> "Span":
        if sum(value is not None for value in self.model_dump().values()) != 1:
            raise ValueError("limits: a span has exactly one of minutes, hours, working_hours, working_days")
        return self

    def due(self, start: datetime, office: WorkingTime) -> datetime:
        """The last moment of the limit, in UTC."""
        if self.working_days:
            return office.end_of_working_day(start, self.working_days)
        if self.working_hours:
            return office.add(start, timedelta(hours=self.working_hours))
        return start.astimezone(UTC) + timedelta(hours=self.hours or 0, minutes=self.minutes or 0)

    def allowed(self, start: datetime, office: WorkingTime) -> timedelta:
        """The working time that the limit grants; of working days always whole ones."""
        if self.working_days:
            return self.working_days * office.day
        return office.between(start, self.due(start, office))


class CaseClass(_Body):
    """The limits of one class."""

    zh: str
    sign: Span
    handle: Span
    first_response: Span | None = None
    extension: Span | None = None


class Redispatch(_Body):
    """From the second round on."""

    sign: Span
    share_of_original: float
    at_least: Span


class Limits(_Body):
    """The whole policy."""

    classes: dict[str, CaseClass]
    redispatch: Redispatch
    centre: dict[str, Span]
    max_rounds: PositiveInt
    objection_days: PositiveInt


@dataclass(frozen=True)
class Due:
    """What a unit owes in one round: sign by, finish by; `allowed` is the working time granted for it."""

    sign_by: datetime
    handle_by: datetime
    allowed: timedelta
    extension: Span | None

    @property
    def allowed_hours(self) -> float:
        """`allowed` in working hours."""
        return self.allowed / timedelta(hours=1)


@cache
def limits() -> Limits:
    """The packaged policy."""
    return Limits.model_validate(packaged("followup.casework", "limits").body)


def due_dates(
    case_class: str,
    dispatched_at: datetime,
    round_: int = 1,
    office: WorkingTime | None = None,
    policy: Limits | None = None,
) -> Due:
    """The due dates of a round that was dispatched at this moment, under this version of the policy.

    Raises ValueError for an unknown class.
    """
    office = office or working_time()
    policy = policy or limits()
    row = policy.classes.get(case_class)
    if row is None:
        raise ValueError(f"limits: no class {case_class!r}; limits.yaml has {', '.join(policy.classes)}")
    again = round_ > 1
    sign = policy.redispatch.sign if again else row.sign
    handle = _shortened(row.handle, policy.redispatch) if again else row.handle
    return Due(
        sign_by=sign.due(dispatched_at, office),
        handle_by=handle.due(dispatched_at, office),
        allowed=handle.allowed(dispatched_at, office),
        extension=None if again else row.extension,
    )


def _shortened(original: Span, rule: Redispatch) -> Span:
    """Half of the original in whole working days, rounded up, at least one."""
    days = math.ceil((original.working_days or 0) * rule.share_of_original)
    return Span(working_days=max(days, rule.at_least.working_days or 1))
