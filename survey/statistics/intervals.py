"""Intervals for a proportion (statistics.md §3.4). All stay inside [0, 1] and have a width at 0 and at 1."""

import math
from typing import NamedTuple

from scipy.special import betaincinv, ndtri, stdtrit


class Interval(NamedTuple):
    """Lower and upper limit."""

    low: float
    high: float


def korn_graubard(
    p: float,
    n: float,
    *,
    variance: float | None = None,
    df: float | None = None,
    design_effect: float = 1.0,
    level: float = 0.95,
) -> Interval:
    """Korn and Graubard's interval with the effective size never above n: the one that is published.

    p: estimated proportion. n: valid answers. variance: of p under the design; None, or 0, or p at an edge:
    then the effective size is n / design_effect (Kish's, 1 for equal weights). df: design degrees of freedom,
    which adjust the effective size. Raises ValueError for an n that is not positive or a p outside [0, 1].
    """
    _check(p, n)
    effective = n / design_effect
    if variance and 0 < p < 1:
        effective = p * (1 - p) / variance
    if df is not None and n > 1:
        effective *= (_t(level, n - 1) / _t(level, df)) ** 2
    return clopper_pearson(p, min(effective, n), level=level)


def clopper_pearson(p: float, n: float, *, level: float = 0.95) -> Interval:
    """The exact interval for p·n successes in n trials; neither needs to be whole."""
    _check(p, n)
    hits, misses, tail = p * n, (1 - p) * n, (1 - level) / 2
    low = float(betaincinv(hits, misses + 1, tail)) if hits > 0 else 0.0
    high = float(betaincinv(hits + 1, misses, 1 - tail)) if misses > 0 else 1.0
    return Interval(low, high)


def jeffreys(p: float, n: float, *, level: float = 0.95) -> Interval:
    """Jeffreys' interval, closed at the edges; for charts. Give it the effective size, n / Kish's design
    effect.
    """
    _check(p, n)
    hits, misses, tail = p * n, (1 - p) * n, (1 - level) / 2
    low = float(betaincinv(hits + 0.5, misses + 0.5, tail)) if hits > 0 else 0.0
    high = float(betaincinv(hits + 0.5, misses + 0.5, 1 - tail)) if misses > 0 else 1.0
    return Interval(low, high)


def wilson(p: float, n: float, *, level: float = 0.95) -> Interval:
    """Wilson's score interval."""
    _check(p, n)
    z = float(ndtri(1 - (1 - level) / 2))
    centre, scale = p + z * z / (2 * n), 1 + z * z / n
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return Interval(
        0.0 if p == 0 else max(0.0, (centre - half) / scale),
        1.0 if p == 1 else min(1.0, (centre + half) / scale),
    )


def _t(level: float, df: float) -> float:
    return float(stdtrit(df, 1 - (1 - level) / 2))


def _check(p: float, n: float) -> None:
    if not 0 <= p <= 1:
        raise ValueError(f"interval: proportion {p} is outside [0, 1]")
    if not n > 0:
        raise ValueError(
            f"interval: n = {n}; there is no interval without answers, print the missing share instead"
        )
