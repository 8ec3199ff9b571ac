"""A process of the service, put together from its settings: database, vault, clock, carrier."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from arq.connections import RedisSettings

from survey.channels.guarded import GuardedCarrier
from survey.channels.twilio.carrier import TwilioCarrier
from survey.clock import open_clock
from survey.dialing import Line
from survey.dispatch_policy import dispatch_policy
from survey.ground import Ground
from survey.settings import Settings
from survey.store.migrate import check_schema, migrations_of
from survey.store.pool import open_pool
from survey.tariff import tariff
from survey.vault import open_vault_for

MIGRATIONS = ("survey", "followup")
"""Packages whose migrations make the database, in the order they are applied."""


class NotConfigured(Exception):
    """A setting without which this process cannot work is missing."""


@dataclass(frozen=True)
class Service:
    """What a process of ours holds."""

    settings: Settings
    ground: Ground
    line: Line


def database_url(settings: Settings) -> str:
    """Where the data is. Raises NotConfigured."""
    if settings.database_url is None:
        raise NotConfigured("No database: start the services with `minyi up`, or set DATABASE_URL.")
    return settings.database_url


def redis_settings(settings: Settings) -> RedisSettings:
    """Where people are woken. Raises NotConfigured."""
    if settings.redis_url is None:
        raise NotConfigured("No queue: start the services with `minyi up`, or set REDIS_URL.")
    return RedisSettings.from_dsn(settings.redis_url)


@asynccontextmanager
async def open_ground(settings: Settings, name: str, *, pool_size: int = 10) -> AsyncIterator[Ground]:
    """Database, vault and clock of a process called `name`. Refuses an older schema and a key that does not fit."""
    pool = await open_pool(database_url(settings), application_name=f"minyi {name}", max_size=pool_size)
    try:
        async with pool.acquire() as conn:
            await check_schema(conn, migrations_of(MIGRATIONS))
            vault = await open_vault_for(conn, settings)
        clock = await open_clock(settings.clock, name)
        try:
            yield Ground(pool, vault, clock, public_url=settings.public_url)
        finally:
            await clock.close()
    finally:
        await pool.close()


@asynccontextmanager
async def open_service(settings: Settings, name: str) -> AsyncIterator[Service]:
    """A process that also speaks to the carrier."""
    async with open_ground(settings, name) as ground:
        carrier = GuardedCarrier(
            TwilioCarrier(
                account_sid=settings.carrier_account_sid,
                auth_token=settings.carrier_auth_token.get_secret_value(),
                number=settings.carrier_number,
                base_url=settings.carrier_base_url,
                timeout_s=settings.carrier_timeout_s,
                ring_s=dispatch_policy().ring_s,
                longest_s=tariff().longest_call_minutes * 60,
            ),
            settings.number_plan,
        )
        line = Line(
            carrier,
            settings.public_url.rstrip("/"),
            settings.carrier_calls_per_second,
            settings.carrier_texts_per_second,
            settings.carrier_timeout_s,
        )
        try:
            yield Service(settings, ground, line)
        finally:
            await carrier.close()
