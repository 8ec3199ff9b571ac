"""What is printed of an estimate: its figures with an interval, or the reason why they are not published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from math import isfinite
from typing import Final

import numpy as np

from survey.statistics.cell_suppression import with_neighbours
from survey.statistics.design import Design
from survey.statistics.domain_estimates import DomainEstimates
from survey.statistics.estimate_spec import EstimateSpec, Wanted
from survey.statistics.interval_arrays import (
    Limits,
    bounded_mean_limits,
    effective_size,
    proportion_limits,
    t_limits,
)
from survey.statistics.intervals import Interval
from survey.statistics.sums import Floats
from survey.statistics.suppression import REASONS, Reason, suppressed, suppression_policy
from survey.statistics.wanted_variables import INDEX

Category = str | tuple[str, str] | None
HIDDEN: Final = ("value", "se", "low", "high", "deff", "n_eff", "df")


@dataclass(frozen=True)
class Cell:
    """One object of the output. category: None for overall, [B, A] for B minus A. Figures are None where there are none.
    suppressed: why they are not published."""

    estimate: str
    by: str
    category: Category
    n: int
    value: float | None
    se: float | None
    low: float | None
    high: float | None
    deff: float | None
    n_eff: float | None
    df: int | None
    suppressed: Reason | None

    def printed(self, *, unsuppressed: bool = False) -> dict[str, object]:
        """By name; without the figures where they are suppressed."""
        hidden = HIDDEN if self.suppressed and not unsuppressed else ()
        return {one.name: None if one.name in hidden else getattr(self, one.name) for one in fields(self)}


def cells_of_domains(
    spec: EstimateSpec,
    design: Design,
    wanted: Wanted,
    scale: tuple[float, float] | None,
    by: str,
    categories: Sequence[str | None],
    found: DomainEstimates,
) -> list[Cell]:
    """One cell for every category, in order."""
    size = effective_sizes(wanted, found)
    with np.errstate(divide="ignore", invalid="ignore"):
        unsampled = np.where(found.weight > found.n, 1 - found.n / found.weight, np.nan) if spec.fpc else 1.0
        deff = found.variance / (found.simple * unsampled)
    low, high = _limits(spec, design, wanted, scale, found)
    published = _published(wanted, found, spec.level)
    cells = []
    for at, category in enumerate(categories):
        n, df = int(found.n[at]), int(found.df[at])
        share = float(found.value[at]) if wanted.kind == "proportion" and n else None
        interval = None if share is None else Interval(float(published[0][at]), float(published[1][at]))
        reason = suppressed(wanted.kind, n, n_eff=number(float(size[at])), share=share, interval=interval)
        if reason is None and df < 1:
            reason = "no_df"
        cells.append(
            Cell(
                wanted.name, by, category, n, number(float(found.value[at])), number(float(found.variance[at]) ** 0.5),
                number(low[at]), number(high[at]), number(deff[at]), number(float(size[at])), df if n else None, reason,
            )
        )  # fmt: skip
    return cells


def kept_back(cells: Sequence[Cell], rest: int) -> list[Cell]:
    """The categories of one column, which add up to the whole, with those kept back from which a private one could be worked out.
    What is not published anyway, for whatever reason, protects it too. rest: answers of the whole that are of no category."""
    fewest = suppression_policy().private_n
    if all(one.suppressed != "private" for one in cells) and not 0 < rest < fewest:
        return list(cells)
    n = np.array([*(one.n for one in cells), rest])
    hidden = np.array([*(one.suppressed is not None for one in cells), rest > 0])
    more = with_neighbours(n, hidden, [np.arange(len(n))], fewest) & ~hidden
    return [replace(one, suppressed="complementary") if more[at] else one for at, one in enumerate(cells)]


def difference(
    spec: EstimateSpec, wanted: Wanted, by: str, b: Cell, a: Cell, variance: float, df: int
) -> Cell:
    """The cell of B minus A. It is suppressed where either is, for the reason that comes first."""
    assert isinstance(b.category, str) and isinstance(a.category, str)
    value = np.nan if b.value is None or a.value is None else b.value - a.value
    variance = variance if np.isfinite(value) else np.nan
    low, high = t_limits(value, variance, df, spec.level)
    reasons = [one for one in REASONS if one in (b.suppressed, a.suppressed)]
    if not reasons and df < 1:
        reasons = ["no_df"]
    return Cell(
        wanted.name, by, (b.category, a.category), a.n + b.n, number(value), number(variance**0.5),
        number(float(low)), number(float(high)), None, None, df, reasons[0] if reasons else None,
    )  # fmt: skip


def effective_sizes(wanted: Wanted, found: DomainEstimates) -> Floats:
    """(D,) p (1 - p) / variance of a proportion, n / design effect (with replacement) of others; n / Kish's without spread."""
    n = np.maximum(found.n, 1.0)
    kish = np.where(found.n > 0, found.kish, 1.0)
    if wanted.kind == "proportion":
        return np.where(found.n > 0, effective_size(_share(found), n, found.variance, kish), np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        size = np.where(found.variance > 0, n * found.simple / found.variance, n / kish)
    return np.where(found.n > 0, size, np.nan)


def number(value: float) -> float | None:
    """None for what is no number, which JSON cannot say."""
    return value if isfinite(value) else None


def _limits(
    spec: EstimateSpec,
    design: Design,
    wanted: Wanted,
    scale: tuple[float, float] | None,
    found: DomainEstimates,
) -> Limits:
    n, level = np.maximum(found.n, 1.0), spec.level
    df = np.where(found.n > 0, found.df, 0.0)
    kish = np.where(found.n > 0, found.kish, 1.0)
    if wanted.kind == "proportion":
        method = spec.intervals.proportion
        # R's svyciprop "beta" takes the t of all rows of a calibrated design, also in a domain
        rows = np.full(len(n), float(design.rows)) if method == "beta" and design.adjusted else n
        return proportion_limits(
            method,
            _share(found),
            n,
            variance=found.variance,
            df=df,
            design_effect=kish,
            level=level,
            rows=rows,
        )
    logit_t = spec.intervals.mean == "logit_t" or (spec.intervals.mean is None and scale is not None)
    if wanted.kind == "mean" and logit_t:
        mean = np.where(np.isfinite(found.value), found.value, 0.0)
        return bounded_mean_limits(
            mean, n, variance=found.variance, df=df, design_effect=kish, scale=scale or INDEX, level=level
        )
    return t_limits(found.value, found.variance, df, level)


def _published(wanted: Wanted, found: DomainEstimates, level: float) -> Limits:
    """Korn and Graubard's interval, which decides on publishing whichever is given."""
    if wanted.kind != "proportion":
        return found.value, found.value
    n, kish = np.maximum(found.n, 1.0), np.where(found.n > 0, found.kish, 1.0)
    return proportion_limits(
        "korn_graubard",
        _share(found),
        n,
        variance=found.variance,
        df=found.df,
        design_effect=kish,
        level=level,
    )


def _share(found: DomainEstimates) -> Floats:
    """Between 0 and 1, also where weights are negative; 0 for a domain with nothing to say."""
    return np.asarray(np.clip(np.where(np.isfinite(found.value), found.value, 0.0), 0.0, 1.0))
