"""Simulate a week: the whole service in fast motion, with a new sample on each day."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
import uvloop
from rich.console import Console

from workers.commands.demo import rehearse
from workers.commands.running import plain_refusals
from workers.rehearsal.plan import FIRST_DAY, Plan

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def simulate_week(
    days: Annotated[int, typer.Option(min=1, max=31, help="Days on which a new sample is drawn.")] = 7,
    attempts: Annotated[int, typer.Option(min=30, help="About how many calls are made on a day.")] = 400,
    seed: Annotated[int, typer.Option(help="The same seed gives the same week, count for count.")] = 1,
    faults: Annotated[
        bool, typer.Option("--faults", help="Let the carrier repeat, reorder, delay and lose webhooks.")
    ] = False,
    first_day: Annotated[datetime, typer.Option("--date", formats=["%Y-%m-%d"], help="The first day.")] = (
        datetime.combine(FIRST_DAY, datetime.min.time())
    ),
    out: Annotated[Path, typer.Option(help="Folder for the page, the reports and summary.json.")] = Path(
        "week-out"
    ),
    as_json: Annotated[bool, typer.Option("--json", help="Print summary.json and nothing else.")] = False,
) -> None:
    """Rehearse several days of a fictional centre before a single resident is called.

    Every process is real (database, queue, web, worker) and the carrier is the twin; time alone is virtual, so a
    week takes minutes. On each of the days a new sample is drawn from those who still rest from no survey; the
    rehearsal goes on until all cases have come round. At the end the carrier's ledger is compared with the
    database, and the promises are put to it.

    Example:  python -m scripts.simulate_week --days 5 --attempts 600 --seed 3 --out week-out

    Exit codes: 0 all that must hold holds, 1 something does not, 2 wrong options, 3 it could not start.
    """
    plan = Plan(
        seed=seed,
        day=first_day.date(),
        attempts=attempts,
        sample_days=days,
        faults="on" if faults else "off",
        out=out,
    )
    console = Console(stderr=as_json)
    try:
        with plain_refusals("simulate_week"):
            sys.exit(uvloop.run(rehearse(plan, console, stay=False, json_output=as_json)))
    except KeyboardInterrupt:
        console.print("\n已停止 Stopped; nothing is left running.")
        raise typer.Exit(130) from None


if __name__ == "__main__":
    app()
