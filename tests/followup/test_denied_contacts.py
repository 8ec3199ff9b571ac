"""A resident denies the contact that a unit claims: 待核实, the unit's day to answer, and a decision of two people."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any

import asyncpg
import pytest
from followup_county import CENTRE, POLICE, WATER, at
from followup_residents import answers, state, unit_of, verification_of

from followup import callbacks, imports, reading, suspecting, suspicious
from followup.refusals import (
    CaseRefusal,
    NoSuspicion,
    NotTheClosingUnit,
    ReasonMissing,
    SecondSignerMissing,
    StillAsked,
    UnknownFinding,
)
from followup.store.suspicions import SuspicionRow
from survey.importing import Brought
from survey.vault import Vault
from workers.due import due_jobs

Tokens = Callable[[], str]
HEAD = "工单号,诉求人,联系电话,诉求内容,类别,所属区域/乡镇,承办单位,办结时间,办理结果,是否联系群众"
ROW = "GD1,王芳,15400000001,路灯不亮,社会治安,柳河镇,公安局,2026-03-06 16:20,路灯已修,{claimed}"
DENIED = "C2=1 C1=2 C3=2"
FALSE = {
    "finding": "false_closing",
    "by": "督办员-0102",
    "second_by": "主任-0001",
    "reason": "通话记录里没有",
}


async def take(conn: asyncpg.Connection, now: datetime, tokens: Tokens) -> callbacks.Taken:
    return await callbacks.take_finished(conn, now=now, real_now=lambda: now, tokens=tokens)


async def closed(conn: asyncpg.Connection, vault: Vault, tokens: Tokens, claimed: str = "是") -> str:
    report = await imports.import_closed_cases(
        conn,
        vault,
        CENTRE,
        f"{HEAD}\n{ROW.format(claimed=claimed)}".encode(),
        Brought("closed.csv", "审核员", "结果回访", "法定职责"),
        plan="fictional",
        now=at("9 08:20"),
        tokens=tokens,
        seed=7,
    )
    return report.numbers[0]


@pytest.fixture
async def number(conn: asyncpg.Connection, county: str, vault: Vault, tokens: Tokens) -> str:
    """王芳 says on Monday at ten that nobody called her, though the police say they did."""
    number = await closed(conn, vault, tokens)
    words = {"C5": "没人联系过我,我的号码是13800000000"}
    await answers(
        conn,
        await unit_of(conn, number, 1),
        at("9 10:00"),
        DENIED,
        words=words,
        mode="operator",
        operator="1003",
    )
    assert (await take(conn, at("9 10:00"), tokens)).flagged == 1
    return number


async def doubt(conn: asyncpg.Connection, number: str) -> SuspicionRow:
    (one,) = await suspecting.of_case(conn, (await reading.passport(conn, number)).case.id)
    return one


async def everything_written(conn: asyncpg.Connection) -> str:
    """All that anybody could read about the case so far."""
    texts = [
        "SELECT string_agg(concat_ws(' ', event, reason, detail::text), ' ') FROM followup.case_event",
        "SELECT string_agg(concat_ws(' ', cause, template, facts::text), ' ') FROM followup.notice",
        "SELECT string_agg(concat_ws(' ', verdict, reasons::text, words), ' ') FROM followup.callback",
        "SELECT string_agg(concat_ws(' ', state, evidence::text, answer), ' ') FROM followup.suspicion",
    ]
    return " ".join([await conn.fetchval(text) or "" for text in texts])


async def test_the_evidence_stands_side_by_side(conn: asyncpg.Connection, number: str) -> None:
    found = await doubt(conn, number)
    assert (found.state, found.unit_code, found.opened_at) == ("asked", POLICE, at("9 10:00"))
    assert found.answer_due_at == at("10 18:00")  # one working day, counted from the day after
    claim: Any = found.evidence["unit_claims"]
    assert claim["claimed_contact"] is True
    assert claim["reported_at"].startswith("2026-03-06T08:20")
    assert found.evidence["resident_says"] == {
        "contacted": "2",
        "codes": {"C1": "2", "C2": "1", "C3": "2"},
        "words": "没人联系过我,我的号码是〔号码〕",
        "mode": "operator",
        "at": "2026-03-09T02:00:00+00:00",
    }
    (call,) = found.evidence["our_calls"]
    assert (call["mode"], call["at"], call["seconds"]) == ("operator", "2026-03-09T02:00:00+00:00", 0)
    assert found.evidence["unit_calls"] == []
    assert await state(conn, number) == "redispatch_review, round 1"


async def test_nobody_is_suspected_who_claims_nothing(
    conn: asyncpg.Connection, county: str, vault: Vault, tokens: Tokens
) -> None:
    number = await closed(conn, vault, tokens, claimed="否")
    await answers(conn, await unit_of(conn, number, 1), at("9 10:00"), DENIED, mode="voice")
    await take(conn, at("9 10:00"), tokens)
    assert await conn.fetchval("SELECT count(*) FROM followup.suspicion") == 0
    assert await state(conn, number) == "closed, round 1, closed"


async def test_the_unit_is_asked_reminded_and_then_silent(
    pool: asyncpg.Pool, conn: asyncpg.Connection, number: str
) -> None:
    due = {one.job: one.at for one in await due_jobs(conn, at("9 10:01"), at("9 10:01"))}
    assert due["mind_suspicions"] == at("9 16:30")  # four working hours on, noon rest left out
    assert await suspecting.mind(conn, at("9 16:29")) == 0
    assert await suspecting.mind(conn, at("9 16:30")) == 1
    assert await suspecting.mind(conn, at("9 16:30")) == 0
    assert await suspecting.mind(conn, at("10 17:59")) == 0

    async def tick() -> int:
        async with pool.acquire() as one:
            return await suspecting.mind(one, at("10 18:00"))

    assert sum(await asyncio.gather(tick(), tick(), tick())) == 1
    assert (await doubt(conn, number)).state == "silent"
    notices = await conn.fetch("SELECT recipient, template, facts FROM followup.notice ORDER BY id")
    facts = {"number": number, "round": "1", "until": "3月10日18:00"}
    assert [tuple(row) for row in notices] == [
        (f"unit:{POLICE}", "suspicion_asked", facts),
        (f"unit:{POLICE}", "suspicion_reminder", facts),
    ]
    events = [event.event for event in (await reading.passport(conn, number)).events]
    assert events == ["import", "callback_flagged", "suspected", "suspicion_unanswered"]


async def test_only_the_unit_that_closed_it_answers_and_once(conn: asyncpg.Connection, number: str) -> None:
    with pytest.raises(NotTheClosingUnit, match=f"{WATER} did not report this result, {POLICE} did"):
        await suspecting.answer(conn, number, by=WATER, words="不是我们", now=at("9 11:00"))
    with pytest.raises(ReasonMissing):
        await suspecting.answer(conn, number, by=POLICE, words="  ", now=at("9 11:00"))
    said = "3月5日上门,家中无人,给13800000000打过电话"
    await suspecting.answer(conn, number, by=POLICE, words=said, now=at("9 11:00"))
    found = await doubt(conn, number)
    assert (found.state, found.answered_at) == ("answered", at("9 11:00"))
    assert found.answer == "3月5日上门,家中无人,给〔号码〕打过电话"
    with pytest.raises(NoSuspicion):
        await suspecting.answer(conn, number, by=POLICE, words="再说一遍", now=at("9 11:05"))


async def test_nothing_is_found_before_the_unit_has_had_its_day(
    conn: asyncpg.Connection, number: str
) -> None:
    with pytest.raises(StillAsked, match="the unit may answer until 3月10日18:00"):
        await suspecting.decide(conn, number, **FALSE, now=at("10 17:59"))
    with pytest.raises(UnknownFinding, match="Findings are false_closing, cleared"):
        await suspecting.decide(conn, number, **{**FALSE, "finding": "虚假"}, now=at("10 18:00"))
    with pytest.raises(SecondSignerMissing):
        await suspecting.decide(conn, number, **{**FALSE, "second_by": "督办员-0102"}, now=at("10 18:00"))
    assert (await doubt(conn, number)).decided_at is None


async def test_the_word_stands_nowhere_before_the_decision(conn: asyncpg.Connection, number: str) -> None:
    await suspecting.mind(conn, at("9 16:30"))
    await suspecting.answer(conn, number, by=POLICE, words="打过电话", now=at("9 17:00"))
    before = await everything_written(conn)
    assert "false_closing" not in before and "虚假" not in before
    await suspecting.decide(conn, number, **FALSE, now=at("9 17:30"))
    found = await doubt(conn, number)
    assert (found.state, found.decided_by, found.second_by) == ("false_closing", "督办员-0102", "主任-0001")
    event = (await reading.passport(conn, number)).events[-1]
    assert (event.event, event.reason, event.detail) == (
        "false_closing",
        "通话记录里没有",
        {"second_by": "主任-0001", "about_round": "1"},
    )
    told = await conn.fetchrow("SELECT recipient, template FROM followup.notice ORDER BY id DESC LIMIT 1")
    assert tuple(told) == (f"unit:{POLICE}", "suspicion_false_closing")
    assert await state(conn, number) == "redispatch_review, round 1"  # the flag has its own decision


async def test_a_unit_is_cleared_and_the_rating_stays(
    conn: asyncpg.Connection, number: str, tokens: Tokens
) -> None:
    await suspecting.answer(conn, number, by=POLICE, words="有通话录音", now=at("9 11:00"))
    cleared = {**FALSE, "finding": "cleared", "reason": "录音属实"}
    await suspecting.decide(conn, number, **cleared, now=at("9 14:30"))
    assert (await doubt(conn, number)).state == "cleared"
    with pytest.raises(NoSuspicion):
        await suspecting.decide(conn, number, **FALSE, now=at("9 15:00"))
    callback = (await reading.passport(conn, number)).callbacks[0]
    assert callback.answers is not None
    assert (callback.reasons, callback.answers["C1"]) == (("not_contacted",), ["2", None])


async def test_two_findings_at_once_leave_one(
    pool: asyncpg.Pool, conn: asyncpg.Connection, number: str
) -> None:
    async def find(finding: str) -> object:
        async with pool.acquire() as one:
            said = {**FALSE, "finding": finding}
            await suspecting.decide(one, number, **said, now=at("11 09:00"))
            return None

    outcomes = await asyncio.gather(find("false_closing"), find("cleared"), return_exceptions=True)
    assert [one for one in outcomes if one is None] == [None]
    (refused,) = [one for one in outcomes if isinstance(one, CaseRefusal)]
    assert number in str(refused)
    events = "SELECT count(*) FROM followup.case_event WHERE event IN ('false_closing', 'suspicion_cleared')"
    assert await conn.fetchval(events) == 1


async def test_what_the_verification_call_heard_stands_beside_the_rest(
    conn: asyncpg.Connection, county: str, vault: Vault, tokens: Tokens
) -> None:
    number = await closed(conn, vault, tokens)
    await answers(conn, await unit_of(conn, number, 1), at("9 10:00"), DENIED)
    await take(conn, at("9 10:00"), tokens)
    unit = await verification_of(conn, number, 1)
    assert unit is not None
    said = "C0=1 C1=1 C2=1 C3=1 C4=1 C6=1"
    await answers(conn, unit, at("9 14:40"), said, mode="operator", operator="1002")
    await take(conn, at("9 14:40"), tokens)
    found = await doubt(conn, number)
    assert found.evidence["resident_says"]["contacted"] == "2"
    assert found.evidence["verification"]["C1"] == ["1", None]


async def test_the_evidence_is_weighed_and_orders_no_more(conn: asyncpg.Connection, number: str) -> None:
    case = (await reading.passport(conn, number)).case
    look = (await suspicious.of_case(conn, case))[1].suspicion
    assert look.listed
    assert {term.item: term.value for term in look.reasons}["contacted"] == "denied"
    assert (await doubt(conn, number)).state == "asked"
