"""Each day is sealed after its midnight, once, missed days too; what is committed late is under the next seal."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, timedelta

import asyncpg
import pytest
from followup_chains import case_with_events, lay_case
from followup_county import CENTRE, at

from followup import chain, chain_check
from followup.casework.chain import GENESIS
from followup.store.chain import sealed_days, sealed_heads
from followup.store.events import EventRow, insert_events
from workers.due import due_jobs

NUMBERS = [f"991721-20260309-0000{n}-X" for n in range(1, 5)]


def note(case_id: int, moment: str) -> EventRow:
    return EventRow(case_id, 1, "note", "submitted", "submitted", "督办员", None, at(moment))


async def sealed(conn: asyncpg.Connection) -> dict[int, list[tuple[str, int]]]:
    """What was sealed on each day of March: chains by the last digit of their number, and how far."""
    return {
        day.day.day: sorted(
            (head.subject[-3], head.seq) for head in await sealed_heads(conn, CENTRE, day.day)
        )
        for day in await sealed_days(conn)
    }


async def test_a_day_is_due_ten_minutes_after_its_midnight(conn: asyncpg.Connection, county: str) -> None:
    await case_with_events(conn, NUMBERS[0])
    due = {one.job: one.at for one in await due_jobs(conn, at("9 12:00"), at("9 12:00"))}
    assert due["seal_days"] == at("10 00:10")
    assert await chain.seal_days(conn, now=at("10 00:09")) == []
    (one,) = await chain.seal_days(conn, now=at("10 00:10"))
    assert (one.day, one.number, one.chains, one.events, one.prev_hash) == (
        date(2026, 3, 9),
        1,
        1,
        3,
        GENESIS,
    )
    assert await chain.seal_days(conn, now=at("10 00:10")) == []
    due = {one.job: one.at for one in await due_jobs(conn, at("10 12:00"), at("10 12:00"))}
    assert due["seal_days"] == at("11 00:10")


async def test_missed_days_are_sealed_one_by_one_and_quiet_days_too(
    conn: asyncpg.Connection, county: str
) -> None:
    one = await case_with_events(conn, NUMBERS[0])
    await case_with_events(conn, NUMBERS[1], at("11 09:00"))
    await insert_events(conn, [note(one, "11 16:00"), note(one, "12 08:00")])
    days = await chain.seal_days(conn, now=at("12 08:30"))
    assert [(day.day.day, day.number, day.chains, day.events) for day in days] == [
        (9, 1, 1, 3),
        (10, 2, 0, 0),
        (11, 3, 2, 4),
    ]
    assert [day.prev_hash for day in days] == [GENESIS, days[0].hash, days[1].hash]
    assert await sealed(conn) == {9: [("1", 3)], 10: [], 11: [("1", 4), ("2", 3)]}
    assert (await chain_check.check(conn)).faults == ()


async def test_what_is_committed_late_is_under_the_next_seal(
    conn: asyncpg.Connection, pool: asyncpg.Pool, county: str
) -> None:
    """A transaction that began before midnight is still open when the day is sealed."""
    one = await case_with_events(conn, NUMBERS[0])
    async with pool.acquire() as slow:
        late = slow.transaction()
        await late.start()
        await insert_events(slow, [note(one, "9 23:59")])
        new = await lay_case(slow, NUMBERS[1], at("9 23:59"))
        await insert_events(
            slow, [EventRow(new, 1, "register", None, "registered", "调查员", None, at("9 23:59"))]
        )
        await asyncio.wait_for(chain.seal_days(conn, now=at("10 00:10")), 20)
        assert await sealed(conn) == {9: [("1", 3)]}
        await late.commit()
    await chain.seal_days(conn, now=at("11 00:10"))
    assert await sealed(conn) == {9: [("1", 3)], 10: [("1", 4), ("2", 1)]}
    checked = await chain_check.check(conn)
    assert (checked.faults, sum(day.events for day in await sealed_days(conn))) == ((), checked.events)


async def test_two_workers_seal_a_day_once(conn: asyncpg.Connection, pool: asyncpg.Pool, county: str) -> None:
    await case_with_events(conn, NUMBERS[0])

    async def seal() -> int:
        async with pool.acquire() as one:
            return len(await chain.seal_days(one, now=at("11 00:10")))

    assert sum(await asyncio.gather(*(seal() for _ in range(4)))) == 2
    assert await sealed(conn) == {9: [("1", 3)], 10: []}


async def test_every_event_is_under_exactly_one_seal_in_the_end(
    conn: asyncpg.Connection, pool: asyncpg.Pool, county: str
) -> None:
    """Four write for five days with moments up to a day old, while a worker seals now and then."""
    cases = [await case_with_events(conn, number) for number in NUMBERS]

    async def write(case_id: int) -> None:
        for hour in range(0, 120, 7):
            async with pool.acquire() as one, one.transaction():
                moment = at("9 13:00") + timedelta(hours=hour - (hour * case_id) % 24)
                await insert_events(
                    one, [EventRow(case_id, 1, "note", "submitted", "submitted", "督办员", None, moment)]
                )
                await asyncio.sleep(0)

    async def seal() -> None:
        for day in range(10, 16):
            async with pool.acquire() as one:
                await chain.seal_days(one, now=at(f"{day} 00:10"))
            await asyncio.sleep(0.02)

    await asyncio.gather(seal(), *map(write, cases))
    await chain.seal_days(conn, now=at("20 00:10").astimezone(UTC))
    checked = await chain_check.check(conn)
    days = await sealed_days(conn)
    assert checked.faults == ()
    assert sum(day.events for day in days) == checked.events == 4 * (3 + 18)
    assert [day.number for day in days] == list(range(1, len(days) + 1))


async def test_a_day_that_is_sealed_takes_no_second_seal(conn: asyncpg.Connection, county: str) -> None:
    await case_with_events(conn, NUMBERS[0])
    await chain.seal_days(conn, now=at("10 00:10"))
    with pytest.raises(asyncpg.UniqueViolationError):
        await conn.execute(
            "INSERT INTO followup.sealed_day (centre_code, day, sealed_at) VALUES ($1, '2026-03-09', $2)",
            CENTRE,
            at("10 01:00"),
        )
