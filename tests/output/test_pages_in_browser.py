"""The pages in a real browser: nothing wider than a phone, the switches work, the policy refuses nothing
of ours.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page, async_playwright
from small_day import CENTRE, SmallDay, at

from survey.clock import RealClock
from survey.web.day_page import day_routes
from survey.web.gate import Gate
from workers.demo_output import Summary

pytestmark = pytest.mark.browser

CHROMIUM = "/usr/bin/chromium"
WIDTHS = (1280, 390)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        one = await playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield one
        await one.close()


async def too_wide(page: Page) -> bool:
    return bool(
        await page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    )


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["index.html", "callback-report.html"])
async def test_a_written_page_fits(
    browser: Browser, written: tuple[Path, Summary], name: str, width: int
) -> None:
    page = await browser.new_page(viewport={"width": width, "height": 900})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.goto((written[0] / name).as_uri())
    assert not await too_wide(page)
    assert len(asked) == 1  # the page itself and nothing else


async def test_the_language_and_the_filter_switch_without_script(
    browser: Browser, written: tuple[Path, Summary]
) -> None:
    page = await (await browser.new_context(java_script_enabled=False)).new_page()
    await page.goto((written[0] / "index.html").as_uri())
    heading = page.locator("h1")
    assert await heading.inner_text() == "中心的一天"
    await page.locator("label[for=lang-en]").click()
    assert await heading.inner_text() == "A day at the centre"
    await page.locator("label[for=kind-operator]").click()
    visible = [talk for talk in await page.locator(".talk").all() if await talk.is_visible()]
    assert len(visible) == 1


@pytest.mark.parametrize("width", WIDTHS)
async def test_the_day_refreshes_itself_under_its_own_policy(
    browser: Browser, small_day: SmallDay, pool: asyncpg.Pool, gate: Gate, width: int
) -> None:
    app = web.Application()
    app.add_routes(day_routes(pool, RealClock(), CENTRE, gate))
    async with TestServer(app) as server:
        page = await browser.new_page(viewport={"width": width, "height": 900})
        refused: list[str] = []
        page.on("console", lambda message: refused.append(message.text))
        await page.goto(str(server.make_url("/")))
        await small_day.put(
            "survey.input", channel="text", message_sid="SMnew", said="刚刚收到的一条",
            effect="answered", reply="", arrived_at=at(18), arrived_real=at(18),
        )  # fmt: skip
        await page.get_by_text("刚刚收到的一条").wait_for(timeout=15_000)
        assert refused == []
        assert not await too_wide(page)
