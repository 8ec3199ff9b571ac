"""What was promised: appointments of one's own and of others, another moment for one, and who is to be called back."""

from __future__ import annotations

import re

import pytest
from browsing import fits
from desk_bench import Desk, words_of
from playwright.async_api import Browser as Chromium
from test_desk_in_browser import open_desk

from survey import handing
from survey.handing import Raised
from tests.access.access_bench import House
from tests.doors.doors_bench import Bench, at

STANDS = "SELECT appointment_at FROM survey.sample_unit WHERE appointment_at IS NOT NULL ORDER BY id"


async def agreed(desk: Desk, bench: Bench, name: str, when: str) -> None:
    """`name` wants to be called another time."""
    await bench.survey(await bench.resident(name), "operator", closes_at=at("11 20:30"))
    for form in ("next", "number"):
        await desk.press(form)
    await desk.press("outcome", value="answered")
    await desk.press("later", when=when)
    await desk.press("hang-up")


async def listed(desk: Desk, query: str = "") -> str:
    assert (await desk.browser.get(f"/desk/appointments{query}")).status == 200
    return words_of(desk.browser.page)


async def moved(desk: Desk, when: str, nth: int = 0) -> str:
    path = re.findall(r'action="(/desk/appointments/[^"]+/move)"', desk.browser.page)[nth]
    response = await desk.browser.send(path, when=when)
    if response.status == 200:
        return words_of(desk.browser.page)
    return await listed(desk, response.headers["Location"].removeprefix("/desk/appointments"))


async def test_one_s_own_stand_first_then_those_of_others(desk: Desk, house: House, bench: Bench) -> None:
    other = Desk(bench, house)
    await other.sign_in("1022", "赵敏")
    await agreed(desk, bench, "王秀英", "明天下午3点")
    await agreed(other, bench, "赵大山", "明天上午10点")
    shown = await listed(desk)
    assert "我约的 1 个 03-10 15:00 王庄村 · 平安建设调查 · 调查员 · 1021 约的 改时间" in shown
    assert "别人约的 1 个 03-10 10:00 王庄村 · 平安建设调查 · 调查员 · 1022 约的 改时间" in shown
    assert "没有人等回电。" in shown


async def test_looking_changes_nothing_and_shows_no_number(desk: Desk, bench: Bench) -> None:
    await agreed(desk, bench, "王秀英", "明天下午3点")
    first = await listed(desk)
    assert await listed(desk) == first
    assert "154 0000" not in desk.browser.page and "15400000001" not in desk.browser.page
    assert await bench.one("SELECT count(*) FROM survey.number_access") == 1


async def test_another_moment_takes_the_place_of_the_first_or_it_is_said_why_not(
    desk: Desk, bench: Bench
) -> None:
    await agreed(desk, bench, "王秀英", "明天下午3点")
    await listed(desk)
    for typed, why in (("回头", "“回头”看不出是什么时候"), ("明天晚上11点", "那时不在拨打时段,请另约;最早")):
        assert why in await moved(desk, typed)
        assert f'value="{typed}"' in desk.browser.page
    assert "时间已改,留下记录。" in await moved(desk, "明天下午5点")
    assert await bench.rows(STANDS) == [(at("10 17:00"),)]
    why = await bench.one("SELECT why FROM survey.unit_event ORDER BY id DESC LIMIT 1")
    assert why == "appointment moved from 2026-03-10 15:00 by 1021"


async def test_what_stands_no_more_is_said_so(desk: Desk, bench: Bench) -> None:
    await agreed(desk, bench, "王秀英", "明天下午3点")
    await listed(desk)
    await bench.run("UPDATE survey.sample_unit SET appointment_at = NULL")
    assert "这个预约已经不在了" in await moved(desk, "明天下午5点")


async def test_whose_time_has_come_is_marked(desk: Desk, bench: Bench) -> None:
    await agreed(desk, bench, "王秀英", "今天上午10点15分")
    bench.later(minutes=16)
    assert "03-09 10:15 到时间了" in await listed(desk)


async def test_who_asked_to_be_called_back_stands_there_too(desk: Desk, bench: Bench) -> None:
    wang = await bench.resident("王秀英")
    async with bench.ground.pool.acquire() as conn:
        person = await conn.fetchval("SELECT id FROM survey.person ORDER BY id LIMIT 1")
        assert wang and person
        await handing.raise_(bench.ground, conn, Raised(person, None, "asked_for"))
    assert "要求回电 1 个 最迟 03-10 10:00 要求人工 去接手" in await listed(desk)


@pytest.mark.browser
@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
async def test_it_fits(
    desk: Desk, house: House, bench: Bench, chromium: Chromium, width: int, height: int
) -> None:
    await agreed(desk, bench, "王秀英", "明天下午3点")
    page = await open_desk(house, chromium, "zh", width, height)
    await page.keyboard.press("y")
    await page.wait_for_url("**/desk/appointments")
    await page.click("summary")
    await fits(page)
    await page.keyboard.press("q")
    await page.wait_for_url("**/desk")
