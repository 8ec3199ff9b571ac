"""What one wanted figure is computed from: numbers by respondent, and which of them are answers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey.statistics.columns import Column, DataError, DataTable
from survey.statistics.domain_estimates import ONE, Variable
from survey.statistics.estimate_spec import Wanted
from survey.statistics.proportions import MISSING
from survey.statistics.sums import Codes, Floats

INDEX: tuple[float, float] = (0.0, 100.0)


@dataclass(frozen=True)
class WantedVariable:
    """variable: by respondent. answered: (n,) whether the answer counts. scale: least and largest value that a recode can give;
    None without one."""

    variable: Variable
    answered: NDArray[np.bool_]
    scale: tuple[float, float] | None


def wanted_variable(
    table: DataTable, rows: Codes, wanted: Wanted, inside: NDArray[np.bool_], *, bounded: bool = False
) -> WantedVariable:
    """rows: respondents, places in the table; inside: (rows,) whether the filter lets them in; bounded: a mean gets an interval
    on a scale, 0 to 100 where no recode says another. Raises DataError for a code that is neither an answer nor missing, and for
    a number beyond that scale."""
    column = table.column(wanted.of)
    answered = ~column.empty & ~column.among([*MISSING, *wanted.missing])
    counting = np.zeros(table.rows, dtype=np.bool_)
    counting[rows[inside]] = True
    counting &= answered
    y = _values(column, wanted, counting)
    if bounded and wanted.kind == "mean" and wanted.recode is None:
        beyond = counting & ((y < INDEX[0]) | (y > INDEX[1]))
        _refuse(
            column,
            beyond,
            "lies beyond 0 to 100, the scale of logit_t; give a recode, or `intervals: {mean: t}`",
        )
    if wanted.over is None:
        x = None if wanted.kind == "total" else ONE
    else:
        over = table.column(wanted.over)
        counting &= ~over.empty & ~over.among([*MISSING])
        x = np.where(counting, over.numbers(counting), 0.0)[rows]
    return WantedVariable(Variable(np.where(counting, y, 0.0)[rows], x), counting[rows], _scale(wanted))


def _values(column: Column, wanted: Wanted, counting: NDArray[np.bool_]) -> Floats:
    if wanted.codes is not None:
        return column.among(wanted.codes).astype(np.float64)
    if wanted.recode is not None:
        y = column.take(wanted.recode)
        _refuse(column, np.isnan(y) & counting, "is neither in recode nor in missing; add it to one of them")
        return y
    y = column.numbers(counting)
    if wanted.kind == "proportion":
        _refuse(
            column, counting & (y != 0) & (y != 1), "is neither 0 nor 1; say under codes which codes count"
        )
    return y


def _refuse(column: Column, wrong: NDArray[np.bool_], why: str) -> None:
    for row in np.flatnonzero(wrong)[:1]:
        raise DataError(f"column {column.name}: {column.labels[column.codes[row]]!r} {why}", int(row))


def _scale(wanted: Wanted) -> tuple[float, float] | None:
    """The values of the recode span the scale; those of an index up to 100 begin at 0, whether a code stands for 0 or not."""
    if not wanted.recode:
        return None
    least, most = min(wanted.recode.values()), max(wanted.recode.values())
    if most == INDEX[1] and least >= INDEX[0]:
        return INDEX
    return (least, most) if most > least else None
