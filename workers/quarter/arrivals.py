"""Which cases come in a simulated quarter: when, from whom, about what. Drawn by hash from the seed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from workers.city.draws import below, chance, choose, uniform
from workers.city.people import CASE_NUMBERS, Home, home_of, name_of, number_of
from workers.city.plan import topics
from workers.city.units import unit_code
from workers.quarter.plan import Cases, QuarterPlan, planted
from workers.rehearsal.plan import TZ

BAND = 29
"""Years from 60 to the oldest, and from 18 to 46: ages matter here only as older or younger than 60."""


@dataclass(frozen=True)
class Arrival:
    """A case as it comes. `key` names it in every draw, whatever number the case gets."""

    key: str
    at: datetime
    phone: str
    name: str
    birth_year: int
    home: Home
    content: str
    category: str
    unit: str
    source: str
    anonymity: str


def arrivals(plan: QuarterPlan) -> list[Arrival]:
    """All cases of the quarter, by time."""
    return sorted(_all(plan), key=lambda one: (one.at, one.key))


def _all(plan: QuarterPlan) -> Iterator[Arrival]:
    seed, county = plan.seed, planted().centre
    for nth in range(plan.cases):
        key = f"Q{nth:06}"
        person = nth - 1 if nth and chance(planted().residents.second_case, seed, "second", nth) else nth
        number = number_of(CASE_NUMBERS, seed, county, person)
        home = home_of(seed, county, number)
        topic = choose(topics().topics, seed, "topic", key)
        story = choose(topic.cases, seed, "story", key)
        confidential = chance(planted().cases.confidential, seed, "confidential", key)
        yield Arrival(
            key=key,
            at=_moment(plan, key),
            phone=number,
            name=name_of(seed, county, number),
            birth_year=_birth_year(plan, number),
            home=home,
            content=story.asked.format(place=home.village.name_zh),
            category=topic.category,
            unit=unit_code(county, topic.unit),
            source=_source(seed, key),
            anonymity="confidential" if confidential else "named",
        )


def _moment(plan: QuarterPlan, key: str) -> datetime:
    days = plan.arrival_days
    day = days[below(len(days), plan.seed, "day", key)]
    hours: Cases = planted().cases
    at = hours.opens + (hours.closes - hours.opens) * uniform(plan.seed, "hour", key)
    midnight = datetime(day.year, day.month, day.day, tzinfo=TZ)
    return midnight + timedelta(hours=at)


def _birth_year(plan: QuarterPlan, number: str) -> int:
    old = chance(planted().residents.old, plan.seed, "old", number)
    youngest = 60 if old else 18
    return plan.first_day.year - youngest - 1 - below(BAND, plan.seed, "age", number)


def _source(seed: int, key: str) -> str:
    u = uniform(seed, "source", key)
    for source, share in _sources():
        u -= share
        if u < 0:
            return source
    return source


@cache
def _sources() -> tuple[tuple[str, float], ...]:
    return tuple(planted().cases.sources.items())
