"""`minyi handover`: what must reach a person: look at the queue, take one, say what came of it.

Exit codes: 0 done; 3 refused, nothing changed; 2 is the command line's own.
"""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, TypeVar
from zoneinfo import ZoneInfo

import typer
from rich.console import Console, RenderableType
from rich.table import Table

from survey import handing, listening
from survey.access.refusals import NotPermitted
from survey.ground import Ground
from survey.handing import HandoverRefusal
from survey.settings import load_settings
from survey.store import campaigns
from survey.store.handovers import HandoverRow
from workers.commands.exits import refused
from workers.commands.handover_text import (
    NOTHING,
    as_json,
    queue_table,
    resolved_lines,
    summary_line,
    taken_lines,
)
from workers.commands.running import run
from workers.runtime import open_ground

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""等人处理的事:要求人工的、没听懂的、说到危险的、有录音要听的。看队列、接手、写明结果。

    What must reach a person: who asked for one, was not understood, spoke of danger, left a recording.
    Look at the queue, take one, say what came of it.""",
    epilog="退出码 exit codes: 0 办成 done, 3 没有改动 refused, nothing changed.",
)

ANY_REFERENCE = {"ignore_unknown_options": True}
"""A reference is random and may begin with a hyphen."""

Ref = Annotated[str, typer.Argument(metavar="REF", help="编号,见 list。The reference that `list` shows.")]
By = Annotated[str, typer.Option("--by", help="谁:姓名或工号,留底。Who: name or staff number, on record.")]


@dataclass(frozen=True)
class Seen:
    """What the door gave back, and the moment and the zone in which it is shown."""

    rows: list[HandoverRow]
    now: datetime
    tz: ZoneInfo


@app.command("list")
def list_queue(
    everything: Annotated[
        bool, typer.Option("--all", help="连同已办完的。The resolved ones too, after the open ones.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="输出 JSON。Print JSON instead of the table.")] = False,
) -> None:
    """看队列:紧急的在前,再按到期先后。The queue: urgent ones first, then by due time.

    例 example:  minyi handover list
    """

    async def read(ground: Ground, centre: str) -> list[HandoverRow]:
        return await handing.queue(ground, centre, resolved=everything)

    seen = _run("list", read)
    if json:
        sys.stdout.write(as_json(seen.rows, seen.now) + "\n")
    elif seen.rows:
        _print(queue_table(seen.rows, seen.now, seen.tz), summary_line(seen.rows, seen.now))
    else:
        _print(NOTHING)


@app.command(context_settings=ANY_REFERENCE)
def take(
    ref: Ref,
    by: By,
    holder: Annotated[
        str | None, typer.Option("--from", help="从哪位同事手里接过来。The colleague you take it over from.")
    ] = None,
) -> None:
    """接手一件,别人就知道有人在办。Take one, so that others see who is on it.

    例 example:  minyi handover take Kd3xZ0q7LwTnV5aB --by 王芳
    """

    async def act(ground: Ground, centre: str) -> list[HandoverRow]:
        return [await handing.take(ground, ref, by, holder=holder)]

    seen = _run("take", act)
    _print(*taken_lines(seen.rows[0], seen.now, seen.tz))


@app.command(context_settings=ANY_REFERENCE)
def number(ref: Ref, by: By) -> None:
    """看这一位的号码,好回电;只给接手的人看,留底。The number to call back, for whoever took it; it is on record.

    例 example:  minyi handover number Kd3xZ0q7LwTnV5aB --by 王芳
    """
    sys.stdout.write(
        run_on("number", lambda ground, centre: handing.number(ground, ref, by, centre)).number + "\n"
    )


@app.command(context_settings=ANY_REFERENCE)
def resolve(
    ref: Ref,
    by: By,
    note: Annotated[
        str, typer.Option("--note", help="结果,号码不留。What came of it; a number in it is not kept.")
    ],
    words: Annotated[
        str | None,
        typer.Option(
            "--words", help="录音里说的话,记入这道题的回答。What the recording says: the words of the answer."
        ),
    ] = None,
) -> None:
    """写明结果,这件就办完了。Say what came of it; with that it is done. Only whoever took it can.

    例 example:  minyi handover resolve Kd3xZ0q7LwTnV5aB --by 王芳 --note "已回电,转派出所"

    录音 a recording:  minyi handover resolve Kd3xZ0q7LwTnV5aB --by 王芳 --note 已听 --words 路灯坏了半个月
    """

    async def act(ground: Ground, centre: str) -> list[HandoverRow]:
        done = await handing.resolve(ground, ref, by, note, needs_recording=words is not None)
        if words is not None and done.recording is not None:
            await listening.take_words(ground, done.recording, words, by=by)
        return [done]

    seen = _run("resolve", act)
    _print(*resolved_lines(seen.rows[0], seen.tz))


T = TypeVar("T")
Act = Callable[[Ground, str], Awaitable[list[HandoverRow]]]


def _run(verb: str, act: Act) -> Seen:
    async def seen(ground: Ground, centre: str) -> Seen:
        async with ground.pool.acquire() as conn:
            zone = ZoneInfo(await campaigns.time_zone(conn, centre) or "UTC")
        return Seen(await act(ground, centre), ground.clock.now(), zone)

    return run_on(verb, seen)


def run_on(verb: str, act: Callable[[Ground, str], Awaitable[T]]) -> T:
    """Do it at the centre of the settings. Refuses what the door refuses."""
    command = f"minyi handover {verb}"
    try:
        return run(command, _on_ground(command, act))
    except HandoverRefusal as no:
        raise refused(command, str(no)) from None
    except NotPermitted:
        raise refused(
            command, "this account sees no numbers here: another role or area, or disabled"
        ) from None


async def _on_ground(command: str, act: Callable[[Ground, str], Awaitable[T]]) -> T:
    settings = load_settings()
    async with open_ground(settings, "handover", pool_size=2) as ground:
        with ground.clock.activity():
            async with ground.pool.acquire() as conn:
                zone = await campaigns.time_zone(conn, settings.centre)
            if zone is None:
                raise refused(
                    command, f"there is no centre {settings.centre} here. Choose one with MINYI_CENTRE."
                )
            return await act(ground, settings.centre)


def _print(*parts: RenderableType) -> None:
    """Colour on a terminal only; elsewhere plain text, of 80 columns unless COLUMNS says otherwise."""
    console = Console(highlight=False, markup=False, emoji=False)
    for part in parts:
        console.print(part, soft_wrap=not isinstance(part, Table))  # a command to copy stays on one line
