"""A margin out of a table's column and the totals that a specification gives."""

from collections.abc import Mapping

import numpy as np

from survey.statistics.columns import DataError, DataTable
from survey.statistics.margins import Margin
from survey.statistics.sums import Codes


def margin_of(table: DataTable, rows: Codes, name: str, totals: Mapping[str, float]) -> Margin:
    """rows: those of the respondents. Raises DataError for an empty cell among them, and for a category without a total."""
    column = table.column(name)
    place = {label: at for at, label in enumerate(totals)}
    of_label = np.array([place.get(label, -1) for label in column.labels] + [-1], dtype=np.int64)
    codes = of_label[column.codes[rows]]
    for at in np.flatnonzero(codes < 0)[:1]:
        row = int(rows[at])
        if column.empty[row]:
            many = int(np.sum(column.empty[rows]))
            raise DataError(
                f"column {name}: empty, in {many} rows of respondents; calibration needs a category of each, "
                "so fill it in, or leave the margin out",
                row,
            )
        raise DataError(
            f"column {name}: category {column.labels[column.codes[row]]} has no total under "
            f"calibrate.margins.{name}; add it",
            row,
        )
    return Margin(name, codes, tuple(totals), np.array(list(totals.values()), dtype=np.float64))
