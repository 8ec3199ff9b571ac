"""Where counties stand, and what may be said of how they moved. Pure: estimates in, ranks with their ranges and
claims out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from followup.reports.document.figures import Words
from followup.reports.indicator_figures import NO_CHANGE, NORMAL, UNKNOWN, claims_of
from followup.reports.report_policy import report_policy
from survey.statistics.change_policy import change_policy
from survey.statistics.changes import probability_improved
from survey.statistics.mover import Side, towards_none
from survey.statistics.rank_chances import rank_chances
from survey.statistics.ranks import rank_sets, ranks_of

Sides = Mapping[str, Side]


@dataclass(frozen=True)
class Standing:
    """Of one county. `best` to `worst`: holds the true rank, with those of all others at once. `moved`: places up since the
    period before, among counties that are ranked in both; `chance`: so many places a rank moves though nothing changed."""

    rank: int
    best: int
    worst: int
    chance: int
    moved: int | None


def standings(now: Sides, before: Sides, seed: int) -> dict[str, Standing]:
    """{county: where it stands}, the highest first. Of fewer than two there are no ranks. The same seed comes to the same."""
    names = sorted(now)
    if len(names) < 2:
        return {}
    values = np.array([now[name].value for name in names])
    errors = np.array([_error(now[name]) for name in names])
    policy = change_policy()
    sets = rank_sets(values, errors, "holm" if len(names) <= policy.holm_up_to else "kww")
    chances = rank_chances(values, errors, 1, np.random.default_rng(seed), level=policy.chance_level)
    moved = _moved(now, before)
    found = {
        name: Standing(
            int(sets.rank[i]), int(sets.best[i]), int(sets.worst[i]), int(chances.moves[i]), moved.get(name)
        )
        for i, name in enumerate(names)
    }
    return dict(sorted(found.items(), key=lambda one: (one[1].rank, one[0])))


def _error(side: Side) -> float:
    """The standard error that the longer arm of the interval comes to."""
    return max(side.high - side.value, side.value - side.low) / NORMAL


def _moved(now: Sides, before: Sides) -> dict[str, int]:
    both = sorted(now.keys() & before.keys())
    if len(both) < 2:
        return {}
    after, then = (ranks_of([side[name].value for name in both]) for side in (now, before))
    return {name: int(then[i] - after[i]) for i, name in enumerate(both)}


def improved(before: Side | None, after: Side | None) -> float | None:
    """Probability that the true value is a higher one now; None where a side is missing."""
    if before is None or after is None:
        return None
    first, second = towards_none(before, after)
    return float(probability_improved(before.value, first / NORMAL, after.value, second / NORMAL))


def said_of(
    sides: Mapping[str, tuple[Side | None, Side | None]], weights: Mapping[str, float] | None = None
) -> dict[str, Words]:
    """What may be said of each change, all of them one family; nothing where its probability lies in the silent range.
    `weights`: how much each counts in the family."""
    low, high = report_policy().silent_probability
    found = claims_of(sides, weights)
    for name, words in found.items():
        chance = improved(*sides[name])
        if is_claim(words) and chance is not None and low <= chance <= high:
            found[name] = NO_CHANGE
    return found


def is_claim(words: Words) -> bool:
    """Whether it says that something rose or fell."""
    return words not in (NO_CHANGE, UNKNOWN)
