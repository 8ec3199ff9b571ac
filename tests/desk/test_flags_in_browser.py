"""A supervisor decides by keys in a real browser; both sides fit on the screen, and Enter decides nothing by accident."""

from __future__ import annotations

import asyncpg
import pytest
from browsing import fits, stroke
from flag_bench import closed_elsewhere
from playwright.async_api import Browser

from tests.access.access_bench import GOOD, House
from tests.doors.doors_bench import Bench
from tests.followup.followup_residents import state

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_wang_decides_by_keys(
    house: House,
    bench: Bench,
    conn: asyncpg.Connection,
    chromium: Browser,
    lang: str,
    width: int,
    height: int,
) -> None:
    first, second = await closed_elsewhere(bench, conn, "voice")
    await house.settled("0102", "王督导", "supervisor:991721")
    page = await chromium.new_page(viewport={"width": width, "height": height})
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    await page.goto(str(house.server.make_url("/flags")) + ("?lang=en" if lang == "en" else ""))
    await page.fill("#name", "0102")
    await page.fill("#password", GOOD)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/flags*")
    await fits(page)
    await stroke(page, "Enter")  # the most urgent
    assert first in await page.inner_text("main")
    await page.keyboard.press("Enter")
    assert first in await page.inner_text("main")
    await stroke(page, "c")  # it goes out again, and the next one comes
    assert second in await page.inner_text("main")
    assert await state(conn, first) == "dispatched, round 2"
    await page.keyboard.press("1")
    await page.keyboard.press("r")
    await page.keyboard.type("现场井盖在 c s u")
    assert await page.input_value("#words") == "现场井盖在 c s u"
    async with page.expect_navigation():
        await page.click("form[action*=propose] button")
    await fits(page)
    assert await state(conn, second) == "redispatch_review, round 1"
    assert await conn.fetchval("SELECT words FROM followup.rejection_draft") == "现场井盖在 c s u"
    assert refused == []
