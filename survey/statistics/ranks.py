"""Ranks of areas with what is known of them (statistics.md §3.5). A bare rank is never printed.

An area's confidence set of ranks goes from `best` to `worst`; with the probability `level` the sets of all areas hold their true
ranks at once. Areas of equal truth share all the ranks that they fill together.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from survey.statistics.multiplicity import Floats, holm, two_sided

Counts: TypeAlias = NDArray[np.int64]
RankMethod = Literal["kww", "holm"]


@dataclass(frozen=True)
class RankSets:
    """One entry an area, in the order given. `rank`: of the estimate, 1 the highest, ties share the best of theirs."""

    rank: Counts
    best: Counts
    worst: Counts


def rank_sets(
    estimates: ArrayLike,
    se: ArrayLike,
    method: RankMethod = "holm",
    level: float = 0.95,
    *,
    covariance: ArrayLike | None = None,
) -> RankSets:
    """estimates, se: one per area. covariance: of the estimates, where areas share strata or calibration; its diagonal stands
    for `se`. Raises ValueError.

    kww: Klein, Wright and Wieczorek 2020, joint intervals of level^(1/K) each, whose level holds for normal estimates of any
    covariance (Šidák); in the order of K log K. holm: all pairs, |difference| / its standard error, step-down; never wider where
    areas are many, and it uses the covariance; K² pairs.
    """
    values, errors, cov = _checked(estimates, se, level, covariance)
    if method == "kww":
        best, worst = _kww(values, errors, level)
    else:
        best, worst = _holm(values, difference_variance(errors, cov), level)
    return RankSets(ranks_of(values), best, worst)


def ranks_of(values: ArrayLike) -> Counts:
    """1 + how many along the last axis are higher; any shape."""
    array = np.asarray(values, dtype=np.float64)
    rows = array.reshape(-1, array.shape[-1])
    found = np.empty(rows.shape, dtype=np.int64)
    for place, row in enumerate(rows):
        found[place] = 1 + len(row) - np.searchsorted(np.sort(row), row, side="right")
    return found.reshape(array.shape)


def difference_variance(se: Floats, covariance: Floats | None = None) -> Floats:
    """Variance of the difference of each pair, K x K. Shape of se: (K,)."""
    variance = se**2
    shared = 0.0 if covariance is None else 2 * covariance
    return np.maximum(0.0, variance[:, None] + variance[None, :] - shared)


def _kww(values: Floats, se: Floats, level: float) -> tuple[Counts, Counts]:
    size = len(values)
    half = ndtri(1 - (1 - level ** (1 / size)) / 2) * se
    low, high = values - half, values + half
    above = size - np.searchsorted(np.sort(low), high, side="right")
    below = np.searchsorted(np.sort(high), low, side="left")
    return (1 + above).astype(np.int64), (size - below).astype(np.int64)


def _holm(values: Floats, variance: Floats, level: float) -> tuple[Counts, Counts]:
    size = len(values)
    first, second = np.triu_indices(size, 1)
    difference = values[first] - values[second]
    apart = holm(two_sided(difference, np.sqrt(variance[first, second]))) <= 1 - level
    higher = np.where(difference > 0, first, second)[apart]
    lower = np.where(difference > 0, second, first)[apart]
    return 1 + np.bincount(lower, minlength=size), size - np.bincount(higher, minlength=size)


def _checked(
    estimates: ArrayLike, se: ArrayLike, level: float, covariance: ArrayLike | None
) -> tuple[Floats, Floats, Floats | None]:
    values, errors = np.asarray(estimates, dtype=np.float64), np.asarray(se, dtype=np.float64)
    if not 0 < level < 1:
        raise ValueError(f"ranks: level {level} must lie between 0 and 1")
    if values.ndim != 1 or values.shape != errors.shape or not len(values):
        raise ValueError(
            f"ranks: {values.shape} estimates and {errors.shape} standard errors; give one of each an area"
        )
    if not (np.isfinite(values).all() and np.isfinite(errors).all() and (errors >= 0).all()):
        raise ValueError("ranks: an estimate is no number, or a standard error is negative or none")
    if covariance is None:
        return values, errors, None
    cov = np.asarray(covariance, dtype=np.float64)
    if cov.shape != (len(values),) * 2 or not np.allclose(cov, cov.T):
        raise ValueError(
            f"ranks: the covariance is {cov.shape} and must be a symmetric {len(values)} x {len(values)}"
        )
    if np.linalg.eigvalsh(cov)[0] < -1e-8 * max(1e-300, np.trace(cov)):
        raise ValueError(
            "ranks: the covariance is none: some sum of the areas would have a negative variance"
        )
    return values, np.sqrt(np.diag(cov)), cov
