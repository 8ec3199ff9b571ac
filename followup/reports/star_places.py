"""The places of a summary with their points, what may be said of them, and their stars. Pure: facts in, places out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from followup.assessment.star_policy import CHANGES, STARS, Level, StarPolicy
from followup.assessment.stars import Known, Standing, nearest, points, standing, stars_of
from followup.indicators import IndicatorReport
from followup.reports.bulletin_standing import is_claim, said_of
from followup.reports.document.figures import Words
from followup.reports.indicator_figures import NO_CHANGE, Sides
from followup.reports.monthly_facts import MonthlyFacts, Window
from survey.statistics.indicator_table import ELSEWHERE, IndicatorResult
from survey.statistics.mover import Side

Results = Mapping[str, IndicatorResult]


@dataclass(frozen=True)
class Place:
    """A township or village. `n`: answers to the part that has the fewest; `base`: the star that its points are held against."""

    code: str
    level: Level
    results: Results
    points: Side | None
    before: Side | None
    n: int
    base: int | None
    held: int | None
    sanctions: tuple[str, ...]


@dataclass(frozen=True)
class Graded:
    """A place with its star, and what may be said of the change of its points."""

    place: Place
    standing: Standing
    said: Words


def places_of(facts: MonthlyFacts, level: Level, policy: StarPolicy) -> list[Place]:
    """All places of a level, in the order of their codes."""
    window = facts.windows[level]
    now, before = _by_area(window.now), _by_area(window.before)
    start = county_star(window, level, policy)
    found = []
    for area in window.now.ground.areas:
        held = facts.held.get(area.code)
        results = now.get(area.code, {})
        found.append(
            Place(
                code=area.code,
                level=level,
                results=results,
                points=_points(window.now, results, policy),
                before=_points(window.before, before.get(area.code, {}), policy),
                n=least(results, policy),
                base=start if held is None else held,
                held=held,
                sanctions=tuple(one.kind for one in facts.sanctions if one.area_code == area.code),
            )
        )
    return found


def county_points(report: IndicatorReport, policy: StarPolicy) -> Side | None:
    """Of all that was answered in the county, by the same rule."""
    return _points(report, {one.id: report.table.total(one.id) for one in report.table.definitions}, policy)


def county_star(window: Window, level: Level, policy: StarPolicy) -> int | None:
    """Where a place begins that has no star yet."""
    county = county_points(window.now, policy)
    return None if county is None else stars_of(county.value, level, policy)


def least(results: Results, policy: StarPolicy) -> int:
    """Answers to the part that has the fewest."""
    parts = (*policy.parts.survey, *policy.parts.cases)
    return min(((results[name].n or 0) if name in results else 0 for name in parts), default=0)


def looked_at(places: Sequence[Place], level: Level, policy: StarPolicy) -> dict[str, dict[str, Sides]]:
    """{kind of claim: what is tested}: points against the nearest of the star held, where they lie outside of its band, and
    against those of the window before.

    Points inside of the band cannot move the star, so they are no tests; p-values of those outside are valid as they are, since
    beyond an edge a normal tail falls the faster the further the truth lies inside of it.
    """
    stars: dict[str, Sides] = {}
    changes: dict[str, Sides] = {}
    for place in places:
        edge = _edge(place, policy)
        if edge is not None and place.points is not None and edge.value != place.points.value:
            stars[f"{place.code}.star"] = (edge, place.points)
        changes[f"{place.code}.points"] = (place.before, place.points)
    return {f"{STARS}.{level}": stars, f"{CHANGES}.{level}": changes}


def said_of_all(kinds: Mapping[str, Mapping[str, Sides]], policy: StarPolicy) -> dict[str, Words]:
    """What may be said of everything that a summary tests, as one family that is shared among its kinds of claims."""
    family: dict[str, Sides] = {}
    weights: dict[str, float] = {}
    for kind, own in kinds.items():
        known = sum(before is not None and after is not None for before, after in own.values())
        family |= own
        weights |= dict.fromkeys(own, policy.shares[kind] / max(known, 1))
    return said_of(family, weights)


def graded(places: Sequence[Place], said: Mapping[str, Words], policy: StarPolicy) -> list[Graded]:
    """`said`: what may be said of each of `looked_at`."""
    return [
        Graded(
            place,
            standing(_known(place, said.get(f"{place.code}.star", NO_CHANGE), policy), policy),
            said[f"{place.code}.points"],
        )
        for place in places
    ]


def _known(place: Place, said: Words, policy: StarPolicy) -> Known:
    edge, evidence = _edge(place, policy), 0
    if is_claim(said) and edge is not None and place.points is not None:
        evidence = 1 if place.points.value > edge.value else -1
    return Known(place.level, place.held, place.base, place.points, evidence, place.sanctions)


def _edge(place: Place, policy: StarPolicy) -> Side | None:
    """A number that is set and has no error."""
    if place.points is None or place.base is None:
        return None
    edge = nearest(place.points.value, place.base, place.level, policy)
    return Side(edge, edge, edge)


def _by_area(report: IndicatorReport) -> dict[str, dict[str, IndicatorResult]]:
    found: dict[str, dict[str, IndicatorResult]] = {}
    for result in report.table.rows():
        area = result.cell.area
        if area is not None and not area.endswith(ELSEWHERE):
            found.setdefault(area, {})[result.indicator] = result
    return found


def _points(report: IndicatorReport, results: Results, policy: StarPolicy) -> Side | None:
    scales = {one.id: one.scale for one in report.table.definitions}
    return points({name: _part(one, scales[name]) for name, one in results.items()}, policy)


def _part(result: IndicatorResult, scale: tuple[float, float]) -> Side | None:
    """On a scale from 0 to 1."""
    if result.value is None or result.low is None or result.high is None:
        return None
    low, high = scale
    return Side(*((one - low) / (high - low) for one in (result.value, result.low, result.high)))
