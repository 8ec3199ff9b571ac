"""Every event carries the hash of the one before, whoever writes it; nothing that is written is changed any more."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import asyncpg
import pytest
from followup_chains import case_with_events, lay_case, lay_county, live, stored
from followup_county import CENTRE, at
from hypothesis import given, settings
from hypothesis import strategies as st

from followup import chain as door
from followup.casework.chain import EPOCH, GENESIS, MICROSECOND, text_hash
from followup.store import chain
from followup.store.events import EventRow, insert_events
from survey.store.campaigns import set_policy
from survey.store.migrate import migrate, migrations_of
from survey.store.pool import connection

NUMBER = "991721-20260309-00001-5"
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40)
PLAIN = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | WORDS
DETAIL = st.dictionaries(
    WORDS,
    st.recursive(
        PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3)
    ),
    max_size=4,
)
MOMENTS = st.integers(-(10**15), 10**17).map(lambda n: EPOCH + n * MICROSECOND)
EVENTS = st.builds(
    EventRow,
    case_id=st.just(1),
    round=st.integers(1, 2**31 - 1),
    event=WORDS,
    from_status=st.none() | WORDS,
    to_status=WORDS,
    actor=WORDS,
    reason=st.none() | WORDS,
    at=MOMENTS,
    detail=st.none() | DETAIL,
)


async def test_whatever_is_written_python_computes_the_hash_of_the_database(
    conn: asyncpg.Connection, county: str
) -> None:
    written: list[EventRow] = []

    @settings(max_examples=300, database=None)
    @given(EVENTS)
    def collect(event: EventRow) -> None:
        written.append(event)

    collect()
    assert await lay_case(conn, NUMBER) == 1
    await insert_events(conn, written)
    before = GENESIS
    for seq, (event, row) in enumerate(zip(await stored(conn), written, strict=True), 1):
        assert (event.seq, event.prev_hash) == (seq, before), row
        assert event.hash == event.computed(), row
        before = event.hash


async def test_each_case_has_a_chain_of_its_own(conn: asyncpg.Connection, county: str) -> None:
    one, two = await lay_case(conn, NUMBER), await lay_case(conn, "991721-20260309-00002-3")
    rows = [
        EventRow(case_id, 1, event, None, "registered", "审核员", None, at("9 09:00"))
        for event, case_id in (
            ("register", one),
            ("register", two),
            ("note", one),
            ("note", two),
            ("note", one),
        )
    ]
    await insert_events(conn, rows)
    assert [(e.case_id, e.seq) for e in await stored(conn)] == [
        (one, 1),
        (one, 2),
        (one, 3),
        (two, 1),
        (two, 2),
    ]


async def test_two_who_write_at_once_stand_one_after_the_other(
    pool: asyncpg.Pool, conn: asyncpg.Connection, county: str
) -> None:
    case_id = await case_with_events(conn, NUMBER)

    async def note(n: int) -> None:
        async with pool.acquire() as one:
            row = EventRow(case_id, 1, "note", "submitted", "submitted", f"督办员-{n}", None, at("9 12:00"))
            await insert_events(one, [row])

    await asyncio.gather(*(note(n) for n in range(20)))
    events = await stored(conn)
    assert [e.seq for e in events] == list(range(1, 24))
    assert all(e.prev_hash == before.hash for before, e in pairwise(events))


async def test_cases_do_not_wait_for_each_other(
    pool: asyncpg.Pool, conn: asyncpg.Connection, county: str
) -> None:
    one, two = (await case_with_events(conn, NUMBER), await case_with_events(conn, "991721-20260309-00002-3"))
    async with conn.transaction(), pool.acquire() as other:
        await insert_events(conn, [EventRow(one, 1, "note", None, "submitted", "甲", None, at("9 12:00"))])
        await asyncio.wait_for(
            insert_events(other, [EventRow(two, 1, "note", None, "submitted", "乙", None, at("9 12:00"))]), 5
        )


@pytest.mark.parametrize("table", ["case_event", "policy_event", "sealed_day", "sealed_head", "chain_head"])
@pytest.mark.parametrize(
    "change",
    ["UPDATE followup.{} SET hash = hash", "DELETE FROM followup.{}", "TRUNCATE followup.{} CASCADE"],
)
async def test_what_is_written_is_not_changed(
    conn: asyncpg.Connection, county: str, table: str, change: str
) -> None:
    await case_with_events(conn, NUMBER)
    with pytest.raises(asyncpg.RestrictViolationError, match=f"of followup.{table} refused"):
        await conn.execute(change.format(table))


async def test_a_policy_has_a_chain_too(conn: asyncpg.Connection, county: str) -> None:
    for version, sign in ((1, "2 h"), (2, "1 h")):
        await set_policy(conn, "limits", CENTRE, version, at("9 09:00").date(), {"sign": sign})
        await door.record_policies(conn, by="主任", reason="会议决定", now=at("9 09:00"))
        await door.record_policies(conn, by="主任", reason="会议决定", now=at("9 09:30"))
    first, second = await chain.policy_events(conn)
    assert (first.subject, first.seq, first.prev_hash) == (f"policy:limits:{CENTRE}", 1, GENESIS)
    assert (second.seq, second.version, second.prev_hash) == (2, 2, first.hash)
    assert (first.hash, second.hash) == (first.computed(), second.computed())
    assert second.body_hash == text_hash('{"sign": "1 h"}')


async def test_events_from_before_the_chains_are_chained_by_the_migration(bare_database: str) -> None:
    steps = migrations_of(("survey", "followup"))
    before = [m for m in steps if m.package == "survey" or m.number < 3]
    async with connection(bare_database) as conn:
        await migrate(conn, before)
        await lay_county(conn)
        await set_policy(conn, "limits", "*", 1, at("9 09:00").date(), {"sign": "2 h"})
        one = await lay_case(conn, NUMBER)
        two = await lay_case(conn, "991721-20260309-00002-3")
        await live(conn, two)
        await live(conn, one)
        await migrate(conn, steps)
        events = await stored(conn)
        assert [(e.case_id, e.seq) for e in events] == [(c, n) for c in (one, two) for n in (1, 2, 3)]
        assert all(e.hash == e.computed() for e in events)
        assert [p.seq for p in await chain.policy_events(conn)] == [1]
        assert (
            await conn.fetchval("SELECT next_day::text FROM followup.seal_due WHERE centre_code = $1", CENTRE)
            == "2026-03-09"
        )
        await live(conn, one)
        assert [e.seq for e in await stored(conn, one)] == [1, 2, 3, 4, 5, 6]
