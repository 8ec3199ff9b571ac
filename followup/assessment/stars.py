"""Stars of townships and villages (R53, R54). Pure: what is known of a place in, its star and why out.

A star says in which band the points of a place lie, as far as is known. It is kept until the evidence says that they do not;
then it moves by a step. So a month of luck moves none, and a slow change moves it as soon as it can be told from luck.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import hypot

from followup.assessment.star_policy import Colour, Level, Reason, StarPolicy
from survey.statistics.mover import Side

ORDER: tuple[Colour, ...] = ("black", "yellow", "red")
"""From the bad end to the good one."""


def points(parts: Mapping[str, Side | None], policy: StarPolicy) -> Side | None:
    """Of 100, with limits; None where a part is missing: others make other points. `parts`: each on a scale from 0 to 1."""
    groups = [_group(weights, parts) for weights in (policy.parts.survey, policy.parts.cases)]
    known = [group for group in groups if group is not None]
    if len(known) < len(groups):
        return None
    value = sum(group.value for group in known)
    down = hypot(*(group.value - group.low for group in known))
    up = hypot(*(group.high - group.value for group in known))
    return Side(value, max(value - down, 0.0), min(value + up, 100.0))


def _group(weights: Mapping[str, float], parts: Mapping[str, Side | None]) -> Side | None:
    """Answers of the same people: their errors may all point one way, so the limits simply add up."""
    sides = [(weight, parts.get(name)) for name, weight in weights.items()]
    if any(side is None for _, side in sides):
        return None
    return Side(*(sum(100 * weight * side[n] for weight, side in sides if side) for n in range(3)))


def stars_of(value: float, level: Level, policy: StarPolicy) -> int:
    """The star in whose band these points lie; to a hundredth, so that what is printed as 85.00 is 85."""
    return sum(round(value, 2) >= step for step in policy.levels[level].from_)


def nearest(value: float, held: int, level: Level, policy: StarPolicy) -> float:
    """The points of the band of a star that lie nearest to these; these themselves inside of it. A test is held against them."""
    steps = (0.0, *policy.levels[level].from_, 100.0)
    return min(max(value, steps[held]), steps[held + 1])


@dataclass(frozen=True)
class Known:
    """What is known of a place. `held`: its star in the summary before; None: it had none, and begins at `start`, the star of the
    county. `points`: None where too few answered. `evidence`: +1, -1: the points are known to lie above, below those of the star;
    0: they are not. `sanctions`: kinds that are in force."""

    level: Level
    held: int | None
    start: int | None
    points: Side | None
    evidence: int
    sanctions: Collection[str] = ()


@dataclass(frozen=True)
class Standing:
    """`stars`, `colour`: None where there is none. `moved`: stars since the summary before; None where one of them has none."""

    stars: int | None
    moved: int | None
    colour: Colour | None
    reason: Reason


def standing(known: Known, policy: StarPolicy) -> Standing:
    """Where a place stands. Raises KeyError for a sanction that is none of the policy's."""
    stars, reason = _by_evidence(known, policy)
    ceiling = _ceiling(known, policy)
    if ceiling is not None and (ceiling == 0 if stars is None else stars > ceiling):
        stars, reason = ceiling, "sanction"
    moved = None if stars is None or known.held is None else stars - known.held
    return Standing(stars, moved, _colour(stars, known, policy), reason)


def _by_evidence(known: Known, policy: StarPolicy) -> tuple[int | None, Reason]:
    base = known.start if known.held is None else known.held
    if known.points is None or base is None:
        return known.held, "too_few" if known.held is None else "carried"
    most = policy.levels[known.level].most
    if known.evidence > 0 and base < most:
        if known.sanctions:
            return base, "barred"
        return min(base + policy.step, most), "first_above" if known.held is None else "rose"
    if known.evidence < 0 and base > 0:
        return max(base - policy.step, 0), "first_below" if known.held is None else "fell"
    if known.held is None:
        return base, "first"
    inside = stars_of(known.points.value, known.level, policy) == base
    return base, "stays" if inside else "chance"


def _ceiling(known: Known, policy: StarPolicy) -> int | None:
    found = [policy.sanctions[kind].ceiling.get(known.level) for kind in known.sanctions]
    return min((one for one in found if one is not None), default=None)


def _colour(stars: int | None, known: Known, policy: StarPolicy) -> Colour | None:
    caps = [policy.sanctions[kind].colour for kind in known.sanctions]
    steps = policy.levels[known.level].colours
    own = [max((one for one in ORDER if stars >= steps[one]), key=ORDER.index)] if stars is not None else []
    return min((*own, *caps), key=ORDER.index, default=None)
