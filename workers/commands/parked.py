"""`minyi parked`: what the carrier said and nothing maps: shown, and done with by a person; nothing of it is ever dropped.

Exit codes: 0 done; 3 refused, nothing changed; 2 is the command line's own.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Annotated, Any, TypeVar

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from survey.ground import Ground
from survey.settings import load_settings
from survey.store import parked
from survey.store.parked import Parked
from workers.commands.exits import refused
from workers.commands.running import run
from workers.runtime import open_ground

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""运营商说了而对不上的信号:留着、看到、处理。

    Signals of the carrier that nothing maps: kept, seen, and done with by a person.""",
    epilog="退出码 exit codes: 0 办成 done; 3 没有改动 refused.",
)
T = TypeVar("T")


@app.command("list")
def list_parked(
    everything: Annotated[bool, typer.Option("--all", help="连同看过的。Those looked at, too.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="最多几条。At most so many.")] = 50,
    json_: Annotated[bool, typer.Option("--json", help="输出 JSON。Print JSON.")] = False,
) -> None:
    """看有哪些,新的在前。What there is, the newest first."""

    async def act(ground: Ground) -> tuple[list[Parked], int]:
        async with ground.pool.acquire() as conn:
            return await parked.rows(conn, everything=everything, limit=limit), await parked.waiting(conn)

    rows, waiting = _run("list", act)
    if json_:
        body = {"waiting": waiting, "parked": [asdict(row) for row in rows]}
        sys.stdout.write(json.dumps(body, ensure_ascii=False, indent=2, default=str) + "\n")
    elif rows:
        _print(_table(rows), f"待看 waiting: {waiting}")
    else:
        _print("没有对不上的信号。Nothing is parked.")


@app.command()
def resolve(
    number: Annotated[int, typer.Argument(metavar="NO", help="编号,见 list。Its number, as `list` shows.")],
    by: Annotated[str, typer.Option("--by", help="谁。Who.")],
    note: Annotated[str, typer.Option("--note", help="怎么处理的。What was done about it.")],
) -> None:
    """看过并写明处理。Looked at, and what was done about it.

    例 example:  minyi parked resolve 12 --by 王芳 --note 已问运营商
    """

    async def act(ground: Ground) -> bool:
        async with ground.pool.acquire() as conn:
            return await parked.resolve(conn, number, ground.clock.now(), by, note)

    if not _run("resolve", act):
        raise refused(
            "minyi parked resolve", f"there is no number {number} that waits; `minyi parked list` shows them"
        )
    _print(f"已处理 resolved: {number}")


def _run(verb: str, act: Callable[[Ground], Awaitable[T]]) -> T:
    return run(f"minyi parked {verb}", _on_ground(act))


async def _on_ground(act: Callable[[Ground], Awaitable[T]]) -> T:
    async with open_ground(load_settings(), "parked", pool_size=2) as ground:
        with ground.clock.activity():
            return await act(ground)


def _table(rows: list[Parked]) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("编号 no", justify="right")
    table.add_column("时间 at", no_wrap=True)
    table.add_column("哪类 kind")
    table.add_column("内容 what", overflow="fold", ratio=1)
    table.add_column("处理 note", overflow="fold")
    for row in rows:
        what = " ".join(f"{name}={value}" for name, value in sorted(dict(row.body).items()))
        table.add_row(str(row.id), f"{row.at.astimezone():%m-%d %H:%M}", row.kind, what, row.note or "")
    return table


def _print(*parts: Any) -> None:
    console = Console(highlight=False, markup=False, emoji=False)
    for part in parts:
        console.print(part, soft_wrap=not isinstance(part, Table))
