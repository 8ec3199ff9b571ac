"""`minyi bench tick`: what an attempt costs in the dial tick, beside a bare claim of rows."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer
from rich.console import Console

from workers.bench.dialogue import FEWEST_ROUNDS
from workers.bench.tick import BATCH, WrongCount, measure
from workers.commands.bench_show import AsJson, Judge, Rounds, TenTimes, conclude, progress
from workers.commands.exits import refused
from workers.commands.running import run


def tick(
    units: Annotated[
        int, typer.Option(min=1, help="有多少人到期等待。How many people are due and wait.")
    ] = 40_000,
    batch: Annotated[
        int, typer.Option(min=1, help="一拍最多几次。How many attempts a tick takes at the most.")
    ] = BATCH,
    rounds: Rounds = FEWEST_ROUNDS,
    ten_times: TenTimes = False,
    judge: Judge = False,
    as_json: AsJson = False,
) -> None:
    """An attempt in the dial tick, beside a bare claim with SKIP LOCKED and an arq job for each attempt, in turns."""
    with progress(Console(stderr=True)) as show:
        try:
            found = run("minyi bench tick", measure(units, rounds, show, batch))
            if ten_times:
                larger = run("minyi bench tick", measure(10 * units, rounds, show, batch))
                found = replace(found, larger=larger)
        except WrongCount as error:
            raise refused("minyi bench tick", str(error)) from None
    conclude(found, judge=judge, as_json=as_json)
