"""`minyi pace`: how fast the carrier is handed work, seen and changed while everything runs.

Exit codes: 0 done; 3 refused, nothing changed; 2 is the command line's own.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Annotated, Any, Literal

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from survey.settings import Settings, load_settings
from survey.store import pace
from survey.store.pace import PaceRow
from workers.commands.running import run
from workers.runtime import open_ground

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""节奏:每秒交给运营商几个呼叫、几条短信,同时几路;运行中可改。

    Pace: calls and text segments a second, lines in use; seen and changed while everything runs.""",
    epilog="退出码 exit codes: 0 办成 done; 3 没有改动 refused.",
)


@app.command("show")
def show(json_: Annotated[bool, typer.Option("--json", help="输出 JSON。Print JSON.")] = False) -> None:
    """看现在的节奏。The pace as it is."""
    rows, settings = run("minyi pace show", _on_ground(pace.rows))
    _print(rows, settings, json_)


@app.command("set")
def set_(
    channel: Annotated[Literal["voice", "text"], typer.Argument(help="voice 或 text。")],
    per_second: Annotated[
        float | None,
        typer.Option(min=0.01, max=1000, help="每秒几个(短信按条段)。Calls, or segments, a second."),
    ] = None,
    burst: Annotated[
        float | None, typer.Option(min=0.1, max=300, help="空闲时最多攒几秒。Seconds that may gather.")
    ] = None,
    batch: Annotated[
        float | None,
        typer.Option(min=0, max=300, help="几秒一批,0 为不分批。Seconds between batches, 0: none."),
    ] = None,
    lines: Annotated[
        int | None, typer.Option(min=0, help="同时几路,0 为不限。Calls at once, 0: no limit.")
    ] = None,
    json_: Annotated[bool, typer.Option("--json", help="输出 JSON。Print JSON.")] = False,
) -> None:
    """改节奏,下一拍就生效。Change it, from the next tick on.

    例 example:  minyi pace set voice --per-second 2 --lines 20
    """

    async def act(conn: Any) -> list[PaceRow]:
        await pace.adjust(conn, channel, rate=per_second, burst_s=burst, batch_s=batch, lines=lines)
        return await pace.rows(conn)

    rows, settings = run("minyi pace set", _on_ground(act))
    _print(rows, settings, json_)


async def _on_ground(act: Callable[[Any], Awaitable[list[PaceRow]]]) -> tuple[list[PaceRow], Settings]:
    settings = load_settings()
    async with open_ground(settings, "pace", pool_size=2) as ground:
        with ground.clock.activity():
            async with ground.pool.acquire() as conn, conn.transaction():
                return await act(conn), settings


def _print(rows: list[PaceRow], settings: Settings, as_json: bool) -> None:
    usual = {"voice": settings.carrier_calls_per_second, "text": settings.carrier_texts_per_second}
    if as_json:
        body = [{**asdict(row), "rate": row.rate or usual[row.channel]} for row in rows]
        sys.stdout.write(json.dumps({"pace": body}, indent=2, default=str) + "\n")
        return
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("渠道 channel")
    for heading in ("每秒 a second", "攒 burst s", "批 batch s", "路数 lines"):
        table.add_column(heading, justify="right")
    for row in rows:
        table.add_row(
            row.channel,
            f"{row.rate or usual[row.channel]:g}",
            f"{row.burst_s:g}",
            f"{row.batch_s:g}" if row.batch_s else "–",
            str(row.lines) if row.lines else "–",
        )
    Console(highlight=False).print(table)
