"""`minyi demo`: a whole day at the centre."""

import asyncio
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
import uvloop
from rich.console import Console

from workers.commands.running import plain_refusals
from workers.rehearsal import day, show
from workers.rehearsal.closing import close_day
from workers.rehearsal.plan import DEFAULT_ATTEMPTS, DISTURBANCES, FIRST_DAY, Plan
from workers.rehearsal.world import open_world


def demo(
    seed: Annotated[int, typer.Option(help="The same seed gives the same day, count for count.")] = 1,
    attempts: Annotated[int, typer.Option(min=30, help="About how many calls are made.")] = DEFAULT_ATTEMPTS,
    speed: Annotated[
        float | None,
        typer.Option(min=1, help="At most this many virtual seconds a second; default: as fast as it goes."),
    ] = None,
    faults: Annotated[
        bool,
        typer.Option(
            "--faults", help="Let the carrier repeat, reorder, delay and lose webhooks, fail and hang."
        ),
    ] = False,
    first_day: Annotated[
        datetime, typer.Option("--date", formats=["%Y-%m-%d"], help="The first day of the rehearsal.")
    ] = datetime.combine(FIRST_DAY, datetime.min.time()),
    out: Annotated[Path, typer.Option(help="Where the page, the reports and summary.json go.")] = Path(
        "demo-out"
    ),
    stay: Annotated[
        bool, typer.Option("--stay", help="Keep the page of the day open at the end, until Ctrl-C.")
    ] = False,
    disturb: Annotated[
        str, typer.Option(help="Kill or flush on the way, separated by commas: " + ", ".join(DISTURBANCES))
    ] = "",
    json_output: Annotated[bool, typer.Option("--json", help="Print summary.json and nothing else.")] = False,
) -> None:
    """Run one working day of a fictional city: residents called and texted, cases called back, dispatched again and closed.

    Nobody real can be reached: all numbers have the prefix 154, which no phone has, and the carrier is the twin beside it.
    """
    plan = Plan(
        seed=seed,
        day=first_day.date(),
        attempts=attempts,
        faults="on" if faults else "off",
        speed=speed,
        out=out,
        disturb=_disturbances(disturb),
    )
    console = Console(stderr=json_output)
    try:
        with plain_refusals("minyi demo"):
            sys.exit(uvloop.run(rehearse(plan, console, stay=stay, json_output=json_output)))
    except KeyboardInterrupt:
        console.print("\n已停止 Stopped; nothing is left running.")
        sys.exit(130)


def _disturbances(text: str) -> tuple[str, ...]:
    named = tuple(word.strip() for word in text.split(",") if word.strip())
    for word in named:
        if word not in DISTURBANCES:
            raise typer.BadParameter(f"{word!r} is none of {', '.join(DISTURBANCES)}", param_hint="--disturb")
    return named


async def rehearse(plan: Plan, console: Console, *, stay: bool, json_output: bool) -> int:
    """Run what is planned, from an empty database to the written pages. 0: everything that must hold holds; else 1."""
    console.print(f"民意 Minyi · {plan.day:%Y-%m-%d} · seed {plan.seed}", style="bold")
    began = time.monotonic()
    async with open_world(plan, lambda what: console.print(f"  启动 starting: {what}")) as world:
        lists = await day.bring_lists(world)
        show.lists(console, lists)
        await day.set_programme(world)
        await day.plant(world, lists)
        with show.Bars(console, plan) as bars:
            await day.run(world, bars.show)
        summary = await close_day(world, lists, began, console, quiet=json_output)
        if json_output:
            sys.stdout.write(summary.to_json())
        if stay:
            console.print(f"页面 page: {world.settings.public_url}  (Ctrl-C 结束 ends)")
            await asyncio.Event().wait()
    return 0 if summary.holds else 1
