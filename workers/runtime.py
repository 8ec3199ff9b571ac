"""A process of the service, put together from its settings: database, vault, clock, carrier."""

import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog
from arq.connections import RedisSettings

from followup.notice_templates import notice_policy
from followup.postman import PostError, Postman, postman
from followup.webhooks.guard import Guard
from survey.caller_settings import OurAccount, our_accounts
from survey.channels.guarded import GuardedCarrier
from survey.channels.several import SeveralAccounts
from survey.channels.twilio.carrier import TwilioCarrier
from survey.clock import open_clock
from survey.dialing import Line
from survey.dispatch_policy import dispatch_policy
from survey.ground import Ground
from survey.settings import Settings
from survey.store import callers, shares
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
    """What a process of ours holds. `taken`: told the name of a job whose claim is committed while its work goes on; what falls
    due meanwhile is another's."""

    settings: Settings
    ground: Ground
    line: Line
    post: Postman | None = None
    taken: Callable[[str], None] = lambda job: None

    @property
    def guard(self) -> Guard:
        """Which addresses other systems may be reached at."""
        return Guard(private=self.settings.webhook_private, loopback=self.settings.webhook_loopback)


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
async def open_ground(
    settings: Settings, name: str, *, pool_size: int = 10, ready: int = 2
) -> AsyncIterator[Ground]:
    """Database, vault and clock of a process called `name`. `ready`: connections that are open from the start and stay open.
    Refuses an older schema and a key that does not fit.

    From here on the process logs to standard error: what a command prints is its result, and nothing else.
    """
    structlog.configure(logger_factory=lambda *_: structlog.PrintLogger(sys.stderr))
    pool = await open_pool(
        database_url(settings), application_name=f"minyi {name}", min_size=ready, max_size=pool_size
    )
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
async def open_service(settings: Settings, name: str, *, ready: int = 2) -> AsyncIterator[Service]:
    """A process that also speaks to the carrier. `ready`: as of `open_ground`."""
    async with open_ground(settings, name, ready=ready) as ground:
        accounts = our_accounts(settings)
        await _keep_numbers(ground, settings, accounts)
        carrier = GuardedCarrier(_carrier(settings, accounts), settings.number_plan)
        line = Line(
            carrier,
            settings.public_url.rstrip("/"),
            sum(account.calls_per_second for account in accounts),
            settings.carrier_texts_per_second * sum(len(account.numbers) for account in accounts),
            settings.carrier_timeout_s,
        )
        try:
            yield Service(settings, ground, line, mail_server(settings))
        finally:
            await carrier.close()


def mail_server(settings: Settings) -> Postman | None:
    """Who takes mails; None: nobody is set. Raises NotConfigured."""
    if settings.smtp_url is None:
        return None
    try:
        return postman(
            settings.smtp_url.get_secret_value(),
            settings.smtp_from,
            settings.smtp_ca,
            notice_policy().mail.timeout_s,
        )
    except PostError as error:
        raise NotConfigured(str(error)) from None


def _carrier(settings: Settings, accounts: Sequence[OurAccount]) -> SeveralAccounts:
    made = {
        account.sid: TwilioCarrier(
            account_sid=account.sid,
            auth_token=account.token,
            numbers=[one.number for one in account.numbers],
            base_url=settings.carrier_base_url,
            timeout_s=settings.carrier_timeout_s,
            ring_s=dispatch_policy().ring_s,
            longest_s=tariff().longest_call_minutes * 60,
        )
        for account in accounts
    }
    owners = {one.number: made[account.sid] for account in accounts for one in account.numbers}
    return SeveralAccounts(list(made.values()), owners)


async def _keep_numbers(ground: Ground, settings: Settings, accounts: Sequence[OurAccount]) -> None:
    """Our numbers as the settings have them; where there are several, each account and number has a limit of its own."""
    owned = [(account, one) for account in accounts for one in account.numbers]
    calls = [("account", a.sid, "voice", a.calls_per_second) for a in accounts if len(accounts) > 1]
    own = [("number", one.number, "voice", one.calls_per_second) for _, one in owned]
    texts = [("number", one.number, "text", settings.carrier_texts_per_second) for _, one in owned]
    async with ground.pool.acquire() as conn, conn.transaction():
        listed = [(one.number, account.sid, one.calls_per_second) for account, one in owned]
        await callers.keep(conn, listed, ground.clock.now())
        await shares.seed(conn, [*calls, *own, *texts] if len(owned) > 1 else [])
