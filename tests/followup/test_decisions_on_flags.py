"""What a supervisor decides on a flag: after the call that was promised, once, and told to whom it concerns."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any

import asyncpg
import pytest
from followup_county import CENTRE, POLICE, at
from followup_residents import answers, state, unit_of, verification_of

from followup import callbacks, imports, reading
from followup.refusals import (
    CallFirst,
    CaseRefusal,
    NothingToExplain,
    UnknownRejection,
    UnknownWay,
    WordsWithNumbers,
)
from survey.importing import Brought
from survey.vault import Vault

Tokens = Callable[[], str]
UNSOLVED = "C2=3 C1=1 C3=3 C7=1"
LIST = """工单号,诉求人,联系电话,诉求内容,类别,所属区域/乡镇,承办单位,办结时间,办理结果,是否联系群众
GD1,王芳,15400000001,路灯不亮,社会治安,柳河镇,公安局,2026-03-06 16:20,路灯已修,是"""
SIGNED: dict[str, Any] = {"by": "督办员-0102", "second_by": "主任-0001", "ground": "facts_differ"}


@pytest.fixture
async def number(conn: asyncpg.Connection, county: str, vault: Vault, tokens: Tokens) -> str:
    """王芳's street lamp, closed elsewhere and imported on Monday morning."""
    report = await imports.import_closed_cases(
        conn,
        vault,
        CENTRE,
        LIST.encode(),
        Brought("closed.csv", "审核员", "结果回访", "法定职责"),
        plan="fictional",
        now=at("9 08:20"),
        tokens=tokens,
        seed=7,
    )
    return report.numbers[0]


async def take(conn: asyncpg.Connection, now: datetime, tokens: Tokens) -> callbacks.Taken:
    return await callbacks.take_finished(conn, now=now, real_now=lambda: now, tokens=tokens)


async def complains(conn: asyncpg.Connection, number: str, tokens: Tokens, mode: str) -> None:
    """On Monday at three the lamp is still dark."""
    words = {"C5": "灯不亮,打我13800000000"}
    await answers(conn, await unit_of(conn, number, 1), at("9 15:00"), UNSOLVED, words=words, mode=mode)
    assert (await take(conn, at("9 15:00"), tokens)).flagged == 1


async def notices(conn: asyncpg.Connection, cause: str) -> list[tuple[str, str]]:
    """(recipient, template) of what is owed for a cause."""
    rows = await conn.fetch(
        "SELECT recipient, template FROM followup.notice WHERE cause = $1 ORDER BY id", cause
    )
    return [tuple(row) for row in rows]


# -- a call comes first ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("decide", ["confirm", "reject"])
async def test_nothing_is_decided_before_the_call_that_was_promised(
    conn: asyncpg.Connection, number: str, tokens: Tokens, decide: str
) -> None:
    await complains(conn, number, tokens, "text")
    with pytest.raises(CallFirst) as refused:
        if decide == "confirm":
            await callbacks.confirm(conn, number, by="督办员-0102", reason="属实", now=at("10 14:59"))
        else:
            await callbacks.reject(conn, number, **SIGNED, reason="灯是亮的", now=at("10 14:59"))
    assert str(refused.value) == (
        f"Case {number}: the resident said so by text and was promised a call. "
        "Decide when that call is over, or after 3月10日15:00."
    )
    assert await state(conn, number) == "redispatch_review, round 1"
    assert await conn.fetchval("SELECT count(*) FROM followup.notice") == 0
    unit = await verification_of(conn, number, 1)
    waits = await conn.fetchval("SELECT status FROM survey.sample_unit WHERE ref = $1", unit)
    assert waits == "waiting"  # the call is still owed


async def test_the_text_alone_is_decided_on_after_a_day(
    conn: asyncpg.Connection, number: str, tokens: Tokens
) -> None:
    await complains(conn, number, tokens, "text")
    await callbacks.confirm(conn, number, by="督办员-0102", reason="属实", now=at("10 15:00"))
    assert await state(conn, number) == "dispatched, round 2"


async def test_the_decision_may_follow_the_call_at_once(
    conn: asyncpg.Connection, number: str, tokens: Tokens
) -> None:
    await complains(conn, number, tokens, "text")
    unit = await verification_of(conn, number, 1)
    assert unit is not None
    said = "C0=1 C1=1 C2=3 C3=3 C7=1"
    await answers(conn, unit, at("9 16:40"), said, mode="operator", operator="1002")
    await take(conn, at("9 16:40"), tokens)
    await callbacks.confirm(conn, number, by="督办员-0102", reason="电话属实", now=at("9 16:45"))
    assert await state(conn, number) == "dispatched, round 2"


async def test_who_said_it_to_a_person_needs_no_second_call(
    conn: asyncpg.Connection, number: str, tokens: Tokens
) -> None:
    await complains(conn, number, tokens, "operator")
    await callbacks.confirm(conn, number, by="督办员-0102", reason="属实", now=at("9 15:05"))
    assert await state(conn, number) == "dispatched, round 2"


# -- what the next round starts from --------------------------------------------------------------------------------


async def test_the_lead_gets_the_history_and_the_office_a_copy(
    conn: asyncpg.Connection, number: str, tokens: Tokens
) -> None:
    await complains(conn, number, tokens, "voice")
    await callbacks.confirm(conn, number, by="督办员-0102", reason="现场不亮", now=at("9 16:00"))
    assert await notices(conn, f"redispatch:{number}:2") == [(f"unit:{POLICE}", "redispatch")]
    copy = f"redispatch_copy:{number}:2"
    assert await notices(conn, copy) == [(f"office:government:{CENTRE}", "redispatch_copy")]
    facts = await conn.fetchval("SELECT facts FROM followup.notice WHERE cause = $1", copy)
    assert facts == {
        "number": number,
        "short": "0001",
        "round": "2",
        "lead": POLICE,
        "why": "现场不亮",
        "sign_by": "3月9日17:00",
        "due": "3月16日18:00",
        "history": "第1轮 遂澜县公安局:路灯已修;群众:未解决、不满意(灯不亮,打我〔号码〕)",
    }
    event = (await reading.passport(conn, number)).events[-1]
    assert event.detail is not None
    assert (event.event, event.detail["lead"], event.detail["flag_mode"]) == ("redispatch", POLICE, "voice")
    (before,) = event.detail["before"]
    assert (before["unit"], before["result"], before["said"]) == (
        POLICE,
        "路灯已修",
        ["not_solved", "dissatisfied"],
    )
    assert "13800000000" not in str(event.detail)


# -- rejections -----------------------------------------------------------------------------------------------------


async def test_a_rejection_is_told_before_it_counts_as_told(
    conn: asyncpg.Connection, number: str, tokens: Tokens
) -> None:
    await complains(conn, number, tokens, "voice")
    await callbacks.reject(conn, number, **SIGNED, reason="现场核实,路灯已亮", now=at("9 16:00"))
    assert await state(conn, number) == "closed_explained, round 1, closed_explained"
    assert await notices(conn, f"explanation:{number}:1") == [(f"resident:{number}", "explanation")]
    row = dict(await conn.fetchrow("SELECT * FROM followup.explanation"))
    assert (row["ground"], row["words"], row["signed_by"], row["second_by"]) == (
        "facts_differ",
        "现场核实,路灯已亮",
        "督办员-0102",
        "主任-0001",
    )
    assert (row["told_at"], row["told_how"], row["told_by"]) == (None, None, None)
    untold = (await reading.circle(conn, CENTRE)).rounds
    assert (untold.rejected, untold.rejected_untold) == (1, 1)

    with pytest.raises(UnknownWay, match="Ways are text, call, letter, visit"):
        await callbacks.explained(conn, number, how="微信", by="回访员-1002", now=at("9 17:00"))
    await callbacks.explained(conn, number, how="call", by="回访员-1002", now=at("9 17:00"))
    await callbacks.explained(conn, number, how="visit", by="村干部", now=at("10 17:00"))  # told already
    row = dict(await conn.fetchrow("SELECT * FROM followup.explanation"))
    assert (row["told_at"], row["told_how"], row["told_by"]) == (at("9 17:00"), "call", "回访员-1002")
    assert (await reading.circle(conn, CENTRE)).rounds.rejected_untold == 0
    events = [event.event for event in (await reading.passport(conn, number)).events]
    assert events[-2:] == ["reject", "explained"]


async def test_what_is_told_names_a_ground_and_no_number(
    conn: asyncpg.Connection, number: str, tokens: Tokens
) -> None:
    await complains(conn, number, tokens, "voice")
    with pytest.raises(UnknownRejection, match="facts_differ, unreasonable, not_lawful"):
        await callbacks.reject(
            conn, number, **{**SIGNED, "ground": "no_money"}, reason="没钱", now=at("9 16:00")
        )
    with pytest.raises(WordsWithNumbers):
        await callbacks.reject(conn, number, **SIGNED, reason="请打13800000000", now=at("9 16:00"))
    with pytest.raises(NothingToExplain):
        await callbacks.explained(conn, number, how="call", by="回访员-1002", now=at("9 16:00"))
    assert await state(conn, number) == "redispatch_review, round 1"


# -- two at once ----------------------------------------------------------------------------------------------------


async def test_two_supervisors_at_once_leave_one_decision_and_a_clear_message(
    pool: asyncpg.Pool, conn: asyncpg.Connection, number: str, tokens: Tokens
) -> None:
    await complains(conn, number, tokens, "voice")

    async def confirm(by: str) -> object:
        async with pool.acquire() as one:
            return await callbacks.confirm(one, number, by=by, reason="属实", now=at("9 16:00"))

    async def reject(by: str) -> object:
        async with pool.acquire() as one:
            signed = {**SIGNED, "by": by}
            return await callbacks.reject(one, number, **signed, reason="灯是亮的", now=at("9 16:00"))

    outcomes = await asyncio.gather(
        confirm("督办员-0102"),
        reject("督办员-0103"),
        confirm("督办员-0104"),
        reject("督办员-0105"),
        return_exceptions=True,
    )
    decided = [one for one in outcomes if isinstance(one, callbacks.Decided)]
    refused = [str(one) for one in outcomes if isinstance(one, CaseRefusal)]
    assert (len(decided), len(refused)) == (1, 3), outcomes
    assert all(number in message for message in refused)
    callback = (await reading.passport(conn, number)).callbacks[0]
    assert callback.decision == decided[0].decision
    counts = await conn.fetchrow(
        """SELECT (SELECT count(*) FROM followup.case_event WHERE event IN ('redispatch', 'reject')) AS events,
                  (SELECT count(*) FROM followup.assignment) AS assignments,
                  (SELECT count(*) FROM followup.explanation) AS explanations,
                  (SELECT count(DISTINCT cause) FROM followup.notice) AS causes"""
    )
    again = callback.decision == "redispatch"
    assert tuple(counts) == (1, 2 if again else 1, 0 if again else 1, 2 if again else 1)
    flags = next(i for i in (await reading.circle(conn, CENTRE)).identities if i.name == "flagged")
    assert flags.holds and "waiting 0" in str(flags)
