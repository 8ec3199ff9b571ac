"""How a sample was drawn, as far as its errors depend on it: strata, first-stage units, finite populations, weights.

Variances are those of totals of influence values (statistics.md §3.2): the units of the first stage are taken as drawn with
replacement inside their strata, or without, where the finite population correction is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from survey.statistics.sums import Codes, Floats, dense, sums

LonelyRule = Literal["fail", "adjust"]


class DesignError(ValueError):
    """A sample that no error can be computed for; the message names the stratum, the reason and the remedy."""


class Adjusted(Protocol):
    """What the weights were fitted to after drawing (`survey.statistics.calibration.Calibrated`)."""

    def residuals(self, influence: Floats, design: Design) -> Floats:
        """The influence values, (n,) or (n, k), without what the fitted totals explain."""
        ...


@dataclass(frozen=True)
class Design:
    """One row per respondent. All arrays are (n,) unless said otherwise.

    stratum: codes 0..H-1. unit: codes 0..P-1 of first-stage units, each in one stratum. start: weights before calibration;
    weights: final ones (the same without). population: (H,) first-stage units in each stratum, None: no finite population
    correction. names: (H,) what strata are called in errors. single: what a stratum with one unit brings, `fail` or `adjust`
    (its deviation from 0, the grand mean of influences; R: survey.lonely.psu).
    """

    stratum: Codes
    unit: Codes
    start: Floats
    weights: Floats
    population: Floats | None = None
    names: Sequence[str] = ()
    single: LonelyRule = "fail"
    adjusted: Adjusted | None = field(default=None, compare=False)

    @property
    def rows(self) -> int:
        """Respondents."""
        return len(self.stratum)

    @cached_property
    def strata(self) -> int:
        """How many there are."""
        return int(self.stratum.max()) + 1 if self.rows else 0

    @cached_property
    def units_are_rows(self) -> bool:
        """Whether no two respondents share a first-stage unit."""
        return len(self.unit_stratum) == self.rows

    @cached_property
    def unit_stratum(self) -> Codes:
        """(P,) the stratum of each unit. Raises DesignError where a unit lies in two strata."""
        units = int(self.unit.max()) + 1 if self.rows else 0
        stratum = np.zeros(units, dtype=np.int64)
        stratum[self.unit] = self.stratum
        if not np.array_equal(stratum[self.unit], self.stratum):
            raise DesignError("a first-stage unit lies in two strata; name units by stratum and unit")
        return stratum

    @cached_property
    def units(self) -> Floats:
        """(H,) units of each stratum."""
        return sums(self.unit_stratum, self.strata)

    @cached_property
    def unsampled(self) -> Floats:
        """(H,) 1 - n_h / N_h; ones without a correction. Raises DesignError for a sample larger than its stratum."""
        if self.population is None:
            return np.ones(self.strata)
        wrong = np.flatnonzero(self.units > self.population * (1 + 1e-12))
        if len(wrong):
            at = int(wrong[0])
            raise DesignError(
                f"stratum {self.name(at)}: {self.units[at]:g} units are in the sample and {self.population[at]:g} in the "
                "population; correct the population, or leave out the finite population correction"
            )
        return np.maximum(0.0, 1 - self.units / self.population)

    @cached_property
    def lonely(self) -> NDArray[np.bool_]:
        """(H,) strata with one unit that are not wholly sampled. Raises DesignError under the rule `fail`."""
        alone = (self.units == 1) & (self.unsampled > 1e-7)
        if self.single == "fail" and alone.any():
            named = "、".join(self.name(int(at)) for at in np.flatnonzero(alone)[:5])
            raise DesignError(
                f"stratum {named}: one first-stage unit alone tells nothing about its spread; join the stratum with a like "
                "one in the data, or say `lonely: adjust`"
            )
        return np.asarray(alone)

    @cached_property
    def factor(self) -> Floats:
        """(H,) what the squared deviations of unit totals in a stratum are multiplied by."""
        several = self.units > 1
        spread = np.where(several, self.units / np.where(several, self.units - 1, 1.0), 1.0)
        return np.asarray(self.unsampled * spread, dtype=np.float64)

    @cached_property
    def centred(self) -> Floats:
        """(H,) 1 / n_h where a stratum's own mean is taken off, 0 where it has one unit."""
        return np.where(self.lonely, 0.0, 1 / np.maximum(self.units, 1.0))

    def name(self, stratum: int) -> str:
        """What it is called."""
        return self.names[stratum] if stratum < len(self.names) else str(stratum)

    def unit_totals(self, values: Floats) -> Floats:
        """(P,) or (P, k) sums over the rows of each unit."""
        units = len(self.unit_stratum)
        if values.ndim == 1:
            return sums(self.unit, units, values)
        return np.column_stack([sums(self.unit, units, column) for column in values.T])

    def covariance(self, influence: Floats) -> Floats:
        """(k, k) of the estimates whose weighted influence values are the columns of `influence`, (n, k)."""
        values = influence if self.adjusted is None else self.adjusted.residuals(influence, self)
        totals = self.unit_totals(values)
        of_strata = np.column_stack([sums(self.unit_stratum, self.strata, column) for column in totals.T])
        deviations = totals - (of_strata * self.centred[:, None])[self.unit_stratum]
        return np.asarray(deviations.T @ (deviations * self.factor[self.unit_stratum][:, None]))

    def variance(self, influence: Floats) -> float:
        """Of one estimate, from its weighted influence values (n,)."""
        return float(self.covariance(influence[:, None])[0, 0])

    def df(self, inside: NDArray[np.bool_] | None = None) -> int:
        """First-stage units less strata, counted where rows with a weight are inside (R: degf of a subset)."""
        rows = self.weights != 0
        rows = rows if inside is None else rows & inside
        return len(np.unique(self.unit[rows])) - len(np.unique(self.stratum[rows]))


def design(
    weights: Floats,
    *,
    stratum: NDArray[np.integer] | None = None,
    unit: NDArray[np.integer] | None = None,
    population: Floats | None = None,
    names: Sequence[str] = (),
    single: LonelyRule = "fail",
) -> Design:
    """A design from labels as integers, (n,) each: without strata one, without units every row is its own.

    population: (H,) by the order of sorted stratum labels. Units are told apart inside their strata: unit 1 of two strata is
    two units. Raises DesignError for weights that are negative or no numbers.
    """
    rows = len(weights)
    weights = np.asarray(weights, dtype=np.float64)
    if not np.all(np.isfinite(weights) & (weights >= 0)):
        at = int(np.flatnonzero(~(np.isfinite(weights) & (weights >= 0)))[0])
        raise DesignError(f"row {at + 1}: a weight must be a number, 0 or more; it is {weights[at]}")
    strata = np.zeros(rows, dtype=np.int64) if stratum is None else dense(stratum)
    units = np.arange(rows) if unit is None else dense(strata * (int(unit.max(initial=0)) + 1) + unit)
    return Design(strata, units, weights, weights, population, names, single)
