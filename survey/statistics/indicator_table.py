"""Indicators as a table of cells: what is printed of each, and what is not. Every page, file and API reads its figures here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, partial
from typing import Final

import numpy as np

from survey.statistics.cell_suppression import (
    NEVER,
    ORDER,
    SHOWN,
    Groups,
    Reason,
    Reasons,
    composite_reasons,
    number,
    reasons,
)
from survey.statistics.indicator_definitions import Composite, Indicators, Mean, Share
from survey.statistics.indicator_estimates import (
    MISSING_CODES,
    NOTHING,
    CodeCounts,
    Estimates,
    Ints,
    composite,
    estimate,
)

ELSEWHERE: Final = "~"
"""Ends the code that stands for answers of areas that have no row; the row itself stands only where there are any."""
HIDDEN: Final = NEVER - {number("empty")}


@dataclass(frozen=True)
class Cell:
    """What a figure is of: a day (or the first day of a week or month), an area, both; neither: the whole table."""

    day: date | None = None
    area: str | None = None

    @property
    def is_total(self) -> bool:
        return self.day is None and self.area is None


@dataclass(frozen=True)
class Missing:
    """Answers of one missing code, and their weighted share of all that were asked."""

    n: int
    share: float | None


@dataclass(frozen=True)
class IndicatorResult:
    """One indicator in one cell. `value`, `low`, `high` on the scale of its definition: a share in [0, 1], an index in points;
    None where `suppressed` says why, or, for the limits, where the sample has quotas. `n`: valid answers, which the value rests
    on; `asked`: with those that are missing or outside. All counts are None where so few people were asked that nothing of the
    cell is printed."""

    indicator: str
    version: int
    cell: Cell
    value: float | None
    low: float | None
    high: float | None
    n: int | None
    asked: int | None
    missing: Mapping[str, Missing] | None
    outside: Missing | None
    quota: bool
    suppressed: Reason | None


@dataclass(frozen=True)
class IndicatorTable:
    """Figures by indicator and cell; the last cell is the whole. What nobody may see is not in it any more.

    `quota`: the sample had quotas, so there are no intervals (settled.md §5)."""

    definitions: Sequence[Share | Mean | Composite]
    cells: Sequence[Cell]
    estimates: Mapping[str, Estimates]
    reasons: Mapping[str, Reasons]
    quota: bool
    level: float

    def rows(self, *, unsuppressed: bool = False) -> Iterator[IndicatorResult]:
        """Cell by cell, in each the indicators in the order of the policy. `unsuppressed`: with the values that are merely too
        unsure to be published, marked as that."""
        for place, cell in enumerate(self.cells):
            if cell.area is not None and cell.area.endswith(ELSEWHERE) and not self._anybody(place):
                continue
            for definition in self.definitions:
                yield self.result(definition, place, unsuppressed=unsuppressed)

    def total(self, indicator: str) -> IndicatorResult:
        """Over all cells. Raises KeyError for an indicator that is not in the table."""
        definition = {one.id: one for one in self.definitions}[indicator]
        return self.result(definition, len(self.cells) - 1)

    def _anybody(self, place: int) -> bool:
        return any(why[place] != number("empty") for why in self.reasons.values())

    def result(
        self, definition: Share | Mean | Composite, place: int, *, unsuppressed: bool = False
    ) -> IndicatorResult:
        of, why = self.estimates[definition.id], int(self.reasons[definition.id][place])
        hidden, shown = why in HIDDEN, why == SHOWN or unsuppressed
        apart = isinstance(definition, Composite) or hidden  # a composite's stand beside its parts
        return IndicatorResult(
            indicator=definition.id,
            version=definition.version,
            cell=self.cells[place],
            value=_or_none(of.value[place]) if shown else None,
            low=_or_none(of.low[place]) if shown else None,
            high=_or_none(of.high[place]) if shown else None,
            n=None if hidden else int(of.n[place]),
            asked=None if apart else int(of.asked[place]),
            missing=None if apart else _missing(of, place),
            outside=None if apart else Missing(int(of.outside[place]), _or_none(of.shares[3][place])),
            quota=self.quota,
            suppressed=None if why == SHOWN else ORDER[why - 1],
        )


def make_table(
    policy: Indicators,
    definitions: Sequence[Share | Mean | Composite],
    cells: Sequence[Cell],
    counts: Mapping[str, CodeCounts],
    *,
    quota: bool = False,
    groups: Groups | None = None,
) -> IndicatorTable:
    """Figures of `definitions`. `cells`: those of the table without the whole; `counts`: by source and question
    ("perception.Q1"), nothing where nobody answered; `groups`: cells that add up to something printed, where they are
    neither days nor areas. Raises IndicatorError."""
    size, adding_up = len(cells) + 1, cache(partial(groups_of, cells) if groups is None else lambda: groups)
    found: dict[str, Estimates] = {}
    why: dict[str, Reasons] = {}
    simple = {one.id: one for one in policy.of_codes(definitions)}
    for name, one in simple.items():
        own = estimate(one, _with_whole(counts.get(one.of, NOTHING), len(cells)), size, policy.level)
        why[name] = reasons(
            "proportion" if isinstance(one, Share) else "mean", own, adding_up, design=not quota
        )
        found[name] = own
    for whole in definitions:
        if isinstance(whole, Composite):
            parts = {name: (simple[name], found[name]) for name in whole.parts}
            found[whole.id] = composite(whole, parts, size, policy.level)
            why[whole.id] = composite_reasons(found[whole.id], [why[name] for name in whole.parts])
    kept = {one.id: _printable(found[one.id], why[one.id], quota=quota) for one in definitions}
    return IndicatorTable(
        definitions, (*cells, Cell()), kept, {one.id: why[one.id] for one in definitions}, quota, policy.level
    )


def groups_of(cells: Sequence[Cell]) -> Groups:
    """Cells that add up to a figure which is printed somewhere: areas of one parent (on one day), days of one area."""
    found: dict[object, list[int]] = {}
    several = len({cell.day for cell in cells}) > 1
    for place, cell in enumerate(cells):
        if cell.area is not None:
            found.setdefault((cell.day, parent_of(cell.area)), []).append(place)
        if several:
            found.setdefault(cell.area, []).append(place)
    return [np.array(group) for group in found.values()]


LEVELS: Final = (2, 4, 6, 9, 12, 15)
"""Digits of area codes: province, city, county, township, village, grid (domain.md §3.1)."""


@cache
def parent_of(area: str) -> str:
    """The code of the area above."""
    return area[: max((length for length in LEVELS if length < len(area)), default=0)]


def _with_whole(counts: CodeCounts, whole: int) -> CodeCounts:
    """Everything once more, in the cell of the whole."""
    if not whole or not len(counts.cell):
        return counts
    once_more: Ints = np.full(len(counts.cell), whole)
    return replace(
        counts,
        cell=np.concatenate([counts.cell, once_more]),
        code=np.tile(counts.code, 2),
        n=np.tile(counts.n, 2),
        w=np.tile(counts.w, 2),
        w2=np.tile(counts.w2, 2),
        cluster=None if counts.cluster is None else np.tile(counts.cluster, 2),
    )


def _printable(of: Estimates, why: Reasons, *, quota: bool) -> Estimates:
    """Without what may never be printed."""
    hidden = np.isin(why, list(HIDDEN))
    bare = hidden | quota
    return replace(
        of,
        n=np.where(hidden, 0, of.n),
        value=np.where(hidden, np.nan, of.value),
        variance=np.where(bare, np.nan, of.variance),
        n_eff=np.where(bare, np.nan, of.n_eff),
        low=np.where(bare, np.nan, of.low),
        high=np.where(bare, np.nan, of.high),
        missing=np.where(hidden, 0, of.missing),
        outside=np.where(hidden, 0, of.outside),
        shares=np.where(hidden, np.nan, of.shares),
    )


def _missing(of: Estimates, place: int) -> Mapping[str, Missing]:
    return {
        code: Missing(int(of.missing[k][place]), _or_none(of.shares[k][place]))
        for k, code in enumerate(MISSING_CODES)
    }


def _or_none(figure: float) -> float | None:
    return None if np.isnan(figure) else float(figure)
