"""A supervisor goes from the list to one callback and its recording by keys, on a wide screen and on a telephone."""

from __future__ import annotations

import pytest
from browsing import fits, stroke
from playwright.async_api import Browser
from test_callback_pages import numbers

from survey.twin.audio import tone
from tests.access.access_bench import GOOD, House
from tests.doors.doors_bench import Bench

__all__ = ["numbers"]
pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_wang_follows_a_number_down(
    house: House, bench: Bench, chromium: Browser, numbers: list[str], lang: str, width: int, height: int
) -> None:
    bench.carrier.sounds["RE1"] = tone(9)
    await house.settled("0102", "王督导", "supervisor:991721")
    page = await chromium.new_page(viewport={"width": width, "height": height})
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    english = "&lang=en" if lang == "en" else ""
    await page.goto(str(house.server.make_url("/callbacks?period=2026-03-09")) + english)
    await page.fill("#name", "0102")
    await page.fill("#password", GOOD)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/callbacks*")
    await fits(page)
    async with page.expect_navigation():
        await page.click(".chips a >> nth=-1")
    await fits(page)
    await stroke(page, "Enter")  # the first of them
    assert numbers[0] in await page.inner_text("main")
    await stroke(page, "l")
    await page.wait_for_function("document.querySelector('audio').duration > 8")
    assert refused == []
