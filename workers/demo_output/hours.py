"""The day by the hour, as bars: calls and texts of the first day, and how much there was on the days
after.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from survey.store.reports.field_counts import HourCount

KINDS = ("voice", "operator", "text_out", "text_in")


@dataclass(frozen=True)
class HourBar:
    """One hour. `heights` are percent of the tallest stack, in the order of KINDS."""

    hour: int
    counts: tuple[int, ...]
    heights: tuple[float, ...]

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True)
class DayBar:
    """One day's totals in the order of KINDS; `share` percent of the busiest day."""

    day: date
    counts: tuple[int, ...]
    share: float


@dataclass(frozen=True)
class HourStrip:
    """The hours of the first day, without the empty ones at both ends, and all days."""

    day: date
    hours: tuple[HourBar, ...]
    days: tuple[DayBar, ...]
    highest: int


def hour_strip(counts: Sequence[HourCount], first_day: date) -> HourStrip:
    """Stack the counts; a day on which nothing happened between two others is not shown."""
    by_hour = {(c.day, c.hour, c.kind): c.count for c in counts}
    used = [c.hour for c in counts if c.day == first_day]
    span = range(min(used), max(used) + 1) if used else range(0)
    stacks = [tuple(by_hour.get((first_day, hour, kind), 0) for kind in KINDS) for hour in span]
    highest = max((sum(stack) for stack in stacks), default=0)
    bars = tuple(
        HourBar(hour, stack, tuple(100 * n / highest for n in stack) if highest else (0.0,) * len(KINDS))
        for hour, stack in zip(span, stacks, strict=True)
    )
    return HourStrip(first_day, bars, _days(counts), highest)


def _days(counts: Sequence[HourCount]) -> tuple[DayBar, ...]:
    days = sorted({c.day for c in counts})
    totals = {
        d: tuple(sum(c.count for c in counts if c.day == d and c.kind == k) for k in KINDS) for d in days
    }
    busiest = max((sum(total) for total in totals.values()), default=0)
    return tuple(
        DayBar(d, total, 100 * sum(total) / busiest if busiest else 0.0) for d, total in totals.items()
    )
