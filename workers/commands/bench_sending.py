"""`minyi bench sending`: from due to sent, and how exactly the pace is kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer
from rich.console import Console

from workers.bench.dialogue import FEWEST_ROUNDS
from workers.bench.sending import Sizes, measure
from workers.bench.tick import WrongCount
from workers.commands.bench_show import AsJson, Judge, Rounds, TenTimes, conclude, progress
from workers.commands.exits import refused
from workers.commands.running import run


def sending(
    per_second: Annotated[
        float,
        typer.Option(min=1, max=200, help="运营商每秒收几个呼叫。Calls a second that the carrier allows."),
    ] = 20.0,
    seconds: Annotated[
        float, typer.Option(min=2, max=600, help="积压要拨多少秒。How many seconds the crowd takes.")
    ] = 22.0,
    planned: Annotated[
        int, typer.Option(min=2, help="预先知道到期的呼叫。Calls whose moment is known before.")
    ] = 120,
    sudden: Annotated[int, typer.Option(min=2, help="当场到期的呼叫。Calls that fall due at once.")] = 60,
    workers: Annotated[int, typer.Option(min=1, max=8, help="工作进程数。Worker processes.")] = 1,
    rounds: Rounds = FEWEST_ROUNDS,
    ten_times: TenTimes = False,
    judge: Judge = False,
    as_json: AsJson = False,
) -> None:
    """How long a due call waits until the carrier is asked, and the pace when more is due than the limit allows.

    On the real clock, with web, worker and carrier twin as processes: about a minute a round. Ten times is ten times the calls a
    second in the crowd.
    """
    with progress(Console(stderr=True)) as show:
        try:
            sizes = Sizes(planned, sudden, round(per_second * seconds), per_second)
            found = run("minyi bench sending", measure(sizes, rounds, workers, show))
            if ten_times:
                sizes = Sizes(planned, sudden, round(10 * per_second * seconds), 10 * per_second)
                larger = run("minyi bench sending", measure(sizes, rounds, workers, show))
                found = replace(found, larger=larger)
        except WrongCount as error:
            raise refused("minyi bench sending", str(error)) from None
    conclude(found, judge=judge, as_json=as_json)
