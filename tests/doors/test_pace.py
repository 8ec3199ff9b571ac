"""How fast work is handed to the carrier: by the bucket, live, a line at a time, and in turns between campaigns."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from doors_bench import LIUHE, Bench, at

from survey.dialing import dial_due
from survey.questionnaire import library
from survey.store import pace, shares, units
from survey.store.units import NewUnit


async def due_people(bench: Bench, code: str, n: int, mode: str = "voice", weight: float = 1.0) -> int:
    """`n` people of a campaign of their own, all due now."""
    campaign = await bench.opened(library("perception"), (mode,), code, closes_at=at("11 20:30"))
    await bench.run("UPDATE survey.campaign SET weight = $2 WHERE id = $1", campaign, weight)
    people = [await bench.resident(f"{code}") for _ in range(n)]
    new = [
        NewUnit(bench.ground.tokens(), p.id, LIUHE, f"{code}:{p.id}", 0.5, 1.0, {}, mode, bench.clock.now())
        for p in people
    ]
    async with bench.ground.pool.acquire() as conn:
        await units.release(conn, "991721", campaign, bench.clock.now(), new)
    return campaign


async def set_pace(bench: Bench, channel: str = "voice", **how: float | int) -> None:
    async with bench.ground.pool.acquire() as conn:
        await pace.adjust(conn, channel, **how)  # type: ignore[arg-type]
    await bench.run(
        "UPDATE survey.pace SET batch_s = 0, tokens = 0, filled_at = $1, next_at = $1", bench.clock.now()
    )


async def test_without_batches_each_call_goes_when_its_token_is_there(bench: Bench) -> None:
    await due_people(bench, "a", 20)
    await set_pace(bench, rate=2.0)
    sent = []
    for _ in range(8):
        sent.append(await dial_due(bench.ground, bench.line))
        bench.later(seconds=1)
    assert sent == [0, 2, 2, 2, 2, 2, 2, 2]


async def test_the_rate_can_be_changed_while_it_runs(bench: Bench) -> None:
    await due_people(bench, "a", 40)
    await set_pace(bench, rate=1.0)
    bench.later(seconds=2)
    assert await dial_due(bench.ground, bench.line) == 2
    async with bench.ground.pool.acquire() as conn:
        await pace.adjust(conn, "voice", rate=10.0)
    bench.later(seconds=1)
    assert await dial_due(bench.ground, bench.line) == 10


async def test_no_more_calls_than_lines(bench: Bench) -> None:
    await due_people(bench, "a", 20)
    await set_pace(bench, rate=10.0, lines=3)
    bench.later(seconds=2)
    assert await dial_due(bench.ground, bench.line) == 3
    bench.later(seconds=2)
    assert await dial_due(bench.ground, bench.line) == 0
    await bench.run(
        "UPDATE survey.attempt SET status = 'ended', ended_at = $1 WHERE id = 1", bench.clock.now()
    )
    bench.later(seconds=2)
    assert await dial_due(bench.ground, bench.line) == 1


async def test_campaigns_take_turns_however_much_one_of_them_wants(bench: Bench) -> None:
    large = await due_people(bench, "large", 60)
    bench.later(seconds=1)
    small = await due_people(bench, "small", 5)
    await set_pace(bench, rate=5.0)
    bench.later(seconds=2)
    assert await dial_due(bench.ground, bench.line) == 10
    asked = dict(
        await bench.rows(  # type: ignore[arg-type]
            "SELECT u.campaign_id, count(*)::int FROM survey.attempt a JOIN survey.sample_unit u ON u.id = a.unit_id GROUP BY 1"
        )
    )
    assert asked == {large: 5, small: 5}


async def test_a_result_that_is_owed_comes_before_bulk(bench: Bench) -> None:
    await due_people(bench, "large", 30)
    bench.later(seconds=1)
    wang = await bench.resident("王秀英")
    await bench.case(wang, "voice")
    await set_pace(bench, rate=1.0)
    bench.later(seconds=1)
    assert await dial_due(bench.ground, bench.line) == 1
    assert bench.carrier.numbers() == [wang.number]


async def test_ticks_that_run_together_take_no_more_lines_than_there_are(bench: Bench) -> None:
    await due_people(bench, "a", 20)
    await set_pace(bench, rate=10.0, lines=3)
    bench.later(seconds=2)
    assert sum(await asyncio.gather(*(dial_due(bench.ground, bench.line) for _ in range(4)))) == 3


async def test_an_appointment_goes_before_the_bulk_of_its_own_campaign(bench: Bench) -> None:
    campaign = await due_people(bench, "a", 60)
    await bench.run(
        "UPDATE survey.sample_unit SET disposition = 'appointment', appointment_at = $1, due_at = $1"
        " WHERE id = (SELECT max(id) FROM survey.sample_unit WHERE campaign_id = $2)",
        bench.clock.now() + timedelta(seconds=60),
        campaign,
    )
    bench.later(seconds=60)
    await set_pace(bench, rate=1.0)
    bench.later(seconds=2)
    assert await dial_due(bench.ground, bench.line) == 2
    dialled = await bench.rows(
        "SELECT max(id) = any(array_agg(id) FILTER (WHERE status = 'in_contact')) FROM survey.sample_unit"
    )
    assert dialled == [(True,)]


async def by_campaign(bench: Bench) -> dict[int, int]:
    """Attempts so far of each campaign."""
    return dict(
        await bench.rows(  # type: ignore[arg-type]
            "SELECT u.campaign_id, count(*)::int FROM survey.attempt a JOIN survey.sample_unit u ON u.id = a.unit_id GROUP BY 1"
        )
    )


async def test_one_call_a_second_is_shared_out_by_weight_however_old_the_campaigns_are(bench: Bench) -> None:
    old = await due_people(bench, "old", 40)
    bench.later(seconds=1)
    heavy = await due_people(bench, "heavy", 40, weight=2.0)
    late = await due_people(bench, "late", 40)
    await set_pace(bench, rate=1.0)
    for _ in range(24):
        bench.later(seconds=1.001)
        assert await dial_due(bench.ground, bench.line) == 1
    assert await by_campaign(bench) == {old: 6, heavy: 12, late: 6}


async def test_a_burst_of_long_texts_is_counted_in_segments(bench: Bench) -> None:
    """Ten tokens are three texts of three segments; the one that is left waits with those that run in."""
    people = [await bench.resident("王秀英") for _ in range(12)]
    for person in people:
        await bench.case(person, "text")
    long = "水管已经更换,供水恢复正常," * 10
    await bench.run(
        "UPDATE survey.sample_unit SET facts = facts || jsonb_build_object('result', $1::text)", long
    )
    await set_pace(bench, "text", rate=5.0)
    bench.later(seconds=2)
    assert await dial_due(bench.ground, bench.line) == 3
    each = await bench.rows("SELECT DISTINCT segments FROM survey.text_out")
    assert each == [(3,)]
    assert await bench.one("SELECT tokens FROM survey.pace WHERE channel = 'text'") == 1.0
    sent = []
    for _ in range(4):
        bench.later(seconds=1)
        sent.append(await dial_due(bench.ground, bench.line))
    assert sent == [2, 1, 2, 2]
    assert (
        await bench.one("SELECT count(*)::int FROM survey.contact") == 10
    )  # nothing is left of what was taken back


async def test_a_campaign_with_a_limit_of_its_own_leaves_the_rest_to_others(bench: Bench) -> None:
    slow = await due_people(bench, "slow", 40)
    bench.later(seconds=1)
    free = await due_people(bench, "free", 40)
    async with bench.ground.pool.acquire() as conn:
        await shares.adjust(conn, "campaign", str(slow), "voice", rate=0.5, lines=3)
    await set_pace(bench, rate=4.0)
    for _ in range(8):
        bench.later(seconds=1)
        await dial_due(bench.ground, bench.line)
    got = await by_campaign(bench)
    assert got[slow] == 3
    assert got[free] >= 27
    async with bench.ground.pool.acquire() as conn:
        await shares.forget(conn, "campaign", str(slow), "voice")
    bench.later(seconds=1)
    await dial_due(bench.ground, bench.line)
    assert (await by_campaign(bench))[slow] == 6
