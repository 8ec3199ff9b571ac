"""A day, or a moment, in a written reply. Two of them, an impossible one, or words that nothing explains are none,
and the question is asked again."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache

from survey.dialogue.days import Day, OnDate, OnWeekday, find_days, resolve, with_figures
from survey.dialogue.hours import Clock, find_clocks, find_later, find_parts, hour_of, with_small_numbers
from survey.dialogue.normalise import any_of, data, expression, squeezed


@dataclass(frozen=True, slots=True)
class Said:
    """What a reply names: days, hours of the clock (None: an impossible one), parts of the day."""

    days: frozenset[Day]
    clocks: frozenset[Clock | None]
    parts: frozenset[str]


def read_date(plain: str, today: date | None) -> date | None:
    """The date meant by a normalised text, past or future. Without `today` only a date with its year is read."""
    said = _read(plain)
    dates = () if said is None else _dates(said.days, today, ahead=False)
    return dates[0] if dates else None


def read_moment(plain: str, now: datetime | None) -> datetime | None:
    """The moment meant by a normalised text, local and without a zone as `now` is. It must lie after `now`;
    without `now` only a full date with its hour is read."""
    later, left = find_later(_readable(plain))
    if later:
        return now + later.pop() if now is not None and len(later) == 1 and _explained(left) else None
    said = _read(plain)
    hour = None if said is None else _hour(said)
    if said is None or hour is None:
        return None
    today = None if now is None else now.date()
    coming = () if today is None else (today, today + timedelta(days=1))
    dates = _dates(said.days, today, ahead=True) if said.days else coming
    moments = (datetime.combine(one, hour) for one in dates)
    return next((moment for moment in moments if now is None or moment > now), None)


def _readable(plain: str) -> str:
    return with_small_numbers(with_figures(plain))


def _read(plain: str) -> Said | None:
    """What the reply names; None if anything is left that is explained by nothing."""
    parts, _ = find_parts(plain)
    days, left = find_days(_readable(plain))
    clocks, left = find_clocks(left)
    _, left = find_parts(left)
    if expression("doubt").search(plain) or not _explained(left):
        return None
    return Said(days, clocks, parts)


def _explained(left: str) -> bool:
    """Whether nothing is left but words around a date."""
    return not squeezed(_around().sub(" ", left))


def _dates(days: frozenset[Day], today: date | None, *, ahead: bool) -> Sequence[date]:
    """The dates that all the days agree on: "3月9日周一" names one, "明天或后天" two, and so none."""
    if today is None:
        today = date.min + timedelta(days=4000)
        if not all(isinstance(day, OnDate) and day.year is not None for day in days):
            return ()
    fixed = [day for day in days if not isinstance(day, OnWeekday) or day.weeks is not None]
    possible = [resolve(day, today, ahead=ahead) for day in fixed or days]
    if not possible:
        return ()
    agreed = [one for one in possible[0] if all(one in dates for dates in possible)]
    weekdays = {day.weekday for day in days if isinstance(day, OnWeekday)}
    return [one for one in agreed if weekdays <= {one.weekday()}]


def _hour(said: Said) -> time | None:
    """The one hour that is named. Noon is one by itself."""
    if len(said.clocks) > 1 or len(said.parts) > 1:
        return None
    part = next(iter(said.parts), None)
    if not said.clocks:
        return time(12) if part == "noon" else None
    (clock,) = said.clocks
    return None if clock is None else hour_of(clock, part)


@cache
def _around() -> re.Pattern[str]:
    return re.compile(any_of(data("dates.yaml")["around"]))
