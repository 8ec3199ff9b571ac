"""Trailing windows over daily estimates: the last 7 or 28 days as one figure with its own error (statistics.md §3.6).

The samples of different days are independent, so a window is a weighted mean of days, each a stratum of its own. A change is told
between windows that do not overlap, or with the covariance that `window_changes` works out.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from survey.statistics.multiplicity import Floats


@dataclass(frozen=True)
class Trailing:
    """Arrays days x areas; nan where a window holds no estimate. `days`: with an estimate in the window; `effective_days`:
    (Σu)²/Σu² of their weights u, what the window amounts to where days weigh unequally."""

    estimate: Floats
    se: Floats
    days: Floats
    effective_days: Floats


def trailing(estimate: ArrayLike, se: ArrayLike, window: int, *, size: ArrayLike | None = None) -> Trailing:
    """estimate, se: days x areas (or days alone), every day of the calendar in its place, nan where there is no estimate.

    Days weigh alike, or by `size` (answers of the day) where that is given. Raises ValueError.
    """
    values, variance, weight = _days(estimate, se, size)
    total, squares = _sums(weight, window), _sums(weight**2, window)
    with np.errstate(invalid="ignore", divide="ignore"):
        return Trailing(
            _sums(weight * values, window) / total,
            np.sqrt(_sums(weight**2 * variance, window)) / total,
            _sums((weight > 0).astype(np.float64), window),
            np.where(total > 0, total**2 / squares, 0.0),
        )


def window_changes(
    estimate: ArrayLike, se: ArrayLike, window: int, apart: int, *, size: ArrayLike | None = None
) -> tuple[Floats, Floats]:
    """The window that ends on a day minus the one that ended `apart` days before, and the standard error of that: days that lie
    in both windows stand in both, so that their errors cancel. Shapes as `trailing`; nan where either is empty."""
    if apart < 1:
        raise ValueError(f"windows: {apart} days apart; choose 1 or more")
    values, variance, weight = _days(estimate, se, size)
    now = _sums(weight, window)
    then = np.full_like(now, np.nan)
    then[apart:] = now[:-apart]
    with np.errstate(invalid="ignore", divide="ignore"):
        difference, spread = np.zeros_like(now), np.zeros_like(now)
        for back in range(min(window + apart, len(now))):
            pull = (back < window) / now - (apart <= back < window + apart) / then
            day, error, own = (_moved(one, back) for one in (values, variance, weight))
            difference += pull * own * day
            spread += (pull * own) ** 2 * error
        empty = ~((now > 0) & (then > 0))
    return np.where(empty, np.nan, difference), np.where(empty, np.nan, np.sqrt(spread))


def _days(estimate: ArrayLike, se: ArrayLike, size: ArrayLike | None) -> tuple[Floats, Floats, Floats]:
    """Values, variances and weights, 0 where a day has no estimate."""
    values, errors = np.asarray(estimate, dtype=np.float64), np.asarray(se, dtype=np.float64)
    weight = np.ones(values.shape) if size is None else np.asarray(size, dtype=np.float64)
    if not (values.shape == errors.shape == weight.shape):
        raise ValueError(f"windows: shapes {values.shape}, {errors.shape} and {weight.shape} differ")
    there = ~np.isnan(values) & ~np.isnan(errors) & (np.nan_to_num(weight) > 0)
    if np.any(errors[there] < 0):
        raise ValueError("windows: a standard error is negative")
    return np.where(there, values, 0.0), np.where(there, errors, 0.0) ** 2, np.where(there, weight, 0.0)


def _sums(values: Floats, window: int) -> Floats:
    """Of the last `window` days up to each."""
    if window < 1:
        raise ValueError(f"windows: {window} days; choose 1 or more")
    found = np.zeros_like(values)
    for back in range(min(window, len(values))):
        found += _moved(values, back)
    return found


def _moved(values: Floats, back: int) -> Floats:
    moved = np.zeros_like(values)
    moved[back:] = values[: len(values) - back]
    return moved
