"""The doctor's look at what the program speaks to: the pages' port, the database, Redis, the carrier."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlsplit

import asyncpg
from redis import asyncio as redis
from redis import exceptions

from followup.retention_policy import retention_policy
from followup.store import forgetting
from survey.caller_settings import browser_key
from survey.clock import RealClock
from survey.settings import Settings
from survey.settings_sources import SettingsError
from survey.store.migrate import SchemaError, check_schema, migrations_of
from survey.store.pool import connection
from survey.vault import VaultError, check_vault, key_ids, open_vault
from workers.finding import Finding, told

FICTIONAL_PREFIX = "+86154"
REACH_S = 3.0
LATE_LOOK = timedelta(days=2)
"""After so long somebody has to start a worker: the look is daily."""


async def web_port(settings: Settings) -> Finding:
    """Who, if anybody, listens where the pages will be."""
    address = f"{settings.web_host}:{settings.web_port}"
    if settings.web_port == 0 or not await _reaches(settings.web_host, settings.web_port):
        return Finding("web port", "ok", f"{address} is free")
    if settings.database_url:
        return Finding("web port", "ok", f"{address} is in use, by `minyi up` if that runs")
    return Finding(
        "web port", "fault", f"{address} is in use", "Set MINYI_WEB_PORT to another port, or 0 for any."
    )


async def database(settings: Settings, packages: Sequence[str]) -> Finding:
    """Whether Postgres answers, its schema fits this program, and its vault fits the key."""
    if settings.database_url is None:
        return Finding(
            "database",
            "hint",
            "no database is running",
            "Start `minyi up`, or set DATABASE_URL to one of yours.",
        )
    where = _without_password(settings.database_url)
    try:
        async with asyncio.timeout(REACH_S), connection(settings.database_url) as conn:
            await check_schema(conn, migrations_of(packages))
            release = await conn.fetchval("SHOW server_version")
            if await key_ids(conn):  # a new database has none, and none is given to it here
                await check_vault(conn, open_vault(settings, may_create=False))
    except (SchemaError, VaultError) as error:
        return told("database", error)
    except (OSError, TimeoutError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        said = f"{where} does not answer: {error or type(error).__name__}"
        return Finding("database", "fault", said, "Start it, or correct DATABASE_URL.")
    return Finding("database", "ok", f"{where}, PostgreSQL {release}, schema up to date")


async def kept_texts(settings: Settings, packages: Sequence[str]) -> Finding:
    """Whether bodies of texts are forgotten when their time is over. `packages`: the database may be survey's alone."""
    policy = retention_policy()
    if settings.database_url is None or "followup" not in packages:
        return Finding("kept texts", "ok", f"kept {policy.text_days} days; no database")
    try:
        async with asyncio.timeout(REACH_S), connection(settings.database_url) as conn:
            look = await forgetting.round_(conn)
    except (OSError, TimeoutError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return Finding("kept texts", "hint", "not looked at", "Mend the database first.")
    looked = f"looked at {look.looked_at:%Y-%m-%d}" if look.looked_at else "none was old enough yet"
    said = f"bodies of texts are kept {policy.text_days} days; {looked}, {look.forgotten} forgotten by now"
    due = max(look.next_at, look.oldest + policy.texts) if look.oldest else None
    if due is not None and RealClock().now() - due > LATE_LOOK:
        return Finding("kept texts", "fault", said, "Some are kept too long: start a worker, `minyi up`.")
    return Finding("kept texts", "ok", said)


async def queue(settings: Settings) -> Finding:
    """Whether Redis or Valkey answers."""
    if settings.redis_url is None:
        return Finding(
            "redis", "hint", "no Redis is running", "Start `minyi up`, or set REDIS_URL to one of yours."
        )
    where = _without_password(settings.redis_url)
    try:
        client = redis.Redis.from_url(
            settings.redis_url, socket_timeout=REACH_S, socket_connect_timeout=REACH_S
        )
        try:
            release = (await client.info("server"))["redis_version"]
        finally:
            await client.aclose()
    except (OSError, ValueError, exceptions.RedisError) as error:
        return Finding(
            "redis", "fault", f"{where} does not answer: {error}", "Start it, or correct REDIS_URL."
        )
    return Finding("redis", "ok", f"{where}, protocol of Redis {release}")


async def carrier(settings: Settings) -> Finding:
    """Whether there is a carrier to speak to, and an account at it."""
    if not settings.carrier_account_sid or not settings.carrier_auth_token.get_secret_value():
        return Finding(
            "carrier",
            "hint",
            "no account: nobody can be called or texted (a demo brings its own carrier)",
            "Set MINYI_CARRIER_ACCOUNT_SID and MINYI_CARRIER_AUTH_TOKEN.",
        )
    url = settings.carrier_base_url
    if url is None:
        return Finding("carrier", "ok", "Twilio itself (not called by this check)")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        said = f"carrier_base_url {url!r} is no http address"
        return Finding(
            "carrier", "fault", said, "Set MINYI_CARRIER_BASE_URL like http://127.0.0.1:8090, or remove it."
        )
    port = parts.port or (443 if parts.scheme == "https" else 80)
    if await _reaches(parts.hostname, port):
        return Finding("carrier", "ok", f"{url} listens")
    return Finding(
        "carrier", "fault", f"nobody listens at {url}", "Start it, or correct MINYI_CARRIER_BASE_URL."
    )


def browser_lines(settings: Settings) -> Finding:
    """Whether operators' browsers can be called instead of their telephones."""
    try:
        key = browser_key(settings)
    except SettingsError as error:
        return told("browser lines", error)
    if key is None:
        return Finding(
            "browser lines", "ok", "off: operators are called on their telephones (no API key is set)"
        )
    if not _gives_microphones(settings.public_url):
        said = f"no browser gives a page at {settings.public_url} the microphone"
        return Finding("browser lines", "fault", said, "Set MINYI_PUBLIC_URL to an https address.")
    return Finding("browser lines", "ok", f"on, by key {key.sid} (not tried by this check)")


def numbers(settings: Settings) -> Finding:
    """Whether the number plan, our own number and the carrier fit each other."""
    is_fictional = settings.carrier_number.startswith(FICTIONAL_PREFIX)
    if settings.number_plan == "fictional":
        if is_fictional:
            return Finding("number plan", "ok", "fictional: only numbers that no phone has are called")
        return Finding(
            "number plan",
            "fault",
            "the plan is fictional, but our own number is not",
            f"Set MINYI_CARRIER_NUMBER to one beginning with {FICTIONAL_PREFIX}, or MINYI_NUMBER_PLAN=real.",
        )
    if is_fictional:
        return Finding(
            "number plan",
            "hint",
            "the plan is real, but our own number is the fictional default",
            "Set MINYI_CARRIER_NUMBER to the number that residents will see.",
        )
    return Finding("number plan", "ok", "real: people can be called")


def _gives_microphones(url: str) -> bool:
    """A secure context: https, or this very machine."""
    parts = urlsplit(url)
    return parts.scheme == "https" or parts.hostname in ("127.0.0.1", "localhost", "::1")


async def _reaches(host: str, port: int) -> bool:
    try:
        async with asyncio.timeout(REACH_S):
            _, writer = await asyncio.open_connection(host, port)
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
