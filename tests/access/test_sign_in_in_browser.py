"""The sign-in in a real browser, by keyboard alone: it lets in, nothing is wider than a telephone, nothing of ours is refused."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from access_bench import GOOD, House
from playwright.async_api import Browser, Page, async_playwright

pytestmark = pytest.mark.browser

CHROMIUM = "/usr/bin/chromium"
SMALLEST_PX = 16


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        one = await playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield one
        await one.close()


async def fits(page: Page) -> None:
    """Nothing sticks out, and nothing is written smaller than people of sixty read."""
    root = "document.documentElement"
    assert await page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth")
    smallest = await page.evaluate(
        "Math.min(...[...document.querySelectorAll('body *')].filter(e => e.offsetParent && e.innerText)"
        ".map(e => parseFloat(getComputedStyle(e).fontSize)))"
    )
    assert smallest >= SMALLEST_PX


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_li_xiuying_signs_in_by_keyboard(
    house: House, chromium: Browser, lang: str, width: int, height: int
) -> None:
    first = await house.account("1021", "李秀英", "surveyor:991721")
    page = await chromium.new_page(viewport={"width": width, "height": height})
    refused: list[str] = []
    page.on(
        "console",
        lambda message: refused.append(message.text) if "Content Security" in message.text else None,
    )
    await page.goto(str(house.server.make_url("/home")) + ("?lang=en" if lang == "en" else ""))
    await fits(page)
    for words in ("1021", "Tab", first, "Enter"):
        if words in ("Tab", "Enter"):
            await page.keyboard.press(words)
        else:
            await page.keyboard.type(words)
    await page.wait_for_url("**/account/password*")
    await fits(page)
    for password in (first, GOOD, GOOD):
        await page.keyboard.insert_text(password)
        await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/home*")
    await fits(page)
    assert await page.locator("h1").inner_text() == ("Hello, 李秀英" if lang == "en" else "李秀英,您好")
    await page.get_by_role("button", name="Sign out" if lang == "en" else "退出").press("Enter")
    await page.wait_for_url("**/sign-in?out=1*")
    assert refused == []
