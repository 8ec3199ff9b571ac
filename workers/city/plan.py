"""The city as planned: what the packaged YAML files say, read once."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

TownshipKind = Literal["street", "town", "rural"]
VillageKind = Literal["community", "village"]
UnitKind = Literal["party", "gov", "judicial", "public_service", "township", "village"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CityPlan(_Frozen):
    code: str
    name_zh: str
    name_en: str


class CountyPlan(_Frozen):
    """How many of everything a county has; `zh` and `en` without the word county."""

    code: str
    zh: str
    en: str
    kind: Literal["district", "county", "zone"]
    townships: int
    streets: int
    towns: int
    villages: int
    grids: int
    adults: int


class CountyKind(_Frozen):
    zh: str
    en: str
    party: str
    government: str


class AreaKind(_Frozen):
    first_code: int
    zh: str
    en: str


class Least(_Frozen):
    villages: int
    grids: int
    adults: int


class Plan(_Frozen):
    seed: int
    tz: str
    city: CityPlan
    counties: tuple[CountyPlan, ...]
    kinds: Mapping[str, CountyKind]
    townships: Mapping[TownshipKind, AreaKind]
    villages: Mapping[VillageKind, AreaKind]
    communities_in: Mapping[TownshipKind, float]
    least: Least


class Syllables(_Frozen):
    """Characters with their pinyin, for the first and the second place of a name."""

    first: Mapping[str, str]
    second: Mapping[str, str]


class PeopleNames(_Frozen):
    family: str
    given: str


class Names(_Frozen):
    township: Syllables
    street: Syllables
    village: Syllables
    community: Syllables
    people: PeopleNames


class UnitPlan(_Frozen):
    key: str
    kind: UnitKind
    zh: str
    en: str
    parent: str | None = None


class UnitsPlan(_Frozen):
    version: int
    county: tuple[UnitPlan, ...]
    townships: tuple[UnitPlan, ...]
    offices: Mapping[TownshipKind | VillageKind, UnitPlan]


class TopicCase(_Frozen):
    """What a resident asked for ({place} is where) and what came of it."""

    asked: str
    result: str


class Topic(_Frozen):
    category: str
    unit: str
    cases: tuple[TopicCase, ...]


class Topics(_Frozen):
    """`planted` topics have one case each, whose result a rehearsal looks for word for word."""

    topics: tuple[Topic, ...]
    planted: tuple[Topic, ...]


def _packaged(name: str) -> object:
    return yaml.safe_load(files("workers.city").joinpath(name).read_text("utf-8"))


@cache
def plan() -> Plan:
    return Plan.model_validate(_packaged("city.yaml"))


@cache
def names() -> Names:
    return Names.model_validate(_packaged("names.yaml"))


@cache
def units_plan() -> UnitsPlan:
    return UnitsPlan.model_validate(_packaged("units.yaml"))


@cache
def topics() -> Topics:
    return Topics.model_validate(_packaged("topics.yaml"))


def county_plan(code: str) -> CountyPlan:
    """Raises KeyError for a code that is no county of the city."""
    for county in plan().counties:
        if county.code == code:
            return county
    raise KeyError(
        f"{code} is no county of {plan().city.name_zh}; it has {[c.code for c in plan().counties]}"
    )
