"""Periods as people write them: a day, a week, a month, a quarter, a year, or from one day to another."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

FORMS: Final = "2026-03-09, 2026-03-09..2026-03-15, 2026-W11, 2026-03, 2026-Q1 or 2026"
LONGEST_DAYS: Final = 1100
"""Three years: every day of a period is named when it is read."""
WEEK: Final = re.compile(r"(\d{4})-W(\d{2})")
QUARTER: Final = re.compile(r"(\d{4})-Q([1-4])")
MONTH: Final = re.compile(r"(\d{4})-(\d{2})")
YEAR: Final = re.compile(r"\d{4}")
Every = Literal["day", "week", "month", "quarter", "year"]
MONTHS: Final = {"month": 1, "quarter": 3, "year": 12}


class NoPeriod(ValueError):
    """What was written is no period. The message says what would be."""


@dataclass(frozen=True)
class Period:
    """From the first day to the last, both in it."""

    first: date
    last: date


def period(written: str) -> Period:
    """Raises NoPeriod."""
    first, between, last = written.strip().partition("..")
    try:
        found = Period(_one(first).first, _one(last).last) if between else _one(first)
    except ValueError:
        raise NoPeriod(f"{written!r} is no period; write {FORMS}") from None
    if found.last < found.first:
        raise NoPeriod(f"{written!r} ends before it begins; write the earlier day first")
    if (found.last - found.first).days >= LONGEST_DAYS:
        raise NoPeriod(f"{written!r} is longer than {LONGEST_DAYS} days; ask for a shorter one")
    return found


def preceding(this: Period) -> Period:
    """The one before: of whole months as many months, of anything else as many days."""
    before, after = this.first - timedelta(days=1), this.last + timedelta(days=1)
    if this.first.day == 1 and after.day == 1:
        months = 12 * (after.year - this.first.year) + after.month - this.first.month
        start = 12 * this.first.year + this.first.month - 1 - months
        return Period(date(start // 12, start % 12 + 1, 1), before)
    return Period(this.first - (after - this.first), before)


def quarters(this: Period) -> list[Period]:
    """The four quarters of a calendar year; none of anything else."""
    year = this.first.year
    if this != _months(year, 1, 12):
        return []
    return [_months(year, month, 3) for month in (1, 4, 7, 10)]


def _one(written: str) -> Period:
    if week := WEEK.fullmatch(written):
        first = date.fromisocalendar(int(week[1]), int(week[2]), 1)
        return Period(first, first + timedelta(days=6))
    if quarter := QUARTER.fullmatch(written):
        return _months(int(quarter[1]), 3 * int(quarter[2]) - 2, 3)
    if month := MONTH.fullmatch(written):
        return _months(int(month[1]), int(month[2]), 1)
    if YEAR.fullmatch(written):
        return _months(int(written), 1, 12)
    day = date.fromisoformat(written)
    return Period(day, day)


def _months(year: int, month: int, count: int) -> Period:
    after = date(year + (month + count - 1) // 12, (month + count - 1) % 12 + 1, 1)
    return Period(date(year, month, 1), after - timedelta(days=1))


def ending_before(day: date, every: Every, most: int) -> list[Period]:
    """The last whole periods that are over on a day, the newest first."""
    found = [_holding(day, every)]
    while len(found) <= most:
        found.append(_holding(found[-1].first - timedelta(days=1), every))
    return found[1:]


def _holding(day: date, every: Every) -> Period:
    """The period that a day lies in."""
    if every == "day":
        return Period(day, day)
    if every == "week":
        first = day - timedelta(days=day.weekday())
        return Period(first, first + timedelta(days=6))
    count = MONTHS[every]
    return _months(day.year, day.month - (day.month - 1) % count, count)
