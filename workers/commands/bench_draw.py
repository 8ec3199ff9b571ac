"""`minyi bench draw`: the stratified draw beside hash-prefilter SQL, on a Postgres of its own that is gone afterwards."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console

from survey.settings import Settings
from workers.bench.big_list import BYTES_A_PERSON
from workers.bench.dialogue import FEWEST_ROUNDS, Progress
from workers.bench.draw import DrawBench, WrongSample
from workers.bench.outcome import Outcome
from workers.commands.bench_show import AsJson, Judge, Rounds, TenTimes, conclude, progress, roomy_folder
from workers.commands.exits import refused
from workers.databases import create_database, drop_database
from workers.embedded import EmbeddedError, embedded_services

COMMAND: Final = "minyi bench draw"
DATABASE: Final = "bench_draw"
TEN: Final = 10
ONE_IN: Final = 100


def draw(
    people: Annotated[
        int, typer.Option(min=20_000, help="名单人数。People on the list, in 200 townships.")
    ] = 1_000_000,
    sample: Annotated[
        int | None,
        typer.Option(min=1, help="样本人数,默认百分之一。People drawn; without: one in a hundred."),
    ] = None,
    rounds: Rounds = FEWEST_ROUNDS,
    ten_times: TenTimes = False,
    judge: Judge = False,
    as_json: AsJson = False,
) -> None:
    """分层抽样,和 SQL 哈希预筛比快慢。The exact stratified draw with its record, and hash-prefilter SQL, in turns.

    要求说的是一千万人 the bar is stated for:  minyi bench draw --people 10000000 --judge
    """
    n = people // ONE_IN if sample is None else sample
    largest = people * (TEN if ten_times else 1)
    with progress(Console(stderr=True)) as show, roomy_folder(COMMAND, largest * BYTES_A_PERSON) as folder:
        try:
            outcome = asyncio.run(_measure(folder, people, n, rounds, show, ten_times=ten_times))
        except (EmbeddedError, WrongSample) as error:
            raise refused(COMMAND, str(error)) from None
    conclude(outcome, judge=judge, as_json=as_json)


async def _measure(
    folder: Path, people: int, sample: int, rounds: int, show: Progress, *, ten_times: bool
) -> Outcome:
    settings = Settings(data_dir=folder)
    async with embedded_services(settings, purpose="tests", durable=False) as services:

        async def at(times: int) -> Outcome:
            url = await create_database(services.database_url, DATABASE)
            try:
                return await DrawBench(people * times, sample * times, rounds, show).run(url)
            finally:
                await drop_database(services.database_url, DATABASE)

        outcome = await at(1)
        return replace(outcome, larger=await at(TEN)) if ten_times else outcome
