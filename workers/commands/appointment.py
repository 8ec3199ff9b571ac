"""`minyi appointment`: what was agreed with residents, and another moment for it.

Exit codes: 0 done; 3 refused, nothing changed; 2 is the command line's own.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, TypeVar
from zoneinfo import ZoneInfo

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from survey import appointing
from survey.appointing import NotThen
from survey.desk_keys import read_when
from survey.ground import Ground
from survey.settings import load_settings
from survey.store import appointments, campaigns
from survey.store.appointments import Waiting
from workers.commands.exits import refused
from workers.commands.operator_view import MODES
from workers.commands.running import run
from workers.runtime import open_ground

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""预约:和居民约好的时间,看和改。

    Appointments with residents: those that stand, and another moment for one.""",
    epilog="退出码 exit codes: 0 办成 done; 3 没有改动 refused.",
)
T = TypeVar("T")


@app.command("list")
def list_appointments(
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="最多几条。At most so many.")] = 50,
    json_: Annotated[bool, typer.Option("--json", help="输出 JSON。Print JSON.")] = False,
) -> None:
    """看有哪些,近的在前。What stands, the next first; never with whom."""

    async def act(ground: Ground) -> list[Waiting]:
        async with ground.pool.acquire() as conn:
            return await appointments.standing(conn, load_settings().centre, limit)

    rows = _run("list", act)
    if json_:
        body = [asdict(row) for row in rows]
        sys.stdout.write(json.dumps(body, ensure_ascii=False, indent=2, default=str) + "\n")
    else:
        _print(_table(rows) if rows else "没有预约。No appointment stands.")


@app.command()
def move(
    ref: Annotated[str, typer.Argument(metavar="REF", help="编号,见 list。The reference that `list` shows.")],
    to: Annotated[
        str, typer.Option("--to", help="改到什么时候:明天下午3点。When instead: tomorrow at 3 pm.")
    ],
    by: Annotated[str, typer.Option("--by", help="谁改的。Who moves it.")],
) -> None:
    """改期:新时间替换旧时间,留下记录。Another moment in place of the old one; who moved it is kept.

    例 example:  minyi appointment move Kx3 --to 明天下午3点 --by 张敏督导
    """

    async def act(ground: Ground) -> datetime | None:
        async with ground.pool.acquire() as conn:
            tz = await campaigns.time_zone(conn, load_settings().centre)
        moment = read_when(to, ground.clock.now().astimezone(ZoneInfo(tz)))
        if moment is None:
            raise refused(
                "minyi appointment move", f"{to!r} names no moment to come; write a day and an hour"
            )
        try:
            moved = await appointing.move(ground, ref, moment, by=by)
        except NotThen as error:
            raise refused("minyi appointment move", str(error)) from None
        return moment if moved else None

    moment = _run("move", act)
    if moment is None:
        raise refused(
            "minyi appointment move",
            f"no appointment stands under {ref}; `minyi appointment list` shows them",
        )
    _print(f"改到 moved to {moment:%Y-%m-%d %H:%M}")


def _run(verb: str, act: Callable[[Ground], Awaitable[T]]) -> T:
    return run(f"minyi appointment {verb}", _on_ground(act))


async def _on_ground(act: Callable[[Ground], Awaitable[T]]) -> T:
    async with open_ground(load_settings(), "appointment", pool_size=2) as ground:
        with ground.clock.activity():
            return await act(ground)


def _table(rows: list[Waiting]) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("编号 ref", no_wrap=True)
    table.add_column("约定 agreed", no_wrap=True)
    table.add_column("拨打 due", no_wrap=True)
    table.add_column("方式 mode")
    table.add_column("地点 area")
    table.add_column("调查 campaign", overflow="fold", ratio=1)
    for row in rows:
        zone = ZoneInfo(row.tz)
        agreed, due = (f"{at.astimezone(zone):%m-%d %H:%M}" for at in (row.appointment_at, row.due_at))
        table.add_row(row.ref, agreed, due, " ".join(MODES[row.mode]), row.area, row.title)
    return table


def _print(*parts: Any) -> None:
    console = Console(highlight=False, markup=False, emoji=False)
    for part in parts:
        console.print(part, soft_wrap=not isinstance(part, Table))
