"""One working day of the city and as many further days as its cases need, on the virtual clock."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from redis.asyncio import Redis

from followup.imports import ImportReport, import_closed_cases
from survey.importing import Brought, ListReport, import_residents
from survey.store import campaigns
from workers import city
from workers.city.seed_lists import SeedList
from workers.jobs import list_moment
from workers.policy_rows import put_in_force
from workers.rehearsal.clerks import tell_imported_matters, work_cases
from workers.rehearsal.operators import Operator
from workers.rehearsal.plan import TZ
from workers.rehearsal.progress import Progress, read_progress
from workers.rehearsal.world import World, kill
from workers.standing import begin_polling

LOOK_EVERY = timedelta(minutes=30)
WHY = ("平安建设日常调查", "综治中心日常调查制度")


class Stuck(Exception):
    """The rehearsal did not come to its end within the days it was given."""


@dataclass(frozen=True)
class Lists:
    """What was brought in before the day begins."""

    people: SeedList
    cases: SeedList
    people_report: ListReport
    cases_report: ImportReport


async def bring_lists(world: World) -> Lists:
    """The resident list and the closed cases of another platform, through the doors by which a centre imports them."""
    plan, ground = world.plan, world.ground
    people = city.residents(plan.seed, plan.centre, plan.residents, year=plan.day.year)
    last = plan.day - timedelta(days=3)
    closed = city.closed_cases(plan.seed, plan.centre, plan.people("cases"), last_day=last)
    people_report = await import_residents(
        ground, plan.centre, people.csv(), Brought("residents.csv", "综治中心", *WHY), "fictional"
    )
    async with ground.pool.acquire() as conn:
        cases_report = await import_closed_cases(
            conn,
            ground.vault,
            plan.centre,
            closed.csv(),
            Brought("closed_cases.csv", "智慧城关平台", "办结事项回访", "综治中心结果反馈制度"),
            plan="fictional",
            now=ground.clock.now(),
            tokens=ground.tokens,
            seed=plan.seed,
        )
    return Lists(people, closed, people_report, cases_report)


async def set_programme(world: World) -> None:
    """Whom the answers stand for, and what the centre asks on its first days; the days after have no new samples, so that the
    rehearsal comes to an end."""
    plan = world.plan
    body = {mode: plan.people(mode) for mode in ("voice", "text", "operator")} | {"seed": plan.seed}
    nothing = {"voice": 0, "text": 0, "operator": 0, "seed": plan.seed}
    async with world.ground.pool.acquire() as conn:
        for version, first_day, asked in (
            (1, plan.day, body),
            (2, plan.day + timedelta(days=plan.sample_days), nothing),
        ):
            await put_in_force(
                conn,
                "daily_programme",
                plan.centre,
                version,
                first_day,
                asked,
                by="rehearsal",
                reason="the plan of the rehearsal",
                now=world.ground.clock.now(),
            )
        await put_in_force(
            conn,
            "population",
            plan.centre,
            1,
            plan.day.replace(month=1, day=1),
            city.population(plan.centre),
            by="rehearsal",
            reason="the plan of the rehearsal",
            now=world.ground.clock.now(),
        )
        await campaigns.next_daily_round(conn, plan.centre, list_moment(plan.starts_at, str(TZ)))
        await begin_polling(conn, world.ground.clock.now())


async def plant(world: World, lists: Lists) -> None:
    """Two results that must be told word for word belong to patient people; everybody knows how their case really went."""
    patient = [
        {
            "number": row.facts["number"],
            "voice_temper": "patient",
            "text_temper": "digits",
            "answers": ["answered"],
        }
        for row in lists.cases.good
        if row.facts["result"] in city.PLANTED_RESULTS
    ]
    await world.twin.residents(patient)
    ground = world.ground
    await tell_imported_matters(ground.pool, ground.vault, world.twin, world.plan.seed)


async def run(
    world: World, show: Callable[[datetime, Progress], None], stop_at: datetime | None = None
) -> None:
    """Run until nothing is left to do, or, in the midst of it, until `stop_at` (to the half hour). Raises Stuck after the plan's
    longest_days."""
    plan, ground = world.plan, world.ground
    until = plan.starts_at + timedelta(days=plan.longest_days)
    over = asyncio.Event()
    actors: list[Coroutine[Any, Any, None]] = [
        Operator(f"10{n + 1:02}", ground, world.twin).work() for n in range(plan.operators)
    ]
    actors.append(
        work_cases(
            clock=ground.clock,
            pool=ground.pool,
            vault=ground.vault,
            twin=world.twin,
            seed=plan.seed,
            until=until,
        )
    )
    actors.append(_watch(world, over, until, stop_at))
    if plan.disturb:
        actors.append(_disturb(world))
    tasks = [ground.clock.spawn(actor, f"actor {n}") for n, actor in enumerate(actors)]
    keeping = asyncio.create_task(world.timekeeper.run(), name="timekeeper")
    try:
        await _until_over(world, over, [*tasks, keeping], show)
    finally:
        for task in (*tasks, keeping):
            task.cancel()
        await asyncio.gather(*tasks, keeping, return_exceptions=True)


async def _until_over(
    world: World,
    over: asyncio.Event,
    tasks: list[asyncio.Task[Any]],
    show: Callable[[datetime, Progress], None],
) -> None:
    """Show progress every half second of real time; an actor that fails ends the rehearsal with its error."""
    while not over.is_set():
        done, _ = await asyncio.wait(tasks, timeout=0.5, return_when=asyncio.FIRST_EXCEPTION)
        for task in done:
            if task.exception() is not None:
                raise task.exception()  # type: ignore[misc]
        async with world.ground.pool.acquire() as conn:
            show(world.timekeeper.now, await read_progress(conn))


async def _watch(world: World, over: asyncio.Event, until: datetime, stop_at: datetime | None) -> None:
    """Every half hour of the virtual day: is there anything left, and is it time?"""
    clock = world.ground.clock
    while clock.now() < until:
        await clock.sleep_until(clock.now() + LOOK_EVERY)
        async with world.ground.pool.acquire() as conn:
            progress = await read_progress(conn)
        done = progress.is_over and progress.lists_built >= world.plan.sample_days
        if done or (stop_at is not None and clock.now() >= stop_at):
            over.set()
            await (
                asyncio.Event().wait()
            )  # still at work: time stands at the end until the rehearsal is taken down
    raise Stuck(f"After {world.plan.longest_days} days there is still something to do: {progress}")


async def _disturb(world: World) -> None:
    """In the middle of the morning and after: what is planned to be killed is killed, once each."""
    clock, moment = world.ground.clock, world.plan.starts_at + timedelta(hours=2, minutes=40)
    for name in world.plan.disturb:
        await clock.sleep_until(moment)
        if name == "valkey":
            await _flush(world)
        else:
            kill(world.supervisor, name)
        moment += timedelta(minutes=50)


async def _flush(world: World) -> None:
    assert world.settings.redis_url is not None
    redis = Redis.from_url(world.settings.redis_url)
    await redis.flushall()
    await redis.aclose()
