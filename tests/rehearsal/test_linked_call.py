"""An operator waits on their telephone and a resident is connected to it, over HTTP between processes; a worker is killed."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from survey import linked_operators, operating
from survey.dialogue.inputs import Choice, Words
from survey.fielding import Programme, build_day
from survey.importing import Brought, import_residents
from workers.rehearsal.plan import Plan
from workers.rehearsal.world import World, kill, open_world

WANG, OPERATOR, DESK = "+8615450000007", "1021", "+8615499000021"

pytestmark = pytest.mark.slow


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    plan = Plan(seed=7, attempts=30, out=tmp_path / "out", operators=0)
    async with open_world(plan, lambda _: None, data_dir=tmp_path / "data") as world:
        yield world


async def test_an_operator_is_called_once_and_a_resident_is_connected_to_them(world: World) -> None:
    """On duty, dialled, connected, interviewed; the operator closes the call, and waits for the next."""
    keeping = asyncio.create_task(world.timekeeper.run())
    try:
        with world.ground.clock.activity():
            due = await _one_person_due(world)
            await world.ground.clock.sleep_until(due - timedelta(minutes=20))
            await linked_operators.go_on_duty(world.ground, OPERATOR, DESK)
            await _until(world, "in_call")
            asked = await _interview(world)
            kill(world.supervisor, "worker")
            await _until(world, "ready")
            await linked_operators.leave(world.ground, OPERATOR)
            await _until(world, "off")
            calls, states = await _what_is_written(world)
    finally:
        keeping.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await keeping
    assert asked > 5
    assert calls == [(WANG, "completed", asked), (DESK, "completed", 0)]
    assert states == ["wanted", "calling", "ready", "in_call", "ready", "leaving", "off"]
    assert world.supervisor.restarts["worker"] == 1


async def _one_person_due(world: World) -> datetime:
    """王秀英 is the only one on the list, drawn for the operators of today, in a campaign that connects them; when."""
    ground = world.ground
    await world.twin.residents(
        [
            {"number": WANG, "temper": "patient", "answers": ["answered"]},
            {"number": DESK, "temper": "patient", "answers": ["answered"]},
        ]
    )
    async with ground.pool.acquire() as conn:
        await conn.execute("UPDATE survey.daily_round SET next_at = next_at + interval '9 days'")
        town, village = await conn.fetchrow(
            "SELECT t.name_zh, v.name_zh FROM survey.area v JOIN survey.area t ON t.code = v.parent_code"
            " WHERE t.parent_code = $1 ORDER BY v.code LIMIT 1",
            world.plan.centre,
        )
    listed = f"姓名,电话,乡镇,村,出生年\n王秀英,{WANG[3:]},{town},{village},1985\n"
    brought = Brought("l.csv", "中心", "调查", "制度")
    await import_residents(ground, world.plan.centre, listed.encode(), brought, "fictional")
    today = world.plan.starts_at.date()
    assert await build_day(ground, world.plan.centre, today, Programme(0, 0, 1), 1) == 1
    async with ground.pool.acquire() as conn:
        await conn.execute("UPDATE survey.campaign SET operator_dialling = 'progressive'")
        due: datetime = await conn.fetchval("SELECT min(due_at) FROM survey.sample_unit")
    return due


async def _interview(world: World) -> int:
    """The operator reads each question into the room and keys the first answer offered. How many questions."""
    ground = world.ground
    task = await operating.task_in_hand(ground, OPERATOR)
    assert task is not None and task.linked
    async with ground.pool.acquire() as conn:
        sid = await conn.fetchval("SELECT sid FROM survey.attempt WHERE ref = $1", task.ref)
    reply, asked = await operating.answered(ground, task.ref, OPERATOR), 0
    while not reply.over:
        expects = reply.turn.expects
        assert expects is not None
        await world.twin.desk_say(sid, "".join(reply.turn.prompts))
        asked += 1
        given = Words("路灯坏了") if expects.kind == "open" else Choice(expects.options[0].code)
        reply = await operating.say(ground, task.ref, OPERATOR, given)
    await operating.hang_up(ground, task.ref)
    return asked


async def _until(world: World, wanted: str) -> None:
    clock = world.ground.clock
    deadline = clock.now() + timedelta(days=1)
    while (seen := await linked_operators.state_of(world.ground, OPERATOR)) != wanted:
        assert clock.now() < deadline, f"still {seen}, not {wanted}"
        await clock.sleep_until(clock.now() + timedelta(seconds=30))


async def _what_is_written(world: World) -> tuple[list[tuple[str, str, int]], list[str]]:
    ledger = await world.twin.raw_ledger()
    calls = sorted((call["to"], call["status"], len(call["spoken"])) for call in ledger["calls"])
    async with world.ground.pool.acquire() as conn:
        rows = await conn.fetch("SELECT state FROM survey.linked_operator_event ORDER BY id")
    return calls, [row["state"] for row in rows]
