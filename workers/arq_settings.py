"""The arq worker: `arq workers.arq_settings.WorkerSettings`.

Postgres holds what is owed; a job here only looks and does it. Business moments come from due rows by way of the ticker; the cron
functions are a second way to the same idempotent jobs, and the readable list of what a centre does every day.
"""

import functools
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any, ClassVar, cast
from zoneinfo import ZoneInfo

import structlog
from arq import cron
from arq.connections import RedisSettings
from arq.cron import CronJob
from arq.typing import WorkerCoroutine
from arq.worker import Function, func

from survey.settings import load_settings
from survey.store.outage import DOWN
from workers.jobs import JOBS
from workers.listening import listening
from workers.runtime import database_url, open_service, redis_settings
from workers.ticker import Ticker
from workers.turns import Turns

log = structlog.get_logger()
REPORTS_TIMEOUT_S = 900
"""Several missed days of ten centres take their time; each report that is done stays done."""
Context = dict[str, Any]


def _job(name: str) -> Callable[[Context], Awaitable[None]]:
    work = JOBS[name]

    @functools.wraps(work)
    async def run(ctx: Context) -> None:
        service, turns = ctx["service"], ctx["turns"]
        if not turns.begin(name):
            return
        with service.ground.clock.activity():
            try:
                await work(service)
            except DOWN as error:  # the ticker wakes somebody again as long as anything is owed
                log.warning(
                    "database or carrier away; the job is owed still", job=name, error=type(error).__name__
                )
            finally:
                turns.end(name)

    return run


async def daily_campaign(ctx: Context) -> None:
    """08:30: today's lists, before the shift begins."""
    await _job("daily")(ctx)


async def callbacks_every_minute(ctx: Context) -> None:
    """What residents answered is judged, should a wake-up have been lost."""
    await _job("settle")(ctx)


async def flags_every_minute(ctx: Context) -> None:
    """Decisions that waited too long go to the next post."""
    await _job("escalate")(ctx)


async def systems_every_minute(ctx: Context) -> None:
    """An event that was committed after a later one wakes nobody by itself; subscribers are told of it now."""
    await _job("tell_systems")(ctx)


async def rollup_every_minute(ctx: Context) -> None:
    """Answers of the last minute are counted; whoever needs a figure of this moment counts first."""
    await _job("roll_up")(ctx)


async def reports_every_ten_minutes(ctx: Context) -> None:
    """From half past seven on reports issue themselves (policy `cadence`); missed ones are made up for."""
    await _job("report")(ctx)


async def start(ctx: Context) -> None:
    """Open what the jobs need and begin to watch what is due."""
    ctx["stack"] = stack = AsyncExitStack()
    settings = load_settings()
    service = await stack.enter_async_context(open_service(settings, "worker"))
    ctx["ticker"] = ticker = Ticker(service.ground, ctx["redis"])
    ctx["turns"] = turns = Turns(ticker.done)
    ctx["service"] = replace(service, taken=turns.taken)
    ticker.watch()
    if settings.clock is None:  # the keeper of a virtual clock asks everybody before time moves on
        await stack.enter_async_context(listening(database_url(settings), ticker.look_again))


async def stop(ctx: Context) -> None:
    """Close it again."""
    await ctx["stack"].aclose()


def _functions() -> list[Function]:
    """A job is never tried again by arq: the ticker wakes somebody as long as anything is owed."""
    return [func(cast(WorkerCoroutine, _job(name)), name=name, keep_result=0, max_tries=1) for name in JOBS]


class WorkerSettings:
    """Read by arq."""

    functions: ClassVar[list[Function]] = _functions()
    cron_jobs: ClassVar[list[CronJob]] = [
        cron(daily_campaign, hour=8, minute=30, keep_result=0),
        cron(callbacks_every_minute, second=0, keep_result=0),
        cron(flags_every_minute, second=30, keep_result=0),
        cron(systems_every_minute, second=45, keep_result=0),
        cron(rollup_every_minute, second=15, keep_result=0),
        cron(
            reports_every_ten_minutes, minute=set(range(0, 60, 10)), timeout=REPORTS_TIMEOUT_S, keep_result=0
        ),
    ]
    on_startup = start
    on_shutdown = stop
    timezone = ZoneInfo("Asia/Shanghai")
    max_jobs = 100
    poll_delay = 0.005
    job_timeout = 60
    job_completion_wait = (
        5  # told to end, a worker finishes what it has begun; arq would cancel it and leave with a traceback
    )
    keep_result = 0
    health_check_interval = 5

    @staticmethod
    def _redis() -> RedisSettings:
        return redis_settings(load_settings())

    redis_settings: ClassVar[RedisSettings]


WorkerSettings.redis_settings = WorkerSettings._redis() if load_settings().redis_url else RedisSettings()
