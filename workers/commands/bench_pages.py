"""`minyi bench pages`: every page on a large database, its server time, and the plans of its statements."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Annotated, Final

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from workers.bench.many_answers import BYTES_AN_ANSWER, QUESTIONS, Sizes
from workers.bench.pages import Opened, open_all
from workers.commands.bench_show import TOO_SLOW, AsJson, progress, roomy_folder
from workers.commands.running import run

COMMAND: Final = "minyi bench pages"
DAYS, AREAS = 100, 200
SLOW_S: Final = 0.1
"""A statement that takes longer is named."""


def pages(
    cases: Annotated[int, typer.Option(min=1000, help="几件事项。How many cases.")] = 100_000,
    answers: Annotated[
        int, typer.Option(min=DAYS * AREAS * len(QUESTIONS), help="几条回答。How many answers.")
    ] = 1_000_000,
    as_json: AsJson = False,
) -> None:
    """十万件事项、一百万条回答时每一页要多久,有没有从头读到尾的大表。Every page on a large database: the server's
    time, and whether a statement reads a large table to its end.

    Exit codes: 0 no page does; 1 some does; 3 nothing could be measured.

    例 example:  minyi bench pages --cases 20000
    """
    sizes = Sizes(DAYS, AREAS, answers // (DAYS * AREAS * len(QUESTIONS)))
    room = sizes.answers * BYTES_AN_ANSWER + cases * BYTES_AN_ANSWER * 10
    with progress(Console(stderr=True)) as show, roomy_folder(COMMAND, room) as folder:
        opened = run(COMMAND, open_all(sizes, cases, folder, show))
    if as_json:
        sys.stdout.write(json.dumps([asdict(one) for one in opened], ensure_ascii=False, indent=1) + "\n")
    else:
        _show(opened, Console())
    if any(one.scans or one.status >= 500 for one in opened):
        raise typer.Exit(TOO_SLOW)


def _show(opened: list[Opened], console: Console) -> None:
    table = Table(box=SIMPLE_HEAD)
    for head in ("页面 page", "岗位 role", "状态 status", "毫秒 ms", "kB", "语句 statements"):
        table.add_column(head, justify="left" if head.startswith(("页", "岗")) else "right")
    for one in opened:
        figures = (f"{one.seconds * 1000:.1f}", f"{one.size / 1000:.1f}", str(one.statements))
        table.add_row(one.route, one.role, str(one.status), *figures)
    console.print(table)
    for one in opened:
        if one.longest[0] > SLOW_S:
            seconds, statement = one.longest
            console.print(f"{one.route}: {seconds * 1000:.0f} ms: {statement}", highlight=False, markup=False)
        for name, statement in one.scans:
            console.print(
                f"{one.route}: 从头到尾读 reads all of {name}: {statement}", highlight=False, markup=False
            )
