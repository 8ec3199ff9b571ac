"""`minyi bench flag`: from a dissatisfied answer's webhook to its committed flag, under load and across a worker's kill -9."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer
from rich.console import Console

from workers.bench import flag as bench
from workers.bench.flag_residents import NotMeasured
from workers.commands.bench_show import AsJson, Judge, conclude, progress
from workers.commands.exits import refused
from workers.supervise import SupervisorError


def flag(
    residents: Annotated[
        int,
        typer.Option(min=10, max=50_000, help="多少人回复不满意。How many dissatisfied residents answer."),
    ] = 1200,
    rate: Annotated[
        float,
        typer.Option(min=0.1, max=200, help="每秒多少人开始回复。Residents a second who begin to answer."),
    ] = 10.0,
    kills: Annotated[
        int,
        typer.Option(min=0, max=20, help="途中杀掉工作进程几次。How often the worker is killed meanwhile."),
    ] = 1,
    workers: Annotated[
        int, typer.Option(min=1, max=8, help="几个工作进程。How many workers; the first is killed.")
    ] = 2,
    judge: Judge = False,
    as_json: AsJson = False,
) -> None:
    """不满意回复到标记入库的时间:带负载,途中杀掉工作进程;不丢、不重。

    Time from a dissatisfied text to its committed flag, under load, with the worker killed on the way; none lost, none double.
    """
    with progress(Console(stderr=True)) as show:
        try:
            outcome = asyncio.run(bench.flag(residents, rate, kills, workers, show))
        except (NotMeasured, SupervisorError) as error:
            raise refused("minyi bench flag", str(error)) from None
    conclude(outcome, judge=judge, as_json=as_json)
