"""`minyi bench desk`: fifty operators at once on the desk's pages, the web process killed among them."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer
from rich.console import Console

from workers.bench import desk as bench
from workers.bench.desk_seat import DeskRefused
from workers.commands.bench_show import AsJson, Judge, conclude, progress
from workers.commands.exits import refused
from workers.supervise import SupervisorError


def desk(
    minutes: Annotated[
        float, typer.Option(min=0.1, max=60, help="拨打多少分钟。How many minutes they work.")
    ] = 10.0,
    operators: Annotated[
        int, typer.Option(min=1, max=500, help="同时多少调查员。Operators at the same time.")
    ] = 50,
    pause: Annotated[
        float,
        typer.Option(
            min=0.05,
            max=60,
            help="按一次键平均几秒。Seconds that an operator takes for a stroke, on average.",
        ),
    ] = 4.0,
    people: Annotated[
        int, typer.Option(min=100, max=1_000_000, help="队列里多少人。People in the queue.")
    ] = 10_000,
    kills: Annotated[
        int,
        typer.Option(
            min=0, max=20, help="途中杀掉网页进程几次。How often the web process is killed meanwhile."
        ),
    ] = 1,
    judge: Judge = False,
    as_json: AsJson = False,
) -> None:
    """多名调查员同时在拨打页上工作,途中杀掉网页进程:同一位不给两人,不丢、不重;“下一位”与裸领取轮流比。

    Operators at once on the desk's pages, the web process killed on the way: nobody given twice, nothing lost or doubled; the
    next person in turns with a bare claim.
    """
    with progress(Console(stderr=True)) as show:
        try:
            outcome = asyncio.run(bench.desk(operators, minutes, pause, people, kills, show))
        except (DeskRefused, SupervisorError) as error:
            raise refused("minyi bench desk", str(error)) from None
    conclude(outcome, judge=judge, as_json=as_json)
