"""From a number of the callback report down to the single answer, its recording and, with a reason, the number."""

from __future__ import annotations

import re

import asyncpg
import pytest
from desk_bench import words_of
from flag_bench import closed_elsewhere

from followup import routes
from followup.issuing import issue
from followup.reports.callback_report import read_callback_report
from survey.periods import Period
from tests.access.access_bench import GOOD, Browser, House
from tests.doors.doors_bench import CENTRE, Bench, at

MONDAY = Period(at("9 10:00").date(), at("9 10:00").date())


@pytest.fixture
async def numbers(bench: Bench, conn: asyncpg.Connection) -> list[str]:
    """Two callbacks by voice, dissatisfied; what the first resident said is recorded."""
    found = await closed_elsewhere(bench, conn, "voice")
    interview = await conn.fetchval(
        "SELECT b.interview_id FROM followup.callback b JOIN followup.case_file c ON c.id = b.case_id WHERE c.number = $1",
        found[0],
    )
    await conn.execute(
        "INSERT INTO survey.recording (sid, call_sid, interview_id, question_id, seconds, at)"
        " VALUES ('RE1', 'CA1', $1, 'C5', 9, $2)",
        interview,
        at("9 10:00"),
    )
    await conn.execute(
        "INSERT INTO survey.attempt (ref, contact_id, person_id, unit_id, purpose, mode, status, dialing_at, answered_at,"
        " ended_at, day, day_part, disposition)"
        " SELECT 'a-1', i.contact_id, u.person_id, u.id, 'case', 'voice', 'ended', $2, $2,"
        " $2::timestamptz + interval '70 s', '2026-03-09', 'morning', 'complete'"
        " FROM survey.interview i JOIN survey.sample_unit u ON u.id = i.unit_id WHERE i.id = $1",
        interview,
        at("9 09:59"),
    )
    await conn.execute(
        "UPDATE survey.input n SET contact_id = i.contact_id, said = '3', reply = '问题解决了吗?'"
        " FROM survey.interview i WHERE i.id = n.interview_id AND i.id = $1",
        interview,
    )
    bench.carrier.sounds["RE1"] = b"RIFFabc"
    return found


async def signed_in(house: House, name: str, role: str, **more: str) -> Browser:
    await house.settled(name, "王督导", role, **more)  # type: ignore[arg-type]
    browser = house.browser()
    assert (await browser.sign_in(name, GOOD)).status == 303
    return browser


@pytest.fixture
async def wang(house: House, numbers: list[str]) -> Browser:
    return await signed_in(house, "0102", "supervisor:991721")


async def look(browser: Browser, path: str) -> str:
    response = await browser.get(path)
    assert response.status in (200, 404), browser.page
    return words_of(browser.page)


async def test_the_numbers_are_those_of_the_report(
    wang: Browser, bench: Bench, conn: asyncpg.Connection
) -> None:
    shown = await look(wang, "/callbacks?period=2026-03-09")
    assert shown.startswith("回访 2 件 2026-03-09")
    report = await read_callback_report(conn, CENTRE, MONDAY, bench.clock.now())
    for name, count in (
        ("应回访", report.funnel.due),
        ("访到", report.funnel.reached),
        ("已评价", report.funnel.rated),
        ("未解决", report.total.codes["C2"]["3"]),
        ("不满意", report.total.codes["C3"]["3"]),
        ("标记", report.total.flagged),
    ):
        assert count == 2 and f" {name} {count} " in shown, name
    assert "再次交办" not in shown  # nobody was sent out again: there is no such number
    assert "回访 0 件" in await look(wang, "/callbacks?period=2026-03-09&show=solved")
    assert "回访 2 件" in await look(wang, "/callbacks?period=2026-03-09&unit=991721-police")
    assert "看不出是什么期间" in await look(wang, "/callbacks?period=lately")


async def test_down_to_what_was_said(wang: Browser, numbers: list[str]) -> None:
    shown = await look(wang, f"/callbacks/{numbers[0]}/1")
    for words in (
        f"0001 {numbers[0]} · 第1轮",
        "办理单位联系过您吗? 没有 问题解决了吗? 未解决",
        "“没人来过,打我〔号码〕”",
        "录音 C5,9 秒",
        "“您反映的事项:路灯已修。”",
        "03-09 09:59 语音 · 成功",
        "通话 70 秒",
        "本人: 3",
        "中心: 问题解决了吗?",
        "03-09 10:00 回访触发复核 → 再交办复核 回访 · 未联系(待核实)、未解决、不满意",
    ):
        assert words in shown, shown
    assert "15400000001" not in wang.page and "王芳" not in wang.page and "<audio" not in wang.page


async def test_a_recording_is_heard_with_a_reason(
    wang: Browser, numbers: list[str], conn: asyncpg.Connection
) -> None:
    path = f"/callbacks/{numbers[0]}/1"
    await look(wang, path)
    assert await conn.fetchval("SELECT count(*) FROM survey.recording_access") == 0
    await wang.send(f"{path}/hear", recording="1", reason=" ")
    assert "听录音须说明理由。" in words_of(wang.page)
    await wang.send(f"{path}/hear", recording="1", reason="核对原话")
    assert (
        "已记录您听过这段录音。" in words_of(wang.page)
        and 'src="data:audio/wav;base64,UklGRmFiYw=="' in wang.page
    )
    await wang.send(f"{path}/hear", recording="2", reason="核对原话")
    assert "运营商那里没有这段录音了" in words_of(wang.page)
    rows = await conn.fetch("SELECT recording, staff, reason FROM survey.recording_access")
    assert [tuple(row) for row in rows] == [("RE1", "0102", "核对原话")]


async def test_a_number_is_read_with_a_reason(
    wang: Browser, numbers: list[str], conn: asyncpg.Connection
) -> None:
    path = f"/callbacks/{numbers[0]}/1"
    await look(wang, path)
    await wang.send(f"{path}/number", reason="")
    assert "看号码须说明理由。" in words_of(wang.page)
    await wang.send(f"{path}/number", reason="亲自核实")
    assert re.search(r'id="number">154 ?0000 ?0001<', wang.page), wang.page
    rows = await conn.fetch("SELECT staff, reason FROM survey.number_access")
    assert [tuple(row) for row in rows] == [("0102", f"回访 callback {numbers[0]} 1: 亲自核实")]
    await look(wang, path)
    assert "0000 0001" not in wang.page and "15400000001" not in wang.page


async def test_an_office_that_supervises_reads_it_redacted(house: House, numbers: list[str]) -> None:
    office = await signed_in(house, "0201", "supervision_officer:991721")
    shown = await look(office, f"/callbacks/{numbers[0]}/1")
    assert "原话只有承办的部门能看" in shown and "本人: 3" not in shown and "听录音" not in shown
    for form in ("hear", "number"):
        assert (
            await office.send(f"/callbacks/{numbers[0]}/1/{form}", recording="1", reason="看看")
        ).status == 403


async def test_a_contractor_hears_and_sees_nothing(
    house: House, numbers: list[str], conn: asyncpg.Connection
) -> None:
    guest = await signed_in(house, "wb09", "supervisor:991721", employment="contractor")
    path = f"/callbacks/{numbers[0]}/1"
    assert "您不能听录音。" in await look(guest, path)
    await guest.get(path)
    assert (await guest.send(f"{path}/hear", recording="1", reason="看看")).status == 403
    await guest.get(path)
    assert (await guest.send(f"{path}/number", reason="看看")).status == 403
    assert await conn.fetchval("SELECT count(*) FROM survey.recording_access") == 0
    assert await conn.fetchval("SELECT count(*) FROM survey.number_access") == 0


async def test_who_is_party_to_a_matter_does_not_see_it(
    wang: Browser, numbers: list[str], conn: asyncpg.Connection
) -> None:
    await routes.declare_party(
        conn, numbers[0], party="督办员-0102", reason="是邻居", by="主任-0001", now=at("9 10:00")
    )
    assert "看不到这次回访 这件事项不由您看或决定" in await look(wang, f"/callbacks/{numbers[0]}/1")
    assert "这一轮没有回访。" in await look(wang, f"/callbacks/{numbers[1]}/9")


async def test_an_issued_report_leads_to_its_rows_as_they_stood(
    house: House, wang: Browser, numbers: list[str], bench: Bench, conn: asyncpg.Connection
) -> None:
    this = await issue(conn, "callback", CENTRE, MONDAY, by="主任-0001", now=at("10 08:00"))
    assert this.document.header.issue is not None
    number = this.document.header.issue.number
    await conn.execute(
        "UPDATE followup.callback SET decision = 'redispatch', decided_at = $1, decided_by = '督办员-0102'", at("10 09:00")
    )  # fmt: skip
    bench.clock.moment = at("10 09:30")
    assert (await wang.sign_in("0102", GOOD)).status == 303
    assert "逐件看回访" in await look(wang, "/reports")
    assert f"/callbacks?report={number}" in wang.page
    then = await look(wang, f"/callbacks?report={number}")
    assert "截至 2026-03-10 00:00 时的样子" in then and "再次转办" not in then and "待决定 2" in then
    assert "再次交办 2" in await look(wang, "/callbacks?period=2026-03-09")
    assert (await wang.get("/callbacks?report=nothing")).status == 404


async def test_a_flag_leads_to_its_callback(wang: Browser, numbers: list[str]) -> None:
    await look(wang, f"/flags/{numbers[0]}")
    assert f'href="/callbacks/{numbers[0]}/1">' in wang.page


async def test_looking_changes_nothing(wang: Browser, numbers: list[str], conn: asyncpg.Connection) -> None:
    async def counts() -> dict[str, int]:
        tables = await conn.fetch(
            "SELECT schemaname || '.' || tablename AS name FROM pg_tables WHERE schemaname IN ('survey', 'followup')"
        )
        return {row["name"]: await conn.fetchval(f"SELECT count(*) FROM {row['name']}") for row in tables}

    before = await counts()
    for path in ("/callbacks", "/callbacks?show=flagged&lang=en", f"/callbacks/{numbers[0]}/1?lang=en"):
        await look(wang, path)
    assert await counts() == before
