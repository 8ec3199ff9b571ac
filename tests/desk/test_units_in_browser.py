"""A unit's day in a real browser, on a telephone held outdoors: sign in, sign, report; and the same by keys at a desk."""

from __future__ import annotations

import os
from pathlib import Path

import asyncpg
import pytest
from browsing import fits, stroke
from picture_bench import png
from playwright.async_api import Browser, Page
from unit_bench import GOVERNMENT, POLICE, WATER, dispatched, found_units, submitted

from followup import unit_accounts
from tests.access.access_bench import GOOD, House
from tests.doors.doors_bench import Bench, at
from tests.followup.followup_residents import state

pytestmark = pytest.mark.browser


async def kept(page: Page, name: str) -> None:
    """A picture of the page for whoever wants to look (MINYI_PICTURES names a folder)."""
    if folder := os.environ.get("MINYI_PICTURES"):
        await page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


async def enter(house: House, page: Page, path: str, name: str) -> None:
    """Sign in and come to `path`."""
    await page.goto(str(house.server.make_url(path)))
    await page.fill("#name", name)
    await page.fill("#password", GOOD)
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"**{path.partition('?')[0]}*")
    await fits(page)


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_zhang_works_on_a_telephone(
    house: House, bench: Bench, conn: asyncpg.Connection, chromium: Browser, lang: str
) -> None:
    await found_units(conn)
    who = await bench.resident("王芳")
    number = await dispatched(conn, bench, who)
    await dispatched(conn, bench, who, content="井盖丢了,人差点掉下去", title="井盖丢了", category="0704")
    await house.settled("ga01", "张警官", "unit_liaison:991721")
    await unit_accounts.link(conn, "ga01", POLICE, by="王主任", now=at("9 10:00"))
    page = await chromium.new_page(viewport={"width": 390, "height": 844}, has_touch=True)
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    await enter(house, page, "/unit" + ("?lang=en" if lang == "en" else ""), "ga01")
    await kept(page, f"unit-{lang}-1-inbox")
    await page.tap(f"a[href*='{number}']")
    await page.wait_for_url(f"**/unit/{number}*")
    await fits(page)
    await kept(page, f"unit-{lang}-2-case")
    async with page.expect_navigation():
        await page.tap("form[action*=sign] button")
    await fits(page)
    assert await state(conn, number) == "in_progress, round 1"
    await page.fill("#summary", "路灯已更换,今天亮灯")
    await page.reload()
    assert await page.input_value("#summary") == "路灯已更换,今天亮灯"  # a draft survives
    await page.fill("#contact_at", "2026-03-09T09:58")
    await page.fill("#actions", "更换灯具两盏")
    large = png(1900, 1200, noise=True)  # larger than is taken: the page makes it small
    assert len(large) > 6_000_000
    async with page.expect_navigation():
        await page.set_input_files("#picture", {"name": "灯.png", "mimeType": "image/png", "buffer": large})
    await fits(page)
    row = await conn.fetchrow(
        "SELECT kind, width, height, length(bytes) AS size FROM followup.picture JOIN followup.picture_bytes USING (ref)"
    )
    assert (row["kind"], row["width"], row["height"]) == ("image/jpeg", 1600, 1011)
    assert row["size"] <= 1_000_000
    assert await page.evaluate("document.querySelector('.shots img').naturalWidth") == 1600
    assert await page.input_value("#contact_at") == "2026-03-09T09:58"  # nothing that was typed is lost
    await kept(page, f"unit-{lang}-3-report")
    async with page.expect_navigation():
        await page.tap("form[action*=report] button")
    await fits(page)
    await kept(page, f"unit-{lang}-4-after")
    assert await state(conn, number) == "result_review, round 1"
    assert await page.evaluate("localStorage.length") == 0
    async with page.expect_navigation():
        await page.tap("a[href*=quality]")
    await fits(page)
    await kept(page, f"unit-{lang}-5-quality")
    assert refused == []


async def test_and_by_keys_at_a_desk(
    house: House, bench: Bench, conn: asyncpg.Connection, chromium: Browser
) -> None:
    await found_units(conn)
    number = await dispatched(conn, bench, await bench.resident("王芳"))
    await house.settled("ga01", "张警官", "unit_liaison:991721")
    await unit_accounts.link(conn, "ga01", POLICE, by="王主任", now=at("9 10:00"))
    page = await chromium.new_page(viewport={"width": 1366, "height": 768})
    await enter(house, page, "/unit", "ga01")
    await stroke(page, "Enter")  # the most pressing has the focus
    assert number in await page.inner_text("main")
    await stroke(page, "s")
    assert await state(conn, number) == "in_progress, round 1"
    await page.keyboard.press("r")
    await page.keyboard.type("换好了 s u c")
    assert await page.input_value("#summary") == "换好了 s u c"
    await page.keyboard.press("Escape")
    await stroke(page, "u")
    await kept(page, "unit-desk-list")
    assert "办理中" in await page.inner_text("main")


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_du_dispatches_by_keys_and_the_unit_sees_it(
    house: House,
    bench: Bench,
    conn: asyncpg.Connection,
    chromium: Browser,
    lang: str,
    width: int,
    height: int,
) -> None:
    await found_units(conn)
    who = await bench.resident("王芳")
    first = await submitted(conn, bench, who)
    second = await submitted(conn, bench, who, title="水压不足", content="三楼没水", category="0701")
    for name, role, unit in (("dc01", "supervision_officer", GOVERNMENT), ("ga01", "unit_liaison", POLICE)):
        await house.settled(name, name, f"{role}:991721")
        await unit_accounts.link(conn, name, unit, by="王主任", now=at("9 10:00"))
    page = await chromium.new_page(viewport={"width": width, "height": height})
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    await enter(house, page, "/dispatch" + ("?lang=en" if lang == "en" else ""), "dc01")
    await kept(page, f"office-{lang}-{width}-1-inbox")
    await stroke(page, "Enter")
    assert first in await page.inner_text("main")
    await kept(page, f"office-{lang}-{width}-2-matter")
    await page.select_option("select[name=other]", WATER)
    assert await page.is_checked("#other_lead")
    await page.keyboard.press("Escape")
    await page.keyboard.press("1")
    assert await page.input_value("select[name=other]") == ""
    await stroke(page, "d")  # it is dispatched, and the next one comes
    assert second in await page.inner_text("main")
    assert await state(conn, first) == "dispatched, round 1"
    await kept(page, f"office-{lang}-{width}-3-next")
    theirs = await (await chromium.new_context(viewport={"width": 390, "height": 844})).new_page()
    await enter(house, theirs, "/unit", "ga01")
    assert "村口路灯不亮" in await theirs.inner_text("main")
    assert "水压不足" not in await theirs.inner_text("main")
    await theirs.click("main a[href*='/unit/']")
    await theirs.wait_for_url(f"**/unit/{first}*")
    await theirs.click("details:has(#suggested) summary")
    await theirs.select_option("#suggested", WATER)
    await theirs.fill("#reason", "灯归自来水公司管")
    await fits(theirs)
    async with theirs.expect_navigation():
        await theirs.click("form[action*=return] button")
    await stroke(page, "u")
    await page.click(f"a[href*='{first}']")
    await page.wait_for_url(f"**/dispatch/{first}*")
    await fits(page)
    await kept(page, f"office-{lang}-{width}-4-return")
    await stroke(page, "y")  # allowed: it lies here again, and the unit that was named leads the list
    assert await state(conn, first) == "submitted, round 1"
    assert await page.is_checked(f"input[name=lead][value='{WATER}']")
    assert refused == []
