"""A centre in the middle of its work: the demo's city, stopped on the second morning, with one of each role signed up."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path

from aiohttp import web

from followup import appeals, cases
from followup.appeal_form import NewAppeal
from scripts.pages.staff import Person, employ
from survey.ground import Ground
from workers.page_routes import application
from workers.rehearsal import day
from workers.rehearsal.plan import TZ, Plan
from workers.rehearsal.world import open_world

STOPS_AT = time(10, 30)

LEAVE_ONE_WAITING = """
UPDATE survey.sample_unit SET due_at = $1 WHERE id = (
    SELECT u.id FROM survey.sample_unit AS u JOIN survey.campaign AS c ON c.id = u.campaign_id AND c.purpose = 'survey'
    WHERE u.status = 'waiting' AND u.next_mode = 'operator' ORDER BY u.due_at, u.id LIMIT 1)"""

SELECT_SOMEBODY = """
SELECT person_id, area_code FROM followup.case_file
WHERE centre_code = $1 AND source = 'import' AND ending IS NOT NULL ORDER BY number LIMIT 1"""


@dataclass(frozen=True)
class Town:
    """Served at `url`; `app` is the same application, to ask what is in it."""

    url: str
    ground: Ground
    centre: str
    app: web.Application
    staff: tuple[Person, ...]


@asynccontextmanager
async def open_town(
    say: Callable[[str], None], attempts: int, seed: int, data_dir: Path | None = None
) -> AsyncIterator[Town]:
    """Time stands still inside: what is waited for waits. `attempts`: about how many calls on each of both days."""
    plan = Plan(seed=seed, attempts=attempts, sample_days=2)
    async with open_world(plan, say, data_dir) as world:
        say("第一天和第二天上午 the first day and the second morning")
        lists = await day.bring_lists(world)
        await day.set_programme(world)
        await day.plant(world, lists)
        await day.run(world, lambda *_: None, stop_at=_stops_at(plan))
        await world.supervisor.stop(
            "worker"
        )  # nothing is due any more: they would only keep the machine busy
        await world.supervisor.stop("twin")
        await _leave_some(world.ground, plan.centre)
        say("账号 accounts")
        staff = await employ(world.ground, plan.centre)
        app = await application(world.settings, world.ground)
        yield Town(world.settings.public_url, world.ground, plan.centre, app, tuple(staff))


async def _leave_some(ground: Ground, centre: str) -> None:
    """The rehearsed people leave little undone: somebody is to be called, and a matter is to be dispatched."""
    now = ground.clock.now()
    async with ground.pool.acquire() as conn:
        await conn.execute(LEAVE_ONE_WAITING, now)
        row = await conn.fetchrow(SELECT_SOMEBODY, centre)
        appeal = NewAppeal(
            centre, "visit", person_id=row["person_id"], area_code=row["area_code"], category="0106", occurred_at=now,
            content="村口的路灯坏了三盏,天黑以后看不见路。", title="路灯不亮", place="村口", consent=True,
            first_handler="调查员-0102",
        )  # fmt: skip
        made = await appeals.register(conn, appeal, by="调查员-0102", now=now, tokens=ground.tokens)
        await cases.accept(conn, made.number, by="审核员-0101", now=now)
        await cases.submit(conn, made.number, by="审核员-0101", now=now)


def _stops_at(plan: Plan) -> datetime:
    return datetime.combine(plan.day + timedelta(days=1), STOPS_AT, TZ)
