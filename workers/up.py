"""A centre that stays: database, queue, carrier, web and worker, started together, kept alive, stopped together."""

from __future__ import annotations

import os
import secrets
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from arq.constants import default_queue_name, health_check_key_suffix
from pydantic import SecretStr
from redis.asyncio import Redis
from redis.exceptions import RedisError

from survey.clock import RealClock
from survey.settings import Settings
from survey.store.migrate import migrate, migrations_of
from survey.store.pool import connection
from workers.embedded import Services, embedded_services
from workers.first_city import SEED, FirstCity, is_first_city, load_first_city
from workers.policy_rows import seed_policies
from workers.rehearsal.clerks import tell_imported_matters
from workers.rehearsal.twin_control import TwinControl
from workers.rehearsal.world import ACCOUNT, environment, free_port
from workers.runtime import MIGRATIONS, NotConfigured, open_ground
from workers.standing import begin_polling
from workers.supervise import Service, Supervisor

FICTIONAL_NUMBER = "+8615400000000"
TWIN_TOKEN_FILE = "twin-token"
BURST_S = 60.0
"""Seconds of calls that the twin takes at once."""
PUBLISHED = (
    "public_url", "web_host", "web_port", "carrier_base_url", "carrier_account_sid", "carrier_auth_token",
    "carrier_number", "carrier_accounts", "carrier_numbers", "number_plan", "centre",
)  # fmt: skip
"""What other commands of this user need to know beside the two addresses."""


@dataclass(frozen=True)
class Up:
    """A running centre. `with_twin`: nobody real can be reached. `city`: what was loaded on this start."""

    settings: Settings
    with_twin: bool
    city: FirstCity | None
    has_centre: bool
    logs: Path
    supervisor: Supervisor


@asynccontextmanager
async def running(
    base: Settings, *, with_city: bool, say: Callable[[str], None], workers: int = 1
) -> AsyncIterator[Up]:
    """Everything, healthy, while the context lasts. `base` comes from `load_settings(use_launcher=False)`. With more than one
    of `workers`, what one had in hand when it died is another's at once.

    Without a carrier's account the twin is the carrier, and only fictional numbers are taken.
    Raises EmbeddedError (who holds the folder), SupervisorError, NotConfigured, SchemaError, VaultError.
    """
    with_twin = _needs_twin(base, with_city)
    chosen = _settings(base, with_twin)
    async with AsyncExitStack() as stack:
        say("数据库与队列 database and queue")
        services = await stack.enter_async_context(embedded_services(base, purpose="up"))
        settings = chosen.model_copy(
            update={"database_url": services.database_url, "redis_url": services.redis_url}
        )
        has_centre, city = await _prepare(settings, with_city, say)
        logs = services.data_dir / "up" / "logs"
        logs.mkdir(mode=0o700, exist_ok=True)
        supervisor = await stack.enter_async_context(
            Supervisor(lambda name, times: say(f"{name} 已重启 restarted ({times})"))
        )
        session = await stack.enter_async_context(aiohttp.ClientSession())
        if with_twin:
            say("模拟运营商 carrier twin")
            await _start_twin(settings, services, supervisor, session, logs)
        say("网页与工作进程 web and worker")
        await _start_service(settings, supervisor, session, logs, workers)
        services.publish(**_published(settings))
        yield Up(settings, with_twin, city, has_centre, logs, supervisor)


def _needs_twin(base: Settings, with_city: bool) -> bool:
    if base.carrier_account_sid:
        if with_city and base.number_plan == "real":
            raise NotConfigured(
                "--city brings numbers that no phone has, and a real carrier is configured. "
                "Start without --city, or unset MINYI_CARRIER_ACCOUNT_SID to use the carrier twin."
            )
        return False
    if base.carrier_base_url:
        raise NotConfigured(
            "carrier_base_url is set, but no account at that carrier. Set MINYI_CARRIER_ACCOUNT_SID and "
            "MINYI_CARRIER_AUTH_TOKEN, or unset MINYI_CARRIER_BASE_URL to use the carrier twin."
        )
    return True


def _settings(base: Settings, with_twin: bool) -> Settings:
    port = base.web_port or free_port()
    _refuse_taken(base.web_host, port)
    if not with_twin:
        return base.model_copy(update={"web_port": port})
    return base.model_copy(
        update={
            "web_port": port,
            "public_url": f"http://{_reached_at(base.web_host)}:{port}",
            "number_plan": "fictional",
            "carrier_base_url": f"http://127.0.0.1:{free_port()}",
            "carrier_account_sid": ACCOUNT,
            "carrier_auth_token": SecretStr(secrets.token_hex(16)),
            "carrier_number": FICTIONAL_NUMBER,
            "carrier_accounts": SecretStr(""),
            "carrier_numbers": "",
        }
    )


def _reached_at(host: str) -> str:
    return "127.0.0.1" if host in ("0.0.0.0", "::", "") else host


def _refuse_taken(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise NotConfigured(
                f"The page cannot be served at {host}:{port} ({error.strerror}). "
                "Give another port with --port or MINYI_WEB_PORT; 0 takes a free one."
            ) from None


async def _prepare(
    settings: Settings, with_city: bool, say: Callable[[str], None]
) -> tuple[bool, FirstCity | None]:
    """Schema, standing duties and, if asked for, the city; whether the centre of the settings is there."""
    assert settings.database_url is not None
    async with connection(settings.database_url, application_name="minyi up") as conn:
        await migrate(conn, migrations_of(MIGRATIONS))
        await seed_policies(conn)
        await begin_polling(conn, RealClock().now())
    async with open_ground(settings, "up", pool_size=2) as ground:  # makes the vault's key on the first run
        city = None
        if with_city:
            say("虚构城市 the fictional city")
            city = await load_first_city(ground, settings.centre)
        async with ground.pool.acquire() as conn:
            return bool(await conn.fetchval(HAS_CENTRE, settings.centre)), city


HAS_CENTRE = """
SELECT EXISTS (SELECT FROM survey.centre WHERE code = $1)"""


async def _start_twin(
    settings: Settings,
    services: Services,
    supervisor: Supervisor,
    session: aiohttp.ClientSession,
    logs: Path,
) -> None:
    """The town, which is then told what became of the cases that are known here."""
    assert settings.carrier_base_url is not None
    token = secrets.token_urlsafe(16)
    _write_secret(services.data_dir / "up" / TWIN_TOKEN_FILE, token)
    rate = settings.carrier_calls_per_second * BURST_S  # what has gathered may come all at once
    argv = [
        sys.executable, "-m", "survey.twin", "--port", settings.carrier_base_url.rsplit(":", 1)[1],
        "--account-sid", ACCOUNT, "--seed", str(SEED), "--calls-per-second", str(rate),
        "--number", FICTIONAL_NUMBER,
        "--inbound-url", f"{settings.public_url}/twilio/text#rc=5&rp=all&ct=2000&rt=8000",
        "--inbound-voice-url", f"{settings.public_url}/twilio/inbound/voice/0#rc=5&rp=all&ct=2000&rt=8000",
        "--inbound-status-url", f"{settings.public_url}/twilio/inbound/status#rc=5&rp=all&ct=2000&rt=8000",
    ]  # fmt: skip
    secrets_of_twin = {
        "MINYI_CARRIER_AUTH_TOKEN": settings.carrier_auth_token.get_secret_value(),
        "MINYI_TWIN_TOKEN": token,
    }
    health = answers(session, f"{settings.carrier_base_url}/twin/health")
    await supervisor.start(Service("twin", argv, logs / "twin.log", secrets_of_twin, health))
    async with open_ground(settings, "up", pool_size=2) as ground:
        async with ground.pool.acquire() as conn:
            known = await is_first_city(conn, settings.centre)
        if known:
            control = TwinControl(settings.carrier_base_url, token, session)
            await tell_imported_matters(ground.pool, ground.vault, control, SEED)


async def _start_service(
    settings: Settings, supervisor: Supervisor, session: aiohttp.ClientSession, logs: Path, workers: int
) -> None:
    env = environment(settings)
    page = f"http://{_reached_at(settings.web_host)}:{settings.web_port}"
    web = [sys.executable, "-m", "workers.cli", "web"]
    worker = [sys.executable, "-m", "arq", "workers.arq_settings.WorkerSettings"]
    await supervisor.start(Service("web", web, logs / "web.log", env, answers(session, f"{page}/health")))
    await supervisor.start(Service("worker", worker, logs / "worker.log", env, beats(settings)))
    for number in range(2, workers + 1):
        await supervisor.start(Service(f"worker {number}", worker, logs / f"worker-{number}.log", env))


def answers(session: aiohttp.ClientSession, url: str) -> Callable[[], Awaitable[bool]]:
    """A check that is true once `url` answers with 200."""

    async def healthy() -> bool:
        try:
            async with session.get(url, timeout=aiohttp.ClientTimeout(total=2)) as response:
                return response.status == 200
        except (aiohttp.ClientError, TimeoutError, OSError):
            return False

    return healthy


def beats(settings: Settings) -> Callable[[], Awaitable[bool]]:
    """A check that is true once the worker has told the queue that it is there."""
    assert settings.redis_url is not None
    queue = Redis.from_url(settings.redis_url)

    async def healthy() -> bool:
        try:
            return bool(await queue.exists(f"{default_queue_name}{health_check_key_suffix}"))
        except (RedisError, OSError):
            return False
        finally:
            await queue.aclose()

    return healthy


def _published(settings: Settings) -> dict[str, object]:
    values = {name: getattr(settings, name) for name in PUBLISHED}
    return {
        name: value.get_secret_value() if isinstance(value, SecretStr) else value
        for name, value in values.items()
        if value is not None
    }


def _write_secret(path: Path, text: str) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(text)
    draft.replace(path)
