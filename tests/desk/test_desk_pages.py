"""A shift at the desk: the next person, their number once, how it came out, the dialogue, an appointment."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import asyncpg
import pytest
from desk_bench import Desk

from survey import linked_calls, linked_dialling, linked_operators
from tests.access.access_bench import House
from tests.doors.doors_bench import Bench, Resident, at

ATTEMPTS = "SELECT operator, status, disposition FROM survey.attempt ORDER BY id"
READS = "SELECT staff, reason FROM survey.number_access"


async def waiting(bench: Bench, name: str = "王秀英") -> Resident:
    person = await bench.resident(name)
    await bench.survey(person, "operator", closes_at=at("11 20:30"))
    return person


async def counts(conn: asyncpg.Connection) -> dict[str, int]:
    """How many rows each table has, but for the sessions, which note that somebody is there."""
    tables = await conn.fetch(
        "SELECT schemaname || '.' || tablename AS name FROM pg_tables WHERE schemaname IN ('survey', 'followup')"
    )
    return {row["name"]: await conn.fetchval(f"SELECT count(*) FROM {row['name']}") for row in tables}


async def test_an_interview_from_the_queue_to_the_end(desk: Desk, bench: Bench) -> None:
    wang = await waiting(bench)
    assert (await desk.look()).startswith(
        "拨打下一位 队列已按时间排好,一次一位。同一位不会给两个人。 下一位 接来电、来信 0 休息 下岗 "
        "预约和回电 我的绩效 拨打单 自动接通"
    )
    assert (await desk.press("next")).startswith(
        "平安调查 · 平安建设调查 王庄村 · 当地时间 10:00 以前没有联系过。 显示号码,手工拨打"
    )
    shown = await desk.press("number")
    assert "154 0000 0001 拨打后,结果是? 接通 占线 无人接听 关机 空号 停机 拒接 答录机 线路故障" in shown
    asked = await desk.press("outcome", value="answered")
    assert "您好" in asked and wang.number[3:] not in desk.browser.page
    questions = 0
    while 'data-key="h"' in desk.browser.page:
        questions += 1
        value = re.search(r'name="value" value="([^"]+)" data-key="1"', desk.browser.page)
        given = {"value": value[1]} if value else {"words": "没有"}
        await desk.press("say", **given)
        assert questions < 40
    assert desk.words.endswith("挂断,记录 登记诉求")
    assert (await desk.press("hang-up")).startswith("已记录。 拨打下一位")
    assert await bench.rows(ATTEMPTS) == [("1021", "ended", "complete")]
    assert await bench.rows(READS) == [("1021", "手工拨打")]
    assert "今天打出 1、接通 1、完成 1" in desk.browser.page


async def test_a_page_that_is_loaded_again_changes_nothing(
    desk: Desk, bench: Bench, conn: asyncpg.Connection
) -> None:
    await waiting(bench)
    await desk.press("next")
    before, first = await counts(conn), await desk.look()
    assert await desk.look() == first
    await desk.press("number")
    assert "这一位的号码 10:00 已显示过。打过了就不再打,请直接记结果。" in await desk.look()
    assert "154 0000 0001" not in desk.words
    await desk.press("outcome", value="answered")
    talking = await desk.look()
    assert await desk.look() == talking
    after = await counts(conn)
    grown = {name: after[name] - n for name, n in before.items() if after[name] != n}
    assert grown.keys() <= {"survey.number_access", "survey.input", "survey.signal"}


async def test_a_number_is_shown_once_however_often_it_is_asked_for(desk: Desk, bench: Bench) -> None:
    await waiting(bench)
    await desk.press("next")
    page = desk.browser.page
    await desk.press("number")
    desk.browser.page = page
    assert "已显示过" in await desk.press("number")
    assert await bench.rows(READS) == [("1021", "手工拨打")]


async def test_a_double_click_answers_one_question(desk: Desk, bench: Bench) -> None:
    wang = await waiting(bench)
    for form in ("next", "number"):
        await desk.press(form)
    await desk.press("outcome", value="answered")
    page = desk.browser.page
    for _ in range(2):
        desk.browser.page = page
        await desk.press("say", value="1")
    assert list(await bench.answers(wang)) == ["S1"]


async def test_two_operators_never_get_the_same_person(desk: Desk, house: House, bench: Bench) -> None:
    other = Desk(bench, house)
    await other.sign_in("1022", "赵敏")
    await waiting(bench)
    await asyncio.gather(desk.press("next"), other.press("next"))
    assert sorted("显示号码" in one.words for one in (desk, other)) == [False, True]
    idle = next(one for one in (desk, other) if "显示号码" not in one.words)
    assert "现在没有人要拨打。" in idle.words
    assert await bench.one("SELECT count(*) FROM survey.attempt") == 1


async def test_nobody_works_at_the_desk_of_another(desk: Desk, house: House, bench: Bench) -> None:
    other = Desk(bench, house)
    await other.sign_in("1022", "赵敏")
    await waiting(bench)
    await desk.press("next")
    for form in ("number", "outcome", "say", "later", "hang-up"):
        response = await other.browser.send(f"/desk/ref-0002/{form}", value="busy", step="1", when="明天")
        assert response.status == 303
        assert "那一位已不在您手上" in await other.look("?said=gone")
        await other.look()
    assert await bench.rows(READS) == []
    assert await bench.one("SELECT count(*) FROM survey.attempt WHERE status = 'ended'") == 0


async def test_an_appointment_is_agreed_or_the_reason_stands_beside_it(desk: Desk, bench: Bench) -> None:
    await waiting(bench)
    for form in ("next", "number"):
        await desk.press(form)
    await desk.press("outcome", value="answered")
    for typed, why in (("回头", "“回头”看不出是什么时候"), ("明天晚上11点", "那时不在拨打时段,请另约;最早")):
        assert why in await desk.press("later", when=typed)
        assert f'value="{typed}"' in desk.browser.page
    await desk.press("later", when="明天下午3点")
    await desk.press("hang-up")
    assert await bench.rows("SELECT appointment_at FROM survey.sample_unit") == [(at("10 15:00"),)]


async def test_an_earlier_answer_is_corrected(desk: Desk, bench: Bench) -> None:
    wang = await waiting(bench)
    for form in ("next", "number"):
        await desk.press(form)
    await desk.press("outcome", value="answered")
    await desk.press("say", value="1")
    assert "改答以前的问题" in desk.words
    await desk.press("say", correct="S1")
    await desk.press("say", value="1")
    assert await bench.answers(wang) == {"S1": "1"}


@pytest.mark.parametrize(
    ("role", "more"),
    [("unit_liaison:991721", {}), ("auditor:991721", {})],
)
async def test_other_roles_have_no_desk(house: House, role: str, more: dict[str, Any]) -> None:
    await house.settled("2001", "钱进", role, **more)
    browser = house.browser()
    await browser.sign_in("2001", "河边的旧钟楼敲了十二下吧")
    assert (await browser.get("/desk")).status in (303, 403)
    assert (await browser.send("/desk/next")).status in (303, 401, 403)
    assert await house.conn.fetchval("SELECT count(*) FROM survey.attempt") == 0


async def test_a_contractor_sees_no_number_whatever_they_send(house: House, bench: Bench) -> None:
    await waiting(bench)
    desk = Desk(bench, house)
    await desk.sign_in("wb07", "外包小刘", employment="contractor")
    assert "下一位" not in desk.words
    await desk.browser.send("/desk/next")
    await desk.look()
    assert "您看不到号码" in await desk.press("number")
    assert "154 0000" not in desk.browser.page and "15400000001" not in desk.browser.page
    assert await bench.rows("SELECT disposition FROM survey.attempt") == [("cancelled",)]


async def test_a_contractor_is_connected(house: House, bench: Bench) -> None:
    """Their telephone is called; 王秀英 picks up and is at their desk, without a number."""
    wang = await waiting(bench)
    await bench.run("UPDATE survey.campaign SET operator_dialling = 'progressive'")
    desk = Desk(bench, house)
    await desk.sign_in("wb07", "外包小刘", employment="contractor")
    assert "还不知道您的电话" in await desk.press("duty", number="12")
    assert "正在呼叫您,请接听。" in await desk.press("duty", number="154 9900 0007")
    await linked_operators.link(bench.ground, bench.line)
    room, sid = (await bench.rows("SELECT ref, sid FROM survey.linked_operator"))[0]
    assert await linked_operators.answered(bench.ground, str(room), str(sid))
    assert "等待接通下一位。请不要挂断。" in await desk.look()
    bench.later(minutes=1)
    await linked_dialling.dial_linked(bench.ground, bench.line, lambda: None)
    await linked_calls.picked_up(bench.ground, await bench.attempt_ref(wang), await bench.sid(wang))
    response = await desk.browser.get("/desk/waiting")
    assert (await response.json())["at_hand"] is True
    assert "已接通:是本人在听吗? 接通 答录机" in await desk.look()
    await desk.press("outcome", value="answered")
    await desk.press("say", value="1")
    assert list(await bench.answers(wang)) == ["S1"]
    assert await bench.rows(READS) == []
    await desk.press("hang-up")
    assert "等待接通下一位" in desk.words or "正在接通" in desk.words
    await desk.press("off-duty")
    assert "正在下线" in desk.words or "自动接通" in desk.words
