"""A chaos run from an empty database to the verdict."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Collection, Coroutine, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import structlog

from survey.operating import NoSuchAttempt
from survey.store.outage import DOWN
from workers.agreement import broken_promises, compare
from workers.chaos.campaigns import begin
from workers.chaos.checking import Found, check
from workers.chaos.monkey import Monkey
from workers.chaos.plan import ChaosPlan
from workers.rehearsal.operators import Operator
from workers.rehearsal.world import World, open_world

log = structlog.get_logger()
LOOK_EVERY = timedelta(minutes=30)
AGAIN_S = 0.3
LOST: tuple[type[BaseException], ...] = (*DOWN, aiohttp.ClientError, NoSuchAttempt)
"""What an operator may meet: no database, no desk phone, or an attempt that was given back meanwhile."""

SELECT_LEFT = """
SELECT (SELECT count(*)::int FROM survey.sample_unit WHERE status <> 'done') AS open_units,
       (SELECT count(*)::int FROM survey.campaign WHERE document IS NOT NULL AND status <> 'closed') AS open_campaigns,
       (SELECT count(*)::int FROM survey.outbox WHERE NOT consumed) AS results"""

SELECT_FIGURES = """
SELECT (SELECT count(*)::int FROM survey.drawn_unit) AS drawn,
       (SELECT count(*)::int FROM survey.sample_unit) AS units,
       (SELECT count(*)::int FROM survey.sample_unit WHERE disposition = 'complete') AS completes,
       (SELECT count(*)::int FROM survey.attempt) AS attempts,
       (SELECT count(*)::int FROM survey.input) AS inputs,
       (SELECT count(*)::int FROM survey.answer) AS answers,
       (SELECT count(*)::int FROM survey.opt_out) AS opt_outs,
       (SELECT count(*)::int FROM survey.attempt WHERE disposition = 'appointment') AS appointments,
       (SELECT count(*)::int FROM (SELECT unit_id FROM survey.attempt GROUP BY unit_id HAVING count(DISTINCT mode) > 1) m)
           AS mode_changes,
       (SELECT count(*)::int FROM survey.quota_cell WHERE quota <> 'day' AND filled = target) AS full_cells"""


@dataclass(frozen=True)
class Outcome:
    """What the run was and what both checkers found. `figures` counts rows of the database; `blows` what was done to it."""

    figures: dict[str, int]
    blows: Counter[str]
    restarts: dict[str, int]
    by_ledger: tuple[str, ...]
    by_sql: tuple[Found, ...]
    left: dict[str, int]
    days: float
    seconds: float

    @property
    def holds(self) -> bool:
        return not self.by_ledger and not self.by_sql and not any(self.left.values())


async def run_chaos(
    plan: ChaosPlan,
    say: Callable[[str], None],
    told: Callable[[int, dict[str, int]], None],
    data_dir: Path | None = None,
) -> Outcome:
    """Everything. `told(blows left, figures)` is called now and then. Raises TimeoutError where it does not come to its end."""
    began = time.monotonic()
    async with open_world(plan.rehearsal, say, data_dir, crash_safe=True) as world:
        await begin(world, plan)
        monkey = Monkey(world, plan, lambda blow: say(f"打击 blow: {blow}"))
        operators = [Operator(f"10{n + 1:02}", world.ground, world.twin) for n in range(plan.operators)]
        await _run(world, operators, monkey, told)
        unkeyed = set().union(*(operator.unkeyed for operator in operators))
        return await _judge(world, monkey, unkeyed, time.monotonic() - began)


async def _run(
    world: World,
    operators: Sequence[Operator],
    monkey: Monkey,
    told: Callable[[int, dict[str, int]], None],
) -> None:
    clock = world.ground.clock
    over = asyncio.Event()
    actors: list[Coroutine[Any, Any, None]] = [_stubborn(operator) for operator in operators]
    actors.append(_watch(world, monkey, over))
    tasks = [clock.spawn(actor, f"actor {n}") for n, actor in enumerate(actors)]
    others = [
        asyncio.create_task(world.timekeeper.run(), name="timekeeper"),
        asyncio.create_task(monkey.rage(), name="monkey"),
    ]
    try:
        while not over.is_set():
            await asyncio.wait([*tasks, *others], timeout=2.0, return_when=asyncio.FIRST_EXCEPTION)
            for task in (*tasks, *others):
                if task.done() and task.exception() is not None:
                    raise task.exception()  # type: ignore[misc]
            told(monkey.left, await _figures(world))
    finally:
        for task in (*tasks, *others):
            task.cancel()
        await asyncio.gather(*tasks, *others, return_exceptions=True)


async def _stubborn(operator: Operator) -> None:
    """An operator whose screen loses the service goes on when it is back; the call at hand is lost to them, as in life."""
    while True:
        try:
            await operator.work()
        except LOST as error:
            log.warning("operator lost the service", error=type(error).__name__)
            await asyncio.sleep(AGAIN_S)


async def _watch(world: World, monkey: Monkey, over: asyncio.Event) -> None:
    """Every half hour of virtual time: is anything left to be done? The blows must all have been dealt."""
    clock = world.ground.clock
    until = world.plan.starts_at + timedelta(days=world.plan.longest_days)
    while clock.now() < until:
        await clock.sleep_until(clock.now() + LOOK_EVERY)
        while True:
            try:
                left = await _left(world)
                break
            except DOWN:
                await asyncio.sleep(AGAIN_S)
        if not any(left.values()):
            monkey.hurry.set()  # were they too many, the rest falls on a world that has nothing left to do
            await monkey.done.wait()
            over.set()
            await asyncio.Event().wait()
    raise TimeoutError(
        f"after {world.plan.longest_days} days there is still something to do: {await _left(world)}"
    )


async def _left(world: World) -> dict[str, int]:
    async with world.ground.pool.acquire() as conn:
        return dict(await conn.fetchrow(SELECT_LEFT))


async def _figures(world: World) -> dict[str, int]:
    try:
        async with world.ground.pool.acquire() as conn:
            return dict(await conn.fetchrow(SELECT_FIGURES))
    except DOWN:
        return {}


async def _judge(
    world: World, monkey: Monkey, unkeyed: Collection[tuple[str, str]], seconds: float
) -> Outcome:
    """`unkeyed`: what was said to an operator at whose desk the service went away before it could be keyed, by attempt and
    question. Nobody could take it down; whatever else was said must be there.
    """
    ledger, raw = await world.twin.ledger(), await world.twin.raw_ledger()
    async with world.ground.pool.acquire() as conn:
        compared = await compare(conn, world.ground.vault, ledger)
        breaches = await broken_promises(conn)
        found = await check(conn, raw, world.ground.vault.token)
        figures = dict(await conn.fetchrow(SELECT_FIGURES))
    excused = {f"desk call of attempt {ref} {question}" for ref, question in unkeyed}
    differences = [
        one for one in compared.differences if one.kind != "answer_not_taken_down" or one.where not in excused
    ]
    said = [str(one) for one in (*differences, *compared.intent_mismatches, *breaches)]
    figures["unkeyed"] = len(unkeyed)
    figures["last_blow_at_attempt"] = monkey.last_at
    figures |= {
        f"ledger_{name}": n for name, n in compared.counts.items() if name in ("calls", "texts", "keys")
    }
    return Outcome(
        figures,
        monkey.dealt,
        {name: n for name, n in world.supervisor.restarts.items() if n},
        tuple(said),
        tuple(found),
        await _left(world),
        (world.timekeeper.now - world.plan.starts_at) / timedelta(days=1),
        seconds,
    )
