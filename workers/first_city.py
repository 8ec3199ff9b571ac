"""Something to begin with: the fictional city, a small list of its residents and a few closed cases, brought in once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from followup.imports import import_closed_cases
from survey.ground import Ground
from survey.importing import Brought, import_residents
from survey.store import campaigns
from workers import city
from workers.jobs import list_moment
from workers.policy_rows import put_in_force
from workers.runtime import NotConfigured
from workers.seeding import load_city

SEED = 1
RESIDENTS, CASES = 400, 12
PROGRAMME = {"voice": 12, "text": 8, "operator": 6, "seed": SEED}
"""People asked on each day: enough to watch, and the list lasts for two weeks of rest after being asked."""

LOADED_CENTRES = """
SELECT array_agg(code ORDER BY code) FROM survey.centre"""

HAS_LISTS = """
SELECT EXISTS (SELECT FROM survey.import_batch WHERE centre_code = $1)"""


@dataclass(frozen=True)
class FirstCity:
    """What was loaded now; nothing where all of it was there already."""

    areas: int = 0
    residents: int = 0
    cases: int = 0


async def load_first_city(ground: Ground, centre: str) -> FirstCity:
    """Load what is not there yet for the centre. Raises NotConfigured when it is no centre of this city."""
    if centre not in city.counties():
        raise NotConfigured(
            f"--city: {centre} is no centre of the fictional city. Set MINYI_CENTRE to one of {', '.join(city.counties())}."
        )
    async with ground.pool.acquire() as conn:
        areas = await _areas(conn)
        if await conn.fetchval(HAS_LISTS, centre):
            return FirstCity(areas)
        tz = ZoneInfo(await campaigns.time_zone(conn, centre))
    today = ground.clock.now().astimezone(tz).date()
    residents = await _residents(ground, centre, today)
    cases = await _cases(ground, centre, today)
    await _policies(ground, centre, today, str(tz))
    return FirstCity(areas, residents, cases)


async def is_first_city(conn: Any, centre: str) -> bool:
    """Whether the centre is one of the fictional city, whose cases the twin's town can be told about."""
    return centre in city.counties() and await conn.fetchval(LOADED_CENTRES) == _city_centres()


def _city_centres() -> list[str]:
    return sorted(centre.code for centre in city.centres())


async def _areas(conn: Any) -> int:
    loaded = await conn.fetchval(LOADED_CENTRES)
    if loaded is None:
        return (await load_city(conn))["areas"]
    if loaded != _city_centres():
        raise NotConfigured(
            "--city: this database holds the centres of another city; nothing was loaded. "
            "Start without --city, or give another data folder with MINYI_DATA_DIR."
        )
    return 0


async def _residents(ground: Ground, centre: str, today: date) -> int:
    listed = city.residents(SEED, centre, RESIDENTS, year=today.year)
    brought = Brought("residents.csv", "综治中心", "平安建设日常调查", "综治中心日常调查制度")
    return (await import_residents(ground, centre, listed.csv(), brought, "fictional")).kept


async def _cases(ground: Ground, centre: str, today: date) -> int:
    closed = city.closed_cases(SEED, centre, CASES, last_day=today - timedelta(days=1))
    async with ground.pool.acquire() as conn:
        report = await import_closed_cases(
            conn,
            ground.vault,
            centre,
            closed.csv(),
            Brought("closed_cases.csv", "智慧城关平台", "办结事项回访", "综治中心结果反馈制度"),
            plan="fictional",
            now=ground.clock.now(),
            tokens=ground.tokens,
            seed=SEED,
        )
    return report.kept


async def _policies(ground: Ground, centre: str, today: date, tz: str) -> None:
    """Whom the answers stand for; and from today on, every day, the lists are built before the shift, today's at once if that
    hour has passed."""
    async with ground.pool.acquire() as conn:
        await put_in_force(
            conn,
            "daily_programme",
            centre,
            1,
            today,
            PROGRAMME,
            by="system",
            reason="the first city",
            now=ground.clock.now(),
        )
        await put_in_force(
            conn,
            "population",
            centre,
            1,
            today.replace(month=1, day=1),
            city.population(centre),
            by="system",
            reason="the first city",
            now=ground.clock.now(),
        )
        await campaigns.next_daily_round(conn, centre, list_moment(ground.clock.now(), tz))
