"""Names and codes of the city's places, without the people in them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal

from workers.city.draws import apportion, shuffled, uniform
from workers.city.plan import (
    AreaKind,
    CountyPlan,
    Syllables,
    TownshipKind,
    VillageKind,
    names,
    plan,
)

Level = Literal["city", "county", "township", "village", "grid"]
Name = tuple[str, str]
"""Chinese and English."""


@dataclass(frozen=True, slots=True)
class Place:
    code: str
    parent_code: str
    level: Level
    name_zh: str
    name_en: str


def county_place(county: CountyPlan) -> Place:
    kind = plan().kinds[county.kind]
    return Place(county.code, plan().city.code, "county", county.zh + kind.zh, f"{county.en} {kind.en}")


def townships(county: CountyPlan) -> list[Place]:
    """Streets first, then towns, then rural townships, each from the first code of its range."""
    rural = county.townships - county.streets - county.towns
    counts: tuple[tuple[TownshipKind, int], ...] = (
        ("street", county.streets),
        ("town", county.towns),
        ("rural", rural),
    )
    streets = _names(names().street, county.code, "street")
    others = _names(names().township, county.code, "township")
    return [
        _place(
            county.code, "township", plan().townships[kind], n, next(streets if kind == "street" else others)
        )
        for kind, count in counts
        for n in range(count)
    ]


def villages(county: CountyPlan, in_townships: Sequence[Place]) -> list[Place]:
    """The county's villages and communities, spread over its townships."""
    weights = [0.6 + uniform(plan().seed, "villages", township.code) for township in in_townships]
    counts = apportion(county.villages, weights, plan().least.villages)
    return [
        village
        for township, n in zip(in_townships, counts, strict=True)
        for village in _villages(township, n)
    ]


def grids(county: CountyPlan, in_villages: Sequence[Place]) -> list[Place]:
    """The county's basic grids, numbered from 001 in each village."""
    weights = [0.6 + uniform(plan().seed, "grids", village.code) for village in in_villages]
    counts = apportion(county.grids, weights, plan().least.grids)
    return [
        Place(
            f"{village.code}{n:03}",
            village.code,
            "grid",
            f"{village.name_zh}第{n}网格",
            f"{village.name_en} Grid {n}",
        )
        for village, count in zip(in_villages, counts, strict=True)
        for n in range(1, count + 1)
    ]


def township_kind(code: str) -> TownshipKind:
    """From the three digits that a township's code adds to its county's."""
    own = int(code[6:9])
    if own < plan().townships["town"].first_code:
        return "street"
    return "town" if own < plan().townships["rural"].first_code else "rural"


def village_kind(code: str) -> VillageKind:
    return "community" if int(code[9:12]) < plan().villages["village"].first_code else "village"


def _villages(township: Place, count: int) -> Iterator[Place]:
    communities = round(count * plan().communities_in[township_kind(township.code)])
    counts: tuple[tuple[VillageKind, int], ...] = (
        ("community", communities),
        ("village", count - communities),
    )
    for kind, of_kind in counts:
        named = _names(names().community if kind == "community" else names().village, township.code, kind)
        for n in range(of_kind):
            yield _place(township.code, "village", plan().villages[kind], n, next(named))


def _place(parent: str, level: Level, kind: AreaKind, n: int, name: Name) -> Place:
    return Place(
        f"{parent}{kind.first_code + n:03}", parent, level, name[0] + kind.zh, f"{name[1]} {kind.en}"
    )


def _names(syllables: Syllables, *words: object) -> Iterator[Name]:
    """Every name that the syllables make, each once, in the order that the words draw."""
    pairs = [pair for pair in product(syllables.first, syllables.second) if pair[0] != pair[1]]
    for first, second in shuffled(pairs, plan().seed, "names", *words):
        yield first + second, joined(syllables.first[first], syllables.second[second])


def joined(first: str, second: str) -> str:
    """Two pinyin syllables as one word: liu, he -> Liuhe; chang, an -> Chang'an."""
    mark = "'" if second[0] in "aeo" else ""
    return (first + mark + second).capitalize()
