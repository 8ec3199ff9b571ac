"""A supervision office at its desk: what waits for it, to whom such matters go, and what the other office never sees."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest
from unit_bench import GOVERNMENT, PARTY, POLICE, TOWN, WATER, Officer, dispatched, found_units, submitted

from followup import callbacks, cases, reading, routes
from tests.access.access_bench import GOOD, House
from tests.doors.doors_bench import Bench, Resident, at
from tests.followup.followup_residents import answers, state, unit_of


@pytest.fixture
async def wang(bench: Bench, conn: asyncpg.Connection) -> Resident:
    await found_units(conn)
    return await bench.resident("王芳")


@pytest.fixture
async def number(conn: asyncpg.Connection, bench: Bench, wang: Resident) -> str:
    return await submitted(conn, bench, wang)


@pytest.fixture
async def du(house: House, wang: Resident) -> Officer:
    return await Officer(house, "dc01").sign_in("杜督查", "supervision_officer:991721", GOVERNMENT)


async def last_event(conn: asyncpg.Connection, number: str) -> tuple[str, str, str | None]:
    event = (await reading.passport(conn, number)).events[-1]
    return event.event, event.actor, event.reason


async def test_lead_assists_and_limit_are_suggested_by_category_and_place(du: Officer, number: str) -> None:
    inbox = await du.look("/dispatch")
    assert inbox == (
        "遂澜县政府督查室 1 待交办 0 退单待裁定 0 延期待审批 0 再次交办抄送 "
        "待交办 1 0001 明天 18:00 前 村口路灯不亮 王庄村 · 路灯监控"
    )
    shown = await du.look(f"/dispatch/{number}")
    assert "村口路灯坏了半个月,我叫〔姓名〕,电话〔号码〕" in shown
    assert "牵头单位 遂澜县公安局 (按类别和地点建议) 柳河镇人民政府" in shown
    assert "时限:今天 12:00 前签收,3月23日 18:00 前反馈。" in shown
    assert "王芳" not in shown and "15400000001" not in du.browser.page
    assert f'<option value="{GOVERNMENT}"' not in du.browser.page  # no case goes to a supervision office


async def test_du_dispatches_and_the_unit_sees_it(
    du: Officer, number: str, house: House, conn: asyncpg.Connection
) -> None:
    zhang = await Officer(house, "ga01").sign_in("张警官", "unit_liaison:991721", POLICE)
    assert "现在没有要你单位办的事项。" in await zhang.look("/unit")
    await du.look(f"/dispatch/{number}")
    after = await du.press("give", lead=POLICE, assist=TOWN, all_parts="yes")
    assert after.startswith("已交办,单位已收到通知。") and "没有等督查室办的事项。" in after
    assert await last_event(conn, number) == ("dispatch", "督查室-dc01", f"lead {POLICE}")
    rows = await conn.fetch("SELECT unit_code, role, mandatory FROM followup.assignment ORDER BY role DESC")
    assert [tuple(one) for one in rows] == [(POLICE, "lead", False), (TOWN, "assist", True)]
    assert "待签收 1 0001 今天 12:00 前签收 村口路灯不亮" in await zhang.look("/unit")


async def test_a_unit_that_was_not_suggested_and_a_complex_case(
    du: Officer, number: str, conn: asyncpg.Connection
) -> None:
    await du.look(f"/dispatch/{number}")
    assert "请选本县的承办单位。" in await du.press("give", lead="other", other="")
    assert "选了两个牵头单位,请只选一个。" in await du.press("give", lead=POLICE, other=WATER)
    said = await du.press("give", lead="other", other=WATER, complex="yes")
    assert "先定领导和方案(一案一策)。" in said
    assert f'value="{WATER}" selected' in du.browser.page  # what was chosen in vain is kept
    await du.press("give", lead="other", other=WATER, complex="yes", leader="副局长李强", plan="换线")
    assert await state(conn, number) == "dispatched, round 1"
    assert await conn.fetchval("SELECT owner_leader FROM followup.case_plan") == "副局长李强"


async def test_it_is_put_off_with_its_reason_or_handed_back(
    du: Officer, number: str, conn: asyncpg.Connection, bench: Bench, wang: Resident
) -> None:
    other = await submitted(conn, bench, wang, title="井盖丢了", content="井盖丢了", category="0704")
    await du.look(f"/dispatch/{number}")
    following = await du.press("put-off", why_later="等现场核实")
    assert following.startswith("已注明暂缓,时限照旧。 0002 排水")  # on to the next
    assert await state(conn, number) == "submitted, round 1"
    assert await last_event(conn, number) == ("put_off", "督查室-dc01", "等现场核实")
    assert "暂缓:等现场核实" in await du.look("/dispatch")
    await du.look(f"/dispatch/{other}")
    await du.press("hand-back", why_back="属咨询,请直接答复")
    assert await state(conn, other) == "accepted, round 1"
    assert await last_event(conn, other) == ("hand_back", "督查室-dc01", "属咨询,请直接答复")
    assert "看不到这件事项" in await du.look(f"/dispatch/{other}", status=404)


async def test_a_return_is_allowed_and_goes_to_whom_the_unit_named(
    du: Officer, house: House, conn: asyncpg.Connection, bench: Bench, wang: Resident
) -> None:
    number = await dispatched(conn, bench, wang)
    zhang = await Officer(house, "ga01").sign_in("张警官", "unit_liaison:991721", POLICE)
    await zhang.look(f"/unit/{number}")
    await zhang.press("return", suggested=WATER, reason="灯归自来水公司管")
    assert "退单待裁定 1 0001" in await du.look("/dispatch")
    shown = await du.look(f"/dispatch/{number}")
    assert "遂澜县公安局 认为应由 遂澜县自来水公司 “灯归自来水公司管”" in shown
    again = await du.press("allow", reason="不属公安职责")
    assert (
        again.startswith("同意退单,请另行交办。 0001")
        and "牵头单位 遂澜县自来水公司 (按类别和地点建议)" in again
    )
    assert "遂澜县公安局 (" not in again
    assert "这个单位刚退过单,请换一个。" in await du.press("give", lead="other", other=POLICE)
    await du.press("give", lead=WATER)
    assert await state(conn, number) == "dispatched, round 1"
    assert "看不到" not in await zhang.look(f"/unit/{number}")  # had it, may read it; can do nothing
    assert "现在没有要你单位办的步骤。" in await zhang.look(f"/unit/{number}")


async def test_a_return_is_denied_with_its_reason_only(
    du: Officer, conn: asyncpg.Connection, bench: Bench, wang: Resident
) -> None:
    number = await dispatched(conn, bench, wang)
    await cases.give_back(conn, number, by=POLICE, reason="不归我们", suggested=WATER, now=at("9 10:00"))
    await du.look(f"/dispatch/{number}")
    assert "请写清楚,不能空着。" in await du.press("deny", why_not=" ")
    await du.press("deny", why_not="三定方案明确属公安")
    assert await state(conn, number) == "dispatched, round 1"


async def test_more_time_is_granted_once_and_both_are_told(
    du: Officer, house: House, conn: asyncpg.Connection, bench: Bench, wang: Resident
) -> None:
    number = await dispatched(conn, bench, wang)
    await cases.sign(conn, number, by=POLICE, now=at("9 10:00"))
    zhang = await Officer(house, "ga01").sign_in("张警官", "unit_liaison:991721", POLICE)
    await zhang.look(f"/unit/{number}")
    await zhang.press("ask-time", days="3", why="等待配件")
    assert "延期待审批 1 0001" in await du.look("/dispatch")
    shown = await du.look(f"/dispatch/{number}")
    assert "申请延期3个工作日 “等待配件” 原时限 3月23日 18:00,同意后 3月26日 18:00" in shown
    assert (await du.press("grant")).startswith("同意延期,已告知单位和群众。")
    row = await conn.fetchrow("SELECT asked_by, granted_by, reason FROM followup.extension")
    assert tuple(row) == (POLICE, "督查室-dc01", "等待配件")
    assert "3月26日 18:00 前反馈" in await zhang.look(f"/unit/{number}")
    assert await conn.fetchval("SELECT decision FROM followup.extension_request") == "granted"
    await du.look("/home")
    twice = await du.browser.send(f"/dispatch/{number}/grant")
    assert twice.status == 409


async def test_of_what_goes_out_again_it_has_a_copy_and_may_name_another_lead(
    du: Officer, house: House, conn: asyncpg.Connection, bench: Bench, wang: Resident
) -> None:
    number = await dispatched(conn, bench, wang)
    await cases.sign(conn, number, by=POLICE, now=at("9 10:00"))
    await cases.report_result(
        conn, number, by=POLICE, summary="已更换", claimed_contact=True, now=at("9 10:00")
    )
    await cases.accept_result(
        conn, number, by="审核员-0101", now=at("9 10:00"), tokens=bench.ground.tokens, seed=7
    )
    ref = await unit_of(conn, number, 1)
    await answers(conn, ref, at("9 10:00"), "C1=1 C2=3 C3=3 C7=1", mode="operator")
    await callbacks.take_finished(
        conn, now=at("9 10:00"), real_now=lambda: at("9 10:00"), tokens=bench.ground.tokens
    )
    await callbacks.confirm(conn, number, by="督办员-0102", reason="群众反映:未解决", now=at("9 10:00"))
    assert "1 再次交办抄送 再次交办抄送 1 0001 今天 11:00 前" in await du.look("/dispatch")
    shown = await du.look(f"/dispatch/{number}")
    assert "今天 11:00 前签收,签收前可以改派;不改就不用办。" in shown and "第1轮 遂澜县公安局 已更换" in shown
    assert "请写清楚,不能空着。" in await du.press("change-lead", new_lead=WATER, why_change=" ")
    after = await du.press("change-lead", new_lead=WATER, why_change="灯归自来水公司管")
    assert after.startswith("已改派,两个单位都已通知。")
    assert await last_event(conn, number) == ("change_lead", "督查室-dc01", "灯归自来水公司管")
    await cases.sign(conn, number, by=WATER, now=at("9 10:00"))
    assert "没有等督查室办的事项。" in await du.look("/dispatch")
    await du.look("/home")
    late = await du.browser.send(f"/dispatch/{number}/change-lead", new_lead=POLICE, why_change="再想想")
    assert late.status == 409


async def test_the_other_office_and_a_unit_find_nothing(
    house: House, number: str, conn: asyncpg.Connection, bench: Bench, wang: Resident
) -> None:
    about = await submitted(conn, bench, wang, title="民警态度差", content="民警训人", category="0601")
    dang = await Officer(house, "dw01").sign_in("党督查", "supervision_officer:991721", PARTY)
    assert await conn.fetchval("SELECT office FROM followup.case_file WHERE number = $1", about) == "party"
    inbox = await dang.look("/dispatch")
    assert "0002" in inbox and "0001" not in inbox
    assert "民警态度差" not in inbox and "反映公职人员,详见卷内" in inbox
    assert "看不到这件事项" in await dang.look(f"/dispatch/{number}", status=404)
    assert "民警训人" in await dang.look(f"/dispatch/{about}")
    for form in ("give", "put-off", "hand-back", "allow", "deny", "grant", "refuse-time", "change-lead"):
        await dang.look("/home")
        fields = {"lead": POLICE, "why_later": "x", "why_back": "x", "reason": "x", "why_not": "x"}
        assert (await dang.browser.send(f"/dispatch/{number}/{form}", **fields)).status == 404, form
    assert await state(conn, number) == "submitted, round 1"


async def test_who_is_party_to_a_matter_neither_sees_nor_dispatches_it(
    du: Officer, number: str, conn: asyncpg.Connection
) -> None:
    await du.look(f"/dispatch/{number}")
    await routes.declare_party(
        conn, number, party="督查室-dc01", reason="是邻居", by="主任-0001", now=at("9 10:00")
    )
    said = await du.press("give", lead=POLICE)
    assert "看不到这件事项 这件事项不由您看(回避)。" in said
    assert "没有等督查室办的事项。" in await du.look("/dispatch")
    assert await state(conn, number) == "submitted, round 1"


async def test_what_is_about_the_office_itself_is_the_citys(
    du: Officer, conn: asyncpg.Connection, bench: Bench, wang: Resident
) -> None:
    number = await submitted(
        conn,
        bench,
        wang,
        title="督查室不管",
        content="督查室不管事",
        category="0602",
        criticised_unit=GOVERNMENT,
    )
    await conn.execute("UPDATE followup.case_file SET office = 'government'")
    assert "没有等督查室办的事项。" in await du.look("/dispatch")
    assert "看不到这件事项" in await du.look(f"/dispatch/{number}", status=404)


@pytest.mark.parametrize(
    ("role", "unit", "employment"),
    [
        ("supervision_officer:991721", None, "staff"),
        ("supervision_officer:991721", POLICE, "staff"),
        ("unit_liaison:991721", GOVERNMENT, "staff"),
        ("supervision_officer:991722", GOVERNMENT, "staff"),
        ("supervision_officer:991721", GOVERNMENT, "contractor"),
    ],
)
async def test_without_role_office_and_area_at_once_there_is_nothing(
    house: House, number: str, conn: asyncpg.Connection, role: str, unit: str | None, employment: str
) -> None:
    await conn.execute(
        "INSERT INTO survey.area (code, parent_code, level, name_zh, name_en) VALUES ('991722', '9917', 'county', '平岗县', '')"
    )
    await house.settled("qj01", "钱进", role, employment=employment)  # type: ignore[arg-type]
    if unit is not None:  # written by hand: the door would not
        await conn.execute(
            "INSERT INTO followup.unit_account SELECT id, $1, now(), 'x' FROM survey.account WHERE name = 'qj01'",
            unit,
        )
    browser = house.browser()
    await browser.sign_in("qj01", GOOD)
    for path in ("/dispatch", f"/dispatch/{number}"):
        assert (await browser.get(path)).status == 403
        assert "路灯" not in browser.page
    await browser.get("/home")
    assert (await browser.send(f"/dispatch/{number}/give", lead=POLICE)).status == 403
    assert await state(conn, number) == "submitted, round 1"


async def test_two_dispatch_at_once_and_one_is_told(
    du: Officer, house: House, number: str, conn: asyncpg.Connection
) -> None:
    shi = await Officer(house, "dc02").sign_in("史督查", "supervision_officer:991721", GOVERNMENT)
    for one in (du, shi):
        await one.look(f"/dispatch/{number}")
    said = await asyncio.gather(du.press("give", lead=POLICE), shi.press("give", lead=WATER))
    assert sorted(one.startswith("已交办") for one in said) == [False, True]
    assert await conn.fetchval("SELECT count(*) FROM followup.assignment WHERE role = 'lead'") == 1


async def test_looking_changes_nothing(du: Officer, number: str, conn: asyncpg.Connection) -> None:
    async def counts() -> dict[str, int]:
        tables = await conn.fetch(
            "SELECT schemaname || '.' || tablename AS name FROM pg_tables WHERE schemaname IN ('survey', 'followup')"
        )
        return {row["name"]: await conn.fetchval(f"SELECT count(*) FROM {row['name']}") for row in tables}

    before = await counts()
    for path in ("/dispatch", f"/dispatch/{number}", "/dispatch?lang=en", f"/dispatch/{number}?lang=en"):
        await du.look(path)
    assert await counts() == before
