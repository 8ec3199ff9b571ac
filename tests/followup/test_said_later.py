"""What a resident says after their rating: that they were pressed, that it is not so. The review opens, no rating moves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import asyncpg
import pytest
from followup_county import CENTRE, at
from followup_residents import answers, state, unit_of

from followup import callbacks, cases, explaining, imports, reading
from followup.refusals import AlreadyDecided, CaseRefusal
from followup.store import objections
from survey.importing import Brought
from survey.vault import Vault

Tokens = Callable[[], str]
LIST = """工单号,诉求人,联系电话,诉求内容,类别,所属区域/乡镇,承办单位,办结时间,办理结果,是否联系群众
GD1,王芳,15400000001,路灯不亮,社会治安,柳河镇,公安局,2026-03-06 16:20,路灯已修,是"""
SIGNED: dict[str, Any] = {"by": "督办员-0102", "second_by": "主任-0001", "ground": "facts_differ"}


async def take(conn: asyncpg.Connection, now: datetime, tokens: Tokens) -> callbacks.Taken:
    return await callbacks.take_finished(conn, now=now, real_now=lambda: now, tokens=tokens)


@pytest.fixture
async def number(conn: asyncpg.Connection, county: str, vault: Vault, tokens: Tokens) -> str:
    """王芳 says on Monday at three, by text, that all is well; the case is closed."""
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
    (number,) = report.numbers
    await answers(conn, await unit_of(conn, number, 1), at("9 15:00"), "C2=1 C1=1 C3=1")
    await take(conn, at("9 15:00"), tokens)
    assert await state(conn, number) == "closed, round 1, closed"
    return number


async def rating(conn: asyncpg.Connection, number: str) -> Any:
    return (await reading.passport(conn, number)).callbacks[0]


@pytest.mark.parametrize("channel", ["text", "query_code", "phone"])
async def test_who_was_pressed_says_so_later_and_the_rating_stays(
    conn: asyncpg.Connection, number: str, channel: str
) -> None:
    before = await rating(conn, number)
    words = "昨天有人让我说满意,其实灯没修"
    if channel == "query_code":
        code = (await reading.passport(conn, number)).case.query_code
        await cases.object_by_query_code(conn, code, words=words, now=at("10 09:00"))
    else:
        await cases.object_to(conn, number, channel=channel, words=words, now=at("10 09:00"))
    assert await state(conn, number) == "redispatch_review, round 1"
    assert await rating(conn, number) == before
    (objection,) = await objections.objections_of(conn, (await reading.passport(conn, number)).case.id)
    assert (objection.words, objection.decision_post) == (words, "supervisor")
    ratings = (await reading.circle(conn, CENTRE)).identities
    assert all(identity.holds for identity in ratings), ratings


async def test_pressed_to_say_satisfied_is_flagged_at_once(
    conn: asyncpg.Connection, county: str, vault: Vault, tokens: Tokens
) -> None:
    """C6 in the very call: everything is praised, and somebody told them to."""
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
    (number,) = report.numbers
    said = "C0=1 C1=1 C2=1 C3=1 C6=2"
    await answers(conn, await unit_of(conn, number, 1), at("9 15:00"), said, mode="voice")
    assert (await take(conn, at("9 15:00"), tokens)).flagged == 1
    kept = await rating(conn, number)
    assert (kept.reasons, kept.counted_as, kept.answers["C3"]) == (("pressure",), "as_answered", ["1", None])


async def test_an_objection_is_confirmed_into_the_next_round(
    conn: asyncpg.Connection, number: str, tokens: Tokens
) -> None:
    before = await rating(conn, number)
    await cases.object_to(conn, number, channel="text", words="灯没修", now=at("10 09:00"))
    await callbacks.confirm(conn, number, by="督办员-0102", reason="现场不亮", now=at("10 10:00"))
    assert await state(conn, number) == "dispatched, round 2"
    assert await rating(conn, number) == before
    with pytest.raises(CaseRefusal):
        await callbacks.confirm(conn, number, by="督办员-0103", reason="现场不亮", now=at("10 10:01"))
    flags = next(i for i in (await reading.circle(conn, CENTRE)).identities if i.name == "flagged")
    assert str(flags) == "flagged 0 = re-dispatched 0 + rejected 0 + waiting 0"


async def test_a_second_explanation_is_told_too(conn: asyncpg.Connection, number: str) -> None:
    """Rejected, objected to and rejected again, in the same round: each is owed to the resident."""
    for day, words in ((10, "现场核实,路灯已亮"), (11, "再次现场核实,三盏都亮")):
        await cases.object_to(conn, number, channel="text", words="灯没修", now=at(f"{day} 09:00"))
        await callbacks.reject(conn, number, **SIGNED, reason=words, now=at(f"{day} 10:00"))
    assert await state(conn, number) == "closed_explained, round 1, closed_explained"
    owed = await conn.fetch("SELECT cause, facts ->> 'words' FROM followup.notice ORDER BY id")
    assert [tuple(row) for row in owed] == [
        (f"explanation:{number}:1", "现场核实,路灯已亮"),
        (f"explanation:{number}:2", "再次现场核实,三盏都亮"),
    ]
    assert (await reading.circle(conn, CENTRE)).rounds.rejected_untold == 2
    with pytest.raises(CaseRefusal):
        await callbacks.reject(conn, number, **SIGNED, reason="又一次", now=at("11 10:01"))


async def test_what_arrived_counts_as_told(conn: asyncpg.Connection, number: str) -> None:
    await cases.object_to(conn, number, channel="text", words="灯没修", now=at("10 09:00"))
    await callbacks.reject(conn, number, **SIGNED, reason="路灯已亮", now=at("10 10:00"))
    assert await explaining.hear(conn) == 0
    delivered = "UPDATE followup.notice SET status = 'delivered', due_at = NULL, delivered_at = $1"
    await conn.execute(delivered, at("10 10:05"))
    assert await explaining.hear(conn) == 1
    assert await explaining.hear(conn) == 0
    told = await conn.fetchrow("SELECT told_at, told_how, told_by FROM followup.explanation")
    assert tuple(told) == (at("10 10:05"), "text", "system")
    event = (await reading.passport(conn, number)).events[-1]
    assert (event.event, event.at, event.detail) == ("explained", at("10 10:05"), {"how": "text"})


async def test_a_flag_without_its_case_in_review_is_decided_once(
    conn: asyncpg.Connection, number: str
) -> None:
    await conn.execute("UPDATE followup.case_file SET status = 'redispatch_review', ending = NULL")
    with pytest.raises(AlreadyDecided, match="round 1 has no flag that waits"):
        await callbacks.confirm(conn, number, by="督办员", reason="再办", now=at("10 16:00"))
