"""A unit at its own desk: what lies there, what can be done with it, and what no other unit ever sees."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest
from desk_bench import words_of
from unit_bench import POLICE, TOWN, WATER, Officer, dispatched, found_units

from followup import callbacks, cases, reading, relaying, unit_accounts
from tests.access.access_bench import GOOD, House
from tests.doors.doors_bench import Bench, Resident, at
from tests.followup.followup_residents import answers, state, unit_of

RESULT = {
    "summary": "路灯已更换,今天亮灯",
    "contact_at": "2026-03-09T09:58",
    "contact_way": "phone",
    "resident_view": "满意",
    "actions": "更换灯具两盏",
}


@pytest.fixture
async def wang(bench: Bench, conn: asyncpg.Connection) -> Resident:
    await found_units(conn)
    return await bench.resident("王芳")


@pytest.fixture
async def number(conn: asyncpg.Connection, bench: Bench, wang: Resident) -> str:
    return await dispatched(conn, bench, wang)


@pytest.fixture
async def zhang(house: House, number: str) -> Officer:
    return await Officer(house, "ga01").sign_in("张警官", "unit_liaison:991721", POLICE)


async def acts(conn: asyncpg.Connection) -> list[tuple[str, str, str]]:
    rows = await conn.fetch(
        "SELECT a.name, u.unit_code, u.act FROM followup.unit_act u JOIN survey.account a ON a.id = u.account_id ORDER BY u.id"
    )
    return [tuple(row) for row in rows]


async def test_the_desk_shows_what_is_to_sign_and_nothing_of_who_said_it(zhang: Officer, number: str) -> None:
    desk = await zhang.look("/unit")
    assert desk.startswith(
        "遂澜县公安局 0 已逾期 1 待签收 0 快到期 0 办理中 待签收 1 0001 今天 12:00 前签收 村口路灯不亮 王庄村 · 路灯监控"
    )
    shown = await zhang.look(f"/unit/{number}")
    assert "村口路灯坏了半个月" in shown and "下一步:签收" in shown and "反馈结果" not in shown
    assert "15400000001" not in zhang.browser.page
    assert "反映人 王芳" in shown  # named, so the unit that has it knows who


async def test_zhang_signs_and_reports_and_it_is_known_who_did(
    zhang: Officer, number: str, conn: asyncpg.Connection
) -> None:
    await zhang.look(f"/unit/{number}")
    assert (await zhang.press("sign")).startswith("已签收,请按期办理。 0001 路灯监控 3月23日 18:00 前反馈")
    assert await state(conn, number) == "in_progress, round 1"
    await zhang.look(f"/unit/{number}")
    after = await zhang.press("report", **RESULT)
    assert after.startswith(
        "结果已提交,中心审核后回访群众。 遂澜县公安局 0 已逾期 0 待签收 0 快到期 0 办理中 等别人办 1"
    )
    assert await state(conn, number) == "result_review, round 1"
    result = (await reading.passport(conn, number)).results[0]
    assert (result.unit_code, result.proof, result.actions) == (POLICE, "claimed", "更换灯具两盏")
    assert await acts(conn) == [("ga01", POLICE, "sign"), ("ga01", POLICE, "report")]
    assert (await reading.passport(conn, number)).events[-1].actor == POLICE


async def test_a_result_without_contact_comes_back_and_what_was_typed_in_vain_is_kept(
    zhang: Officer, number: str, conn: asyncpg.Connection
) -> None:
    await cases.sign(conn, number, by=POLICE, now=at("9 10:00"))
    await zhang.look(f"/unit/{number}")
    again = await zhang.press("report", **{**RESULT, "summary": "已修好,有事打15400000001"})
    assert (
        "结果会告诉群众,请不要写电话或证件号码。" in again
        and "已修好,有事打15400000001" in zhang.browser.page
    )
    assert "更换灯具两盏" in zhang.browser.page
    back = await zhang.press("report", **{**RESULT, "contact_at": ""})
    assert back.startswith("结果退回:没有联系群众的时间,请补上再报。")
    assert await state(conn, number) == "in_progress, round 1"


async def test_it_returns_a_case_with_its_reason(
    zhang: Officer, number: str, conn: asyncpg.Connection
) -> None:
    await zhang.look(f"/unit/{number}")
    assert "请选应由哪个单位办理。" in await zhang.press("return", suggested="", reason="不归我们")
    await zhang.press("return", suggested=WATER, reason="灯归自来水公司管")
    assert await state(conn, number) == "return_review, round 1"
    row = await conn.fetchrow("SELECT unit_code, suggested_unit, reason FROM followup.case_return")
    assert tuple(row) == (POLICE, WATER, "灯归自来水公司管")


async def test_it_asks_for_more_time_once_and_reads_why_not(
    zhang: Officer, number: str, conn: asyncpg.Connection
) -> None:
    await cases.sign(conn, number, by=POLICE, now=at("9 10:00"))
    before = await conn.fetchval("SELECT due_at FROM followup.case_file")
    await zhang.look(f"/unit/{number}")
    assert "超过可以延长的天数。" in await zhang.press("ask-time", days="99", why="等待配件")
    asked = await zhang.press("ask-time", days="3", why="等待配件")
    assert asked.startswith("延期申请已提交,审批前时限照旧。")
    assert "已申请延期3个工作日,等督查室审批" in asked and "按期办不完" not in asked
    assert await conn.fetchval("SELECT due_at FROM followup.case_file") == before
    await cases.deny_extension(conn, number, by=OFFICE_SIGN, reason="配件已到货", now=at("9 10:00"))
    assert "延期未获同意: 配件已到货" in await zhang.look(f"/unit/{number}")
    events = [one.event for one in (await reading.passport(conn, number)).events][-2:]
    assert events == ["ask_extension", "deny_extension"]
    told = await conn.fetch(
        "SELECT recipient, template FROM followup.notice WHERE template LIKE 'extension%'"
    )
    assert [tuple(one) for one in told] == [
        ("office:government:991721", "extension_asked"), (f"unit:{POLICE}", "extension_denied"),
    ]  # fmt: skip


OFFICE_SIGN = "督查室-dc01"


async def test_the_town_assists_and_only_files_its_part(
    house: House, number: str, conn: asyncpg.Connection
) -> None:
    li = await Officer(house, "lh01").sign_in("李干事", "unit_liaison:991721100", TOWN)
    await cases.sign(conn, number, by=POLICE, now=at("9 10:00"))
    assert "待报协办 1" in await li.look("/unit")
    shown = await li.look(f"/unit/{number}")
    assert "报协办情况" in shown and "反馈结果" not in shown
    assert (await li.press("part", part="已清理杆下杂物")).startswith("协办情况已报。")
    for form, fields in (("sign", {}), ("report", RESULT), ("plan", {"leader": "赵局", "plan": "换灯"})):
        await li.look("/home")
        response = await li.browser.send(f"/unit/{number}/{form}", **fields)
        assert response.status in (404, 409), form
    assert await state(conn, number) == "in_progress, round 1"


@pytest.mark.parametrize(
    ("role", "unit"),
    [("unit_liaison:991721", WATER), ("unit_liaison:991721100", TOWN)],
)
async def test_another_unit_finds_no_such_case(
    house: House, conn: asyncpg.Connection, bench: Bench, wang: Resident, role: str, unit: str
) -> None:
    """Not even the town's police: a case is dispatched to one unit, and is there for no other."""
    number = await dispatched(conn, bench, wang, lead=POLICE)
    await conn.execute("DELETE FROM followup.assignment WHERE unit_code = $1", TOWN)
    chen = await Officer(house, "zl01").sign_in("陈某", role, unit)
    assert "现在没有要你单位办的事项。" in await chen.look("/unit")
    other = await chen.look(f"/unit/{number}", status=404)
    assert other == await chen.look("/unit/991721-20260309-99999-9", status=404)
    assert "路灯" not in other
    await chen.look("/home")
    for form in ("sign", "return", "ask-time", "plan", "part", "report", "call", "answer", "relay"):
        await chen.browser.get("/home")
        fields = {
            "reason": "x",
            "suggested": POLICE,
            "why": "x",
            "leader": "x",
            "plan": "x",
            "part": "x",
            "answer": "x",
        }
        response = await chen.browser.send(f"/unit/{number}/{form}", **{**fields, **RESULT})
        assert response.status == 404, form
    assert await state(conn, number) == "dispatched, round 1"
    assert await acts(conn) == []


async def test_a_contractor_a_role_without_a_unit_and_another_county_get_nothing(
    house: House, number: str, conn: asyncpg.Connection
) -> None:
    await conn.execute(
        "INSERT INTO survey.area (code, parent_code, level, name_zh, name_en) VALUES ('991722', '9917', 'county', '平岗县', '')"
    )
    await house.settled("wb01", "外包小刘", "unit_liaison:991721", employment="contractor")
    await house.settled("ga02", "无单位", "unit_liaison:991721")
    await house.settled("pg01", "邻县", "unit_liaison:991722")
    for name in ("wb01", "pg01"):  # the door refuses; whoever wrote the row by hand gets no further
        with pytest.raises(Exception, match=r"外包|先给这个单位"):
            await unit_accounts.link(conn, name, POLICE, by="王主任", now=at("9 10:00"))
        await conn.execute(
            "INSERT INTO followup.unit_account SELECT id, $2, now(), 'x' FROM survey.account WHERE name = $1",
            name,
            POLICE,
        )
    for name in ("wb01", "ga02", "pg01"):
        browser = house.browser()
        await browser.sign_in(name, GOOD)
        for path in ("/unit", f"/unit/{number}"):
            assert (await browser.get(path)).status == 403, name
            assert "路灯" not in browser.page
        await browser.get("/home")
        assert (await browser.send(f"/unit/{number}/sign")).status == 403
    assert await state(conn, number) == "dispatched, round 1"


async def test_of_a_confidential_matter_it_asks_through_the_centre(
    house: House, conn: asyncpg.Connection, bench: Bench, wang: Resident
) -> None:
    number = await dispatched(conn, bench, wang, anonymity="confidential")
    zhang = await Officer(house, "ga01").sign_in("张警官", "unit_liaison:991721", POLICE)
    shown = await zhang.look(f"/unit/{number}")
    assert "王芳" not in shown and "打隐号电话" not in shown
    asked = await zhang.press("relay", question="灯从哪天起不亮?")
    assert asked.startswith("问题已提交,中心审核后转问。") and "灯从哪天起不亮? 等中心审核" in asked
    await relaying.approve(conn, number, 1, by="督办员-0102", now=at("9 10:00"))
    words = "我是王芳,二月底,打15400000001"
    await relaying.keep_answer(
        conn, bench.ground.vault, number, 1, words=words, by="调查员-0103", now=at("9 10:00")
    )
    shown = await zhang.look(f"/unit/{number}")
    assert "灯从哪天起不亮? 我是〔姓名〕,二月底,打〔号码〕" in shown
    assert await acts(conn) == [("ga01", POLICE, "relay")]


async def test_two_of_one_unit_sign_at_once_and_one_is_told(
    zhang: Officer, house: House, number: str, conn: asyncpg.Connection
) -> None:
    hu = await Officer(house, "ga02").sign_in("胡警官", "unit_liaison:991721", POLICE)
    for one in (zhang, hu):
        await one.look(f"/unit/{number}")
    said = await asyncio.gather(*(one.press("sign") for one in (zhang, hu)))
    assert sorted(one.startswith("已签收") for one in said) == [False, True]
    assert len(await acts(conn)) == 1


async def closed_and_called_back(
    conn: asyncpg.Connection, bench: Bench, number: str, said: str, unit: str = POLICE
) -> None:
    await cases.sign(conn, number, by=unit, now=at("9 10:00"))
    await cases.report_result(
        conn, number, by=unit, summary="已更换", claimed_contact=True, now=at("9 10:00")
    )
    await cases.accept_result(
        conn, number, by="审核员-0101", now=at("9 10:00"), tokens=bench.ground.tokens, seed=7
    )
    words = {"C5": "没人来过,打我15400000001"}
    await answers(conn, await unit_of(conn, number, 1), at("9 10:00"), said, words=words, mode="operator")
    await callbacks.take_finished(
        conn, now=at("9 10:00"), real_now=lambda: at("9 10:00"), tokens=bench.ground.tokens
    )


async def test_what_the_resident_said_is_read_after_the_decision_and_never_who_pressed_them(
    zhang: Officer, number: str, conn: asyncpg.Connection, bench: Bench
) -> None:
    await closed_and_called_back(conn, bench, number, "C1=1 C2=3 C3=3 C4=3 C6=2 C7=1")
    assert await state(conn, number) == "redispatch_review, round 1"
    waiting = await zhang.look("/unit")
    assert "群众怎么说" not in waiting and "没人来过" not in waiting
    await callbacks.confirm(conn, number, by="督办员-0102", reason="群众反映:未解决", now=at("9 10:00"))
    desk = await zhang.look("/unit")
    assert "群众怎么说 0001 03-09 10:00 再次交办 未解决 不满意 “没人来过,打我〔号码〕” 路灯监控" in desk
    shown = await zhang.look(f"/unit/{number}")
    assert "以前怎么办的 第1轮 遂澜县公安局 已更换 未解决 不满意 “没人来过,打我〔号码〕”" in shown
    for page in (desk, shown):
        assert "怎么回答" not in page and "态度" not in page


async def test_it_reads_its_own_figures_with_base_and_interval(
    house: House, number: str, conn: asyncpg.Connection, bench: Bench, wang: Resident
) -> None:
    """Twelve callbacks of the bureau's, and one of the water company's, which is not in its sheet."""
    await closed_and_called_back(conn, bench, number, "C1=1 C2=1 C3=1")
    for place in range(11):
        more = await dispatched(conn, bench, wang, title="路灯", content=f"第{place}盏灯不亮")
        await closed_and_called_back(
            conn, bench, more, "C1=1 C2=1 C3=2" if place < 8 else "C1=1 C2=3 C3=3 C7=2"
        )
    theirs = await dispatched(
        conn, bench, wang, lead=WATER, title="水压不足", content="三楼没水", category="0701"
    )
    await closed_and_called_back(conn, bench, theirs, "C1=1 C2=3 C3=3 C7=2", unit=WATER)
    house.clock.moment = at("10 09:00")
    zhang = await Officer(house, "ga01").sign_in("张警官", "unit_liaison:991721", POLICE)
    sheet = await zhang.look("/unit/quality")
    assert "2026-01-01至2026-03-31,数据截至 2026-03-10 00:00 2026-Q1 · 2025-Q4" in sheet
    for words in (
        "应回访 12",
        "已访 12",
        "解决率 各轮 75.0%(95%区间42.8–94.5,n=12)",
        "首次解决率 第一轮 75.0%(95%区间42.8–94.5,n=12)",
        "满意 1 基本满意 8 不满意 3",
        "满意率(半权) 基本满意算一半 41.7%",
    ):
        assert words in sheet, sheet
    assert "自来水" not in sheet
    assert "应回访 0" in await zhang.look("/unit/quality?period=2025-Q4")
    assert "看不出是什么期间" in await zhang.look("/unit/quality?period=spring")
    chen = await Officer(house, "zl01").sign_in("陈某", "unit_liaison:991721", WATER)
    few = await chen.look("/unit/quality")
    assert "应回访 1 已访 1" in few
    assert "解决率 各轮 不公布(回答不足十份)" in few and "不满意 不公布(回答不足十份)" in few


async def test_looking_changes_nothing(zhang: Officer, number: str, conn: asyncpg.Connection) -> None:
    async def counts() -> dict[str, int]:
        tables = await conn.fetch(
            "SELECT schemaname || '.' || tablename AS name FROM pg_tables WHERE schemaname IN ('survey', 'followup')"
        )
        return {row["name"]: await conn.fetchval(f"SELECT count(*) FROM {row['name']}") for row in tables}

    before = await counts()
    for path in ("/unit", f"/unit/{number}", "/unit?lang=en", f"/unit/{number}?lang=en"):
        await zhang.look(path)
        assert words_of(zhang.browser.page)
    assert await counts() == before
