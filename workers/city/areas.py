"""The tree of areas from city to grid, whose counts and adults sum exactly at every level."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from workers.city.draws import apportion, uniform
from workers.city.places import Level, Place, county_place, grids, townships, villages
from workers.city.plan import CountyPlan, county_plan, plan


@dataclass(frozen=True, slots=True)
class Area:
    """`pop_adult` is residents of 18 and over; a parent has the sum of its children's."""

    code: str
    parent_code: str | None
    level: Level
    name_zh: str
    name_en: str
    tz: str
    pop_adult: int


@dataclass(frozen=True, slots=True)
class Centre:
    """A county's public-opinion survey centre; `short_zh` is how its staff name it on the telephone."""

    code: str
    area_code: str
    name_zh: str
    short_zh: str
    name_en: str

    @property
    def signature(self) -> str:
        """What stands in front of its texts, without the brackets."""
        return f"{self.short_zh}民调中心"


def counties() -> tuple[str, ...]:
    """The codes of the ten counties."""
    return tuple(county.code for county in plan().counties)


def centre(county: str) -> Centre:
    """Raises KeyError for a code that is no county of the city."""
    planned = county_plan(county)
    place = county_place(planned)
    return Centre(
        code=planned.code,
        area_code=planned.code,
        name_zh=f"{place.name_zh}社情民意调查中心",
        short_zh=planned.zh,
        name_en=f"{place.name_en} Public Opinion Survey Centre",
    )


def centres() -> tuple[Centre, ...]:
    return tuple(centre(code) for code in counties())


def areas(county: str | None = None) -> Iterator[Area]:
    """Every area of the city, parents before children; or only a county and what lies in it."""
    if county is not None:
        yield from county_areas(county)
        return
    city = plan().city
    adults = sum(planned.adults for planned in plan().counties)
    yield Area(city.code, None, "city", city.name_zh, city.name_en, plan().tz, adults)
    for code in counties():
        yield from county_areas(code)


@cache
def county_areas(code: str) -> tuple[Area, ...]:
    """A county and everything in it, parents before children. Adults are summed from the grids."""
    planned = county_plan(code)
    in_townships = townships(planned)
    in_villages = villages(planned, in_townships)
    in_grids = grids(planned, in_villages)
    adults = _adults(planned, in_grids)
    places = (county_place(planned), *in_townships, *in_villages, *in_grids)
    return tuple(
        Area(p.code, p.parent_code, p.level, p.name_zh, p.name_en, plan().tz, adults[p.code]) for p in places
    )


def _adults(planned: CountyPlan, in_grids: Sequence[Place]) -> Counter[str]:
    """Adults by area code, the county's own included."""
    weights = [0.5 + uniform(plan().seed, "adults", grid.code) for grid in in_grids]
    adults: Counter[str] = Counter()
    for grid, living in zip(in_grids, apportion(planned.adults, weights, plan().least.adults), strict=True):
        for digits in (6, 9, 12, 15):
            adults[grid.code[:digits]] += living
    return adults
