"""`minyi bench import`: a long list of residents through the door, beside polars, COPY and a key.

Exit codes: 0 measured; 1 measured, and slower than is allowed (with --judge); 3 nothing could be measured.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Annotated

import typer
from rich.console import Console

from workers.bench.dialogue import FEWEST_ROUNDS, Progress
from workers.bench.importing import ImportBench, WrongImport
from workers.bench.outcome import Outcome
from workers.commands.bench_show import AsJson, Judge, Rounds, TenTimes, conclude, progress
from workers.commands.exits import refused
from workers.embedded import EmbeddedError

People = Annotated[int, typer.Option(min=1_000, max=10_000_000, help="名单人数。People on the list.")]


def import_(
    people: People = 1_000_000,
    rounds: Rounds = FEWEST_ROUNDS,
    ten_times: TenTimes = False,
    judge: Judge = False,
    as_json: AsJson = False,
) -> None:
    """导入有多快:校验、加密、入库。A list of residents checked, sealed and kept, in turns with polars, COPY and a key.

    At ten times the size one round is measured, because it takes minutes.

    例 example:  minyi bench import --people 200000 --judge
    """
    with progress(Console(stderr=True)) as show:
        try:
            outcome = asyncio.run(_measured(people, rounds, ten_times, show))
        except (WrongImport, EmbeddedError) as error:
            raise refused("minyi bench import", str(error)) from None
    conclude(outcome, judge=judge, as_json=as_json)


async def _measured(people: int, rounds: int, ten_times: bool, show: Progress) -> Outcome:
    outcome = await ImportBench(people, rounds, show).run()
    if not ten_times:
        return outcome
    return replace(outcome, larger=await ImportBench(10 * people, 1, show).run())
