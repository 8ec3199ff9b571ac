"""A centre on the real clock for a bench: database, queue, twin, web and worker as they run in service."""

from __future__ import annotations

import secrets
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import aiohttp
from pydantic import SecretStr

from survey.enrolling import NewPerson, enrol_persons
from survey.ground import Ground
from survey.settings import Settings
from survey.store import units
from survey.store.pool import connection
from survey.store.units import NewUnit
from workers.bench.servers import own_servers
from workers.bench.tick_town import CENTRE, VILLAGE, found_campaign, lay_areas
from workers.policy_rows import seed_policies
from workers.rehearsal.twin_control import TwinControl
from workers.rehearsal.world import ACCOUNT, environment, free_port
from workers.runtime import open_ground
from workers.standing import begin_polling
from workers.supervise import Service, Supervisor
from workers.up import answers, beats

HOUR: Final = 10
"""What the county's clocks show: in the middle of the longest stretch of the morning."""
ANY_RATE: Final = 100_000
"""Calls a second that the twin takes: it is to refuse none, so that the pace is ours alone."""
PLANTED_AT_ONCE: Final = 2_000
STARTS_WITHIN_S: Final = 180.0


@dataclass(frozen=True)
class Person:
    """A resident with the number that the carrier is asked to call."""

    id: int
    number: str


@dataclass(frozen=True)
class Sending:
    """A running centre and its one campaign, by `mode`: calls of the machine, or of operators."""

    ground: Ground
    twin: TwinControl
    campaign: int
    people: Sequence[Person]
    settings: Settings
    supervisor: Supervisor
    mode: str

    async def release(self, people: Sequence[Person], due: Sequence[datetime]) -> None:
        """Put each person in, due at their moment, as any process of the service does it."""
        new = [
            NewUnit(self.ground.tokens(), one.id, VILLAGE, one.number, 0.5, 1.0, {}, self.mode, at)
            for one, at in zip(people, due, strict=True)
        ]
        async with self.ground.pool.acquire() as conn, conn.transaction():
            await units.release(conn, CENTRE, self.campaign, self.ground.clock.now(), new)


def zone_at(hour: int, now: datetime) -> str:
    """A zone whose clocks show this hour now; bigger numbers lie west in the names of Etc."""
    west = (now.astimezone(UTC).hour - hour) % 24
    west = west if west <= 12 else west - 24
    return f"Etc/GMT{west:+d}"


@asynccontextmanager
async def open_sending(
    people: int, per_second: float, workers: int, *, mode: str = "voice", line: str = "unassigned"
) -> AsyncIterator[Sending]:
    """Start everything, with so many people enrolled and nobody due. `line`: what is at the end of their numbers."""
    async with AsyncExitStack() as stack:
        services = await stack.enter_async_context(own_servers())
        settings = _settings(services.data_dir, services.database_url, services.redis_url, per_second)
        async with connection(services.database_url) as conn:
            now = datetime.now(UTC)
            await seed_policies(conn)
            await begin_polling(conn, now)
            await lay_areas(conn, zone_at(HOUR, now))
        ground = await stack.enter_async_context(open_ground(settings, "bench"))
        enrolled = await _enrol(ground, people)
        async with ground.pool.acquire() as conn:
            campaign = await found_campaign(conn, "sending", mode, ground.clock.now())
        supervisor = await stack.enter_async_context(Supervisor())
        session = await stack.enter_async_context(aiohttp.ClientSession())
        twin = await _start(settings, supervisor, session, workers)
        for begin in range(0, people, PLANTED_AT_ONCE):
            some = enrolled[begin : begin + PLANTED_AT_ONCE]
            await twin.residents([{"number": one.number, "line": line} for one in some])
        yield Sending(ground, twin, campaign, enrolled, settings, supervisor, mode)


def _settings(data_dir: object, database: str, redis: str, per_second: float) -> Settings:
    web = free_port()
    return Settings.model_validate(
        {
            "data_dir": data_dir,
            "database_url": database,
            "redis_url": redis,
            "number_plan": "fictional",
            "carrier_base_url": f"http://127.0.0.1:{free_port()}",
            "carrier_account_sid": ACCOUNT,
            "carrier_auth_token": SecretStr(secrets.token_hex(16)),
            "carrier_calls_per_second": per_second,
            "public_url": f"http://127.0.0.1:{web}",
            "web_port": web,
        }
    )


async def _enrol(ground: Ground, people: int) -> list[Person]:
    numbers = [f"+86154{n:08}" for n in range(1, people + 1)]
    async with ground.pool.acquire() as conn:
        ids = await enrol_persons(conn, ground.vault, [NewPerson(number) for number in numbers])
    return [Person(*one) for one in zip(ids, numbers, strict=True)]


async def _start(
    settings: Settings, supervisor: Supervisor, session: aiohttp.ClientSession, workers: int
) -> TwinControl:
    assert settings.carrier_base_url is not None
    logs = settings.data_dir / "logs"
    logs.mkdir()
    token = secrets.token_urlsafe(16)
    port = settings.carrier_base_url.rsplit(":", 1)[1]
    twin = [
        sys.executable, "-m", "survey.twin", "--port", port, "--account-sid", ACCOUNT,
        "--calls-per-second", str(ANY_RATE),
    ]  # fmt: skip
    own = {
        "MINYI_CARRIER_AUTH_TOKEN": settings.carrier_auth_token.get_secret_value(),
        "MINYI_TWIN_TOKEN": token,
    }
    web = [sys.executable, "-m", "workers.cli", "web"]
    worker = [sys.executable, "-m", "arq", "workers.arq_settings.WorkerSettings"]
    env = environment(settings)
    health = answers(session, f"{settings.carrier_base_url}/twin/health")
    await supervisor.start(Service("twin", twin, logs / "twin.log", own, health), STARTS_WITHIN_S)
    health = answers(session, f"{settings.public_url}/health")
    await supervisor.start(Service("web", web, logs / "web.log", env, health), STARTS_WITHIN_S)
    for n in range(workers):
        name = f"worker{n}"
        service = Service(name, worker, logs / f"{name}.log", env, beats(settings))
        await supervisor.start(service, STARTS_WITHIN_S)
    return TwinControl(settings.carrier_base_url, token, session)
