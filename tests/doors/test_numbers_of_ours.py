"""Several numbers of ours: a person is called back from the same one, and one that is ill rests while the others go on."""

from __future__ import annotations

from collections import Counter

from doors_bench import Bench
from test_pace import due_people, set_pace

from survey.dialing import dial_due
from survey.store import callers, shares

A, B = "+8615400000000", "+8615400000001"


async def with_numbers(bench: Bench) -> None:
    async with bench.ground.pool.acquire() as conn:
        await callers.keep(conn, [(A, "AC1", 1.0), (B, "AC2", 1.0)], bench.clock.now())


async def tell(bench: Bench) -> list[tuple[object, ...]]:
    return await bench.rows("SELECT number, paused_why FROM survey.caller ORDER BY position")


async def end_all(bench: Bench, code: str, share: float = 1.0) -> None:
    """Every call under way ends, this share of them with `code`."""
    await bench.run(
        "UPDATE survey.attempt SET status = 'ended', ended_at = $1,"
        " disposition = CASE WHEN id % 100 < $3::float8 * 100 THEN $2 ELSE 'no_answer' END WHERE status <> 'ended'",
        bench.clock.now(),
        code,
        share,
    )


async def test_people_are_divided_and_called_back_from_the_same_number(bench: Bench) -> None:
    await with_numbers(bench)
    await due_people(bench, "a", 40)
    await set_pace(bench, rate=20.0)
    bench.later(seconds=2)
    assert await dial_due(bench.ground, bench.line) == 40
    first = {one.number: one.caller for one in bench.carrier.asked}
    assert sorted(Counter(first.values())) == [A, B]
    assert min(Counter(first.values()).values()) >= 10

    bench.carrier.asked.clear()
    await bench.run("UPDATE survey.contact SET closed_at = $1", bench.clock.now())
    await end_all(bench, "busy")
    again = bench.later(hours=5)
    await bench.run(
        "UPDATE survey.sample_unit SET status = 'waiting', next_mode = 'voice', due_at = $1", again
    )
    await set_pace(bench, rate=20.0)
    bench.later(seconds=2)
    assert await dial_due(bench.ground, bench.line) == 40
    assert {one.number: one.caller for one in bench.carrier.asked} == first


async def test_each_number_has_a_limit_of_its_own(bench: Bench) -> None:
    await with_numbers(bench)
    await due_people(bench, "a", 60)
    async with bench.ground.pool.acquire() as conn:
        await shares.adjust(conn, "number", A, "voice", rate=1.0)
        await shares.adjust(conn, "account", "AC2", "voice", lines=4)
    await set_pace(bench, rate=20.0)
    bench.later(seconds=2)
    await dial_due(bench.ground, bench.line)
    assert Counter(one.caller for one in bench.carrier.asked) == {A: 2, B: 4}


async def test_a_blocked_number_rests_and_the_others_go_on_until_somebody_resumes_it(bench: Bench) -> None:
    await with_numbers(bench)
    await due_people(bench, "a", 200)
    await set_pace(bench, rate=50.0)
    bench.later(seconds=2)
    await dial_due(bench.ground, bench.line)
    await bench.run("UPDATE survey.attempt SET caller = $1", A)
    await end_all(bench, "blocked", 0.5)
    bench.carrier.asked.clear()
    bench.later(minutes=30)
    assert await dial_due(bench.ground, bench.line) > 0
    assert {one.caller for one in bench.carrier.asked} == {B}
    blocked = await bench.one("SELECT count(*)::int FROM survey.attempt WHERE disposition = 'blocked'")
    assert await tell(bench) == [
        (A, f"too many are blocked 拦截过多: {blocked} of 100 attempts, at most 15% may"), (B, None),
    ]  # fmt: skip

    async with bench.ground.pool.acquire() as conn:
        assert await callers.resume(conn, A, bench.clock.now(), "张敏督导", "标记已解除")
        assert not await callers.resume(conn, A, bench.clock.now(), "张敏督导", "标记已解除")
    assert await bench.rows("SELECT event, by_whom FROM survey.caller_event ORDER BY id") == [
        ("paused", "service"), ("resumed", "张敏督导"),
    ]  # fmt: skip
    bench.later(minutes=30)
    await dial_due(bench.ground, bench.line)
    assert await tell(bench) == [(A, None), (B, None)]


async def test_nothing_goes_out_when_every_number_rests(bench: Bench) -> None:
    await with_numbers(bench)
    await due_people(bench, "a", 5)
    async with bench.ground.pool.acquire() as conn:
        for number in (A, B):
            assert await callers.pause(conn, number, bench.clock.now(), "张敏督导", "被标记")
    await set_pace(bench, rate=5.0)
    bench.later(seconds=2)
    assert await dial_due(bench.ground, bench.line) == 0
    assert await bench.one("SELECT count(*)::int FROM survey.attempt") == 0


async def test_complaints_are_put_down_by_hand_and_count(bench: Bench) -> None:
    await with_numbers(bench)
    await due_people(bench, "a", 60)
    await set_pace(bench, rate=20.0)
    bench.later(seconds=2)
    await dial_due(bench.ground, bench.line)
    await end_all(bench, "no_answer")
    async with bench.ground.pool.acquire() as conn:
        for _ in range(4):
            assert await callers.complain(conn, A, bench.clock.now(), "张敏督导", "12321转来")
        assert not await callers.complain(conn, "+8615400000009", bench.clock.now(), "张敏督导", "x")
    bench.later(minutes=30)
    await dial_due(bench.ground, bench.line)
    why = (await tell(bench))[0][1]
    assert isinstance(why, str) and why.startswith("too many people complain 投诉过多: 4 of ")
