"""Intervals for many estimates at once: arrays in, arrays out (statistics.md §3.4).

Every function takes shares `p` in [0, 1] and sizes `n` > 0, or arrays of them, and gives both limits in their common shape.
Where a share has no estimated variance that can be believed (None, 0, p at 0 or 1), its effective size is n / design_effect,
Kish's for unequal weights: there is a width at 0 and at 1.
"""

from typing import Final, Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaincinv, expit, logit, ndtri, stdtrit

Floats: TypeAlias = NDArray[np.float64]
Limits: TypeAlias = tuple[Floats, Floats]
ProportionMethod = Literal["korn_graubard", "beta", "logit", "jeffreys", "wilson"]
PROPORTION_METHODS: Final[tuple[ProportionMethod, ...]] = get_args(ProportionMethod)
HALF: Final = 0.5


def effective_size(
    p: ArrayLike, n: ArrayLike, variance: ArrayLike | None = None, design_effect: ArrayLike = 1.0
) -> Floats:
    """p(1-p) / variance: the size of a simple random sample (with replacement) that knows p as well; n / design_effect where
    that says nothing. May lie above n, where the design is better than a simple one."""
    p, n, v, deff = np.broadcast_arrays(*(_floats(one) for one in (p, n, _known(variance), design_effect)))
    informed = (v > 0) & (p > 0) & (p < 1)
    with np.errstate(over="ignore"):
        return _floats(np.where(informed, p * (1 - p) / np.where(informed, v, 1.0), n / deff))


def clopper_pearson(p: ArrayLike, n: ArrayLike, level: float = 0.95) -> Limits:
    """The exact interval for p·n successes in n trials; neither needs to be whole."""
    return _beta_limits(_floats(p), _floats(n), level, 0.0)


def jeffreys_of(p: ArrayLike, n: ArrayLike, level: float = 0.95) -> Limits:
    """Jeffreys' interval on n answers, closed at the edges."""
    return _beta_limits(_floats(p), _floats(n), level, HALF)


def wilson_of(p: ArrayLike, n: ArrayLike, level: float = 0.95) -> Limits:
    """Wilson's score interval on n answers."""
    p, n = _floats(p), _floats(n)
    z = float(ndtri(1 - (1 - level) / 2))
    centre, scale = p + z * z / (2 * n), 1 + z * z / n
    half = z * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    low = np.where(p == 0, 0.0, np.maximum(0.0, (centre - half) / scale))
    return low, np.where(p == 1, 1.0, np.minimum(1.0, (centre + half) / scale))


def proportion_limits(
    method: ProportionMethod,
    p: ArrayLike,
    n: ArrayLike,
    *,
    variance: ArrayLike | None = None,
    df: ArrayLike | None = None,
    design_effect: ArrayLike = 1.0,
    level: float = 0.95,
    rows: ArrayLike | None = None,
) -> Limits:
    """The interval of a proportion by name.

    korn_graubard: Clopper-Pearson on the effective size, adjusted for df and never above n (NCHS 2017): the published one.
    beta: the same without the cut at n (R: svyciprop "beta"). logit: on the logit scale with t of df (R: svyciprop "logit").
    jeffreys, wilson: on the effective size, never above n. `df`: design degrees of freedom; None: many. Where df < 1 there is
    nothing to judge the variance by: nan. `rows`: whose t, less one, the effective size is adjusted by; None: n.
    """
    size = effective_size(p, n, variance, design_effect)
    p, n = np.broadcast_arrays(_floats(p), _floats(n))
    rows = n if rows is None else _floats(rows)
    if method == "korn_graubard":
        return clopper_pearson(p, np.minimum(_adjusted(size, rows, df, level), n), level)
    if method == "beta":
        return clopper_pearson(p, _adjusted(size, rows, df, level), level)
    if method == "jeffreys":
        return jeffreys_of(p, np.minimum(size, n), level)
    if method == "wilson":
        return wilson_of(p, np.minimum(size, n), level)
    return _logit_limits(p, n, size, df, _known(variance), level)


def bounded_mean_limits(
    mean: ArrayLike,
    n: ArrayLike,
    *,
    variance: ArrayLike,
    df: ArrayLike | None = None,
    design_effect: ArrayLike = 1.0,
    scale: tuple[float, float] = (0.0, 100.0),
    level: float = 0.95,
) -> Limits:
    """The interval of an index on a bounded scale: logit with t of df; at an end of the scale, or without spread, the
    Clopper-Pearson of n / design_effect, which is wider than need be."""
    least, most = scale
    span = most - least
    share = np.clip((_floats(mean) - least) / span, 0.0, 1.0)
    spread = _known(variance) / span**2
    share, sizes = np.broadcast_arrays(share, _floats(n) / _floats(design_effect))
    low, high = _logit_limits(share, _floats(n), sizes, df, spread, level)
    return least + span * low, least + span * high


def t_limits(
    value: ArrayLike, variance: ArrayLike, df: ArrayLike | None = None, level: float = 0.95
) -> Limits:
    """value ± t(df) · standard error; for totals, ratios, differences and means without bounds. nan where df < 1."""
    value = _floats(value)
    half = _t(df, level) * np.sqrt(np.maximum(_floats(variance), 0.0))
    return value - half, value + half


def _logit_limits(
    p: Floats, n: Floats, size: Floats, df: ArrayLike | None, variance: ArrayLike, level: float
) -> Limits:
    v = np.broadcast_to(_floats(variance), p.shape)
    informed = (v > 0) & (p > 0) & (p < 1)
    inside = np.where(informed, p, HALF)
    half = _t(df, level) * np.sqrt(np.where(informed, v, 0.0)) / (inside * (1 - inside))
    low, high = clopper_pearson(p, np.minimum(_adjusted(size, n, df, level), n), level)
    centre = logit(inside)
    return np.where(informed, expit(centre - half), low), np.where(informed, expit(centre + half), high)


def _beta_limits(p: Floats, n: Floats, level: float, prior: float) -> Limits:
    """Quantiles of the beta; `prior` is added to both sides, and takes the place of the 1 on one."""
    hits, misses, tail = p * n, (1 - p) * n, (1 - level) / 2
    more = prior or 1.0
    some, failed = np.where(hits > 0, hits, 1.0), np.where(misses > 0, misses, 1.0)
    low = betaincinv(some + prior, misses + more, tail)
    high = betaincinv(hits + more, failed + prior, 1 - tail)
    return np.where(hits > 0, low, 0.0 * hits), np.where(misses > 0, high, 1.0 + 0.0 * misses)


def _adjusted(size: Floats, n: Floats, df: ArrayLike | None, level: float) -> Floats:
    if df is None:
        return size
    several = n > 1
    ratio = _t(np.where(several, n - 1, 1.0), level) / _t(df, level)
    return _floats(size * np.where(several, ratio, np.where(np.isnan(ratio), np.nan, 1.0)) ** 2)


def _t(df: ArrayLike | None, level: float) -> Floats:
    if df is None:
        return _floats(ndtri(1 - (1 - level) / 2))
    df = _floats(df)
    return _floats(np.where(df >= 1, stdtrit(np.maximum(df, 1.0), 1 - (1 - level) / 2), np.nan))


def _known(variance: ArrayLike | None) -> Floats:
    return _floats(0.0 if variance is None else variance)


def _floats(value: ArrayLike) -> Floats:
    return np.asarray(value, dtype=np.float64)
