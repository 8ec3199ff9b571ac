"""The small county of `followup_county` in a database, and one of its residents."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from itertools import count
from typing import Any

import asyncpg
import pytest
from followup_appeals import DARK, SURVEYOR, Says
from followup_county import AREAS, CENTRE, UNITS, at
from systems_bench import Systems, open_systems

from followup import appeals
from followup.appeals import NewAppeal, Registered
from followup.store.units import insert_units
from survey.enrolling import NewPerson, enrol_persons
from survey.vault import Vault


@pytest.fixture
def tokens() -> Callable[[], str]:
    """References that can be foretold."""
    numbers = count(1)
    return lambda: f"ref-{next(numbers):04}"


@pytest.fixture
async def county(conn: asyncpg.Connection) -> str:
    """The county in the database; its centre code."""
    await conn.executemany(
        "INSERT INTO survey.area (code, parent_code, level, name_zh, name_en) VALUES ($1, $2, $3, $4, $5)",
        AREAS,
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


@pytest.fixture
def says(conn: asyncpg.Connection, wang_fang: int, tokens: Callable[[], str]) -> Says:
    """王芳 raises a matter on the telephone, as the surveyor 0103 writes it down."""

    async def say(when: str = "9 09:40", appeal: NewAppeal = DARK, **fields: Any) -> Registered:
        raised = replace(appeal, **{"person_id": wang_fang, **fields})
        return await appeals.register(conn, raised, by=SURVEYOR, now=at(when), tokens=tokens)

    return say


@pytest.fixture
async def systems(
    conn: asyncpg.Connection, pool: asyncpg.Pool, county: str, vault: Vault, tokens: Callable[[], str]
) -> AsyncIterator[Systems]:
    """The doors for other systems, on Monday the 9th at ten."""
    async with open_systems(conn, pool, vault, at("9 10:00"), tokens) as one:
        yield one
