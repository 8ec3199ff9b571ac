"""Quota seats: held before the contact, filled by an interview, given back by anything else; never more than the target."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from survey.answering import take_inbound
from survey.dialing import dial_due, record_progress
from survey.store import quotas
from tests.doors.doors_bench import CENTRE, Bench, Resident, at, heard


async def poll(bench: Bench, *cells: tuple[str, str, int]) -> int:
    """A poll by voice with these quota cells, ending on the 11th."""
    campaign = await bench.campaign("survey", "voice", closes_at=at("11 20:30"))
    await bench.run("UPDATE survey.campaign SET has_seats = true, kind = 'poll' WHERE id = $1", campaign)
    async with bench.ground.pool.acquire() as conn:
        await quotas.lay_cells(conn, campaign, list(cells))
    return campaign


async def cells(bench: Bench) -> list[tuple[str, str, int, int, int]]:
    return await bench.rows(  # type: ignore[return-value]
        "SELECT quota, cell, target, held, filled FROM survey.quota_cell ORDER BY quota, cell"
    )


async def in_cell(bench: Bench, person: Resident, **where: str) -> str:
    """`person` is in the poll's sample; `where` says which cell of which quota they belong to."""
    ref = await bench.survey(person, "voice", closes_at=at("11 20:30"))
    await bench.run("UPDATE survey.sample_unit SET cells = $2 WHERE ref = $1", ref, where)
    return ref


async def ends(bench: Bench, person: Resident, word: str) -> None:
    """The person's call comes to this."""
    ref = await bench.attempt_ref(person)
    assert await record_progress(bench.ground, ref, await bench.sid(person), word, None, {})


async def test_a_busy_call_gives_its_seat_to_the_next(bench: Bench) -> None:
    bench.clock.moment = at("9 10:00")
    await poll(bench, ("total", "all", 1))
    wang, li = await bench.resident("王秀英"), await bench.resident("李建国")
    await in_cell(bench, wang)
    waiting = await in_cell(bench, li)

    assert await dial_due(bench.ground, bench.line) == 1
    assert await cells(bench) == [("total", "all", 1, 1, 0)]
    assert await bench.unit_is(waiting) == "waiting, not_attempted, voice"

    await ends(bench, wang, "busy")
    assert await cells(bench) == [("total", "all", 1, 0, 0)]

    bench.later(minutes=16)
    await dial_due(bench.ground, bench.line)
    assert bench.carrier.numbers() == [wang.number, li.number]
    assert await cells(bench) == [("total", "all", 1, 1, 0)]


async def test_who_rings_back_while_every_seat_is_held_is_not_rung_again_any_sooner(bench: Bench) -> None:
    """Rung at ten and missed, she rings at five past; the next try stays hours away."""
    bench.clock.moment = at("9 10:00")
    await poll(bench, ("total", "all", 1))
    wang, li = await bench.resident("王秀英"), await bench.resident("李建国")
    hers = await in_cell(bench, wang)
    await dial_due(bench.ground, bench.line)
    await ends(bench, wang, "no_answer")
    due = (await bench.unit(hers))["due_at"]
    assert due >= at("9 14:00")

    bench.clock.moment = at("9 10:05")
    await in_cell(bench, li)
    assert await dial_due(bench.ground, bench.line) == 1  # his call holds the only seat
    for step, key in ((0, None), (1, "1")):
        reply = await take_inbound(
            bench.ground, wang.number, "CAin1", step, heard(key), bench.real, centre=CENTRE
        )
    assert reply.then == "hang_up"  # a person is to call, and says when
    assert (await bench.unit(hers))["due_at"] == due


async def test_a_full_cell_ends_its_people_and_leaves_the_others(bench: Bench) -> None:
    bench.clock.moment = at("9 10:00")
    campaign = await poll(bench, ("total", "all", 5), ("township", "柳河镇", 0), ("township", "青石镇", 5))
    wang, li, zhao = [await bench.resident(name) for name in ("王秀英", "李建国", "赵敏")]
    full = await in_cell(bench, wang, township="柳河镇")
    open_one = await in_cell(bench, li, township="青石镇")
    nowhere = await in_cell(bench, zhao, township="beside")

    assert await dial_due(bench.ground, bench.line) == 1
    assert await bench.unit_is(full) == "done, not_attempted"
    assert await bench.unit_is(nowhere) == "done, not_attempted"
    assert (await bench.unit(open_one))["status"] == "in_contact"
    assert await bench.rows(
        "SELECT e.why FROM survey.unit_event e JOIN survey.sample_unit u ON u.id = e.unit_id"
        " WHERE u.campaign_id = $1 AND e.to_status = 'done' ORDER BY e.id",
        campaign,
    ) == [("no seat left in a quota",), ("no seat left in a quota",)]


async def test_the_daily_target_makes_the_rest_wait_for_tomorrow(bench: Bench) -> None:
    bench.clock.moment = at("9 10:00")
    campaign = await poll(bench)
    await bench.run("UPDATE survey.campaign SET daily_target = 1 WHERE id = $1", campaign)
    wang, li = await bench.resident("王秀英"), await bench.resident("李建国")
    first = await in_cell(bench, wang)
    second = await in_cell(bench, li)
    await dial_due(bench.ground, bench.line)
    await bench.run(
        "UPDATE survey.quota_cell SET held = 0, filled = 1 WHERE campaign_id = $1 AND quota = 'day'", campaign
    )
    await bench.run("DELETE FROM survey.quota_seat")
    bench.later(minutes=16)
    await dial_due(bench.ground, bench.line)
    assert (await bench.unit(first))["status"] == "in_contact"
    assert (await bench.unit(second))["due_at"] == at("10 09:00")


async def test_the_database_itself_refuses_one_too_many(bench: Bench) -> None:
    campaign = await poll(bench, ("total", "all", 25))
    with pytest.raises(asyncpg.CheckViolationError):
        await bench.run("UPDATE survey.quota_cell SET held = 20, filled = 6 WHERE campaign_id = $1", campaign)


async def test_two_hundred_at_once_for_twenty_five_seats(bench: Bench) -> None:
    """Workers that claim at the same time share the seats out: 25 calls under way, whoever asks first."""
    bench.clock.moment = at("9 10:00")
    await poll(bench, ("total", "all", 25))
    for n in range(200):
        await in_cell(bench, await bench.resident(f"居民{n}"))
    await asyncio.gather(*(dial_due(bench.ground, bench.line) for _ in range(8)))
    for _ in range(4):
        bench.clock.moment += timedelta(minutes=1)
        await asyncio.gather(*(dial_due(bench.ground, bench.line) for _ in range(8)))
    assert len(bench.carrier.asked) == 25
    assert await cells(bench) == [("total", "all", 25, 25, 0)]
