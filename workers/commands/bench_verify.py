"""`minyi bench verify`: how long it takes to verify all events, beside a plain read of them."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from workers.bench.dialogue import FEWEST_ROUNDS, Progress
from workers.bench.outcome import Outcome
from workers.bench.servers import own_servers
from workers.bench.verify import EVENTS_A_CASE, NotFound, VerifyBench
from workers.commands.bench_show import AsJson, Judge, Rounds, conclude, progress
from workers.commands.exits import refused
from workers.commands.running import run

COMMAND = "minyi bench verify"


def verify(
    events: Annotated[
        int,
        typer.Option(min=1_000, help="记录条数。How many events, ten to a case, on a server of its own."),
    ] = 1_000_000,
    rounds: Rounds = FEWEST_ROUNDS,
    judge: Judge = False,
    as_json: AsJson = False,
) -> None:
    """核验全部记录,和通读比快慢。Verify every event chain and seal, beside a plain read of the same rows, in turns.

    The events are written through the triggers first, which takes minutes for a million; at the end one byte is changed, and the
    check must name that row.
    """
    with progress(Console(stderr=True)) as show:
        try:
            outcome = run(COMMAND, _measure(events - events % EVENTS_A_CASE, rounds, show))
        except NotFound as error:
            raise refused(COMMAND, str(error)) from None
    conclude(outcome, judge=judge, as_json=as_json)


async def _measure(events: int, rounds: int, show: Progress) -> Outcome:
    async with own_servers() as services:
        return await VerifyBench(events, rounds, show).run(services.database_url)
