"""The interval of a difference out of the intervals of its two sides (MOVER: Zou and Donner 2008, Newcombe's for shares).

It is sane where a side is 0 or 1, for which a variance says nothing; the sides must be independent of each other.
"""

import math
from typing import NamedTuple

from survey.statistics.intervals import Interval


class Side(NamedTuple):
    """An estimate with its limits."""

    value: float
    low: float
    high: float


def difference_limits(before: Side, after: Side) -> Interval:
    """Limits of after - before, at the level of the limits that are given."""
    d = after.value - before.value
    down = math.hypot(after.value - after.low, before.high - before.value)
    up = math.hypot(after.high - after.value, before.value - before.low)
    return Interval(d - down, d + up)


def towards_none(before: Side, after: Side) -> tuple[float, float]:
    """How far each side (before, after) reaches towards there being no difference: what a test of the difference has
    to overcome."""
    if after.value >= before.value:
        return before.high - before.value, after.value - after.low
    return before.value - before.low, after.high - after.value
