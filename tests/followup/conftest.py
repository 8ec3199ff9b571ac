"""A small county for following up: 遂澜县 with one town, two villages, three units, and its centre."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count

import asyncpg
import pytest

from followup.store.units import UnitRow, insert_units
from survey.fielding import NewPerson, enrol_persons
from survey.vault import Vault

CENTRE = "991721"
VILLAGE = "991721100200"
POLICE, WATER, TOWN = "991721-police", "991721-tap-water", "991721100-gov"

AREAS = [
    ("9917", None, "city", "安澜市", "Anlan City"),
    ("991721", "9917", "county", "遂澜县", "Suilan County"),
    ("991721100", "991721", "township", "柳河镇", "Liuhe Town"),
    ("991721100200", "991721100", "village", "王庄村", "Wangzhuang Village"),
    ("991721100201", "991721100", "village", "李庄村", "Lizhuang Village"),
]

UNITS = [
    UnitRow(POLICE, CENTRE, "遂澜县公安局", "gov", CENTRE),
    UnitRow(WATER, CENTRE, "遂澜县自来水公司", "public_service", CENTRE),
    UnitRow(TOWN, CENTRE, "柳河镇人民政府", "township", "991721100"),
]


def at(text: str) -> datetime:
    """A moment of March 2026 in the county's own time: `at("9 09:30")` is Monday the 9th, half past nine."""
    day, clock = text.split()
    hour, minute = clock.split(":")
    return datetime.fromisoformat(f"2026-03-{int(day):02}T{hour}:{minute}:00+08:00").astimezone(UTC)


@pytest.fixture
def tokens() -> Callable[[], str]:
    """References that can be foretold."""
    numbers = count(1)
    return lambda: f"ref-{next(numbers):04}"


@pytest.fixture
async def county(conn: asyncpg.Connection) -> str:
    """The county in the database; its centre code."""
    await conn.executemany(
        "INSERT INTO survey.area (code, parent_code, level, name_zh, name_en) VALUES ($1, $2, $3, $4, $5)", AREAS
    )
    await conn.execute(
        "INSERT INTO survey.centre (code, area_code, name_zh, short_zh, name_en) VALUES ($1, $1, $2, $3, $4)",
        CENTRE,
        "遂澜县社情民意调查中心",
        "遂澜民调中心",
        "Suilan Survey Centre",
    )
    await insert_units(conn, UNITS)
    return CENTRE


@pytest.fixture
async def wang_fang(conn: asyncpg.Connection, county: str, vault: Vault) -> int:
    """王芳 of 王庄村, who may be called; her person id."""
    (person,) = await enrol_persons(conn, vault, [NewPerson("+8615400000001", "王芳", 1975)])
    return person
