"""A settled dispute is asked about again after 30 and 90 days; what is heard changes no rating."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import pytest
from followup_county import CENTRE, at
from followup_residents import answers, is_never_reached, state, unit_of

from followup import callbacks, imports, reading, recurring, revisiting
from followup.refusals import NotAskedFor, NothingRecurred, ReasonMissing, UnknownFollowUp
from survey.importing import Brought
from survey.vault import Vault
from workers.due import due_jobs

Tokens = Callable[[], str]
HEAD = "工单号,诉求人,联系电话,诉求内容,类别,所属区域/乡镇,承办单位,办结时间,办理结果,是否联系群众"
DISPUTE = (
    "GD1,王芳,15400000001,和邻居为宅基地吵架,矛盾纠纷,柳河镇,公安局,2026-03-06 16:20,双方已签调解协议,是"
)
LAMP = "GD2,李强,15400000002,路灯不亮,社会治安,柳河镇,公安局,2026-03-06 16:20,路灯已修,是"
CLOSED = at("9 15:00")
IN_30, IN_90 = CLOSED + timedelta(days=30), CLOSED + timedelta(days=90)


async def take(conn: asyncpg.Connection, now: datetime, tokens: Tokens) -> callbacks.Taken:
    return await callbacks.take_finished(conn, now=now, real_now=lambda: now, tokens=tokens)


async def settled(
    conn: asyncpg.Connection, vault: Vault, tokens: Tokens, row: str = DISPUTE, said: str = "C2=1 C1=1 C3=2"
) -> str:
    """Imported on Monday the 9th, and answered at three."""
    report = await imports.import_closed_cases(
        conn,
        vault,
        CENTRE,
        f"{HEAD}\n{row}".encode(),
        Brought("closed.csv", "审核员", "结果回访", "法定职责"),
        plan="fictional",
        now=at("9 08:20"),
        tokens=tokens,
        seed=7,
    )
    (number,) = report.numbers
    await answers(conn, await unit_of(conn, number, 1), CLOSED, said, mode="voice")
    await take(conn, CLOSED, tokens)
    return number


@pytest.fixture
async def dispute(conn: asyncpg.Connection, county: str, vault: Vault, tokens: Tokens) -> str:
    return await settled(conn, vault, tokens)


async def ask(conn: asyncpg.Connection, now: datetime, tokens: Tokens) -> int:
    return await revisiting.ask_due(conn, now, tokens=tokens)


async def again_of(conn: asyncpg.Connection, number: str, days: int) -> str:
    key = f"again:{number}:1:{days}"
    ref: str = await conn.fetchval("SELECT ref FROM survey.sample_unit WHERE external_key = $1", key)
    return ref


async def planned(conn: asyncpg.Connection, number: str) -> list[tuple[Any, ...]]:
    case = (await reading.passport(conn, number)).case
    return [
        (one.days, one.due_at, one.status, one.outcome) for one in await revisiting.of_case(conn, case.id)
    ]


async def test_a_settled_dispute_gets_its_dates(conn: asyncpg.Connection, dispute: str) -> None:
    assert await state(conn, dispute) == "closed, round 1, closed"
    assert await planned(conn, dispute) == [(30, IN_30, "planned", None), (90, IN_90, "planned", None)]
    due = {one.job: one.at for one in await due_jobs(conn, at("9 16:00"), at("9 16:00"))}
    assert due["revisit"] == IN_30


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (LAMP, "C2=1 C1=1 C3=1"),  # no dispute
        (DISPUTE, "C2=3 C1=1 C3=3 C7=2"),  # not settled
        (DISPUTE, "C2=3 C1=1 C3=3 C7=1"),  # goes out again first
    ],
)
async def test_nothing_else_is_asked_about_again(
    conn: asyncpg.Connection, county: str, vault: Vault, tokens: Tokens, row: str, said: str
) -> None:
    number = await settled(conn, vault, tokens, row, said)
    assert await planned(conn, number) == []


async def test_a_person_asks_on_the_day_and_once(
    conn: asyncpg.Connection, dispute: str, tokens: Tokens
) -> None:
    assert await ask(conn, IN_30 - timedelta(seconds=1), tokens) == 0
    assert await ask(conn, IN_30, tokens) == 1
    assert await ask(conn, IN_30, tokens) == 0
    unit = await conn.fetchrow(
        "SELECT u.*, c.code, c.modes AS by FROM survey.sample_unit u JOIN survey.campaign c ON c.id = u.campaign_id "
        "WHERE u.external_key LIKE 'again:%'"
    )
    assert (unit["external_key"], unit["code"], unit["by"]) == (
        f"again:{dispute}:1:30",
        "dispute_revisit",
        ["operator"],
    )
    assert (unit["next_mode"], unit["facts"]["days"]) == ("operator", "30")
    assert [one[2] for one in await planned(conn, dispute)] == ["asked", "planned"]


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ("C0=1 V1=1 V2=1", "quiet"),
        ("CT=1 V1=1 V2=2", "quiet"),
        ("C0=1 V1=3 V2=1 V4=1", "recurred"),
        ("C0=1 V1=2 V2=2 V4=2", "recurred"),
        ("C0=1 V1=1 V2=3 V4=1", "recurred"),  # what was agreed is not kept
        ("C0=1 V2=1", "unrated"),
        ("C0=1 C1=1 C2=3 C3=3 C4=1 C6=1 C7=1", "recurred"),  # begun with the callback's questions
    ],
)
async def test_what_is_heard_changes_no_rating(
    conn: asyncpg.Connection, dispute: str, tokens: Tokens, said: str, outcome: str
) -> None:
    before = (await reading.passport(conn, dispute)).callbacks
    sums = (await reading.circle(conn, CENTRE)).identities
    await ask(conn, IN_30, tokens)
    await answers(conn, await again_of(conn, dispute, 30), IN_30, said, mode="operator", operator="1002")
    taken = await take(conn, IN_30, tokens)
    assert (taken.settled, taken.flagged, taken.revisited) == (0, 0, 1)
    assert [one[3] for one in await planned(conn, dispute)] == [outcome, None]
    assert (await reading.passport(conn, dispute)).callbacks == before
    assert (await reading.circle(conn, CENTRE)).identities == sums
    assert await state(conn, dispute) == "closed, round 1, closed"
    await conn.execute("UPDATE survey.outbox SET consumed = false")
    assert (await take(conn, IN_30, tokens)).revisited == 0
    told = await conn.fetch("SELECT recipient, template, facts FROM followup.notice")
    recurred = [(f"post:supervisor:{CENTRE}", "recurred", {"number": dispute, "days": "30"})]
    assert [tuple(row) for row in told] == (recurred if outcome == "recurred" else [])


async def test_who_is_not_reached_is_neither_quiet_nor_content(
    conn: asyncpg.Connection, dispute: str, tokens: Tokens
) -> None:
    await ask(conn, IN_30, tokens)
    await is_never_reached(conn, await again_of(conn, dispute, 30), IN_30 + timedelta(days=3))
    await take(conn, IN_30 + timedelta(days=3), tokens)
    assert [one[3] for one in await planned(conn, dispute)] == ["unreached", None]


async def test_of_a_dispute_that_is_open_again_nobody_is_asked(
    conn: asyncpg.Connection, dispute: str, tokens: Tokens
) -> None:
    await conn.execute("UPDATE followup.case_file SET status = 'redispatch_review', ending = NULL")
    assert await ask(conn, IN_30, tokens) == 0
    assert [one[2] for one in await planned(conn, dispute)] == ["dropped", "planned"]


async def recurs(conn: asyncpg.Connection, number: str, tokens: Tokens, said: str) -> None:
    """After 30 days the boundary is fought over again."""
    await ask(conn, IN_30, tokens)
    ref = await again_of(conn, number, 30)
    words = {"V3": "又为地界吵起来了"}
    await answers(conn, ref, IN_30, said, words=words, mode="operator", operator="1002")
    await take(conn, IN_30, tokens)


async def test_the_supervisor_makes_a_new_case_of_it_once(
    conn: asyncpg.Connection, dispute: str, tokens: Tokens
) -> None:
    await recurs(conn, dispute, tokens, "C0=1 V1=3 V2=3 V4=1")
    before = (await reading.passport(conn, dispute)).callbacks
    by: dict[str, Any] = {"by": "督办员-0102", "now": IN_30 + timedelta(hours=2), "tokens": tokens}
    with pytest.raises(UnknownFollowUp):
        await recurring.follow_up(conn, dispute, decision="again", reason="再调解", **by)
    with pytest.raises(ReasonMissing):
        await recurring.follow_up(conn, dispute, decision="noted", reason=" ", **by)
    new = await recurring.follow_up(conn, dispute, decision="new_case", reason="再调解", **by)
    assert new is not None
    case = (await reading.passport(conn, new)).case
    assert (case.status, case.round, case.content, case.first_handler) == (
        "registered",
        1,
        "又为地界吵起来了",
        "督办员-0102",
    )
    old = (await reading.passport(conn, dispute)).case
    (after_30, _) = await revisiting.of_case(conn, old.id)
    assert (after_30.decision, after_30.new_case_id) == ("new_case", case.id)
    assert (await reading.passport(conn, dispute)).callbacks == before
    assert await state(conn, dispute) == "closed, round 1, closed"
    with pytest.raises(NothingRecurred):
        await recurring.follow_up(conn, dispute, decision="noted", reason="知道了", **by)
    assert [event.event for event in (await reading.passport(conn, dispute)).events][-2:] == [
        "recurred",
        "recurrence_decided",
    ]


async def test_nobody_gets_a_case_who_wants_none(
    conn: asyncpg.Connection, dispute: str, tokens: Tokens
) -> None:
    await recurs(conn, dispute, tokens, "C0=1 V1=3 V2=3 V4=2")
    by: dict[str, Any] = {"by": "督办员-0102", "now": IN_30 + timedelta(hours=2), "tokens": tokens}
    with pytest.raises(NotAskedFor, match="did not want it sent out again"):
        await recurring.follow_up(conn, dispute, decision="new_case", reason="再调解", **by)
    assert await conn.fetchval("SELECT count(*) FROM followup.case_file") == 1
    assert await recurring.follow_up(conn, dispute, decision="noted", reason="不愿再调解", **by) is None
    (after_30, _) = await revisiting.of_case(conn, (await reading.passport(conn, dispute)).case.id)
    assert (after_30.decision, after_30.new_case_id) == ("noted", None)
