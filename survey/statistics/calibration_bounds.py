"""Why Newton found no factors, in words; for the bounded logit, how far the bounds must be widened."""

from typing import Any, Final

import numpy as np
import scipy.optimize
import scipy.sparse
from scipy.sparse import csr_array, eye_array, vstack

from survey.statistics.calibration_distances import Method
from survey.statistics.margins import Cells
from survey.statistics.sums import Codes, Floats

SOLVED: Final = 0
linprog: Any = scipy.optimize.linprog
side_by_side: Any = scipy.sparse.hstack


def why_infeasible(
    begun: Floats, cells: Cells, kept: Codes, method: Method, bounds: tuple[float, float] | None
) -> str:
    """begun: (C,) weight of each cell before calibration; kept: the columns whose totals are to be met."""
    if bounds is not None:
        low, high = bounds
        wider = least_widening(begun, cells, kept, low, high)
        if wider is not None:
            least, most = max(0.0, 1 - wider * (1 - low)), 1 + wider * (high - 1)
            return (
                f"{method}: no factors between {low:g} and {high:g} meet the totals; the narrowest that could are [{least:.4g}, "
                f"{most:.4g}], so give bounds wider than these"
            )
    return (
        f"{method}: no factors above 0 meet the totals of these margins together: the combinations of categories that they "
        "ask for have no respondents; join categories, or leave a margin out"
    )


def least_widening(begun: Floats, cells: Cells, kept: Codes, low: float, high: float) -> float | None:
    """The least s for which factors between 1 - s (1 - low) and 1 + s (high - 1), 0 or more, meet the totals; None: there are
    none. A linear programme over the factors of the cells and s."""
    rows, places = cells.members.T.ravel(), np.tile(np.arange(cells.count), cells.members.shape[1])
    x = csr_array((begun[places], (rows, places)), shape=(len(cells.totals), cells.count))[kept]
    one_each, all_of = eye_array(cells.count), np.ones((cells.count, 1))
    found = linprog(
        np.append(np.zeros(cells.count), 1.0),
        A_ub=vstack(
            [side_by_side([one_each, (1 - high) * all_of]), side_by_side([-one_each, (low - 1) * all_of])]
        ),
        b_ub=np.concatenate([np.ones(cells.count), -np.ones(cells.count)]),
        A_eq=side_by_side([x, csr_array((len(kept), 1))]),
        b_eq=cells.totals[kept],
    )
    return float(found.fun) if found.status == SOLVED else None
