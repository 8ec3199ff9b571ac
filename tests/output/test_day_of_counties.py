"""The page of the day in a city: a county sees its own day alone, the city all counties side by side."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest
from city_bench import neighbour, of_the_city, signed_in
from small_day import CENTRE, SmallDay, at
from test_day_page import words

from survey.ground import Ground
from survey.vault import Vault
from tests.access.access_bench import House, SetClock, open_house


@pytest.fixture
async def house(
    small_day: SmallDay, pool: asyncpg.Pool, vault: Vault, conn: asyncpg.Connection, database: str
) -> AsyncIterator[House]:
    """Tuesday afternoon; 平岗县 has called ninety people since the morning, and one of them asked for a person."""
    await neighbour(small_day)
    clock = SetClock(at(14, days=1))
    async with open_house(Ground(pool, vault, clock), clock, conn, database) as one:
        yield one


async def test_the_city_sees_the_counties_side_by_side(house: House, small_day: SmallDay) -> None:
    theirs = """SELECT max(i.id) FROM survey.interview i JOIN survey.sample_unit u ON u.id = i.unit_id
                WHERE u.centre_code = '991722'"""
    await small_day.put(
        "survey.handover", ref="h1", urgent=True, reason="asked_for", raised_at=at(13, days=1), due_at=at(15, days=1),
        interview_id=await small_day.conn.fetchval(theirs),
    )  # fmt: skip
    browser = await of_the_city(house)
    await browser.get("/")
    shown = " ".join(words(browser.page))
    assert "各县今天 县 联系 接通 完成 已到时 等人联系(紧急) 遂澜县" in shown
    assert "平岗县 90 90 90 0 1 (1)" in shown
    assert "等人联系 0 紧急 0" in shown  # of the county whose page it is


async def test_a_county_sees_nothing_of_its_neighbour(house: House) -> None:
    browser = await signed_in(house, f"supervisor:{CENTRE}")
    for path in ("/", "/day/now"):
        await browser.get(path)
        shown = " ".join(words(browser.page))
        assert "各县今天" not in shown and "平岗县" not in shown
        assert "语音呼叫 90" not in shown and "最近的回答" in shown
