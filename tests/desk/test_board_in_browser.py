"""The live board in a real browser: it follows by itself, keeps the place of whoever uses keys, and does without script."""

from __future__ import annotations

import pytest
from browsing import fits
from playwright.async_api import Browser, expect
from quality_bench import held

from tests.access.access_bench import GOOD, House
from tests.doors.doors_bench import Bench

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_the_board_follows(
    house: House, bench: Bench, chromium: Browser, lang: str, width: int, height: int
) -> None:
    await held(bench, "王芳", "1021")
    await bench.run("UPDATE survey.campaign SET status = 'running'")
    await house.settled("2001", "张督导", "supervisor:991721")
    page = await chromium.new_page(viewport={"width": width, "height": height})
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    await page.goto(str(house.server.make_url("/board")) + ("?lang=en" if lang == "en" else ""))
    await page.fill("#name", "2001")
    await page.fill("#password", GOOD)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/board*")
    await fits(page)
    assert "1/1" in await page.inner_text("#now")
    flags = page.locator("a[href^='/flags']")
    await flags.focus()
    await held(bench, "李强", "1021")
    await expect(page.locator("#now")).to_contain_text("2/2")
    assert await flags.evaluate("one => one === document.activeElement")
    await fits(page)
    assert await page.locator("#now.stale").count() == 0
    assert refused == []


async def test_without_script_it_loads_itself_again(house: House, bench: Bench, chromium: Browser) -> None:
    await house.settled("2001", "张督导", "supervisor:991721")
    context = await chromium.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(str(house.server.make_url("/board")))
    await page.fill("#name", "2001")
    await page.fill("#password", GOOD)
    async with page.expect_navigation(url="**/board*"):
        await page.locator("button").first.click()
    assert await page.locator("meta[http-equiv=refresh]").get_attribute("content") == "15"
    async with page.expect_navigation():
        await page.locator(".again a").click()
