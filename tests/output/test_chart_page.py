"""The pictures on a page: what each shows in words, beside whose answers, and in a browser at both sizes, in both languages."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator
from datetime import date
from html import unescape
from zipfile import ZipFile

import asyncpg
import pytest
from city_bench import neighbour, of_the_city, signed_in
from playwright.async_api import async_playwright
from report_week import CHENGGUAN, answered, two_weeks
from small_day import CENTRE, SmallDay, at

from followup.reports.building import build
from followup.reports.rendering import FORMATS
from followup.reports.rendering.html import to_html
from followup.reports.rendering.printed import printed
from survey import counting
from survey.ground import Ground
from survey.periods import Period
from survey.vault import Vault
from tests.access.access_bench import GOOD, Browser, House, SetClock, open_house


@pytest.fixture
async def house(
    small_day: SmallDay, pool: asyncpg.Pool, vault: Vault, conn: asyncpg.Connection, database: str
) -> AsyncIterator[House]:
    """遂澜县 on Friday, with two weeks of answers."""
    await two_weeks(small_day)
    await _coloured(small_day)
    await counting.refresh(conn)
    clock = SetClock(at(17, days=4))
    async with open_house(Ground(pool, vault, clock), clock, conn, database) as one:
        yield one


async def _coloured(day: SmallDay) -> None:
    """The open case was green on Monday, yellow from Tuesday on, red from Thursday on."""
    case = await day.conn.fetchval("SELECT id FROM followup.case_file WHERE closed_at IS NULL")
    steps = ((None, "green", 0), ("green", "yellow", 1), ("yellow", "red", 3))
    for before, after, days in steps:
        await day.put(
            "followup.colour_change", case_id=case, round=1, from_colour=before, to_colour=after, grounds=[],
            at=at(16, days=days), policy_version=1,
        )  # fmt: skip


async def shown(browser: Browser, lang: str = "zh") -> str:
    response = await browser.get("/charts" + ("?lang=en" if lang == "en" else ""))
    assert response.status == 200
    return browser.page


def told(page: str) -> list[str]:
    """What every picture says in words, one line for each."""
    return [unescape(one) for one in re.findall(r'<svg[^>]* aria-label="([^"]*)"', page)]


def headings(page: str) -> list[str]:
    """The sections and the panels."""
    found = re.findall(r'<h2><span class="zh" lang="zh">(.*?)</span>|<figcaption>(.*?)</figcaption>', page)
    return [unescape(section or panel) for section, panel in found]


async def test_each_picture_is_told_in_words(house: House) -> None:
    page = await shown(await signed_in(house, f"supervisor:{CENTRE}"))
    assert headings(page) == [
        "安全感", "全中心",
        "各乡镇", "城关镇 88.1%(95%区间82.2–92.6,n=168)", "柳河镇 不公布(不显示,否则可推算出人数太少的一格)",
        "王庄乡 不公布(有效回答太少,可能指向个人)",
        "回访,近四周",
        "红黄绿,近四周", "红 1", "黄 0", "绿 0",
    ]  # fmt: skip
    line = told(page)[0]
    assert line.startswith(
        "安全感,按周(竖线是95%区间,下面是基数), 全中心: 1-19 无数据(n=0); 1-26 无数据(n=0)"
    )
    colours = {
        one.partition(":")[0].rpartition(" ")[2]: one.rpartition("; 3-8 ")[2] for one in told(page)[-3:]
    }
    assert colours == {
        "红": "0; 3-9 0; 3-10 0; 3-11 0; 3-12 1; 3-13 1",
        "黄": "0; 3-9 0; 3-10 1; 3-11 1; 3-12 0; 3-13 0",
        "绿": "0; 3-9 1; 3-10 0; 3-11 0; 3-12 0; 3-13 0",
    }
    assert line.endswith("3-2 88.0%(95%区间79.9–93.7,n=100); 3-9 89.7%(95%区间83.3–94.3,n=136)")


async def test_what_rests_on_too_few_is_in_no_picture(house: House) -> None:
    """Eight people of 王庄乡 answered: neither their share nor their number stands anywhere on the page."""
    page = await shown(await signed_in(house, f"supervisor:{CENTRE}"))
    own = next(line for line in told(page) if "王庄乡" in line)
    assert "%" not in own.partition(":")[2] and "n=8" not in page


async def test_a_county_sees_itself_and_the_city_all_counties_side_by_side(
    house: House, small_day: SmallDay
) -> None:
    await neighbour(small_day)
    own = await shown(await signed_in(house, f"supervisor:{CENTRE}"))
    assert headings(own)[0] == "安全感" and "平岗县" not in own
    browser = await of_the_city(house)
    page = await shown(browser)
    assert headings(page)[:3] == ["各县", "遂澜县", "平岗县"]
    assert told(page)[1].endswith("3-9 70.0%(95%区间59.4–79.3,n=90)")


async def test_the_weekly_report_draws_the_same_line(house: House, small_day: SmallDay) -> None:
    """One definition: of the same week and cut-off, page, HTML and DOCX show the same picture of the same figures."""
    page = await shown(await signed_in(house, f"supervisor:{CENTRE}"))
    week = Period(date(2026, 3, 9), date(2026, 3, 15))
    made = printed(await build(small_day.conn, "weekly", CENTRE, week, house.clock.now()))
    assert re.findall(r'<svg class="chart panel".*?</svg>', page, re.S)[0] in to_html(made, "zh").decode()
    with ZipFile(io.BytesIO(FORMATS["docx"](made, "zh"))) as archive:
        inside = archive.read("word/document.xml").decode()
    assert "横轴:1-19至3-9;纵轴:70%至100%" in inside and "3-2 88.0% (n=100); 3-9 89.7% (n=136)" in inside


@pytest.mark.browser
@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_the_pictures_fit_on_the_screen(
    house: House, small_day: SmallDay, width: int, height: int, lang: str
) -> None:
    for week in range(1, 7):
        safe = 70 + 3 * week
        codes = ["1"] * safe + ["3"] * (100 - safe)
        await answered(small_day, CHENGGUAN, codes[: 40 + 9 * week], days=-7 * week - 6)
    await counting.refresh(small_day.conn)
    await house.settled("0102", "王督导", f"supervisor:{CENTRE}")
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        page = await chromium.new_page(viewport={"width": width, "height": height})
        refused: list[str] = []
        page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
        await page.goto(str(house.server.make_url("/charts")) + ("?lang=en" if lang == "en" else ""))
        await page.fill("#name", "0102")
        await page.fill("#password", GOOD)
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/charts*")
        root = "document.documentElement"
        assert await page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth")
        small = await page.evaluate(
            "Math.min(...[...document.querySelectorAll('svg text')].map(e => e.getBoundingClientRect().height))"
        )
        assert small >= 11
        assert refused == []
        await chromium.close()
