"""Calibration of weights to known totals of margins: linear, raking, bounded logit (Deville and Särndal 1992).

The final weight is start × F(x'λ), where x says in which category of each margin a respondent is, and λ is such that the
weighted counts are the totals. Respondents of the same categories get the same factor, so all work is on the cells of the
margins, however many respondents there are.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from scipy.linalg import LinAlgError, cho_factor, cho_solve
from scipy.sparse import csr_array

from survey.statistics.calibration_checks import Infeasible, independent, refuse_unreachable
from survey.statistics.calibration_distances import Distance, Method, distance_of
from survey.statistics.design import Design
from survey.statistics.margins import Cells
from survey.statistics.sums import Codes, Floats, sums

MOST_SWEEPS: Final = 40
FAST_ENOUGH: Final = 0.5
"""Sweeping goes on while each sweep leaves no more than so much of the misfit; Newton is faster otherwise."""
MOST_STEPS: Final = 100
CLOSE: Final = 1e-13
"""Newton stops where every total is hit to so small a part of it; steps cost little, and the last one squares the error."""
ROUNDING: Final = 1e-11
ACCEPTED: Final = 1e-9
"""Where rounding allows no more than this, it is enough."""
SHORTEST: Final = 1e-6
"""A step that has to be cut to so small a part of itself leads nowhere."""


@dataclass(frozen=True)
class Calibrated:
    """Weights that meet the totals. factor: (C,) F(x'λ) by cell; steps: how many led there."""

    cells: Cells
    start: Floats
    factor: Floats
    steps: int

    @cached_property
    def _independent(self) -> tuple[Codes, tuple[str, ...]]:
        return independent(self.cells, self.cells.by_cell(self.start))

    @property
    def dropped(self) -> tuple[str, ...]:
        """Names of the columns that follow from the others."""
        return self._independent[1]

    @cached_property
    def factors(self) -> Floats:
        """(n,) by respondent."""
        return self.factor[self.cells.of_row]

    @cached_property
    def weights(self) -> Floats:
        """(n,) start × factor."""
        return self.start * self.factors

    @cached_property
    def normal(self) -> Floats:
        """X' diag(start) X of the independent columns."""
        kept = self._independent[0]
        return self.cells.products(self.cells.by_cell(self.start))[np.ix_(kept, kept)]

    def weighted_design(self, unit: Codes, units: int) -> csr_array:
        """(units, columns) totals of w x over the rows of each unit; unit: (n,)."""
        members = self.cells.members[self.cells.of_row]
        margins = members.shape[1]
        place = (np.repeat(unit, margins), members.ravel())
        return csr_array((np.repeat(self.weights, margins), place), shape=(units, len(self.cells.totals)))

    def coefficients(self, fitted: Floats) -> Floats:
        """(columns, k) b of the regressions on x with weights `start`, from X' diag(start) y, (columns, k)."""
        b, kept = np.zeros(fitted.shape), self._independent[0]
        b[kept] = np.linalg.solve(self.normal, fitted[kept])
        return b

    def residuals(self, influence: Floats, design: Design) -> Floats:
        """w (z/w - x'b), b from the least squares of z/w on x with the weights before calibration: what R's calibrate() does.

        Sweeping out unweighted margin means instead, as R's rake() does, gives wrong errors for domains where starting weights
        are unequal (statistics.md §3.3).
        """
        columns = []
        for z in influence.T:
            # a linear factor may be 0, and so are then the weights and influences of its cell
            of_cells, zero = self.cells.by_cell(z), np.zeros(self.cells.count)
            fitted = self.cells.by_column(np.divide(of_cells, self.factor, out=zero, where=self.factor != 0))
            b = self.coefficients(fitted[:, None])[:, 0]
            columns.append(z - self.weights * self.cells.spread(b)[self.cells.of_row])
        return np.column_stack(columns)


def calibrate(
    start: Floats, cells: Cells, method: Method, bounds: tuple[float, float] | None = None
) -> Calibrated:
    """Fit the weights. start: (n,) weights, 0 or more. bounds: of the factor, for logit.

    Raises Infeasible where totals contradict each other, or where no factors meet them; the message says which and why.
    """
    begun = cells.by_cell(start)
    refuse_unreachable(cells, begun)
    if method == "raking":
        swept = _sweep(begun, cells)
        if swept is not None:
            return Calibrated(cells, start, *swept)
    with np.errstate(over="ignore", invalid="ignore"):  # factors that run away are found out, and refused
        return Calibrated(cells, start, *_solve(begun, cells, method, bounds))


def _sweep(begun: Floats, cells: Cells) -> tuple[Floats, int] | None:
    """Iterative proportional fitting of the cells: the solution of raking, quickly where margins depend on each other little.
    None where it takes longer."""
    factor, far = np.ones(cells.count), float("inf")
    columns = len(cells.totals)
    for sweep in range(1, MOST_SWEEPS + 1):
        before, far = far, 0.0
        for members in cells.members.T:
            weighted = sums(members, columns, begun * factor)
            has = weighted > 0
            move = np.divide(cells.totals, weighted, out=np.ones(columns), where=has)
            far = max(far, float(np.max(np.abs(move[has] - 1), initial=0.0)))
            factor *= move[members]
        if far <= CLOSE or (far <= ROUNDING and far > before / 2):
            return factor, sweep
        if far > before * FAST_ENOUGH and sweep > 2:
            return None
    return None


def _solve(
    begun: Floats, cells: Cells, method: Method, bounds: tuple[float, float] | None
) -> tuple[Floats, int]:
    """Newton on the equations of the totals."""
    kept, _ = independent(cells, begun)
    distance = distance_of(method, bounds)
    known = _first(method, begun, cells, kept)
    far = float("inf")
    for step in range(1, MOST_STEPS + 1):
        u = _of_present(begun, cells, known)
        factor = distance.factor(u)
        misfit = (cells.totals - cells.by_column(begun * factor))[kept]
        before, far = far, float(np.max(np.abs(misfit) / cells.totals[kept]))
        if far <= CLOSE or (far <= ACCEPTED and far > before / 2):
            return factor, step
        move = _newton(cells, begun * distance.slope(u), kept, misfit)
        if move is None or not _walk(known, kept, move, begun, cells, distance):
            break
    # a solver that takes long to import, and is needed only here
    from survey.statistics.calibration_bounds import why_infeasible

    raise Infeasible(why_infeasible(begun, cells, kept, method, bounds))


def _of_present(begun: Floats, cells: Cells, known: Floats) -> Floats:
    """(C,) x'λ, 0 in cells without a weight, where it means nothing and may be anything."""
    return np.where(begun > 0, cells.spread(known), 0.0)


def _first(method: Method, begun: Floats, cells: Cells, kept: Codes) -> Floats:
    """Raking begins with one factor for all, so that weights of another scale than the totals need no more steps."""
    known = np.zeros(len(cells.totals))
    if method == "raking":
        lift = cells.totals[kept].sum() / cells.by_column(begun)[kept].sum()
        known[:] = np.log(lift) / cells.members.shape[1]
    return known


def _newton(cells: Cells, weight: Floats, kept: Codes, misfit: Floats) -> Floats | None:
    """The step, or None where there is none: the weights have run away."""
    matrix = cells.products(weight)[np.ix_(kept, kept)]
    scale = 1 / np.sqrt(np.maximum(np.diag(matrix), 1e-300))
    try:
        factored = cho_factor(matrix * np.outer(scale, scale), check_finite=True)
    except (LinAlgError, ValueError):
        return None
    step = scale * cho_solve(factored, scale * misfit)
    return step if np.all(np.isfinite(step)) else None


def _walk(known: Floats, kept: Codes, move: Floats, begun: Floats, cells: Cells, distance: Distance) -> bool:
    """Move `known`, in place, so far along the step that the dual objective, which is convex, does not rise."""

    def height(at: Floats) -> float:
        whole = begun * distance.whole(_of_present(begun, cells, at))
        return float(whole.sum() - np.sum(cells.totals[kept] * at[kept]))

    begins, part, there = height(known), 1.0, known.copy()
    slack = 1e-9 * abs(begins)
    while part >= SHORTEST:
        there[kept] = known[kept] + part * move
        if height(there) <= begins + slack:
            known[:] = there
            return True
        part /= 2
    return False
