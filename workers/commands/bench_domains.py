"""`minyi bench domains`: means of thousands of domains with their standard errors, beside one pass of plain numpy."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from workers.bench.dialogue import FEWEST_ROUNDS
from workers.bench.domains import DomainsBench, OtherFigures
from workers.commands.bench_show import AsJson, Judge, Rounds, conclude, progress
from workers.commands.exits import refused


def domains(
    rows: Annotated[int, typer.Option(min=10_000, max=50_000_000, help="受访人数。Respondents.")] = 200_000,
    cells: Annotated[int, typer.Option("--domains", min=2, max=100_000, help="几个域。Domains.")] = 2_000,
    rounds: Rounds = FEWEST_ROUNDS,
    judge: Judge = False,
    as_json: AsJson = False,
) -> None:
    """两千个域的估计和标准误,和 numpy 一遍比。Estimates of two thousand domains, in turns with one pass of plain numpy.

    例 example:  minyi bench domains --judge
    """
    with progress(Console(stderr=True)) as show:
        try:
            outcome = DomainsBench(rows, cells, rounds, show).run()
        except OtherFigures as error:
            raise refused("minyi bench domains", str(error)) from None
    conclude(outcome, judge=judge, as_json=as_json)
