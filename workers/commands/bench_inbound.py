"""`minyi bench inbound`: what an answer by text costs, from the carrier's webhook to the reply after the commit."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer
from rich.console import Console

from workers.bench import inbound as bench
from workers.bench.dialogue import FEWEST_ROUNDS
from workers.bench.inbound_threads import Miscounted
from workers.commands.bench_show import AsJson, Judge, Rounds, TenTimes, conclude, progress
from workers.commands.exits import refused


def inbound(
    rounds: Rounds = FEWEST_ROUNDS,
    seconds: Annotated[
        float,
        typer.Option(min=0.1, max=60, help="每次量多少秒。How long each measurement takes, in seconds."),
    ] = 3.0,
    connections: Annotated[
        int, typer.Option(min=1, max=1000, help="同时几条连接。Connections at the same time.")
    ] = 64,
    ten_times: TenTimes = False,
    judge: Judge = False,
    as_json: AsJson = False,
) -> None:
    """入站短信:每条答复的处理器时间与每秒答数,与空端点、朴素实现轮流比。

    Processor time and rate of answers by text, signed, stored and replied to, beside a bare endpoint and a naive build.
    """
    with progress(Console(stderr=True)) as show:
        try:
            outcome = asyncio.run(bench.inbound(rounds, seconds, connections, show, ten_times=ten_times))
        except Miscounted as error:
            raise refused("minyi bench inbound", str(error)) from None
    conclude(outcome, judge=judge, as_json=as_json)
