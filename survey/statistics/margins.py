"""Margins with known totals, and the cells that respondents are in: the combinations of categories that occur.

What depends on nothing but categories is computed once for a cell, however many respondents are in it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from survey.statistics.sums import Codes, Floats, sums


class Margin(NamedTuple):
    """A column with known totals. codes: (n,) places in `categories`; totals: (categories,), 0 or more."""

    name: str
    codes: Codes
    categories: Sequence[str]
    totals: Floats


@dataclass(frozen=True)
class Cells:
    """of_row: (n,) the cell of each respondent. members: (C, margins) for each cell the column of each margin that it is in.
    totals: (columns,) of all margins, one after the other; names: "margin=category" of each. A cell may be empty."""

    of_row: Codes
    members: Codes
    totals: Floats
    names: tuple[str, ...]

    @property
    def count(self) -> int:
        """Cells."""
        return len(self.members)

    @cached_property
    def respondents(self) -> Floats:
        """(C,) how many are in each."""
        return sums(self.of_row, self.count)

    def by_cell(self, values: Floats) -> Floats:
        """(C,) sums of (n,) values."""
        return sums(self.of_row, self.count, values)

    def by_column(self, of_cells: Floats) -> Floats:
        """(columns,) sums of (C,) values over the cells in each category."""
        total = np.zeros(len(self.totals))
        for members in self.members.T:
            total += sums(members, len(total), of_cells)
        return total

    def spread(self, of_columns: Floats) -> Floats:
        """(C,) x'v for every cell, of a vector v (columns,)."""
        return np.asarray(of_columns[self.members].sum(axis=1))

    def products(self, of_cells: Floats) -> Floats:
        """(columns, columns) X' diag(v) X."""
        columns, margins = len(self.totals), self.members.shape[1]
        found = np.zeros((columns, columns))
        for one in range(margins):
            for other in range(one, margins):
                key = self.members[:, one] * columns + self.members[:, other]
                block = sums(key, columns * columns, of_cells).reshape(columns, columns)
                found += block if one == other else block + block.T
        return found


def cells_of(margins: Sequence[Margin]) -> Cells:
    """The cells of these margins; at least one margin."""
    sizes = [len(one.categories) for one in margins]
    key = margins[0].codes
    for place, (one, size) in enumerate(zip(margins[1:], sizes[1:], strict=True)):
        key = np.multiply(key, size, out=key if place else None)
        key += one.codes
    of_row, cells = _compact(key, math.prod(sizes))
    members, offset = np.empty((len(margins), len(cells)), dtype=np.int64), sum(sizes)
    for place in range(len(margins) - 1, -1, -1):
        offset -= sizes[place]
        members[place] = cells % sizes[place] + offset
        cells = cells // sizes[place]
    names = tuple(f"{one.name}={category}" for one in margins for category in one.categories)
    totals = np.concatenate([one.totals for one in margins]).astype(np.float64)
    return Cells(of_row, members.T, totals, names)


def _compact(key: Codes, possible: int) -> tuple[Codes, Codes]:
    """The cell of every row, and the keys of all cells: every possible one, where these are no more than the rows."""
    if possible <= len(key):
        return key, np.arange(possible)
    cells, of_row = np.unique(key, return_inverse=True)
    return np.asarray(of_row, dtype=np.int64), np.asarray(cells, dtype=np.int64)
