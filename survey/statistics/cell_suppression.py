"""Which cells of a table are not printed, and why.

A cell with answers of fewer people than policy `suppression` allows (`private_n`) is printed by no route. Nor is one from which
it could be worked out: where the cells of a group add up to a total that is printed somewhere, what is kept back of them are at
least two, of as many people together. Cells that are merely too unsure are another matter: they can be asked for.
"""

from collections.abc import Callable, Sequence
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from survey.statistics.indicator_estimates import Estimates, Ints
from survey.statistics.suppression import Kind, suppression_policy

Reason = Literal[
    "empty", "private", "complementary", "part", "few", "few_effective", "wide", "relatively_wide"
]
Reasons: TypeAlias = NDArray[np.int8]
Groups: TypeAlias = Sequence[Ints]
SHOWN: Final = 0
ORDER: Final[tuple[Reason, ...]] = (
    "empty",
    "private",
    "complementary",
    "part",
    "few",
    "few_effective",
    "wide",
    "relatively_wide",
)
NEVER: Final = frozenset(range(1, 1 + ORDER.index("part") + 1))
"""Reasons that nobody can ask around; `empty` has nothing to ask for."""
FEWEST_CELLS: Final = 2


def number(reason: Reason) -> int:
    """Its place in `Reasons`; 0 is a cell that is shown."""
    return 1 + ORDER.index(reason)


def reasons(kind: Kind, of: Estimates, groups: Callable[[], Groups], *, design: bool = True) -> Reasons:
    """Per cell why it is not shown, 0 where it is. `groups`: cells that add up to something printed; asked for only where one
    of them is small. `design`: without a design (a quota sample) there is no interval whose width could say anything."""
    rules, n, asked = suppression_policy(), of.n, of.asked
    found = np.zeros(len(n), np.int8)
    if design:
        if kind == "proportion":
            width = of.high - of.low
            found[width > np.maximum(rules.narrow, rules.widest_relative * of.value)] = number(
                "relatively_wide"
            )
            found[width >= rules.widest] = number("wide")
        found[np.minimum(of.n_eff, n) < (rules.least_n_eff[kind] or 0)] = number("few_effective")
    found[n < (rules.least_n[kind] or 0)] = number("few")
    found[n == 0] = number("empty")
    private = np.where(n > 0, n, asked)
    hidden = (private > 0) & (private < rules.private_n)
    found[hidden] = number("private")
    if hidden.any():
        found[with_neighbours(n, hidden, groups(), rules.private_n) & ~hidden] = number("complementary")
    return found


def with_neighbours(n: Ints, hidden: NDArray[np.bool_], groups: Groups, fewest: int) -> NDArray[np.bool_]:
    """`hidden` and what has to be hidden with it, the smallest first, until no group gives anything away: of each that has a
    hidden cell two are, of `fewest` answers together, where it has as many."""
    hidden, changed = hidden.copy(), True
    while changed:
        changed = False
        for group in groups:
            kept_back = group[hidden[group] & (n[group] > 0)]
            if not len(kept_back):
                continue
            open_ = group[~hidden[group] & (n[group] > 0)]
            for one in open_[np.argsort(n[open_], kind="stable")]:
                if len(kept_back) >= FEWEST_CELLS and n[kept_back].sum() >= fewest:
                    break
                hidden[one], changed = True, True
                kept_back = np.append(kept_back, one)
    return hidden


def composite_reasons(own: Estimates, parts: Sequence[Reasons]) -> Reasons:
    """A composite would tell of a part that is kept back, or has none."""
    rules, found = suppression_policy(), np.zeros(len(own.n), np.int8)
    found[own.n < (rules.least_n["mean"] or 0)] = number("few")
    for one in parts:
        found[np.isin(one, [number("private"), number("complementary"), number("empty")])] = number("part")
    if parts:
        found[np.all([one == number("empty") for one in parts], axis=0)] = number("empty")
    return found
