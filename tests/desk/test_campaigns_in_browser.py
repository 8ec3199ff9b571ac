"""A supervisor's day with a campaign in a real browser, by keys: fill in, check, approve (the director), start, pause."""

from __future__ import annotations

from pathlib import Path

import pytest
from browsing import fits, stroke
from campaign_bench import WRITTEN, listed
from playwright.async_api import Browser, Page

from survey import releasing
from tests.access.access_bench import GOOD, House
from tests.doors.doors_bench import Bench, at

pytestmark = pytest.mark.browser


async def signed_in(chromium: Browser, house: House, name: str, size: tuple[int, int], query: str) -> Page:
    context = await chromium.new_context(viewport={"width": size[0], "height": size[1]})
    page = await context.new_page()
    await page.goto(str(house.server.make_url("/campaigns")) + query)
    await page.fill("#name", name)
    await page.fill("#password", GOOD)
    await page.keyboard.press("Enter")
    return page


@pytest.mark.parametrize("size", [(1366, 768), (390, 844)])
@pytest.mark.parametrize("query", ["", "?lang=en"])
async def test_from_an_empty_list_to_a_pause(
    house: House, bench: Bench, chromium: Browser, size: tuple[int, int], query: str, tmp_path: Path
) -> None:
    bench.clock.moment = at("9 08:30")
    await listed(bench, 60)
    await house.settled("2001", "张督导", "supervisor:991721")
    await house.settled("1001", "李主任", "director:991721")
    telephone = await house.with_telephone("1001")
    page = await signed_in(chromium, house, "2001", size, query)
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    await page.wait_for_url("**/campaigns*")
    await fits(page)
    await stroke(page, "n")

    for name, value in (("name_zh", "夜间噪声"), ("code", "night-noise"), ("opens", "2026-03-09"), ("closes", "2026-03-13"),
                        ("size", "400"), ("total", "5"), ("scoring", "P1"), ("notice", "保存两年")):  # fmt: skip
        await page.fill(f"#{name}", value)
    await page.select_option("#questionnaire", "special_poll")
    await page.select_option("#modes", "voice operator")
    await stroke(page, "Enter")
    (note,) = await page.locator(".note.error:visible").all()
    assert "400" in await note.inner_text()

    file = tmp_path / "噪声.yaml"
    file.write_text(WRITTEN, "utf-8")
    await page.set_input_files("#file", file)
    async with page.expect_navigation():
        await page.locator("form[action*=check] button").click()
    await fits(page)
    await stroke(page, "c")

    director = await signed_in(chromium, house, "1001", size, query)
    await director.wait_for_url("**/sign-in/code*")
    await director.fill("#code", telephone.at(bench.clock.now()))
    await director.keyboard.press("Enter")
    await director.wait_for_url("**/campaigns*")
    async with director.expect_navigation():
        await director.locator(".all a").click()
    await stroke(director, "a")

    await page.reload()
    await stroke(page, "s")
    await releasing.look_at_campaigns(bench.ground)
    await page.reload()
    await page.keyboard.press("p")
    await page.keyboard.type("先看看 r s")
    await stroke(page, "Enter")
    rows = await bench.rows("SELECT event, by_whom, why FROM survey.campaign_event ORDER BY id")
    assert [row[:2] for row in rows] == [
        ("create", "2001"), ("approve", "1001"), ("start", "2001"), ("open", "service"), ("pause", "2001"),
    ]  # fmt: skip
    assert rows[-1][2] == "先看看 r s"
    assert refused == []
