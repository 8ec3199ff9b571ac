"""An auditor draws, listens and judges by keys in a real browser, on a wide screen and on a telephone."""

from __future__ import annotations

import pytest
from browsing import fits, stroke
from playwright.async_api import Browser
from quality_bench import SAME, held

from survey.twin.audio import tone
from tests.access.access_bench import GOOD, House
from tests.doors.doors_bench import Bench, at

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_liu_checks_by_keys(
    house: House, bench: Bench, chromium: Browser, lang: str, width: int, height: int
) -> None:
    await held(bench, "王芳", "1021")
    await held(bench, "赵云", "1022", codes=SAME, seconds=6)
    await held(bench, "陈静", None, recorded="RE1")
    bench.carrier.sounds["RE1"] = tone(12)
    bench.clock.moment = at("10 10:00")
    await house.settled("3001", "刘质检", "auditor:991721")
    page = await chromium.new_page(viewport={"width": width, "height": height})
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    await page.goto(str(house.server.make_url("/quality")) + ("?lang=en" if lang == "en" else ""))
    await page.fill("#name", "3001")
    await page.fill("#password", GOOD)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/quality*")
    await fits(page)
    await stroke(page, "d")
    spoken = page.locator(".queue a", has_text="Voice" if lang == "en" else "语音")
    async with page.expect_navigation():
        await spoken.click()
    await fits(page)
    await stroke(page, "l")
    await page.wait_for_function("document.querySelector('audio').duration > 11")
    await page.keyboard.press("1")
    await page.keyboard.press("w")
    await page.keyboard.type("录音与答案一致 1 2 u")
    await stroke(page, "Enter")
    (judged,) = await bench.rows("SELECT method, verdict, why FROM survey.audit_item")
    assert judged == ("listen", "pass", "录音与答案一致 1 2 u")
    assert refused == []
