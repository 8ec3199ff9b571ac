"""Estimated proportions with their intervals. What is missing is counted and printed, and never reaches a
mean.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey.statistics.intervals import korn_graubard
from survey.statistics.weighting import kish

MISSING = frozenset({"dk", "refused", "no_answer"})
"""The named missing answers of settled.md §2."""

SAFE = frozenset({"1", "2"})
"""Of Q1: 安全, 比较安全."""
SAFETY_CODES = frozenset({"1", "2", "3", "4"})


@dataclass(frozen=True)
class Estimate:
    """A share in [0, 1] with its 95 % interval on `n` valid answers, and how many were missing. None where n
    is 0.
    """

    estimate: float | None
    low: float | None
    high: float | None
    n: int
    missing: int = 0


def safety_rate(codes: Sequence[str | None], weights: Sequence[float] | None = None) -> Estimate:
    """安全感: 安全 and 比较安全 over the valid answers to Q1.

    codes: one per respondent, None and the missing codes left out of the base. weights: one per respondent;
    None: all equal. Raises ValueError for any other code.
    """
    return proportion(codes, SAFE, SAFETY_CODES, weights)


def proportion(
    codes: Sequence[str | None],
    positive: Collection[str],
    valid: Collection[str],
    weights: Sequence[float] | None = None,
) -> Estimate:
    """The weighted share of `positive` among `valid` codes, with the Korn-Graubard interval, truncated
    (statistics.md §3.4).
    """
    unknown = sorted({code for code in codes if code is not None} - set(valid) - MISSING)
    if unknown:
        raise ValueError(f"proportion: codes {unknown} are neither valid ({sorted(valid)}) nor missing codes")
    kept = [place for place, code in enumerate(codes) if code in valid]
    n, missing = len(kept), len(codes) - len(kept)
    if n == 0:
        return Estimate(None, None, None, 0, missing)
    hits = np.array([codes[place] in positive for place in kept], dtype=np.float64)
    if weights is None:
        share = float(hits.mean())
        return Estimate(share, *korn_graubard(share, n), n, missing)
    return _weighted(hits, np.asarray(weights, dtype=np.float64)[kept], missing)


def _weighted(hits: NDArray[np.float64], weights: NDArray[np.float64], missing: int) -> Estimate:
    if not np.all(weights > 0):
        raise ValueError("proportion: a weight is not positive")
    n, total = len(hits), float(weights.sum())
    share = min(1.0, float(weights @ hits) / total)
    influence = weights * (hits - share) / total
    variance = float(influence @ influence) * n / (n - 1) if n > 1 else None
    interval = korn_graubard(share, n, variance=variance, design_effect=kish(weights))
    return Estimate(share, *interval, n, missing)
