"""An administrator and a team lead at their pages in a real browser, on a wide screen and on a telephone."""

from __future__ import annotations

import pytest
from browsing import fits
from playwright.async_api import Browser

from tests.access.access_bench import GOOD, House

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_an_account_and_its_week(
    house: House, chromium: Browser, lang: str, width: int, height: int
) -> None:
    await house.settled("9001", "何管理", "city_admin:9917", "team_lead:991721")
    telephone = await house.with_telephone("9001")
    page = await chromium.new_page(viewport={"width": width, "height": height})
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    await page.goto(str(house.server.make_url("/people")) + ("?lang=en" if lang == "en" else ""))
    await page.fill("#name", "9001")
    await page.fill("#password", GOOD)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/sign-in/code*")
    await page.fill("input[name=code]", telephone.at(house.clock.now()))
    async with page.expect_navigation():
        await page.keyboard.press("Enter")
    await fits(page)
    await page.keyboard.press("a")
    await page.fill("#name", "1021")
    await page.fill("#called", "李秀英")
    await page.check("form[action*=add] input[value=surveyor]")
    await fits(page)
    async with page.expect_navigation():
        await page.click("form[action*=add] button")
    await fits(page)
    assert len(await page.inner_text("#password")) > 10
    await page.goto(str(house.server.make_url("/people/shifts")) + ("?lang=en" if lang == "en" else ""))
    await fits(page)
    await page.select_option("#who", "1021")
    await page.keyboard.press("Escape")
    for day in "135":
        await page.keyboard.press(day)
    async with page.expect_navigation():
        await page.click("form[action*=put] button")
    await fits(page)
    assert await page.locator(".day li").count() == 3
    assert refused == []
