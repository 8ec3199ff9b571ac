"""`minyi rollup`: the counted answers that indicators are read from.

Exit codes: 0 up to date, or everything is as the answers give it; 1 a count is wrong; 3 nothing could be done; 2 is the command
line's own.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from typing import Annotated

import typer
from rich.console import Console

from survey import counting
from survey.counting import Checked
from survey.settings import load_settings
from survey.store.pool import connection
from workers.bench.dialogue import Progress
from workers.commands.bench_show import progress
from workers.commands.exits import SOME_REFUSED
from workers.commands.running import run
from workers.runtime import database_url

NAME = "minyi rollup"
Json = Annotated[bool, typer.Option("--json", help="输出 JSON。Print JSON.")]

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""汇总:回答按题、日、区划、选项计好的数,指标都从这里读。

    The answers counted by question, day, area and code, which indicators are read from. The worker counts changed days again
    every minute; these commands do it now, or check it.""",
    epilog="退出码 exit codes: 0 办成 done; 1 有数不对 a count is wrong; 3 没有办成 nothing done.",
)


@app.command("refresh")
def refresh(
    all_: Annotated[
        bool, typer.Option("--all", help="每一天都重新计。Every day, whether anything has changed or not.")
    ] = False,
    json_: Json = False,
) -> None:
    """把有变动的日子重新计数。Count again each day of which anything has changed."""
    with progress(Console(stderr=True)) as show:
        days = run(f"{NAME} refresh", _refresh(show, everything=all_))
    if json_:
        sys.stdout.write(json.dumps({"days": [str(day) for day in days]}) + "\n")
    else:
        typer.echo(f"重新计了 {len(days)} 日 days counted: {', '.join(map(str, days)) or '–'}")


@app.command("check")
def check(json_: Json = False) -> None:
    """把全部回答重新数一遍,和汇总比对。Count all answers anew and compare; the first day that differs is named."""
    with progress(Console(stderr=True)) as show:
        found = run(f"{NAME} check", _check(show))
    if json_:
        sys.stdout.write(json.dumps(_as_json(found), ensure_ascii=False, default=str) + "\n")
    else:
        typer.echo(_sentence(found))
    if found.wrong is not None:
        raise typer.Exit(SOME_REFUSED)


async def _refresh(show: Progress, *, everything: bool) -> list[date]:
    async with connection(database_url(load_settings()), application_name=NAME) as conn:
        return await counting.refresh(
            conn, lambda done, of: show("计数 days", done, of), everything=everything
        )


async def _check(show: Progress) -> Checked:
    async with connection(database_url(load_settings()), application_name=NAME) as conn:
        return await counting.check(conn, lambda done, of: show("核对 days", done, of))


def _as_json(found: Checked) -> dict[str, object]:
    return {
        "holds": found.wrong is None,
        "not_counted_yet": {"days": found.pending.days, "changes": found.pending.changes},
        "first_wrong": None if found.wrong is None else vars(found.wrong),
    }


def _sentence(found: Checked) -> str:
    wrong = found.wrong
    if wrong is not None:
        return (
            f"{wrong.day} 不对 is wrong: {wrong.question_id}, area {wrong.area_code}, code {wrong.code}: "
            f"{wrong.answers} answers, {wrong.counted} counted (where the numbers are equal, their weights differ). "
            "`minyi rollup refresh --all` counts every day again."
        )
    if found.pending:
        return "已计的都对,还有变动没有计入 what is counted is right; some changes are not counted yet: `minyi rollup refresh`"
    return "全部相符 every count is what the answers give"
