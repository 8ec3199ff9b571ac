"""Satisfaction as it must be printed: with an interval, and not below ten ratings."""

from math import sqrt
from typing import Final

from survey.statistics.intervals import Interval, clopper_pearson
from survey.statistics.satisfaction import Satisfaction

Z95: Final = 1.959963984540054
"""The normal quantile of a two-sided 95 % interval."""
FEWEST_RATINGS: Final = 10
"""domain.md §7: fewer are suppressed, so that nobody can be made out."""


def suppressed(ratings: Satisfaction) -> bool:
    """Too few to print a rate or the single answers."""
    return ratings.valid < FEWEST_RATINGS


def half_weight_interval(ratings: Satisfaction) -> Interval | None:
    """95 % of the half weight: mean of the scores 1, ½ and 0, normal with the sample variance (n - 1), cut
    to [0, 1].

    Where all said the same, that would be a point; then the exact bound for n equal answers stands on each
    open side. None below two ratings.
    """
    n, mean = ratings.valid, ratings.half_weight
    if n < 2 or mean is None:
        return None
    if n in (ratings.satisfied, ratings.basically, ratings.dissatisfied):
        half = 1 - clopper_pearson(1.0, n).low
    else:
        variance = ((ratings.satisfied + ratings.basically / 4) / n - mean**2) * n / (n - 1)
        half = Z95 * sqrt(variance / n)
    return Interval(max(0.0, mean - half), min(1.0, mean + half))


def share(part: float, whole: int) -> float | None:
    """part / whole; None where there is nothing to divide by."""
    return part / whole if whole else None
