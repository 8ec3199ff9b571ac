"""How every `minyi bench` shows what it does and what came of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Annotated, Final, TypeAlias

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from workers.bench import dialogue as bench
from workers.bench.folder import NoRoom, bench_folder
from workers.bench.outcome import Bar, Outcome
from workers.commands.exits import refused

TOO_SLOW: Final = 1
SIGNS: Final = {"at_most": "≤", "at_least": "≥"}

Rounds: TypeAlias = Annotated[
    int,
    typer.Option(min=bench.FEWEST_ROUNDS, help="每边量几轮。How often each side is measured, in turns."),
]
TenTimes: TypeAlias = Annotated[
    bool,
    typer.Option("--ten-times", help="也量十倍的规模。Measure at ten times the size, too."),
]
Judge: TypeAlias = Annotated[
    bool,
    typer.Option("--judge", help="有一项不达标就退出 1。Exit with 1 if any bar is missed."),
]
AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="输出 JSON。Print JSON instead of text.")]


@contextmanager
def progress(console: Console) -> Iterator[bench.Progress]:
    """A bar on a terminal, nothing elsewhere. Drawn between measurements only: it would be measured with them."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    quiet = not console.is_terminal
    with Progress(*columns, console=console, transient=True, auto_refresh=False, disable=quiet) as bars:
        task = bars.add_task("")

        def show(what: str, done: int, total: int) -> None:
            bars.update(task, description=what, completed=done, total=total, refresh=True)

        yield show


@contextmanager
def roomy_folder(command: str, needed: int) -> Iterator[Path]:
    """A bench's folder with `needed` bytes free, gone afterwards; a refusal in words where there is less room."""
    try:
        with bench_folder(needed=needed) as folder:
            yield folder
    except NoRoom as error:
        raise refused(command, f"{error}; set TMPDIR to a larger place, or measure less") from None


def conclude(outcome: Outcome, *, judge: bool, as_json: bool) -> None:
    """Print it, and with `judge` exit with 1 where a bar is missed."""
    if as_json:
        sys.stdout.write(outcome.to_json())
    else:
        show(outcome, Console())
    missed = outcome.missed() if judge else []
    for bar in missed:
        found = outcome.ratio(bar).median
        allowed = f"{SIGNS[bar.kind]} {bar.limit:g}"
        typer.echo(
            f"minyi bench {outcome.bench}: {bar.name} is {found:.3g}, and {allowed} is the bar.", err=True
        )
    if missed:
        raise typer.Exit(TOO_SLOW)


def show(outcome: Outcome, console: Console) -> None:
    """Both tables, and those of the larger size."""
    machine = outcome.machine
    console.print(f"{outcome.date} · {machine.processor}, {machine.cores} cores", highlight=False)
    sizes = " · ".join(f"{name} {size:,}" for name, size in outcome.sizes.items())
    console.print(f"minyi bench {outcome.bench} · {sizes}", highlight=False)
    figures = table("各边 sides")
    for one in outcome.series.values():
        row(figures, f"{one.words} ({one.unit})", median(one.rounds), one.rounds, ".4g")
    console.print(figures)
    bars = table("要求 bars")
    bars.add_column("须 bar")
    for bar in outcome.bars:
        _bar_row(bars, outcome, bar)
    console.print(bars)
    if outcome.larger is not None:
        console.print("十倍规模 at ten times the size", highlight=False)
        show(outcome.larger, console)


def _bar_row(bars: Table, outcome: Outcome, bar: Bar) -> None:
    ratio = outcome.ratio(bar)
    kept = outcome.keeps(bar)
    sign = f"{SIGNS[bar.kind]} {bar.limit:g} {'✓' if kept else '✗'}"
    row(bars, bar.words, ratio.median, ratio.rounds, ".3g", "bold" if kept else "bold red", sign)


def table(heading: str) -> Table:
    """With columns for a median and its rounds."""
    made = Table(box=None, pad_edge=False)
    made.add_column(heading, overflow="fold")
    made.add_column("中位 median", justify="right")
    made.add_column("各轮 rounds", overflow="fold")
    return made


def row(
    into: Table, words: str, middle: float, rounds: Sequence[float], form: str, style: str = "", *more: str
) -> None:
    """One side or one ratio; figures in the form of format()."""
    cells = (words, format(middle, form), " ".join(format(one, form) for one in rounds), *more)
    into.add_row(*(Text(cell, style) for cell in cells))
