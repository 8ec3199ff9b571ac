"""`minyi calendar`: days that are worked on, or are not, whatever the packaged calendar says.

Exit codes: 0 done; 3 refused, nothing changed; 2 is the command line's own.
"""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from typing import Annotated

import typer

from followup import clocks
from followup.refusals import CaseRefusal
from followup.store.clocks import DayRow
from survey.settings import load_settings
from workers.commands.exits import refused
from workers.commands.running import run
from workers.runtime import open_ground

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""工作日历:放假和调休以国务院通知为准,日历没收到的在这里改。

    The working calendar of case clocks: holidays and make-up days that the packaged one has not heard of.""",
    epilog="退出码 exit codes: 0 办成 done; 3 没有改动 refused.",
)


@app.command("set")
def set_day(
    day: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="哪一天。The day, 2027-02-07.")],
    working: Annotated[bool, typer.Option("--working/--off", help="上班还是放假。Worked on, or not.")],
    reason: Annotated[str, typer.Option("--reason", help="依据,如国办通知。Which notice says so.")],
    by: Annotated[str, typer.Option("--by", help="谁:姓名或工号,留底。Who, on record.")],
    every_centre: Annotated[bool, typer.Option("--every-centre", help="全市各中心。In all centres.")] = False,
) -> None:
    """改一天:以后交办的期限、颜色和催办照新的算;已经定下的期限不变。Set a day; limits already granted stand."""

    async def act() -> None:
        settings = load_settings()
        async with open_ground(settings, "calendar", pool_size=2) as ground, ground.pool.acquire() as conn:
            with ground.clock.activity():
                await clocks.set_day(
                    conn,
                    day.date(),
                    working=working,
                    reason=reason,
                    by=by,
                    now=ground.clock.now(),
                    centre_code=clocks.EVERY_CENTRE if every_centre else settings.centre,
                )

    try:
        run("minyi calendar set", act())
    except CaseRefusal as no:
        raise refused("minyi calendar set", str(no)) from None
    sys.stdout.write(f"{_line(day.date(), working)}\n")


@app.command("list")
def list_days() -> None:
    """看改过的日子。The days that were set."""

    async def act() -> list[DayRow]:
        settings = load_settings()
        async with open_ground(settings, "calendar", pool_size=2) as ground, ground.pool.acquire() as conn:
            return await clocks.days_set(conn, settings.centre)

    rows = run("minyi calendar list", act())
    lines = [f"{_line(row.day, row.working)}  {row.reason}  {row.set_by} {_day(row.set_at)}" for row in rows]
    sys.stdout.write("\n".join(lines or ["没有改过的日子。No day was set."]) + "\n")


def _line(day: date, working: bool) -> str:
    return f"{day}  {'上班 worked on' if working else '放假 off'}"


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d}"
