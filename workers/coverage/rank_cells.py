"""Whether the ranges of ranks hold all true ranks at once, in every arrangement of the areas."""

from collections.abc import Iterator

import numpy as np

from survey.statistics.multiplicity import Floats
from survey.statistics.ranks import RankMethod, rank_sets, ranks_of
from workers.coverage.checking import Check, Effort, Found, at_least, bars

AREAS = (5, 10, 40)
METHODS: tuple[RankMethod, ...] = ("kww", "holm")
ARRANGEMENTS = ("全等 all equal", "等距 one error apart", "两群 two groups", "散布 scattered")


def checks() -> Iterator[Check]:
    for areas in AREAS:
        yield Check(f"名次 ranks, {areas}", lambda effort, dice, areas=areas: _normal(areas, effort, dice))  # type: ignore[misc]
    yield Check("名次 ranks of shares", _shares)


def _normal(areas: int, effort: Effort, dice: np.random.Generator) -> list[Found]:
    se = np.linspace(0.7, 1.4, areas)
    found = []
    for arrangement in ARRANGEMENTS:
        truth = _truth(arrangement, areas, dice)
        drawn = truth + se * dice.standard_normal((effort.replicates // 2, areas))
        cell = f"{areas} 地区 areas, {arrangement}"
        found += [
            _held(method, cell, truth, drawn, np.broadcast_to(se, drawn.shape), effort) for method in METHODS
        ]
    return found


def _shares(effort: Effort, dice: np.random.Generator) -> list[Found]:
    """Ten counties of 400 answers each, with errors that are themselves estimated."""
    truth = np.array([0.9] * 4 + [0.88, 0.86, 0.84, 0.92, 0.94, 0.80])
    drawn = dice.binomial(400, truth, (effort.replicates // 2, len(truth))) / 400
    se = np.sqrt(drawn * (1 - drawn) / 399)
    return [_held(method, "10 县 counties, n 400", truth, drawn, se, effort) for method in METHODS]


def _truth(arrangement: str, areas: int, dice: np.random.Generator) -> Floats:
    even = np.arange(areas, dtype=np.float64)
    if arrangement == ARRANGEMENTS[0]:
        return np.zeros(areas)
    if arrangement == ARRANGEMENTS[1]:
        return even
    if arrangement == ARRANGEMENTS[2]:
        return np.where(even < areas / 2, 0.0, 4.0)
    return 3 * dice.standard_normal(areas)


def _held(method: RankMethod, cell: str, truth: Floats, drawn: Floats, se: Floats, effort: Effort) -> Found:
    """An area that is tied with others in truth has all the ranks that they fill, and its range must hold them all."""
    first = ranks_of(truth)
    last = len(truth) + 1 - ranks_of(-truth)
    held = 0
    width = 0.0
    for values, errors in zip(drawn, se, strict=True):
        sets = rank_sets(values, errors, method)
        held += bool(np.all(sets.best <= first) and np.all(sets.worst >= last))
        width += float(np.mean(sets.worst - sets.best + 1))
    share = held / len(drawn)
    note = f"平均宽度 mean ranks in a range {width / len(drawn):.1f}"
    return at_least(
        f"名次 ranks {method}", cell, share, bars().ranks, effort.slack(bars().ranks, len(drawn)), note
    )
