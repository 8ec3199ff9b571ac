"""`minyi bench`: how fast parts of Minyi are, beside something that does the same.

Exit codes: 0 measured; 1 measured, and less than what was required; 3 nothing could be measured.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Annotated

import typer
from rich.console import Console

from workers.bench import dialogue as bench
from workers.bench.installing import PACKAGE, VERSION, default_folder
from workers.bench.ours import WrongSession
from workers.bench.result import HEADLINE, RATIOS, Result, Side, Way
from workers.commands.bench_show import TOO_SLOW, progress, row, table
from workers.commands.exits import refused
from workers.commands.on_demand import on_demand

SIDES: dict[Side, str] = {"ours": "民意 Minyi", "theirs": "flow-runner"}
WAYS: dict[Way, str] = {"json": "经 JSON through JSON", "memory": "内存 in memory"}
"""How the state of a session gets from one step to the next."""

LATER: Mapping[str, str] = {
    "draw": "workers.commands.bench_draw:draw",
    "import": "workers.commands.bench_import:import_",
    "sending": "workers.commands.bench_sending:sending",
    "tick": "workers.commands.bench_tick:tick",
    "inbound": "workers.commands.bench_inbound:inbound",
    "verify": "workers.commands.bench_verify:verify",
    "flag": "workers.commands.bench_flag:flag",
    "desk": "workers.commands.bench_desk:desk",
    "raking": "workers.commands.bench_raking:raking",
    "domains": "workers.commands.bench_domains:domains",
    "report": "workers.commands.bench_report:report",
    "pages": "workers.commands.bench_pages:pages",
}
"""The other benches, each imported when it is typed."""

app = typer.Typer(
    cls=on_demand(LATER),
    no_args_is_help=True,
    help="How fast parts of Minyi are, beside something that does the same.",
)


@app.callback()
def _several() -> None:
    """A callback keeps `dialogue` a subcommand while it is the only one."""


@app.command()
def dialogue(
    rounds: Annotated[
        int, typer.Option(min=bench.FEWEST_ROUNDS, help="How often each side is measured.")
    ] = bench.FEWEST_ROUNDS,
    seconds: Annotated[
        float, typer.Option(min=0.01, max=60, help="How long each measurement takes, in seconds.")
    ] = 1.2,
    require_ratio: Annotated[
        float | None,
        typer.Option(help="Exit with 1 unless the median of the headline ratio is at least this."),
    ] = None,
    node_modules: Annotated[
        Path | None,
        typer.Option(
            "--node-modules",
            metavar="DIR",
            help=f"A folder whose node_modules holds {PACKAGE} {VERSION}; installed there if it is empty. "
            "Default: a folder in the user's cache.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Answers per second of the dialogue engine and of flow-runner on the same six questions, in turns.

    Without node, or where the package cannot be installed, ours alone is measured, and the notice says why.
    """
    with progress(Console(stderr=True)) as show:
        try:
            run = bench.Bench(rounds, seconds, show).run(_folder(node_modules))
            result = asyncio.run(run)
        except (bench.DifferentAnswers, WrongSession) as error:
            raise refused("minyi bench dialogue", str(error)) from None
    if as_json:
        sys.stdout.write(result.to_json())
    else:
        _show(result, Console())
    if result.left_out is not None:
        typer.echo(f"minyi bench dialogue: flow-runner was left out: {result.left_out}", err=True)
    if require_ratio is not None and not result.reaches(require_ratio):
        typer.echo(f"minyi bench dialogue: {_short_of(result, require_ratio)}", err=True)
        raise typer.Exit(TOO_SLOW)


def _folder(given: Path | None) -> Path:
    """The folder around node_modules, whichever of the two was named."""
    if given is None:
        return default_folder()
    return given.absolute().parent if given.name == "node_modules" else given.absolute()


def _short_of(result: Result, required: float) -> str:
    ratio = result.ratios().get(HEADLINE)
    if ratio is None:
        return f"a ratio of {required:g} was required, and none could be measured."
    return f"the median ratio is {ratio.median:.2f}, below the required {required:g}."


def _show(result: Result, console: Console) -> None:
    machine = result.machine
    console.print(f"{result.date} · {machine.processor}, {machine.cores} cores", highlight=False)
    console.print(f"{machine.python} · node {machine.node or '-'}", highlight=False)
    rates = table("每秒答数 answers per second")
    for side, way in result.rounds:
        per_second = result.per_second((side, way))
        row(rates, f"{SIDES[side]}, {WAYS[way]}", median(per_second), per_second, ",.0f")
    console.print(rates)
    if ratios := result.ratios():
        shown = table("比值 ratio, 民意 Minyi : flow-runner")
        for name, ((_, above), (_, below)) in RATIOS.items():
            style = "bold" if name == HEADLINE else ""
            words = f"{WAYS[above]} : {WAYS[below]}"
            row(shown, words, ratios[name].median, ratios[name].rounds, ".2f", style)
        console.print(shown)
    for side, found in result.fingerprints.items():
        console.print(f"答案 answers of {SIDES[side]}: sha256 {found[:16]}…", highlight=False)
