"""A resident rings back, or writes outside of any survey: one key, and an operator has them, with why and what was before."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from browsing import stroke
from desk_bench import Desk, words_of
from playwright.async_api import Browser as Chromium
from test_desk_in_browser import open_desk

from survey import calling_in, handing
from survey.answering import take_inbound
from survey.dialing import dial_due, record_progress
from survey.handing import Raised
from survey.interviewing import take_text
from tests.access.access_bench import House
from tests.doors.doors_bench import CENTRE, Bench, Resident, at, heard

READS = "SELECT staff, reason FROM survey.number_access"
UNREAD = "SELECT count(*) FROM survey.inbox_text WHERE read_at IS NULL"


async def missed(bench: Bench, name: str) -> Resident:
    """Rung by the machine at ten about the perception survey; nobody picked up."""
    person = await bench.resident(name)
    await bench.survey(person, "voice", closes_at=at("11 20:30"))
    await dial_due(bench.ground, bench.line)
    ref, sid = await bench.attempt_ref(person), await bench.sid(person)
    await record_progress(bench.ground, ref, sid, "no_answer", None, {})
    bench.later(minutes=5)
    return person


async def rings_and_wants_a_person(bench: Bench, person: Resident, sid: str = "CAin1") -> None:
    for step, key in enumerate((None, "0")):
        await take_inbound(bench.ground, person.number, sid, step, heard(key), bench.real, centre=CENTRE)


async def writes(bench: Bench, number: str, words: str, sid: str) -> None:
    await take_text(bench.ground, number, sid, words, bench.real)


async def taken(desk: Desk) -> str:
    """The key that brings whoever rang or wrote."""
    await desk.look()
    return await desk.press("handovers/next")


async def test_who_rings_back_is_there_with_why_and_what_was_before(desk: Desk, bench: Bench) -> None:
    wang = await missed(bench, "王秀英")
    await rings_and_wants_a_person(bench, wang)
    assert "接来电、来信 1" in await desk.look()
    shown = await taken(desk)
    assert shown == (
        "要求人工 · 154****0001 最迟 03-10 10:05 办 "
        "为什么找过他 平安调查 · 平安建设民意调查 03-09 10:00 语音 还等着他: 平安调查 · 平安建设调查 "
        "以往联系 1 次 03-09 10:00 语音 · 无人接听 "
        "显示号码,回电 谁、何时看了号码都有记录。 结果(不写号码) 办完了 回到拨打"
    )
    assert await bench.rows(READS) == []
    assert "154 0000 0001" in await desk.press("ring")
    ref = await bench.one("SELECT ref FROM survey.handover")
    assert await bench.rows(READS) == [("1021", f"等人处理 handover {ref}")]
    assert "请写明结果" in await desk.press("done", note=" ")
    assert (await desk.press("done", note="问了来意,愿意周三答")).startswith("已办完,记下了。")
    assert "接来电、来信 0" in await desk.look()


async def test_a_text_outside_any_survey_becomes_a_matter_of_whoever_takes_it(
    desk: Desk, bench: Bench
) -> None:
    wang = await bench.resident("王秀英")
    await writes(bench, wang.number, "路灯坏了没人管,打15400000009", "SMin1")
    await writes(bench, wang.number, "在东村口", "SMin2")
    assert "接来电、来信 2" in await desk.look()
    shown = await taken(desk)
    assert shown.startswith("发来短信 · 154****0001")
    assert "“路灯坏了没人管,打〔号码〕”" in shown and "“在东村口”" in shown
    assert "本中心没有找过他。" in shown and "以往联系 0 次" in shown
    assert "15400000009" not in desk.browser.page
    assert await bench.one(UNREAD) == 0
    assert await bench.rows("SELECT reason, status, taken_by FROM survey.handover") == [
        ("wrote", "taken", "1021")
    ]
    assert await bench.one("SELECT due_at - raised_at FROM survey.handover") == timedelta(hours=4)


async def test_an_unknown_number_has_words_and_no_number(desk: Desk, bench: Bench) -> None:
    await writes(bench, "+8615400000077", "你们打错了吧", "SMin1")
    shown = await taken(desk)
    assert shown.startswith("发来短信 · 不认识的号码") and "“你们打错了吧”" in shown
    assert "显示号码" not in shown
    assert (await desk.press("done", note="无法回复")).startswith("已办完,记下了。")


async def test_danger_comes_first_then_one_s_own_then_by_due_time(desk: Desk, bench: Bench) -> None:
    wang, li = await bench.resident("王秀英"), await bench.resident("李建国")
    zhao = await bench.resident("赵大山")
    async with bench.ground.pool.acquire() as conn:
        await handing.raise_(bench.ground, conn, Raised(wang.id, None, "asked_for"))
    await writes(bench, zhao.number, "问一下什么时候修路", "SMin1")
    assert (await taken(desk)).startswith("发来短信 · 154****0003")  # due after 4 hours; the call after 24
    assert (await taken(desk)).startswith("发来短信 · 154****0003")
    async with bench.ground.pool.acquire() as conn:
        await handing.raise_(bench.ground, conn, Raised(li.id, None, "distress_violence", True))
    assert (await taken(desk)).startswith("紧急 说到暴力 · 154****0002")


async def test_nobody_is_given_to_two(desk: Desk, house: House, bench: Bench) -> None:
    other = Desk(bench, house)
    await other.sign_in("1022", "赵敏")
    wang = await missed(bench, "王秀英")
    await rings_and_wants_a_person(bench, wang)
    assert (await taken(desk)).startswith("要求人工")
    assert (await taken(other)).startswith("没有人打回来,也没有没读的短信。")
    ref = await bench.one("SELECT ref FROM survey.handover")
    response = await other.browser.get(f"/handovers/{ref}")
    assert (response.status, response.headers["Location"]) == (303, "/handovers")
    for form in ("ring", "done"):
        await other.look()  # where its form token stands
        sent = await other.browser.send(f"/handovers/{ref}/{form}", note="办了")
        assert (sent.status, sent.headers["Location"]) == (303, "/handovers")
    assert await bench.rows(READS) == []
    assert await calling_in.take_next(bench.ground, CENTRE, "1022") is None


async def test_a_contractor_is_offered_nobody(house: House, bench: Bench) -> None:
    desk = Desk(bench, house)
    await desk.sign_in("wb07", "外包", employment="contractor")
    await rings_and_wants_a_person(bench, await missed(bench, "王秀英"))
    assert "接来电" not in await desk.look()


async def test_what_they_want_no_more_of_and_what_was_noted_stands_there(desk: Desk, bench: Bench) -> None:
    wang = await missed(bench, "王秀英")
    await writes(bench, wang.number, "T", "SMin1")
    await rings_and_wants_a_person(bench, wang)
    assert "本人说过: 不再参加调查" in await taken(desk)


@pytest.mark.browser
@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_one_key_brings_them_and_the_count_comes_by_itself(
    house: House, bench: Bench, chromium: Chromium, lang: str, width: int, height: int
) -> None:
    await house.settled("1021", "李秀英", "surveyor:991721")
    wang = await missed(bench, "王秀英")
    page = await open_desk(house, chromium, lang, width, height)
    await stroke(page, "Enter")
    await rings_and_wants_a_person(bench, wang)
    await page.wait_for_selector(".callers.ringing")
    assert await page.inner_text("[data-callers-count]") == "1"
    await stroke(page, "e")
    assert "154****0001" in await page.inner_text("h1")
    await stroke(page, "Enter")
    assert await page.inner_text("#number") == "154 0000 0001"
    await page.keyboard.type("愿意周三答")
    await stroke(page, "Enter")
    assert re.search(r"已办完|Resolved", words_of(await page.content()) or await page.inner_text("main"))
