"""The fictional residents of a county: where they live, what they are called, how they are reached."""

from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from workers.city.areas import Area, counties, county_areas
from workers.city.draws import below, choose, uniform
from workers.city.plan import names

NUMBERS_PER_COUNTY = 5_000_000
_PRIME = (
    4_999_999  # the numbers of a county that are given out: a prime, so that a multiplication shuffles them
)
LIST_NUMBERS = 15_400_000_000  # residents of lists: +86154 0000 0000 to +86154 4999 9999
CASE_NUMBERS = 15_450_000_000  # people with a case: +86154 5000 0000 to +86154 9999 9999


@dataclass(frozen=True, slots=True)
class Home:
    county: Area
    township: Area
    village: Area


def number_of(first: int, seed: int, county: str, nth: int) -> str:
    """The nth number of a county in E.164; all differ, and none is the centre's own +8615400000000."""
    if nth >= _PRIME:
        raise ValueError(f"a county has {_PRIME} fictional numbers, and person {nth} was asked for")
    step = 1 + below(_PRIME - 1, seed, county, first, "step")
    start = below(_PRIME, seed, county, first, "start")
    own = 1 + (start + step * nth) % _PRIME
    return f"+86{first + counties().index(county) * NUMBERS_PER_COUNTY + own}"


def home_of(seed: int, county: str, *who: object) -> Home:
    """A village drawn in proportion to its adults."""
    places, upto = _villages(county)
    village = places[bisect_right(upto, uniform(seed, county, "home", *who) * upto[-1])]
    by_code = _by_code(county)
    return Home(by_code[county], by_code[village.code[:9]], village)


def name_of(seed: int, county: str, *who: object) -> str:
    people = names().people
    given = choose(people.given, seed, county, "given", *who)
    if uniform(seed, county, "two characters", *who) < 0.7:
        given += choose(people.given, seed, county, "given two", *who)
    return choose(people.family, seed, county, "family", *who) + given


@cache
def _villages(county: str) -> tuple[list[Area], list[int]]:
    places = [area for area in county_areas(county) if area.level == "village"]
    return places, list(accumulate(village.pop_adult for village in places))


@cache
def _by_code(county: str) -> dict[str, Area]:
    return {area.code: area for area in county_areas(county)}
