"""Responsible units of a county: offices and departments, township governments, village committees."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from workers.city.areas import Area, county_areas
from workers.city.places import township_kind, village_kind
from workers.city.plan import UnitKind, UnitPlan, county_plan, plan, units_plan


@dataclass(frozen=True, slots=True)
class Unit:
    """`code` is its area's code and a key ("991721-police"); `parent_code` the unit it belongs to, if any."""

    code: str
    county: str
    area_code: str
    kind: UnitKind
    name_zh: str
    name_en: str
    parent_code: str | None


@cache
def units(county: str) -> tuple[Unit, ...]:
    """All units of a county. Raises KeyError for a code that is no county of the city."""
    whole, *within = (area for area in county_areas(county) if area.level != "grid")
    townships = {area.code: area for area in within if area.level == "township"}
    local = (
        unit
        for area in within
        for unit in (
            _township(area) if area.level == "township" else _village(area, townships[area.code[:9]])
        )
    )
    return (*_departments(whole), *local)


def unit_code(area_code: str, key: str) -> str:
    return f"{area_code}-{key}"


def _departments(county: Area) -> Iterator[Unit]:
    kind = plan().kinds[county_plan(county.code).kind]
    short = county_plan(county.code).zh
    for planned in units_plan().county:
        # 遂澜县委督查室 says its 县 in the office's own name; 遂澜县公安局 does not
        name = planned.zh.format(party=short + kind.party, government=short + kind.government)
        own = name if name != planned.zh else county.name_zh + name
        yield Unit(
            code=unit_code(county.code, planned.key),
            county=county.code,
            area_code=county.code,
            kind=planned.kind,
            name_zh=own,
            name_en=f"{county.name_en} {planned.en}",
            parent_code=unit_code(county.code, planned.parent) if planned.parent else None,
        )


def _township(township: Area) -> Iterator[Unit]:
    county = township.code[:6]
    for planned in (units_plan().offices[township_kind(township.code)], *units_plan().townships):
        parent = unit_code(county, planned.parent) if planned.parent else None
        yield _local(planned, township.code, township.name_zh, township.name_en, parent)


def _village(village: Area, township: Area) -> Iterator[Unit]:
    # two townships may each have a 王庄村, so the committee's name begins with the township's
    planned = units_plan().offices[village_kind(village.code)]
    name_zh = township.name_zh + village.name_zh
    name_en = f"{township.name_en} {village.name_en}"
    yield _local(planned, village.code, name_zh, name_en, unit_code(township.code, "gov"))


def _local(planned: UnitPlan, area_code: str, name_zh: str, name_en: str, parent: str | None) -> Unit:
    return Unit(
        code=unit_code(area_code, planned.key),
        county=area_code[:6],
        area_code=area_code,
        kind=planned.kind,
        name_zh=planned.zh.format(area=name_zh),
        name_en=planned.en.format(area=name_en),
        parent_code=parent,
    )
