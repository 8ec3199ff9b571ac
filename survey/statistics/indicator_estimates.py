"""Indicators from counted answers: values, variances and intervals of many cells at once. Nothing is kept back here
(`survey.statistics.cell_suppression` does that), so nothing of this is printed as it is.

A cell is whatever a table has a figure for: an area, a day, both, or all of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from survey.statistics.indicator_definitions import Composite, IndicatorError, OfCodes, Share
from survey.statistics.interval_arrays import bounded_mean_limits, effective_size, proportion_limits

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
MISSING_CODES: Final = ("dk", "refused", "no_answer")
"""In the order in which they are printed."""


@dataclass(frozen=True)
class CodeCounts:
    """Counted answers to one question: per entry the index of its cell and of its code, n answers, the sum of their weights
    and of the squares. `cluster`: whose answers they are (an index over all cells), where several of one person belong
    together; None: every answer is somebody else's."""

    codes: Sequence[str]
    cell: Ints
    code: Ints
    n: Floats
    w: Floats
    w2: Floats
    cluster: Ints | None = None


_NO_INDEX: Final[Ints] = np.zeros(0, np.int64)
_NO_SUM: Final[Floats] = np.zeros(0)
NOTHING: Final = CodeCounts((), _NO_INDEX, _NO_INDEX, _NO_SUM, _NO_SUM, _NO_SUM)


@dataclass(frozen=True)
class Estimates:
    """Of one indicator, one entry per cell; value, variance and limits on the scale of its definition, nan where there is
    nothing. `n`: valid answers; `missing`: [3, cells] answers by missing code; `outside`: answers to whom the question does not
    apply; `shares`: [4, cells] the weighted shares of those four of all that were asked. `n_eff`: nan where unknown."""

    n: Ints
    value: Floats
    variance: Floats
    n_eff: Floats
    low: Floats
    high: Floats
    missing: Ints
    outside: Ints
    shares: Floats

    @property
    def asked(self) -> Ints:
        """Everybody who gave a code, a missing one too."""
        total: Ints = self.n + self.missing.sum(axis=0) + self.outside
        return total


def estimate(definition: OfCodes, counts: CodeCounts, cells: int, level: float) -> Estimates:
    """A share or a mean in each of `cells` cells. Variance: with replacement, linearised, every cell by itself without strata,
    which is on the safe side; the published intervals of statistics.md §3.4. Raises IndicatorError for a code without meaning."""
    role = _roles(definition, counts.codes)[counts.code] if len(counts.codes) else counts.code
    valid = role == 0
    points = np.array([definition.points.get(code, 0.0) for code in counts.codes] or [0.0])
    y = points[counts.code] if len(counts.codes) else counts.w
    n = _sum(counts.cell, np.where(valid, counts.n, 0.0), cells)
    some = _Sums.of(counts, valid, y, cells)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = some.wy / some.w
        clusters = some.clusters
        spread = (some.a - 2 * value * some.b + value**2 * some.c) / some.w**2
        variance = np.where(clusters > 1, np.maximum(spread, 0.0) * clusters / (clusters - 1), np.nan)
        deff = np.maximum(n * some.c / some.w**2, 1.0)
    n_eff, low, high = _limits(definition, value, n, variance, clusters - 1, deff, level)
    others = np.array([_sum(counts.cell, np.where(role == k, counts.n, 0.0), cells) for k in range(1, 5)])
    other_w = np.array([_sum(counts.cell, np.where(role == k, counts.w, 0.0), cells) for k in range(1, 5)])
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = other_w / (some.w + other_w.sum(axis=0))
    whole = others.astype(np.int64)
    return Estimates(n.astype(np.int64), value, variance, n_eff, low, high, whole[:3], whole[3], shares)


def _roles(definition: OfCodes, codes: Sequence[str]) -> Ints:
    """Of each code: 0 valid, 1-3 missing, 4 outside."""
    other = {code: place for place, code in enumerate(MISSING_CODES, 1)} | dict.fromkeys(
        definition.outside, 4
    )
    known = dict.fromkeys(definition.points, 0) | other
    if strange := sorted(set(codes) - known.keys()):
        raise IndicatorError(
            f"{definition.id} (version {definition.version}) does not say what codes {strange} of {definition.of} are; add "
            "them to its valid codes or to outside, and raise its version"
        )
    return np.array([known[code] for code in codes], np.int64)


@dataclass(frozen=True)
class _Sums:
    """Per cell: clusters, Σw, Σwy, and over clusters Σ(Σwy)², Σ(Σwy)(Σw), Σ(Σw)²."""

    clusters: Floats
    w: Floats
    wy: Floats
    a: Floats
    b: Floats
    c: Floats

    @classmethod
    def of(cls, counts: CodeCounts, valid: NDArray[np.bool_], y: Floats, cells: int) -> "_Sums":
        cell, w, w2 = counts.cell, np.where(valid, counts.w, 0.0), np.where(valid, counts.w2, 0.0)
        sum_w, sum_wy = _sum(cell, w, cells), _sum(cell, w * y, cells)
        if counts.cluster is None:
            n = _sum(cell, np.where(valid, counts.n, 0.0), cells)
            return cls(
                n,
                sum_w,
                sum_wy,
                _sum(cell, w2 * y * y, cells),
                _sum(cell, w2 * y, cells),
                _sum(cell, w2, cells),
            )
        pairs, of = np.unique(np.stack([cell[valid], counts.cluster[valid]]), axis=1, return_inverse=True)
        of = of.reshape(-1)
        each, each_y = _sum(of, w[valid], pairs.shape[1]), _sum(of, (w * y)[valid], pairs.shape[1])
        own = pairs[0]
        return cls(
            _sum(own, np.ones(len(own)), cells),
            sum_w,
            sum_wy,
            _sum(own, each_y**2, cells),
            _sum(own, each_y * each, cells),
            _sum(own, each**2, cells),
        )


def _limits(
    definition: OfCodes, value: Floats, n: Floats, variance: Floats, df: Floats, deff: Floats, level: float
) -> tuple[Floats, Floats, Floats]:
    """Effective sizes and both limits; nan in cells without answers."""
    n_eff, low, high = (np.full(len(n), np.nan) for _ in range(3))
    some = n > 0
    v, p = np.nan_to_num(variance[some]), value[some]
    free = np.maximum(df[some], 1.0)
    if isinstance(definition, Share):
        p = np.clip(p, 0.0, 1.0)
        adjusted = (
            None if np.array_equal(free, n[some] - 1) else free
        )  # for n - 1 degrees the adjustment is none
        low[some], high[some] = proportion_limits(
            "korn_graubard", p, n[some], variance=v, df=adjusted, design_effect=deff[some], level=level
        )
        n_eff[some] = effective_size(p, n[some], v, deff[some])
    else:
        low[some], high[some] = bounded_mean_limits(
            p, n[some], variance=v, df=free, design_effect=deff[some], scale=definition.scale, level=level
        )
        n_eff[some] = n[some] / deff[some]
    return n_eff, low, high


def composite(
    definition: Composite, parts: Mapping[str, tuple[OfCodes, Estimates]], cells: int, level: float
) -> Estimates:
    """The weighted sum of parts brought to 0-100, where each has a value. Parts are answers of the same people and go together;
    as how closely is not counted, its standard error is the sum of theirs, which is the most that it can be. `n`: the part
    with the fewest."""
    value, error = np.zeros(cells), np.zeros(cells)
    least: Ints = np.full(cells, np.iinfo(np.int64).max)
    n_eff = np.full(cells, np.inf)
    for name, weight in definition.parts.items():
        part, of = parts[name]
        low, high = part.scale
        value += weight * 100 * (of.value - low) / (high - low)
        error += weight * 100 * np.sqrt(of.variance) / (high - low)
        least, n_eff = np.minimum(least, of.n), np.fmin(n_eff, of.n_eff)
    n, some = least.astype(np.float64), ~np.isnan(value)
    low_of, high_of = np.full(cells, np.nan), np.full(cells, np.nan)
    low_of[some], high_of[some] = bounded_mean_limits(
        value[some],
        np.maximum(n[some], 1.0),
        variance=np.nan_to_num(error[some]) ** 2,
        df=np.maximum(n[some] - 1, 1.0),
        scale=definition.scale,
        level=level,
    )
    nobody = np.zeros(cells, np.int64)
    return Estimates(
        np.where(some, least, 0),
        value,
        error**2,
        np.where(some, n_eff, np.nan),
        low_of,
        high_of,
        np.zeros((3, cells), np.int64),
        nobody,
        np.zeros((4, cells)),
    )


def _sum(index: Ints, weights: Floats, length: int) -> Floats:
    found: Floats = np.bincount(index, weights, length).astype(np.float64, copy=False)
    return found
