"""`minyi up`: start everything and stay, until Ctrl-C or SIGTERM."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Annotated

import typer
import uvloop

from survey.settings import Settings, load_settings
from workers.commands.running import run
from workers.supervise import asked_to_stop
from workers.up import Up, running


def up(
    city: Annotated[
        bool,
        typer.Option(
            "--city",
            help="Load the fictional city, a small list of its residents and a few closed cases, once.",
        ),
    ] = False,
    port: Annotated[int | None, typer.Option(help="Port of the page; 0 takes a free one.")] = None,
    workers: Annotated[
        int,
        typer.Option(
            min=1, max=16, help="工作进程数。Worker processes; with two, the death of one is not felt."
        ),
    ] = 2,
) -> None:
    """Start everything and stay (启动并保持): database, queue, web, worker, and a carrier twin where no carrier is configured.

    Data is kept in .minyi between runs. DATABASE_URL and REDIS_URL replace the embedded servers. Without
    MINYI_CARRIER_ACCOUNT_SID nobody real can be reached: the twin is the carrier, all numbers are fictional.
    Ctrl-C or SIGTERM stops everything.

    Exit codes: 0 stopped when asked, 3 could not start.
    """
    base = load_settings({"web_port": port}, use_launcher=False)
    run("minyi up", _until_asked(base, city, workers), uvloop.run)


async def _until_asked(base: Settings, city: bool, workers: int) -> None:
    async with asked_to_stop() as asked:
        centre = asyncio.create_task(_stay(base, city, workers), name="centre")
        stop = asyncio.create_task(asked.wait(), name="asked to stop")
        await asyncio.wait({centre, stop}, return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        if not centre.done():
            say("正在停止 stopping")
            centre.cancel()
        with suppress(asyncio.CancelledError):
            await centre
    say("已停止 stopped; nothing is left running.")


async def _stay(base: Settings, city: bool, workers: int) -> None:
    async with running(base, with_city=city, say=_starting, workers=workers) as centre:
        tell(centre, say, addresses_are_ours=not (base.database_url and base.redis_url))
        await asyncio.Event().wait()


def _starting(what: str) -> None:
    say(f"  启动 starting: {what}")


def say(line: str) -> None:
    """One line, at once, even into a pipe."""
    typer.echo(line)


def tell(centre: Up, say: Callable[[str], None], *, addresses_are_ours: bool) -> None:
    """What runs, where it is seen, who can be reached, and how to go on."""
    settings = centre.settings
    host = "127.0.0.1" if settings.web_host == "0.0.0.0" else settings.web_host
    say("民意 Minyi 已启动 is running")
    say(f"  页面 page: http://{host}:{settings.web_port}")
    say(f"  {_accounts(settings.number_plan)}")
    say(f"  {_carrier(centre)}")
    if centre.city and centre.city.residents:
        say(
            f"  虚构城市 fictional city: {centre.city.residents} 名居民 residents, {centre.city.cases} 件办结事项 closed cases; "
            "09:00-12:00 与 14:00-20:30 联系 are the hours of contact"
        )
    if not centre.has_centre:
        say(
            f"  尚无中心 no centre {settings.centre} in this database yet: `minyi up --city` loads the fictional city"
        )
    say(f"  日志 logs: {centre.logs}")
    say("  另一终端 in another terminal: minyi case list · minyi operator --name 1021 · minyi import --help")
    if centre.with_twin and not addresses_are_ours:
        say("  那里须设 set there, beside DATABASE_URL and REDIS_URL: MINYI_NUMBER_PLAN=fictional")
    say("  Ctrl-C 结束 stops everything")


def _accounts(number_plan: str) -> str:
    add = "minyi user add --help"
    if number_plan == "fictional":
        return f"只有虚构居民,当日页面不用登录 nobody real is in it: the page of the day needs no sign-in; 账号 accounts: {add}"
    return f"登录须有账号 people sign in with accounts: {add}"


def _carrier(centre: Up) -> str:
    settings = centre.settings
    if centre.with_twin:
        return (
            "运营商 carrier: 未配置,由模拟运营商代替,只用虚构号码(154 开头,现实中不存在)"
            " none is configured, so the twin stands in; only fictional numbers (154…), nobody real can be reached"
        )
    where = settings.carrier_base_url or "Twilio"
    plan = (
        "只用虚构号码 fictional numbers only"
        if settings.number_plan == "fictional"
        else "真实号码 real numbers"
    )
    return f"运营商 carrier: {where}, {plan}"
