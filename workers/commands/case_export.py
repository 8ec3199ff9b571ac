"""`minyi case export`: what became of brought cases, as their platform wants it back."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import asyncpg
import typer

from followup.exporting import Format, export, written
from followup.platforms import platform
from survey.ground import Ground
from survey.settings import Settings
from workers.commands.api_running import Centre, on_database


def export_cases(
    name: Annotated[str, typer.Option("--platform", help="哪个平台。Whose headings: chengguan, grid.")],
    format_: Annotated[Format, typer.Option("--format", help="格式。csv, xlsx or json.")] = "csv",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="文件;不给则输出。A file; none: standard output.")
    ] = None,
    since: Annotated[int, typer.Option(min=0, help="从哪里接着。Where the last export ended; 0: all.")] = 0,
    centre: Centre = None,
) -> None:
    """导入事项的回访结果,按来件平台的格式交回。What became of brought cases, in the platform's own words.

    Example:  minyi case export --platform chengguan --format xlsx -o 回访结果.xlsx
    """

    async def act(
        conn: asyncpg.Connection, settings: Settings, ground: Ground
    ) -> tuple[list[dict[str, str]], list[str], int]:
        wanted = platform(name)
        rows, following = await export(conn, settings.centre, wanted, since)
        return rows, list(wanted.back), following

    rows, headings, following = on_database("minyi case export", centre, act)
    data = written(rows, headings, format_)
    if output is None:
        sys.stdout.buffer.write(data)
    else:
        output.write_bytes(data)
    typer.echo(f"{len(rows)} 件 cases; 下次 next: --since {following}", err=True)
