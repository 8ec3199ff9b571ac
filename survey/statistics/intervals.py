"""Intervals for one estimate (statistics.md §3.4). Those of a share stay inside [0, 1] and have a width at 0 and at 1.

For many at once: `survey.statistics.interval_arrays`, which computes these too.
"""

from typing import NamedTuple

from survey.statistics import interval_arrays as arrays
from survey.statistics.interval_arrays import Limits, ProportionMethod


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
    return of_proportion(
        "korn_graubard", p, n, variance=variance, df=df, design_effect=design_effect, level=level
    )


def of_proportion(
    method: ProportionMethod,
    p: float,
    n: float,
    *,
    variance: float | None = None,
    df: float | None = None,
    design_effect: float = 1.0,
    level: float = 0.95,
) -> Interval:
    """Any interval of `survey.statistics.interval_arrays.proportion_limits`, by name. Raises ValueError as above."""
    _check(p, n)
    given = {"variance": variance, "df": df, "design_effect": design_effect, "level": level}
    return _one(arrays.proportion_limits(method, p, n, **given))  # type: ignore[arg-type]


def of_index(
    mean: float,
    n: float,
    *,
    variance: float,
    df: float | None = None,
    design_effect: float = 1.0,
    scale: tuple[float, float] = (0.0, 100.0),
    level: float = 0.95,
) -> Interval:
    """The logit-t interval of an index, a mean on a bounded scale. Raises ValueError for a mean outside the scale."""
    _check((mean - scale[0]) / (scale[1] - scale[0]), n)
    return _one(
        arrays.bounded_mean_limits(
            mean, n, variance=variance, df=df, design_effect=design_effect, scale=scale, level=level
        )
    )


def clopper_pearson(p: float, n: float, *, level: float = 0.95) -> Interval:
    """The exact interval for p·n successes in n trials; neither needs to be whole."""
    _check(p, n)
    return _one(arrays.clopper_pearson(p, n, level))


def jeffreys(p: float, n: float, *, level: float = 0.95) -> Interval:
    """Jeffreys' interval, closed at the edges; for charts. Give it the effective size, n / Kish's design
    effect.
    """
    _check(p, n)
    return _one(arrays.jeffreys_of(p, n, level))


def wilson(p: float, n: float, *, level: float = 0.95) -> Interval:
    """Wilson's score interval."""
    _check(p, n)
    return _one(arrays.wilson_of(p, n, level))


def _one(limits: Limits) -> Interval:
    low, high = limits
    return Interval(float(low), float(high))


def _check(p: float, n: float) -> None:
    if not 0 <= p <= 1:
        raise ValueError(f"interval: proportion {p} is outside [0, 1]")
    if not n > 0:
        raise ValueError(
            f"interval: n = {n}; there is no interval without answers, print the missing share instead"
        )
