"""遂澜县 and 平岗县, with nobody in them yet."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest
from access_bench import AREAS, CENTRE, House, SetClock, at, open_house

from survey.ground import Ground
from survey.vault import Vault


@pytest.fixture
async def counties(conn: asyncpg.Connection) -> None:
    await conn.executemany(
        "INSERT INTO survey.area (code, parent_code, level, name_zh, name_en) VALUES ($1, $2, $3, $4, $5)",
        AREAS,
    )
    await conn.execute(
        "INSERT INTO survey.centre (code, area_code, name_zh, short_zh, name_en) VALUES ($1, $1, $2, $3, $4)",
        CENTRE, "遂澜县社情民意调查中心", "遂澜民调中心", "Suilan Survey Centre",
    )  # fmt: skip


@pytest.fixture
def clock() -> SetClock:
    """Monday, nine in the morning."""
    return SetClock(at("09:00"))


@pytest.fixture
def ground(pool: asyncpg.Pool, vault: Vault, clock: SetClock) -> Ground:
    return Ground(pool, vault, clock)


@pytest.fixture
async def house(
    ground: Ground, clock: SetClock, conn: asyncpg.Connection, counties: None, database: str
) -> AsyncIterator[House]:
    async with open_house(ground, clock, conn, database) as one:
        yield one
