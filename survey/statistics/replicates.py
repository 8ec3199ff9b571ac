"""Variances by doing the estimate again: the stratified jackknife (JKn) and the bootstrap of Rao and Wu (1988)."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from survey.statistics.design import Design, DesignError
from survey.statistics.sums import Floats


class Replicate(NamedTuple):
    """times: (n,) how often every row counts. scale: of the squared deviation of what it gives."""

    times: Floats
    scale: float


def jackknife(design: Design) -> Iterator[Replicate]:
    """One for every first-stage unit: it is left out, and the others of its stratum count n_h / (n_h - 1) times.

    scale: (1 - f_h) (n_h - 1) / n_h, as R's as.svrepdesign type JKn. Raises DesignError for a stratum with one unit; one that
    is wholly in the sample has replicates of scale 0.
    """
    alone = (design.units == 1) & (design.unsampled > 1e-7)
    for stratum in np.flatnonzero(alone)[:1]:
        raise DesignError(
            f"stratum {design.name(int(stratum))}: a jackknife needs two first-stage units; join the stratum with a like one"
        )
    many = design.units[design.unit_stratum]
    for unit, stratum in enumerate(design.unit_stratum):
        n = float(many[unit])
        if n == 1:
            continue
        times = np.where(design.stratum == stratum, n / (n - 1), 1.0)
        times[design.unit == unit] = 0.0
        yield Replicate(times, float(design.unsampled[stratum]) * (n - 1) / n)


def bootstrap(design: Design, replicates: int, rng: np.random.Generator) -> Iterator[Replicate]:
    """n_h - 1 units of each stratum drawn with replacement; a unit counts n_h / (n_h - 1) times as often as it was drawn.

    scale: 1 / replicates. For medians, ranks and composites, 500 or more. Without finite population corrections. Raises
    DesignError for a stratum with one unit.
    """
    for stratum in np.flatnonzero(design.units < 2)[:1]:
        raise DesignError(
            f"stratum {design.name(int(stratum))}: a bootstrap needs two first-stage units; join the stratum with a like one"
        )
    order = np.argsort(design.unit_stratum, kind="stable")
    for _ in range(replicates):
        drawn = [rng.multinomial(int(n) - 1, np.full(int(n), 1 / n)) * n / (n - 1) for n in design.units]
        times = np.empty(len(order))
        times[order] = np.concatenate(drawn)
        yield Replicate(times[design.unit], 1 / replicates)


def replicate_variance(values: Floats, scales: Floats, centre: Floats | None = None) -> Floats:
    """(D,) from what each replicate gives, (R, D). centre: (D,) the full estimate; None: the mean of the replicates that count,
    which is R's default (mse = FALSE)."""
    counting = scales > 0
    if centre is None:
        centre = values[counting].mean(axis=0) if counting.any() else values.mean(axis=0)
    deviations = values - centre
    return np.asarray(scales @ (deviations * deviations))
