"""`minyi bench report`: how long a table of indicators takes, beside DuckDB on the same answers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console

from workers.bench.dialogue import FEWEST_ROUNDS, Progress
from workers.bench.duck import Duck, NotInstalled
from workers.bench.many_answers import BYTES_AN_ANSWER, QUESTIONS, Sizes
from workers.bench.outcome import Outcome
from workers.bench.report import ReportBench, WrongFigures
from workers.bench.servers import own_servers
from workers.commands.bench_show import TOO_SLOW, AsJson, Judge, Rounds, conclude, progress, roomy_folder
from workers.commands.exits import refused
from workers.commands.running import run

COMMAND: Final = "minyi bench report"
WHOLE: Final = Sizes()


def report(
    answers: Annotated[
        int,
        typer.Option(
            min=WHOLE.days * WHOLE.areas * len(QUESTIONS),
            help="回答条数:100日、200个区划、10题。How many answers: 100 days, 200 areas, 10 questions.",
        ),
    ] = WHOLE.answers,
    rounds: Rounds = FEWEST_ROUNDS,
    judge: Judge = False,
    as_json: AsJson = False,
) -> None:
    """指标表,和 DuckDB 比快慢。A day's table of 200 areas over 10 million answers, and DuckDB on the same answers, in turns.

    Both must come to the same figures, interval by interval. Answers lie in the service's own tables and are counted first, which
    takes minutes. DuckDB is not installed with Minyi; without it (pip install duckdb) ours alone is measured, and that is said.
    """
    sizes = Sizes(people=answers // (WHOLE.days * WHOLE.areas * len(QUESTIONS)))
    with (
        progress(Console(stderr=True)) as show,
        roomy_folder(COMMAND, sizes.answers * BYTES_AN_ANSWER) as folder,
    ):
        duck, left_out = _duck(folder)
        try:
            outcome = run(COMMAND, _measure(folder, sizes, rounds, duck, show))
        except WrongFigures as error:
            raise refused(COMMAND, str(error)) from None
        finally:
            if duck is not None:
                duck.close()
    if left_out is not None:
        typer.echo(f"{COMMAND}: DuckDB was left out: {left_out}", err=True)
    conclude(outcome, judge=judge, as_json=as_json)
    if judge and duck is None:  # what was not compared was not kept
        raise typer.Exit(TOO_SLOW)


def _duck(folder: Path) -> tuple[Duck | None, str | None]:
    try:
        return Duck(folder), None
    except NotInstalled as error:
        return None, str(error)


async def _measure(folder: Path, sizes: Sizes, rounds: int, duck: Duck | None, show: Progress) -> Outcome:
    async with own_servers(folder) as services:
        return await ReportBench(sizes, rounds, folder, duck, show).run(services.database_url)
