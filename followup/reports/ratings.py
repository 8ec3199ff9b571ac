"""Satisfaction as it must be printed: with an interval, and not below ten ratings."""

from typing import Final

from survey.statistics.intervals import Interval, of_index
from survey.statistics.satisfaction import Satisfaction

FEWEST_RATINGS: Final = 10
"""domain.md §7: fewer are suppressed, so that nobody can be made out."""


def suppressed(ratings: Satisfaction) -> bool:
    """Too few to print a rate or the single answers."""
    return ratings.valid < FEWEST_RATINGS


def half_weight_interval(ratings: Satisfaction) -> Interval | None:
    """95 % of the half weight, the mean of the scores 1, ½ and 0: logit-t, the same as `minyi indicators` gives (decision 0032).

    None below two ratings.
    """
    n, mean = ratings.valid, ratings.half_weight
    if n < 2 or mean is None:
        return None
    spread = (ratings.satisfied + ratings.basically / 4) / n - mean**2
    return of_index(mean, n, variance=max(spread, 0.0) / (n - 1), df=n - 1, scale=(0.0, 1.0))


def share(part: float, whole: int) -> float | None:
    """part / whole; None where there is nothing to divide by."""
    return part / whole if whole else None
