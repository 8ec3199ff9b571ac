"""遂澜县 on Monday at ten: residents wait for an operator, and 1021 李秀英 has an account."""

from __future__ import annotations

from collections.abc import AsyncIterator
from itertools import count

import asyncpg
import pytest
from desk_bench import Desk
from playwright.async_api import Browser, async_playwright

from survey.dialing import Line
from survey.ground import Ground
from survey.vault import Vault
from tests.access.access_bench import House, open_house
from tests.doors.doors_bench import Bench, HandClock, ScriptedCarrier, at


@pytest.fixture
async def bench(pool: asyncpg.Pool, vault: Vault) -> Bench:
    clock, numbers, carrier = HandClock(at("9 10:00")), count(1), ScriptedCarrier()
    line = Line(carrier, "https://minyi.example", 1.0, 1.0, 10.0)
    made: list[Bench] = []
    ground = Ground(
        pool, vault, clock, tokens=lambda: f"ref-{next(numbers):04}", real_now=lambda: made[0].real
    )
    made.append(Bench(ground, clock, carrier, line))
    await made[0].found_centre()
    return made[0]


@pytest.fixture
async def house(bench: Bench, conn: asyncpg.Connection, database: str) -> AsyncIterator[House]:
    async with open_house(bench.ground, bench.clock, conn, database, bench.carrier) as one:  # type: ignore[arg-type]
        yield one


@pytest.fixture
async def desk(bench: Bench, house: House) -> Desk:
    """李秀英's desk, signed in."""
    one = Desk(bench, house)
    await one.sign_in("1021", "李秀英")
    return one


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        one = await playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield one
        await one.close()
