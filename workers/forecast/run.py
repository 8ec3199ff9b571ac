"""One campaign from its document to the forecast, in a world of its own."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from pathlib import Path
from typing import Any

from survey import campaigning
from survey.field.campaign_document import CampaignDocument
from survey.importing import Brought, import_residents
from survey.questionnaire import Questionnaire
from survey.store import campaign_life
from workers import city
from workers.forecast.figures import Forecast, read_forecast
from workers.rehearsal.operators import Operator
from workers.rehearsal.plan import Plan
from workers.rehearsal.world import World, open_world

LOOK_EVERY = timedelta(minutes=30)
AFTERWARDS_DAYS = 6
"""Days after its end in which text threads that are still open run out."""
TOWN = '{"opinions_by_chance": true}'
"""A campaign may ask what the town has never thought about; who would be reached, and how often, can be seen all the same."""
WHY = ("预演", "综治中心日常调查制度")

SELECT_LEFT = """
SELECT (SELECT count(*)::int FROM survey.sample_unit WHERE status <> 'done') AS units,
       (SELECT count(*)::int FROM survey.campaign
        WHERE document IS NOT NULL AND status NOT IN ('closed', 'paused')) AS campaigns"""

SELECT_SO_FAR = """
SELECT count(*)::int AS units, count(*) FILTER (WHERE disposition = 'complete')::int AS completes FROM survey.sample_unit"""

Told = Callable[[str, int, int], None]
"""Virtual day, people released, completes so far."""


class NotRehearsed(ValueError):
    """The campaign could not be rehearsed; the message says why."""


@dataclass(frozen=True)
class Design:
    """A campaign to be rehearsed: its document and the questionnaire that it names."""

    document: CampaignDocument
    questionnaire: Questionnaire


async def rehearse(
    design: Design,
    *,
    seed: int,
    operators: int,
    say: Callable[[str], None],
    told: Told,
    data_dir: Path | None = None,
) -> Forecast:
    """Run it to its end on the virtual clock. The list is a fictional one, a third longer than the sample."""
    document = design.document
    days = (document.closes - document.opens).days + 1
    plan = Plan(
        seed=seed,
        day=document.opens,
        attempts=document.sample.size,
        operators=operators,
        town=TOWN,
        longest_days=days + AFTERWARDS_DAYS,
    )
    async with open_world(plan, say, data_dir) as world:
        campaign = await _begin(world, design)
        await _run(world, told)
        errors = await world.twin.errors()
        async with world.ground.pool.acquire() as conn:
            drawn, _ = await campaign_life.sizes(conn, campaign)
            return await read_forecast(conn, campaign, document.code, drawn, len(errors.puzzled))


async def _begin(world: World, design: Design) -> int:
    people = city.residents(
        world.plan.seed,
        world.plan.centre,
        ceil(design.document.sample.size * 1.35) + 60,
        year=world.plan.day.year,
    )
    await import_residents(
        world.ground, world.plan.centre, people.csv(), Brought("residents.csv", "预演", *WHY), "fictional"
    )
    where = world.ground, world.plan.centre
    try:
        made, _ = await campaigning.create(*where, design.document, design.questionnaire, by="预演")
        await campaigning.approve(*where, design.document.code, by="预演", caller_known=True)
        await campaigning.start(*where, design.document.code, by="预演")
    except campaigning.CampaignRefused as no:
        said = "; ".join(f"{'.'.join(map(str, fault.path))}: {fault.why}" for fault in no.faults)
        raise NotRehearsed(f"{no}{': ' + said if said else ''}") from None
    return made.id


async def _run(world: World, told: Told) -> None:
    over = asyncio.Event()
    clock, ground = world.ground.clock, world.ground
    actors: list[Coroutine[Any, Any, None]] = [
        Operator(f"10{n + 1:02}", ground, world.twin).work() for n in range(world.plan.operators)
    ]
    actors.append(_watch(world, over, told))
    tasks = [clock.spawn(actor, f"actor {n}") for n, actor in enumerate(actors)]
    keeping = asyncio.create_task(world.timekeeper.run(), name="timekeeper")
    try:
        waiting = asyncio.create_task(over.wait(), name="over")
        done, _ = await asyncio.wait([*tasks, keeping, waiting], return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            if task is not waiting and task.exception() is not None:
                raise task.exception()  # type: ignore[misc]
        waiting.cancel()
    finally:
        for task in (*tasks, keeping):
            task.cancel()
        await asyncio.gather(*tasks, keeping, return_exceptions=True)


async def _watch(world: World, over: asyncio.Event, told: Told) -> None:
    clock = world.ground.clock
    until = world.plan.starts_at + timedelta(days=world.plan.longest_days)
    while clock.now() < until:
        await clock.sleep_until(clock.now() + LOOK_EVERY)
        async with world.ground.pool.acquire() as conn:
            left = await conn.fetchrow(SELECT_LEFT)
            figures = await conn.fetchrow(SELECT_SO_FAR)
        told(f"{clock.now():%m-%d}", figures["units"], figures["completes"])
        if left["campaigns"] == 0 and left["units"] == 0:
            break
    over.set()
    await asyncio.Event().wait()
