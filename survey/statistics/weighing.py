"""From a table and a specification to a weighted design: each step a factor of its own (statistics.md §3.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from survey.statistics.calibration import Calibrated, calibrate
from survey.statistics.calibration_checks import refuse_other_populations
from survey.statistics.columns import DataError, DataTable
from survey.statistics.design import Design, design
from survey.statistics.estimate_spec import EstimateSpec
from survey.statistics.margins import Cells, cells_of
from survey.statistics.margins_of_data import margin_of
from survey.statistics.sums import Codes, Floats
from survey.statistics.weighting import (
    GROUPS,
    RESPONDED,
    ResponseFactors,
    base_weights,
    response_factors,
)


@dataclass(frozen=True)
class Factors:
    """What the weight of every row of the table is made of, (n,) each; `weight` is their product, 0 for who did not respond."""

    base: Floats
    unknown_eligibility: Floats
    nonresponse: Floats
    calibration: Floats
    weight: Floats


class Weighing:
    """The steps for one table. They may be done again with other base weights, as a jackknife does."""

    def __init__(self, table: DataTable, spec: EstimateSpec) -> None:
        """Raises DataError, WeightingError and Infeasible."""
        self.table, self.spec = table, spec
        self.stratum, self.names = table.joined(spec.strata)
        self.unit = table.joined(spec.clusters)[0] if spec.clusters else np.arange(table.rows)
        self.base = self._base()
        if not np.all((self.base >= 0) & np.isfinite(self.base)):
            row = int(np.flatnonzero(~(self.base >= 0))[0])
            raise DataError(f"column {spec.weight}: a weight must be 0 or more; correct it", row)
        self.group = self._groups()
        self.rows = np.flatnonzero(self.group == GROUPS.index(RESPONDED))
        """Of the respondents, in the table."""
        asked = spec.calibrate.margins if spec.calibrate and len(self.rows) else {}
        self.margins = tuple(margin_of(table, self.rows, *one) for one in asked.items())
        refuse_other_populations(self.margins)

    @cached_property
    def sample(self) -> Design:
        """Of all rows, whether they responded or not, with base weights."""
        return self._design(np.arange(self.table.rows), self.base)

    @cached_property
    def response(self) -> ResponseFactors | None:
        """Of the sample as it is; None without dispositions."""
        return self._response(self.base)

    @cached_property
    def design(self) -> Design:
        """Of the respondents, with their final weights. A stratum's units are those with a respondent."""
        start = self._start(self.base)
        found = self._design(self.rows, start)
        if not self.margins:
            return found
        fitted = self.calibrated(start)
        return replace(found, weights=fitted.weights, adjusted=fitted)

    def calibrated(self, start: Floats) -> Calibrated:
        """start: (respondents,). Raises Infeasible."""
        asked = self.spec.calibrate
        assert asked is not None
        return calibrate(start, self.cells, asked.method, asked.bounds)

    def again(self, times: Floats) -> Floats:
        """(respondents,) final weights where every row of the table counts so many times. Raises as above."""
        start = self._start(self.base * times)
        return self.calibrated(start).weights if self.margins else start

    @cached_property
    def cells(self) -> Cells:
        """Of the margins."""
        return cells_of(self.margins)

    @cached_property
    def factors(self) -> Factors:
        """Of every row."""
        n, found, ones = self.table.rows, self.response, np.ones(self.table.rows)
        calibration = ones.copy()
        if isinstance(self.design.adjusted, Calibrated):
            calibration[self.rows] = self.design.adjusted.factors
        weight = np.zeros(n)
        weight[self.rows] = self.design.weights
        return Factors(
            self.base,
            ones if found is None else found.unknown,
            ones if found is None else found.nonresponse,
            calibration,
            weight,
        )

    def _base(self) -> Floats:
        spec, table = self.spec, self.table
        if spec.weight is not None:
            table.filled(spec.weight)
            return table.column(spec.weight).numbers()
        if spec.population is None:
            return np.ones(table.rows)
        population = self._of_stratum(spec.population)[self.stratum]
        if spec.drawn is not None:
            return base_weights(population, self._of_stratum(spec.drawn)[self.stratum])
        counted = design(np.ones(table.rows), stratum=self.stratum, unit=self.unit)
        return base_weights(population, counted.units[counted.stratum])

    def _of_stratum(self, name: str) -> Floats:
        """(H,) the one value that every stratum has in this column. Raises DataError where it has several."""
        self.table.filled(name)
        values = self.table.column(name).numbers()
        of = np.zeros(len(self.names))
        of[self.stratum] = values
        for row in np.flatnonzero(of[self.stratum] != values)[:1]:
            raise DataError(
                f"column {name}: {values[row]:g}, and elsewhere in stratum {self.names[self.stratum[row]]} "
                f"{of[self.stratum[row]]:g}; all rows of a stratum need the same",
                int(row),
            )
        return of

    def _groups(self) -> Codes:
        if self.spec.disposition is None:
            return np.full(self.table.rows, GROUPS.index(RESPONDED), dtype=np.int64)
        column = self.table.filled(self.spec.disposition)
        groups: Sequence[str] = GROUPS
        place = np.array([groups.index(one) if one in groups else -1 for one in column.labels] + [-1])
        found = place[column.codes]
        for row in np.flatnonzero(found < 0)[:1]:
            raise DataError(
                f"column {column.name}: {column.labels[column.codes[row]]!r} is no disposition; write one of "
                f"{', '.join(GROUPS)}",
                int(row),
            )
        return np.asarray(found, dtype=np.int64)

    def _response(self, base: Floats) -> ResponseFactors | None:
        if self.spec.disposition is None:
            return None
        return response_factors(base, self.group, *self.table_classes)

    @cached_property
    def table_classes(self) -> tuple[Codes, tuple[str, ...]]:
        """Classes of the nonresponse adjustment, and their names."""
        return self.table.joined(self.spec.nonresponse_classes)

    def _start(self, base: Floats) -> Floats:
        found = self._response(base)
        return (base if found is None else base * found.unknown * found.nonresponse)[self.rows]

    def _design(self, rows: Codes, weights: Floats) -> Design:
        present, stratum = np.unique(self.stratum[rows], return_inverse=True)
        corrected = self.spec.population if self.spec.fpc else None
        population = self._of_stratum(corrected)[present] if corrected else None
        names = [self.names[int(one)] for one in present]
        return design(
            weights,
            stratum=stratum,
            unit=self.unit[rows] if self.spec.clusters else None,
            population=population,
            names=names,
            single=self.spec.lonely,
        )

    @property
    def _corrects(self) -> bool:
        return self.spec.fpc
