"""`minyi bench raking`: weights of a million respondents fitted to four margins, beside plain numpy and ipfn."""

from __future__ import annotations

from typing import Annotated, Final

import typer
from rich.console import Console

from workers.bench.dialogue import FEWEST_ROUNDS
from workers.bench.raking import OtherWeights, RakingBench, ipfn_is_there
from workers.commands.bench_show import AsJson, Judge, Rounds, conclude, progress
from workers.commands.exits import refused

COMMAND: Final = "minyi bench raking"


def raking(
    people: Annotated[
        int, typer.Option(min=20_000, max=10_000_000, help="受访人数。Respondents.")
    ] = 1_000_000,
    rounds: Rounds = FEWEST_ROUNDS,
    without_ipfn: Annotated[
        bool, typer.Option("--without-ipfn", help="不和 ipfn 比。Leave ipfn out, which takes minutes.")
    ] = False,
    judge: Judge = False,
    as_json: AsJson = False,
) -> None:
    """四个边际的迭代加权有多快,和折叠 numpy、ipfn 比。Raking to four margins, in turns with collapsed numpy and ipfn.

    要比 ipfn 先装 to compare with ipfn:  pip install ipfn

    例 example:  minyi bench raking --judge
    """
    beside_ipfn = ipfn_is_there() and not without_ipfn
    with progress(Console(stderr=True)) as show:
        try:
            outcome = RakingBench(people, rounds, show, beside_ipfn).run()
        except OtherWeights as error:
            raise refused(COMMAND, str(error)) from None
    if not beside_ipfn:
        why = "--without-ipfn" if without_ipfn else "it is not installed: pip install ipfn"
        typer.echo(f"{COMMAND}: ipfn 没有比 was left out: {why}", err=True)
    conclude(outcome, judge=judge, as_json=as_json)
