"""A table of survey answers, by column: each distinct text once, and which of them every row has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
from numpy.typing import NDArray

from survey.statistics.sums import Codes, Floats, dense


class DataError(ValueError):
    """The data do not fit what is asked of them; the message names the column, the reason and the remedy. row: where it is
    seen first, from 0; None: nowhere in particular."""

    def __init__(self, why: str, row: int | None = None) -> None:
        super().__init__(why)
        self.row = row


@dataclass(frozen=True)
class Column:
    """codes: (n,) places in labels, -1 where the cell is empty. labels: plain codes (`survey.statistics.codes`)."""

    name: str
    codes: Codes
    labels: tuple[str, ...]

    def numbers(self, inside: NDArray[np.bool_] | None = None) -> Floats:
        """(n,) the labels as numbers, nan where the cell is empty or not `inside`. Raises DataError for one that is no number."""
        codes = self.codes if inside is None else np.where(inside, self.codes, -1)
        values = np.array([_number(label) for label in self.labels] + [np.nan])
        found = values[codes]
        for row in np.flatnonzero(np.isnan(found) & (codes >= 0))[:1]:
            raise DataError(
                f"column {self.name}: {self.labels[codes[row]]!r} is no number; correct it, recode it, or name it under missing",
                int(row),
            )
        return np.asarray(found)

    def take(self, values: Mapping[str, float], otherwise: float = np.nan) -> Floats:
        """(n,) the value of each label; `otherwise` for others and for empty cells."""
        of_label = np.array([values.get(label, otherwise) for label in self.labels] + [otherwise])
        return of_label[self.codes]

    def among(self, wanted: Sequence[str]) -> NDArray[np.bool_]:
        """(n,) whether the label is one of these; empty cells are not."""
        inside = np.array([label in set(wanted) for label in self.labels] + [False])
        return inside[self.codes]

    @property
    def empty(self) -> NDArray[np.bool_]:
        """(n,) whether the cell is empty."""
        return self.codes < 0


@dataclass(frozen=True)
class DataTable:
    """Columns by name, all of the same `rows`. known: every heading of the file, also of columns that were not read."""

    columns: Mapping[str, Column]
    rows: int
    known: Sequence[str]

    def column(self, name: str) -> Column:
        """Raises DataError for one that is not there, with the name most like it."""
        if name not in self.columns:
            like = get_close_matches(name, self.known, n=1, cutoff=0.5)
            nearest = f"did you mean {like[0]}?" if like else f"the columns are {', '.join(self.known[:20])}"
            raise DataError(f"there is no column {name}; {nearest}")
        return self.columns[name]

    def filled(self, name: str) -> Column:
        """A column that must have something in every row. Raises DataError."""
        found = self.column(name)
        if found.empty.any():
            rows = np.flatnonzero(found.empty)
            raise DataError(
                f"column {name}: empty, in {len(rows)} rows; every row needs a value here, so fill it in, or take the rows out",
                int(rows[0]),
            )
        return found

    def joined(self, names: Sequence[str]) -> tuple[Codes, tuple[str, ...]]:
        """(n,) codes of the combinations of these columns that occur, and what each is called: "county=A, sex=1"."""
        if not names:
            return np.zeros(self.rows, dtype=np.int64), ("all",)
        key = np.zeros(self.rows, dtype=np.int64)
        columns = [self.filled(name) for name in names]
        for one in columns:
            key = dense(key * max(1, len(one.labels)) + one.codes)
        first = np.unique(key, return_index=True)[1]
        said = [", ".join(f"{one.name}={one.labels[one.codes[row]]}" for one in columns) for row in first]
        return key, tuple(said)


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        return np.nan
    return value if np.isfinite(value) else np.nan
