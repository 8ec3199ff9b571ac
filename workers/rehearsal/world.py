"""A centre in a box: a database of its own, the twin as carrier, web and worker as processes, one virtual clock."""

import asyncio
import base64
import hashlib
import os
import secrets
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from pydantic import SecretStr

from survey.ground import Ground
from survey.settings import Settings, load_settings
from survey.store import pace
from survey.store.migrate import migrate, migrations_of
from survey.store.pool import connection
from workers.embedded import Services, embedded_services
from workers.policy_rows import seed_policies
from workers.rehearsal.plan import Plan
from workers.rehearsal.twin_control import TwinControl
from workers.runtime import MIGRATIONS, open_ground
from workers.seeding import load_city
from workers.supervise import Service, Supervisor
from workers.timekeeper import Timekeeper

PROCESSES = ("twin", "web", "worker")
ACCOUNT = "AC" + "0" * 32
CARRIER_TIMEOUT_S = 3.0  # real seconds; the twin answers in milliseconds unless a fault makes it hang
CALLS_PER_SECOND = 1.0
STARTS_WITHIN_S = 120.0
"""Real seconds for each process to be there: a machine that does much else needs long to import."""
BATCH_S = 60.0
"""Virtual seconds: a rehearsal hands its work over in batches, so that a day does not stop at every second."""


@dataclass(frozen=True)
class World:
    """A running centre. `settings` are those of its processes."""

    plan: Plan
    settings: Settings
    ground: Ground
    twin: TwinControl
    timekeeper: Timekeeper
    supervisor: Supervisor
    logs: Path
    services: Services


@asynccontextmanager
async def open_world(
    plan: Plan, say: Callable[[str], None], data_dir: Path | None = None, *, crash_safe: bool = False
) -> AsyncIterator[World]:
    """Start everything; time stands still at the plan's first moment until somebody runs the timekeeper.

    `crash_safe`: what is committed outlives a killed database."""
    async with AsyncExitStack() as stack:
        base = load_settings({"data_dir": data_dir}, use_launcher=False)
        say("数据库与队列 database and queue")
        services = await stack.enter_async_context(
            embedded_services(base, purpose="demo", durable=False, crash_safe=crash_safe)
        )
        logs = services.data_dir / "demo" / "logs"
        logs.mkdir(exist_ok=True)
        for old in logs.glob("*.log"):
            old.unlink()
        timekeeper = Timekeeper(plan.starts_at, frozenset({*PROCESSES, "rehearsal"}), speed=plan.speed)
        stack.push_async_callback(timekeeper.close)
        clock = await timekeeper.serve()
        settings = _settings(plan, base, services.database_url, services.redis_url, clock)
        say("虚构城市 the fictional city")
        async with connection(services.database_url) as conn:
            await migrate(conn, migrations_of(MIGRATIONS))
            await seed_policies(conn, plan.starts_at)
            await load_city(conn)
            for channel in ("voice", "text"):
                await pace.adjust(conn, channel, batch_s=BATCH_S)
        ground = await stack.enter_async_context(open_ground(settings, "rehearsal"))
        token = secrets.token_urlsafe(16)
        supervisor = await stack.enter_async_context(Supervisor())
        session = await stack.enter_async_context(aiohttp.ClientSession())
        assert settings.carrier_base_url is not None
        twin = TwinControl(settings.carrier_base_url, token, session)
        say("运营商孪生、网页与工作进程 carrier twin, web and worker")
        await _start_processes(plan, settings, supervisor, session, logs, token)
        services.publish(carrier_base_url=settings.carrier_base_url, public_url=settings.public_url)
        yield World(plan, settings, ground, twin, timekeeper, supervisor, logs, services)


def _settings(plan: Plan, base: Settings, database: str, redis: str, clock: str) -> Settings:
    """The demo has keys of its own, made from the seed: its people do not exist, and every machine draws the same sample."""
    web, carrier = free_port(), free_port()
    return base.model_copy(
        update={
            "database_url": database,
            "redis_url": redis,
            "clock": clock,
            "vault_key": rehearsal_key(plan.seed),
            "number_plan": "fictional",
            "carrier_base_url": f"http://127.0.0.1:{carrier}",
            "carrier_account_sid": ACCOUNT,
            "carrier_auth_token": _secret(secrets.token_hex(16)),
            "carrier_number": "+8615400000000",
            "carrier_calls_per_second": CALLS_PER_SECOND,
            "carrier_texts_per_second": CALLS_PER_SECOND,
            "carrier_timeout_s": CARRIER_TIMEOUT_S,
            "public_url": f"http://127.0.0.1:{web}",
            "web_host": "127.0.0.1",
            "web_port": web,
            "centre": plan.centre,
        }
    )


def _secret(text: str) -> SecretStr:
    return SecretStr(text)


def rehearsal_key(seed: int) -> SecretStr:
    """32 bytes in base64."""
    return _secret(base64.b64encode(hashlib.sha256(f"minyi rehearsal {seed}".encode()).digest()).decode())


def free_port() -> int:
    """A port of loopback that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(settings: Settings) -> dict[str, str]:
    """Settings as the environment of a process."""
    values = {name: getattr(settings, name) for name in type(settings).model_fields}
    texts = {
        name: value.get_secret_value() if isinstance(value, SecretStr) else str(value)
        for name, value in values.items()
        if value is not None
    }
    return {f"MINYI_{name.upper()}": text for name, text in texts.items()}


async def _start_processes(
    plan: Plan,
    settings: Settings,
    supervisor: Supervisor,
    session: aiohttp.ClientSession,
    logs: Path,
    token: str,
) -> None:
    env = environment(settings)
    assert settings.carrier_base_url is not None and settings.clock is not None
    port = settings.carrier_base_url.rsplit(":", 1)[1]
    twin = [
        sys.executable, "-m", "survey.twin", "--port", port, "--account-sid", ACCOUNT, "--seed", str(plan.seed),
        "--faults", plan.faults, "--town", plan.town, "--clock", settings.clock, "--calls-per-second", str(CALLS_PER_SECOND * 20),
        "--inbound-url", f"{settings.public_url}/twilio/text#rc=5&rp=all&ct=2000&rt=8000",
        "--inbound-voice-url", f"{settings.public_url}/twilio/inbound/voice/0#rc=5&rp=all&ct=2000&rt=8000",
        "--inbound-status-url", f"{settings.public_url}/twilio/inbound/status#rc=5&rp=all&ct=2000&rt=8000",
    ]  # fmt: skip
    secrets_env = {
        "MINYI_CARRIER_AUTH_TOKEN": settings.carrier_auth_token.get_secret_value(),
        "MINYI_TWIN_TOKEN": token,
    }
    web = [sys.executable, "-m", "workers.cli", "web"]
    worker = [sys.executable, "-m", "arq", "workers.arq_settings.WorkerSettings"]
    health = _answers(session, f"{settings.carrier_base_url}/twin/health")
    started = [
        supervisor.start(service, STARTS_WITHIN_S)
        for service in (
            Service("twin", twin, logs / "twin.log", secrets_env, health),
            Service("web", web, logs / "web.log", env, _answers(session, f"{settings.public_url}/health")),
            Service("worker", worker, logs / "worker.log", env),
        )
    ]
    await asyncio.gather(*started)


def _answers(session: aiohttp.ClientSession, url: str) -> Callable[[], Awaitable[bool]]:
    async def healthy() -> bool:
        try:
            async with session.get(url, timeout=aiohttp.ClientTimeout(total=2)) as response:
                return response.status == 200
        except (aiohttp.ClientError, TimeoutError, OSError):
            return False

    return healthy


def kill(supervisor: Supervisor, name: str) -> None:
    """kill -9 a process that we started; its supervisor starts it again."""
    os.kill(supervisor.pid(name), 9)
