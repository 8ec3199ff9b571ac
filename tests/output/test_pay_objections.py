"""Objections to pay: on the chain like other decisions, and decided by somebody else, by their account where there are any."""

from __future__ import annotations

from datetime import date

import asyncpg
import pytest
from small_day import CENTRE, SmallDay, at

from followup import paying
from followup.chain import seal_days
from followup.chain_check import check
from followup.paying import NoDecider, NoObjection, NotTheirOwn, ObjectionWaits, UnknownDecision, WordsMissing
from followup.store import pay_events
from survey.store import accounts

MARCH = date(2026, 3, 1)
EVENING = at(20)
SUBJECT = f"pay:{CENTRE}:2001:2026-03"


async def object_(conn: asyncpg.Connection, words: str = "少算了两份") -> None:
    await paying.object_(conn, CENTRE, "2001", MARCH, words=words, now=EVENING)


async def decide(conn: asyncpg.Connection, by: str) -> None:
    await paying.decide(conn, CENTRE, "2001", MARCH, decision="changed", reason="补上两份", by=by, now=at(21))


async def account(conn: asyncpg.Connection, name: str, role: str, area: str = CENTRE) -> int:
    made: int = await conn.fetchval(
        "INSERT INTO survey.account (name, called, employment, password_hash, password_at, must_change, created_at, created_by)"
        " VALUES ($1, $1, 'staff', 'x', $2, false, $2, 'test') RETURNING id",
        name,
        at(8),
    )
    await conn.execute("INSERT INTO survey.account_role VALUES ($1, $2, $3)", made, role, area)
    return made


async def test_an_objection_and_its_decision_are_events_of_one_chain(small_day: SmallDay) -> None:
    conn = small_day.conn
    await object_(conn)
    await decide(conn, "主任")
    await object_(conn, "另有一处")
    told = [
        (one.subject, one.seq, one.event, one.decision, one.actor, one.reason)
        for one in await pay_events.events(conn)
    ]
    assert told == [
        (SUBJECT, 1, "objected", None, "2001", "少算了两份"),
        (SUBJECT, 2, "decided", "changed", "主任", "补上两份"),
        (SUBJECT, 3, "objected", None, "2001", "另有一处"),
    ]
    for one in await pay_events.events(conn):
        assert one.computed() == one.hash
    assert [one.fault for one in (await check(conn)).faults if one.fault.table == "pay_event"] == []
    with pytest.raises(asyncpg.RestrictViolationError, match="only ever added to"):
        await conn.execute("UPDATE followup.pay_event SET actor = '别人'")


async def test_what_is_refused_leaves_no_event(small_day: SmallDay) -> None:
    await object_(small_day.conn)
    with pytest.raises(NotTheirOwn):
        await decide(small_day.conn, "2001")
    assert [one.event for one in await pay_events.events(small_day.conn)] == ["objected"]


async def test_a_decision_that_is_altered_behind_the_program_is_found(small_day: SmallDay) -> None:
    conn = small_day.conn
    await object_(conn)
    await decide(conn, "主任")
    changed = await conn.execute("UPDATE followup.pay_objection SET decision = 'stands'")
    assert changed == "UPDATE 1"
    found = [one.fault for one in (await check(conn)).faults if one.fault.table == "pay_event"]
    assert {(one.subject, one.kind) for one in found} == {(SUBJECT, "stands")}


async def test_an_event_that_is_altered_is_found_and_was_sealed(small_day: SmallDay) -> None:
    conn = small_day.conn
    await object_(conn)
    sealed = await seal_days(conn, now=at(1, days=1))
    assert [(one.chains, one.events) for one in sealed if one.centre_code == CENTRE] == [(1, 1)]
    assert await sealed_subjects(conn) == [SUBJECT]
    await conn.execute("ALTER TABLE followup.pay_event DISABLE TRIGGER only_grows")
    await conn.execute("UPDATE followup.pay_event SET reason = '没有异议'")
    found = [one for one in (await check(conn)).faults if one.fault.table == "pay_event"]
    assert (SUBJECT, "content") in {(one.fault.subject, one.fault.kind) for one in found}
    assert found[0].sealed is not None


async def sealed_subjects(conn: asyncpg.Connection) -> list[str]:
    rows = await conn.fetch("SELECT subject FROM followup.sealed_head WHERE centre_code = $1", CENTRE)
    return [row["subject"] for row in rows]


@pytest.mark.parametrize("same", ["2001", " 2001 ", "２００１", "调查员-2001", "調查員-２００１", "20 01"])
async def test_nobody_decides_on_their_own_however_they_write_themselves(
    small_day: SmallDay, same: str
) -> None:
    await object_(small_day.conn)
    with pytest.raises(NotTheirOwn):
        await decide(small_day.conn, same)


@pytest.mark.parametrize(
    ("role", "area"), [("surveyor", CENTRE), ("auditor", CENTRE), ("director", "991702"), ("", "")]
)
async def test_where_there_are_accounts_who_has_none_that_may_does_not_decide(
    small_day: SmallDay, role: str, area: str
) -> None:
    """A name that is typed is nobody in particular; another role or county decides nothing here."""
    conn = small_day.conn
    await account(conn, "liwei", "director")
    if role:
        if area != CENTRE:
            await small_day.put(
                "survey.area", None, code=area, parent_code="9917", level="county", name_zh="平岗县", name_en="Pinggang"
            )  # fmt: skip
        await account(conn, "zhang", role, area)
    await object_(conn)
    with pytest.raises(NoDecider, match="zhang has no account that may decide on pay"):
        await decide(conn, "zhang")
    (waiting,) = await paying.objections(conn, CENTRE)
    assert waiting.decision is None


async def test_the_account_of_who_decides_is_on_record(small_day: SmallDay) -> None:
    conn = small_day.conn
    director = await account(conn, "liwei", "director")
    await object_(conn)
    await decide(conn, " LiWei ")
    row = await conn.fetchrow("SELECT decided_by, decided_account FROM followup.pay_objection")
    assert (row["decided_by"], row["decided_account"]) == ("liwei", director)
    assert [one.actor for one in await pay_events.events(conn)] == ["2001", "liwei"]
    assert await accounts.account(conn, "liwei") is not None


async def test_a_disabled_account_decides_nothing(small_day: SmallDay) -> None:
    conn = small_day.conn
    await account(conn, "liwei", "director")
    await account(conn, "zhang", "director")
    await conn.execute("UPDATE survey.account SET disabled_at = $1 WHERE name = 'zhang'", at(9))
    await object_(conn)
    with pytest.raises(NoDecider):
        await decide(conn, "zhang")


async def test_somebody_else_decides_on_an_objection_once(small_day: SmallDay) -> None:
    month, conn = MARCH, small_day.conn
    with pytest.raises(WordsMissing):
        await paying.object_(conn, CENTRE, "2001", month, words=" ", now=EVENING)
    await paying.object_(conn, CENTRE, "2001", month, words="少算了两份", now=EVENING)
    with pytest.raises(ObjectionWaits):
        await paying.object_(conn, CENTRE, "2001", month, words="还是少", now=EVENING)
    with pytest.raises(NotTheirOwn):
        await paying.decide(
            conn, CENTRE, "2001", month, decision="changed", reason="是少了", by="2001", now=EVENING
        )
    with pytest.raises(UnknownDecision):
        await paying.decide(
            conn, CENTRE, "2001", month, decision="ok", reason="是少了", by="主任", now=EVENING
        )
    await paying.decide(
        conn, CENTRE, "2001", month, decision="changed", reason="补上两份", by="主任", now=EVENING
    )
    with pytest.raises(NoObjection):
        await paying.decide(
            conn, CENTRE, "2001", month, decision="stands", reason="不改", by="主任", now=EVENING
        )
    (one,) = await paying.objections(conn, CENTRE)
    assert (one.words, one.decision, one.reason, one.decided_by) == (
        "少算了两份",
        "changed",
        "补上两份",
        "主任",
    )
    await paying.object_(conn, CENTRE, "2001", month, words="另有一处", now=EVENING)
