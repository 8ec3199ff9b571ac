"""From a table and a specification to its figures: what `minyi estimate` prints (docs/estimation.md).

A filter and a category are domains: the rows outside stay in the design with the influence 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches

import numpy as np
from numpy.typing import NDArray

from survey.statistics.columns import DataError, DataTable
from survey.statistics.domain_estimates import OUTSIDE, DomainEstimates, estimate_domains, influence
from survey.statistics.estimate_cells import Cell, cells_of_domains, difference, kept_back
from survey.statistics.estimate_spec import OVERALL, EstimateSpec, Wanted
from survey.statistics.replicate_estimates import Asked, ReplicateEstimates
from survey.statistics.sums import Codes
from survey.statistics.wanted_variables import WantedVariable, wanted_variable
from survey.statistics.weighing import Weighing

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class _Division:
    """The categories of a column, in order. domain: (respondents,) places in them, -1 for empty cells."""

    by: str
    categories: tuple[str | None, ...]
    domain: Codes

    def within(self, inside: NDArray[np.bool_]) -> Codes:
        return np.where(inside, self.domain, OUTSIDE)

    def place(self, category: str) -> int:
        """Raises DataError for a category that the data do not have."""
        if category not in self.categories:
            known = [one for one in self.categories if one is not None]
            like = get_close_matches(category, known, n=1, cutoff=0.5) or known[:20]
            raise DataError(
                f"column {self.by} has no category {category} to compare; there is {', '.join(like)}"
            )
        return self.categories.index(category)


def estimate(weighing: Weighing, show: Progress = lambda _done, _all: None) -> list[Cell]:
    """All cells in the order of the specification: each estimate by each division, then its comparisons.

    show: called with the replicates that are done, and their number. Raises DataError, DesignError, and what the weighing
    raises.
    """
    return list(_Estimation(weighing, show).cells())


class _Estimation:
    def __init__(self, weighing: Weighing, show: Progress) -> None:
        spec, table = weighing.spec, weighing.table
        self.weighing, self.spec = weighing, spec
        inside = filtered(table, spec)[weighing.rows]
        compared = [one.by for one in spec.compare]
        self.divisions = {by: _division(weighing, by) for by in dict.fromkeys([*spec.by, *compared])}
        bounded = spec.intervals.mean == "logit_t"
        self.variables = [
            wanted_variable(table, weighing.rows, one, inside, bounded=bounded) for one in spec.estimates
        ]
        for one in spec.compare:
            for pair in one.pairs:
                _ = [self.divisions[one.by].place(category) for category in pair]
        self.again: ReplicateEstimates | None = None
        if spec.variance == "jkn":
            asked = [
                Asked(one.variable, division.within(one.answered & inside), len(division.categories))
                for one in self.variables
                for division in self.divisions.values()
            ]
            self.again = ReplicateEstimates.of(weighing, asked, show)

    def cells(self) -> Iterator[Cell]:
        for at, (wanted, variable) in enumerate(zip(self.spec.estimates, self.variables, strict=True)):
            found = {by: self._of_division(at, wanted, variable, by) for by in self.divisions}
            for by in dict.fromkeys(self.spec.by):
                yield from found[by]
            for compared in self.spec.compare:
                for pair in compared.pairs:
                    yield self._difference(at, wanted, variable, compared.by, pair, found[compared.by])

    def _of_division(self, at: int, wanted: Wanted, variable: WantedVariable, by: str) -> list[Cell]:
        division = self.divisions[by]
        domain = division.within(variable.answered)
        found: DomainEstimates = estimate_domains(
            self.weighing.design, variable.variable, domain, len(division.categories)
        )
        if self.again is not None:
            found = replace(found, variance=self.again.variance(self._place(at, by)))
        design, scale = self.weighing.design, variable.scale
        cells = cells_of_domains(self.spec, design, wanted, scale, by, division.categories, found)
        if len(set(self.spec.by)) == 1:  # the whole stands nowhere in this run
            return cells
        return kept_back(cells, int(np.sum(variable.answered & (domain == OUTSIDE))))

    def _difference(
        self,
        at: int,
        wanted: Wanted,
        variable: WantedVariable,
        by: str,
        pair: tuple[str, str],
        cells: list[Cell],
    ) -> Cell:
        division, design = self.divisions[by], self.weighing.design
        b, a = (division.place(category) for category in pair)
        domain = division.within(variable.answered)
        if self.again is not None:
            variance = self.again.difference(self._place(at, by), b, a)
        else:
            of_b, of_a = (influence(design, variable.variable, domain == place) for place in (b, a))
            variance = design.variance(of_b - of_a)
        df = design.df((domain == b) | (domain == a))
        return difference(self.spec, wanted, by, cells[b], cells[a], variance, df)

    def _place(self, at: int, by: str) -> int:
        return at * len(self.divisions) + list(self.divisions).index(by)


def filtered(table: DataTable, spec: EstimateSpec) -> NDArray[np.bool_]:
    """(n,) whether the filter lets a row in: every column has one of its values."""
    inside = np.ones(table.rows, dtype=np.bool_)
    for name, values in spec.filter.items():
        inside &= table.column(name).among(values)
    return inside


def _division(weighing: Weighing, by: str) -> _Division:
    if by == OVERALL:
        return _Division(by, (None,), np.zeros(len(weighing.rows), dtype=np.int64))
    column = weighing.table.column(by)
    wanted = weighing.spec.filter.get(by)
    labels = [one for one in column.labels if wanted is None or one in wanted]
    labels.sort(key=in_order)
    places = {label: at for at, label in enumerate(labels)}
    place = np.array([places.get(one, OUTSIDE) for one in column.labels] + [OUTSIDE])
    return _Division(by, tuple(labels), place[column.codes][weighing.rows].astype(np.int64))


def in_order(label: str) -> tuple[int, float, str]:
    """Numbers by size, before texts by letters."""
    try:
        return 0, float(label), label
    except ValueError:
        return 1, 0.0, label
