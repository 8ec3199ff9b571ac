"""`minyi coverage`: whether intervals, ranks, claims and alerts keep what they promise, by simulation.

Exit codes: 0 every bar is held; 1 one is missed; 2 is the command line's own.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from workers.commands.analyst_files import Json, print_json
from workers.commands.exits import SOME_REFUSED
from workers.coverage.checking import Effort, Found, bars
from workers.coverage.run import SEED, all_checks, run_all


def coverage(
    short: Annotated[
        bool,
        typer.Option(
            "--short", help="短跑:二十分之一,容许模拟误差。A twentieth, with room for its own noise."
        ),
    ] = False,
    seed: Annotated[int, typer.Option(help="种子;同一种子得同一张表。The same seed, the same table.")] = SEED,
    failed: Annotated[bool, typer.Option("--failed", help="只列未达标的。Only what misses its bar.")] = False,
    json_: Json = False,
) -> None:
    """用模拟检验:区间盖得住、名次靠得住、结论不乱下、报警不乱报。Hold the statistics to their promises, by simulation.

    例 examples:  minyi coverage
                  minyi coverage --short --failed

    全跑几分钟;种子固定,未达标退出码 1。A few minutes; seeds are fixed; exit code 1 where a bar is missed.
    """
    effort = Effort(0.05, bars().noise) if short else Effort()
    found = _run(effort, seed)
    missed = [one for one in found if one.ok is False]
    if json_:
        print_json([asdict(one) for one in (missed if failed else found)])
    else:
        _print(missed if failed else found)
        held = sum(one.ok is True for one in found)
        typer.echo(
            f"达标 held {held},未达标 missed {len(missed)},仅供参考 for information {len(found) - held - len(missed)}"
        )
    if missed:
        raise typer.Exit(SOME_REFUSED)


def _run(effort: Effort, seed: int) -> list[Found]:
    console = Console(stderr=True, highlight=False)
    columns = (
        TextColumn("模拟 simulating"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=len(all_checks()))
        return list(run_all(effort, seed, lambda name: progress.update(task, advance=1, description=name)))


def _print(found: list[Found]) -> None:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for heading in ("检验 check", "情形 cell"):
        table.add_column(heading, overflow="fold")
    table.add_column("得 value", justify="right", no_wrap=True)
    table.add_column("标准 bar", no_wrap=True)
    table.add_column("")
    table.add_column("说明 note", overflow="fold")
    marks = {True: "✓", False: "✗", None: "·"}
    for one in found:
        value = f"{one.value:.4f}" if abs(one.value) < 2 else f"{one.value:,.1f}"
        table.add_row(one.check, one.cell, value, one.bar, marks[one.ok], one.note)
    Console(highlight=False, markup=False, emoji=False).print(table)
