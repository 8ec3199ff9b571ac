"""When people may be contacted: windows in the resident's own time, none at Spring Festival (settled.md §5).

Moments are aware datetimes; what is returned is in UTC. `tz` is the IANA name of the area's zone. `purpose`
is the campaign's: "survey" rests on statutory holidays, "case" (results owed to a person) does not. `own`:
the campaign's own hours, which narrow those of the policy.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, model_validator

from survey.field.calendar_cn import is_statutory_holiday, spring_festival
from survey.field.own_hours import OwnHours, Times
from survey.policies import Policy, packaged

Purpose = Literal["survey", "case"]
DayPart = Literal["morning", "afternoon", "evening"]

_DAY = timedelta(days=1)
_LONGEST_PAUSE = 60
"""Days to look ahead. The longest pause of any calendar is a fortnight; beyond this the policy itself never
opens.
"""


class PurposeDays(BaseModel):
    """On which special days a purpose is served."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    statutory_holidays: bool
    weekends: bool


class SpringFestival(BaseModel):
    """Days without any contact: before the first of the year, and from it."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    eve_days: int
    days: int


class CallingHours(BaseModel):
    """The body of policy `calling_hours`."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    windows: tuple[tuple[time, time], ...]
    day_parts: dict[DayPart, time]
    spring_festival: SpringFestival
    purposes: dict[Purpose, PurposeDays]

    @model_validator(mode="after")
    def _in_order(self) -> "CallingHours":
        edges = [edge for window in self.windows for edge in window]
        starts = list(self.day_parts.values())
        if not edges or any(a >= b for a, b in pairwise(edges)) or any(a >= b for a, b in pairwise(starts)):
            raise ValueError("calling_hours: windows and day_parts must be in order and must not overlap")
        if starts[0] != time(0):
            raise ValueError(
                "calling_hours: the first of day_parts must start at 00:00, so that every moment has a part"
            )
        return self


@dataclass(frozen=True)
class Window:
    """A stretch of time in which contact is allowed: from `opens` up to, but not at, `closes`."""

    opens: datetime
    closes: datetime


@dataclass(frozen=True)
class Slot:
    """The part of a window that lies in one part of one local day."""

    day: date
    part: DayPart
    opens: datetime
    closes: datetime


@cache
def calling_hours() -> CallingHours:
    """The packaged policy."""
    return read(packaged("survey.field", "calling_hours"))


def read(policy: Policy) -> CallingHours:
    """The policy's body, checked. Raises pydantic.ValidationError naming the field."""
    return CallingHours.model_validate(policy.body)


def local_day(moment: datetime, tz: str) -> date:
    """The area's date at `moment`: what a "day" is everywhere (settled.md §8)."""
    return moment.astimezone(ZoneInfo(tz)).date()


def day_part(moment: datetime, tz: str, hours: CallingHours | None = None) -> DayPart:
    """The part of the local day in which `moment` lies."""
    clock = moment.astimezone(ZoneInfo(tz)).time()
    parts = (hours or calling_hours()).day_parts
    return next(part for part, start in reversed(parts.items()) if clock >= start)


def window_at(
    moment: datetime,
    tz: str,
    purpose: Purpose,
    hours: CallingHours | None = None,
    own: OwnHours | None = None,
) -> Window | None:
    """The window that is open at `moment`, or None."""
    day = local_day(moment, tz)
    windows = _windows(day, tz, purpose, hours, own) if hours else _packaged_windows(day, tz, purpose, own)
    return next((window for window in windows if window.opens <= moment < window.closes), None)


def next_open(
    moment: datetime,
    tz: str,
    purpose: Purpose,
    hours: CallingHours | None = None,
    own: OwnHours | None = None,
) -> datetime:
    """The earliest moment, not before `moment`, at which contact is allowed. `moment` itself where a window
    is open.
    """
    return next(slots(moment, tz, purpose, hours, own)).opens


def slots(
    moment: datetime,
    tz: str,
    purpose: Purpose,
    hours: CallingHours | None = None,
    own: OwnHours | None = None,
) -> Iterator[Slot]:
    """What is left of the current slot, and those that follow, without end as long as the policy opens at
    all.

    Raises ValueError when two months hold no open day: then the policy is wrong.
    """
    day, closed_days = local_day(moment, tz), 0
    while closed_days < _LONGEST_PAUSE:
        closed_days += 1
        for slot in day_slots(day, tz, purpose, hours, own):
            if slot.closes > moment:
                closed_days = 0
                yield Slot(slot.day, slot.part, max(slot.opens, moment).astimezone(UTC), slot.closes)
        day += _DAY
    raise ValueError(
        f"policy calling_hours opens on no day from {local_day(moment, tz)} to {day} for {purpose!r}; "
        "check windows, weekends and statutory_holidays in it, and the campaign's own hours"
    )


def day_slots(
    day: date,
    tz: str,
    purpose: Purpose,
    hours: CallingHours | None = None,
    own: OwnHours | None = None,
) -> tuple[Slot, ...]:
    """The day's slots in order; none on a day without contact."""
    return _cut_day(day, tz, purpose, hours, own) if hours else _packaged_day(day, tz, purpose, own)


def parts_open(hours: CallingHours | None = None, own: OwnHours | None = None) -> frozenset[DayPart]:
    """The parts of an ordinary day in which contact is allowed at all."""
    hours = hours or calling_hours()
    starts = list(hours.day_parts.items())
    return frozenset(
        part
        for place, (part, start) in enumerate(starts)
        for opens, closes in _times(hours, own)
        if closes > start and (place + 1 == len(starts) or opens < starts[place + 1][1])
    )


@lru_cache(maxsize=1024)
def _packaged_windows(day: date, tz: str, purpose: Purpose, own: OwnHours | None) -> list[Window]:
    return _windows(day, tz, purpose, calling_hours(), own)


@lru_cache(maxsize=1024)
def _packaged_day(day: date, tz: str, purpose: Purpose, own: OwnHours | None) -> tuple[Slot, ...]:
    return _cut_day(day, tz, purpose, calling_hours(), own)


def _cut_day(
    day: date, tz: str, purpose: Purpose, hours: CallingHours, own: OwnHours | None
) -> tuple[Slot, ...]:
    zone = ZoneInfo(tz)
    starts = [datetime.combine(day, start, zone).astimezone(UTC) for start in hours.day_parts.values()]
    ends = [*starts[1:], datetime.combine(day + _DAY, time(0), zone).astimezone(UTC)]
    cut = [
        Slot(day, part, max(window.opens, start), min(window.closes, end))
        for window in _windows(day, tz, purpose, hours, own)
        for part, start, end in zip(hours.day_parts, starts, ends, strict=True)
    ]
    return tuple(slot for slot in cut if slot.opens < slot.closes)


def is_contact_day(
    day: date, purpose: Purpose, hours: CallingHours | None = None, own: OwnHours | None = None
) -> bool:
    """Whether anybody may be contacted on this day at all."""
    hours = hours or calling_hours()
    days = hours.purposes[purpose]
    if own is not None and not own.opens_on(day):
        return False
    if _at_spring_festival(day, hours.spring_festival):
        return False
    if is_statutory_holiday(day):
        return days.statutory_holidays
    return days.weekends or day.weekday() < 5


def _times(hours: CallingHours, own: OwnHours | None) -> tuple[Times, ...]:
    """The windows of a day, in local time."""
    return own.within(hours.windows) if own is not None else hours.windows


def _windows(day: date, tz: str, purpose: Purpose, hours: CallingHours, own: OwnHours | None) -> list[Window]:
    if not is_contact_day(day, purpose, hours, own):
        return []
    zone = ZoneInfo(tz)
    return [
        Window(*(datetime.combine(day, edge, zone).astimezone(UTC) for edge in window))
        for window in _times(hours, own)
    ]


def _at_spring_festival(day: date, rest: SpringFestival) -> bool:
    first = spring_festival(day.year)
    return first - rest.eve_days * _DAY <= day < first + rest.days * _DAY
