"""Why totals cannot be met, and what is worth telling of margins that can (statistics.md §3.1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from scipy.linalg import qr

from survey.statistics.margins import Cells, Margin
from survey.statistics.sums import Codes, Floats
from survey.statistics.weighting import weighting_policy

INDEPENDENT: Final = 1e-9
"""A column that others explain up to so small a part of it follows from them."""
AGREES: Final = 1e-6
"""Totals that differ by no larger part say the same."""


class Infeasible(ValueError):
    """The totals cannot be met; the message says which, why, and what to do."""


@dataclass(frozen=True)
class SmallCategory:
    """A category with so few respondents that it should be joined with a like one."""

    margin: str
    category: str
    respondents: int


def small_categories(margins: Sequence[Margin], cells: Cells) -> list[SmallCategory]:
    """Those below the policy's least, with respondents."""
    least = weighting_policy().least_in_category
    named = [(one.name, category) for one in margins for category in one.categories]
    counts = cells.by_column(cells.respondents)
    return [
        SmallCategory(*named[at], int(counts[at])) for at in np.flatnonzero((counts > 0) & (counts < least))
    ]


def refuse_other_populations(margins: Sequence[Margin]) -> None:
    """Raises Infeasible where the totals of two margins sum to different populations."""
    for first, other in pairwise(margins):
        ours, theirs = float(first.totals.sum()), float(other.totals.sum())
        if abs(ours - theirs) > AGREES * max(ours, theirs):
            raise Infeasible(
                f"the totals of {first.name} sum to {ours:.12g} and those of {other.name} to {theirs:.12g}; both must be "
                "the same population"
            )


def refuse_unreachable(cells: Cells, begun: Floats) -> None:
    """Raises Infeasible for a category with a total and no respondent, or with respondents and no total. begun: (C,) weight of
    each cell before calibration."""
    weight, totals = cells.by_column(begun), cells.totals
    wrong = ~(np.isfinite(totals) & (totals >= 0)) | ((totals > 0) != (weight > 0))
    for at in np.flatnonzero(wrong)[:1]:
        raise Infeasible(f"{cells.names[at]}: {_why_wrong(float(totals[at]), float(weight[at]))}")


def _why_wrong(total: float, weight: float) -> str:
    if not (np.isfinite(total) and total >= 0):
        return f"a total must be a number, 0 or more; it is {total:g}"
    if weight == 0:
        return (
            f"nobody who could stand for its total of {total:g} responded; join it with a like category, in the data and in "
            "the margins"
        )
    return (
        f"its respondents weigh {weight:g}, and its total is 0; give its total, or take them out of the data"
    )


def independent(cells: Cells, begun: Floats) -> tuple[Codes, tuple[str, ...]]:
    """Columns that do not follow from each other in the cells with a weight, by pivoted QR, and the names of the others. begun:
    (C,) weight of each cell before calibration. Raises Infeasible where the total
    of one that follows is another than what it follows from."""
    gram = cells.products((begun > 0).astype(np.float64))
    size = np.sqrt(np.diag(gram))
    there = np.flatnonzero(size > 0)
    scaled = gram[np.ix_(there, there)] / np.outer(size[there], size[there])
    _, upper, order = qr(scaled, pivoting=True, mode="economic")
    rank = int(np.sum(np.abs(np.diag(upper)) > INDEPENDENT * abs(upper[0, 0])))
    kept, rest = np.sort(order[:rank]), np.sort(order[rank:])
    if len(rest):
        explains = np.linalg.solve(scaled[np.ix_(kept, kept)], scaled[np.ix_(kept, rest)])
        _refuse_other_totals(
            cells, there[kept], there[rest], explains * size[there[rest]] / size[there[kept], None]
        )
    return there[kept].astype(np.int64), tuple(cells.names[int(at)] for at in there[rest])


def _refuse_other_totals(cells: Cells, kept: Codes, rest: Codes, explains: Floats) -> None:
    follows = explains.T @ cells.totals[kept]
    wrong = np.flatnonzero(np.abs(follows - cells.totals[rest]) > AGREES * cells.totals.max())
    if len(wrong):
        at = int(wrong[0])
        raise Infeasible(
            f"{cells.names[int(rest[at])]}: its total is {cells.totals[rest[at]]:.12g}, and among the respondents it "
            f"follows from other margins, by which it must be {follows[at]:.12g}; correct one of them, or leave a margin out"
        )
