"""A simulated quarter from an empty database to its figures: real processes, the carrier's wire, one virtual clock."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from workers.agreement import broken_promises, compare
from workers.quarter.arrivals import arrivals
from workers.quarter.clerks import QuarterClerks
from workers.quarter.figures import Figures, Ran, read_figures
from workers.quarter.plan import QuarterPlan, planted, town_changes
from workers.quarter.reception import Reception
from workers.rehearsal.operators import Operator
from workers.rehearsal.plan import Plan
from workers.rehearsal.world import World, open_world

LOOK_EVERY = timedelta(minutes=30)
RUNS_OUT = timedelta(days=30)
"""After its last day, in which cases of the last days come round; what is open then is counted as waiting."""

SELECT_SO_FAR = """
SELECT (SELECT count(*)::int FROM followup.case_file) AS cases,
       (SELECT count(*)::int FROM followup.case_file WHERE closed_at IS NOT NULL) AS closed,
       (SELECT count(*)::int FROM followup.case_file WHERE closed_at IS NULL AND status <> 'adjudication') AS moving,
       (SELECT count(*)::int FROM survey.attempt) AS attempts,
       (SELECT count(*)::int FROM followup.callback) AS callbacks,
       (SELECT count(*)::int FROM survey.sample_unit WHERE status <> 'done') AS asked,
       (SELECT count(*)::int FROM followup.suspicion WHERE decided_at IS NULL) AS doubts,
       (SELECT count(*)::int FROM survey.outbox WHERE NOT consumed) AS results"""


@dataclass(frozen=True)
class SoFar:
    """Counts of the moment. `moving`: cases that somebody must still do something about."""

    cases: int
    closed: int
    moving: int
    attempts: int
    callbacks: int
    asked: int
    doubts: int
    results: int


LOOKS_AGAIN_S = 300
"""Of operators who wait: over thirteen weeks of virtual time, a look every minute would be most of the work."""
Told = Callable[[datetime, SoFar], None]


async def simulate(
    plan: QuarterPlan, say: Callable[[str], None], told: Told, data_dir: Path | None = None
) -> Figures:
    """Run it. `told` is called about twice a second of real time."""
    began = time.monotonic()
    async with open_world(_rehearsal(plan), say, data_dir) as world:
        world.timekeeper.grain_s = plan.grain_s
        reception = Reception(world.ground, planted().centre, arrivals(plan))
        async with world.ground.pool.acquire() as conn:
            await reception.prepare(conn)
        clerks = QuarterClerks(world.ground, world.twin, plan.seed, world.ground.tokens, reception)
        await _run(world, plan, clerks, told)
        return await _look_back(world, plan, clerks, began)


async def _look_back(world: World, plan: QuarterPlan, clerks: QuarterClerks, began: float) -> Figures:
    errors = await world.twin.errors()
    ran = Ran(
        ended_at=world.timekeeper.now,
        seconds=time.monotonic() - began,
        puzzled=len(errors.puzzled),
        carrier_errors=errors.errors,
        disagreements=await _disagreements(world) if plan.compared else None,
    )
    async with world.ground.pool.acquire() as conn:
        return await read_figures(conn, plan, clerks.diary, ran)


async def _disagreements(world: World) -> tuple[str, ...]:
    """Where the carrier's ledger and the database tell another story, and promises that were not kept."""
    ledger = await world.twin.ledger()
    async with world.ground.pool.acquire() as conn:
        compared = await compare(conn, world.ground.vault, ledger)
        broken = await broken_promises(conn)
    return tuple(map(str, (*compared.differences, *compared.intent_mismatches, *broken)))


def _rehearsal(plan: QuarterPlan) -> Plan:
    return Plan(
        seed=plan.seed,
        day=plan.first_day,
        town=town_changes(),
        centre=planted().centre,
        operators=plan.operators,
    )


async def _run(world: World, plan: QuarterPlan, clerks: QuarterClerks, told: Told) -> None:
    clock, ground = world.ground.clock, world.ground
    until = plan.starts_at + timedelta(weeks=plan.weeks) + RUNS_OUT
    over = asyncio.Event()
    actors: list[Coroutine[Any, Any, None]] = [
        Operator(f"10{n + 11:02}", ground, world.twin, looks_again_s=LOOKS_AGAIN_S).work()
        for n in range(plan.operators)
    ]
    actors += [clerks.work(until), _watch(world, clerks, over, until)]
    tasks = [clock.spawn(actor, f"actor {n}") for n, actor in enumerate(actors)]
    keeping = asyncio.create_task(world.timekeeper.run(), name="timekeeper")
    try:
        while not over.is_set():
            done, _ = await asyncio.wait([*tasks, keeping], timeout=0.5, return_when=asyncio.FIRST_EXCEPTION)
            for task in done:
                if task.exception() is not None:
                    raise task.exception()  # type: ignore[misc]
            told(world.timekeeper.now, await _so_far(world))
    finally:
        for task in (*tasks, keeping):
            task.cancel()
        await asyncio.gather(*tasks, keeping, return_exceptions=True)


async def _watch(world: World, clerks: QuarterClerks, over: asyncio.Event, until: datetime) -> None:
    """Every half hour of virtual time: has everything come round?"""
    clock = world.ground.clock
    while clock.now() < until:
        await clock.sleep_until(clock.now() + LOOK_EVERY)
        if clerks.reception.done:
            at = await _so_far(world)
            if at.moving == at.asked == at.doubts == at.results == 0:
                break
    over.set()
    await asyncio.Event().wait()  # time stands at the end until everything is taken down


async def _so_far(world: World) -> SoFar:
    async with world.ground.pool.acquire() as conn:
        return SoFar(**await conn.fetchrow(SELECT_SO_FAR))
