"""The first slice: one resident, one case, two rounds, over HTTP between processes, a worker killed on the way."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from followup import callbacks, cases
from followup.imports import import_closed_cases
from followup.reading import passport
from survey.importing import Brought
from survey.store import text_poll
from workers.agreement import broken_promises, compare
from workers.rehearsal.plan import Plan
from workers.rehearsal.world import World, kill, open_world

WANG = "+8615450000007"
LAMPS = "村口路灯不亮"
FIRST_RESULT = "已派人查看路灯"
SECOND_RESULT = "重新办理后,三盏路灯已换新"
CASE = f"""工单号,诉求人,联系电话,诉求内容,类别,所属区域/乡镇,承办单位,办结时间,办理结果,是否联系群众
GD20260301-00001,王秀英,15450000007,{LAMPS},社会治安,{{township}},公安局,2026-03-05 10:00,{FIRST_RESULT},是
"""
UNHAPPY = {"solved": "未解决", "satisfied": "不满意", "contacted": "联系过", "again": "需要"}
HAPPY = {"solved": "已解决", "satisfied": "满意", "contacted": "联系过"}

pytestmark = pytest.mark.slow


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    plan = Plan(seed=7, attempts=30, out=tmp_path / "out", operators=0)
    folder = tmp_path / "data"
    async with open_world(plan, lambda _: None, data_dir=folder) as world:
        yield world


async def test_one_resident_one_case_two_rounds(world: World) -> None:
    """Told, asked, not solved, sent out again, told again, solved: and the carrier's book says the same."""
    keeping = asyncio.create_task(world.timekeeper.run())
    try:
        with world.ground.clock.activity():
            number = await _bring_in(world)
            await _feels(world, UNHAPPY)
            await _until(world, lambda: _status(world, number), "redispatch_review")
            kill(world.supervisor, "worker")
            await _second_round(world, number)
            await _until(world, lambda: _status(world, number), "closed")
            events, differences = await _what_is_written(world, number)
    finally:
        keeping.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await keeping
    assert events == [
        (1, "import", "callback_pending"),
        (1, "callback_flagged", "redispatch_review"),
        (2, "redispatch", "dispatched"),
        (2, "sign", "in_progress"),
        (2, "submit_result", "result_review"),
        (2, "accept_result", "callback_pending"),
        (2, "callback_closed", "closed"),
    ]
    assert differences == []
    assert world.supervisor.restarts["worker"] == 1


async def _bring_in(world: World) -> str:
    ground, centre = world.ground, world.plan.centre
    async with ground.pool.acquire() as conn:
        await text_poll.polled(conn, ground.clock.now(), ground.clock.now() + timedelta(hours=1))
        township = await conn.fetchval(
            "SELECT name_zh FROM survey.area WHERE parent_code = $1 ORDER BY code LIMIT 1", centre
        )
        report = await import_closed_cases(
            conn,
            ground.vault,
            centre,
            CASE.format(township=township).encode(),
            Brought("one.csv", "综治中心", "办结事项回访", "综治中心结果反馈制度"),
            plan="fictional",
            now=ground.clock.now(),
            tokens=ground.tokens,
            seed=1,
        )
    assert report.kept == 1, report.refusals
    return report.numbers[0]


async def _feels(world: World, opinions: dict[str, str]) -> None:
    traits = {"temper": "patient", "opinions": opinions, "answers": ["answered"]}
    await world.twin.residents([{"number": WANG, **traits}])


async def _second_round(world: World, number: str) -> None:
    """What people do: the supervisor confirms, the unit works on it and reports, the centre accepts."""
    now = world.ground.clock.now
    await world.ground.clock.sleep_until(
        now() + timedelta(hours=24)
    )  # a person calls first, if they get through
    async with world.ground.pool.acquire() as conn:
        await callbacks.confirm(conn, number, by="督办员", reason="群众反映属实", now=now())
        lead = (await passport(conn, number)).assignments[-1].unit_code
        await cases.sign(conn, number, by=lead, now=now())
        await world.ground.clock.sleep_until(now() + timedelta(hours=20))
        await cases.report_result(
            conn, number, by=lead, summary=SECOND_RESULT, claimed_contact=True, now=now()
        )
        await _feels(world, HAPPY)
        await cases.accept_result(conn, number, by="审核员", now=now(), tokens=world.ground.tokens, seed=1)


async def _status(world: World, number: str) -> str:
    async with world.ground.pool.acquire() as conn:
        return (await passport(conn, number)).case.status


async def _until(world: World, look: Callable[[], Awaitable[str]], wanted: str) -> None:
    clock = world.ground.clock
    deadline = clock.now() + timedelta(days=9)
    while (seen := await look()) != wanted:
        assert clock.now() < deadline, f"still {seen}, not {wanted}"
        await clock.sleep_until(clock.now() + timedelta(minutes=10))


async def _what_is_written(world: World, number: str) -> tuple[list[tuple[int, str, str]], list[Any]]:
    ledger = await world.twin.ledger()
    async with world.ground.pool.acquire() as conn:
        history = (await passport(conn, number)).events
        compared = await compare(conn, world.ground.vault, ledger)
        broken = await broken_promises(conn)
        told = await conn.fetch("SELECT told_text FROM followup.callback ORDER BY round")
    assert [row["told_text"] for row in told] == [FIRST_RESULT, SECOND_RESULT]
    assert compared.counts["intents"] > 0
    moves = [one for one in history if one.from_status != one.to_status]
    events = [(move.round, move.event, move.to_status) for move in moves]
    return events, [*compared.differences, *compared.intent_mismatches, *broken]
