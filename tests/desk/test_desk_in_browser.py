"""A shift by keyboard in a real browser: nothing sticks out, no key answers by accident, drafts survive a closed page."""

from __future__ import annotations

import pytest
from browsing import fits, stroke
from playwright.async_api import Browser, Page

from tests.access.access_bench import GOOD, House
from tests.doors.doors_bench import Bench, at

pytestmark = pytest.mark.browser


async def open_desk(house: House, chromium: Browser, lang: str, width: int, height: int) -> Page:
    page = await chromium.new_page(viewport={"width": width, "height": height})
    query = "?lang=en" if lang == "en" else ""
    await page.goto(str(house.server.make_url("/desk")) + query)
    await page.fill("#name", "1021")
    await page.fill("#password", GOOD)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/desk*")
    return page


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_li_xiuying_interviews_by_keyboard(
    house: House, bench: Bench, chromium: Browser, lang: str, width: int, height: int
) -> None:
    await house.settled("1021", "李秀英", "surveyor:991721")
    wang = await bench.resident("王秀英")
    await bench.survey(wang, "operator", closes_at=at("11 20:30"))
    page = await open_desk(house, chromium, lang, width, height)
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    await fits(page)
    for _ in ("ready", "next", "number"):
        await stroke(page, "Enter")
    assert await page.inner_text("#number") == "154 0000 0001"
    await page.keyboard.press("Enter")  # nothing is chosen by a stroke too many
    assert await page.inner_text("#number") == "154 0000 0001"
    await stroke(page, "1")
    asked = await page.inner_text("main")
    await page.keyboard.press("Enter")
    assert await page.inner_text("main") == asked
    strokes = 0
    while await page.locator("[data-key=h]").count():
        strokes += 1
        assert strokes < 40
        if await page.locator("textarea").count():
            await page.keyboard.type("路灯坏了 1 h")  # in a field the keys write
            assert await page.input_value("textarea") == "路灯坏了 1 h"
            async with page.expect_navigation():
                await page.reload()
            assert await page.input_value("textarea") == "路灯坏了 1 h"
            await page.keyboard.press("Escape")
            await stroke(page, "d" if await page.locator("[data-key=d]").count() else "n")
        elif await page.locator("button[data-key='1']").count():
            await stroke(page, "1")
        else:
            await stroke(page, "n")
    await stroke(page, "Enter")
    await stroke(page, "z")
    assert await bench.rows("SELECT operator, status, disposition FROM survey.attempt") == [
        ("1021", "ended", "complete")
    ]
    assert refused == []


async def taken(page: Page) -> None:
    """The next person picks up, and the first question stands there."""
    for key in ("Enter", "Enter", "1"):
        await stroke(page, key)


async def answer(page: Page) -> None:
    """The question that stands there, by its first answer; nothing more to open ones."""
    if await page.locator("textarea").count():
        await page.keyboard.press("Escape")
        await stroke(page, "d" if await page.locator("[data-key=d]").count() else "n")
    else:
        await stroke(page, "1" if await page.locator("button[data-key='1']").count() else "n")


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
async def test_li_xiuyings_day(
    house: House, bench: Bench, chromium: Browser, width: int, height: int
) -> None:
    """She signs in, is ready, completes an interview in which an appeal is raised, agrees on an appointment with the next
    resident, and takes a break."""
    await house.settled("1021", "李秀英", "surveyor:991721")
    wang, zhao = await bench.resident("王秀英"), await bench.resident("赵大山")
    for person in (wang, zhao):
        await bench.survey(person, "operator", closes_at=at("11 20:30"))
    page = await open_desk(house, chromium, "zh", width, height)
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    await stroke(page, "Enter")

    await taken(page)
    await answer(page)
    asked = await page.inner_text(".script >> nth=0")
    await stroke(page, "a")
    await page.keyboard.insert_text("村口路灯坏了一个多月,晚上走路怕")
    for key in ("Tab", "Space"):
        await page.keyboard.press(key)
    await stroke(page, "Enter")
    assert await page.inner_text("#number") == "0001号"
    await stroke(page, "Enter")
    assert await page.inner_text(".script >> nth=0") == asked
    while await page.locator("[data-key=h]").count():
        await answer(page)
    await stroke(page, "Enter")
    assert "整理" in await page.inner_text(".mine")

    await taken(page)
    await page.keyboard.press("l")
    await page.keyboard.insert_text("明天下午3点")
    await stroke(page, "Enter")
    await stroke(page, "Enter")

    await stroke(page, "z")
    assert "休息时不会分到任何人。" in await page.inner_text("main")
    assert refused == []
    assert await bench.rows("SELECT disposition FROM survey.attempt ORDER BY id") == [
        ("complete",),
        ("appointment",),
    ]
    assert await bench.rows("SELECT content, first_handler FROM followup.case_file") == [
        ("村口路灯坏了一个多月,晚上走路怕", "1021")
    ]
    states = await bench.rows("SELECT state FROM survey.desk_state_event ORDER BY id")
    assert [one for (one,) in states] == ["ready", "in_call", "wrap_up", "in_call", "wrap_up", "break"]
