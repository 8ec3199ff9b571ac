"""How the commands at the beginning of a case read what was typed, and print what came of it.

No command takes a telephone number as an argument, which other people on the machine could read: it comes from a file
(also a pipe such as /dev/stdin), or is asked for and not shown.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Awaitable, Callable
from dataclasses import asdict, is_dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import asyncpg
import typer

from followup import reading
from survey.sampling.numbers import canonical
from survey.sampling.refusals import FieldRefused
from survey.settings import Settings

LOCAL = ZoneInfo("Asia/Shanghai")
MOMENT = ["%Y-%m-%d %H:%M"]
CLOCK = ["%H:%M"]
STDIN = "-"

Act = Callable[[asyncpg.Connection, Settings, datetime], Awaitable[None]]
Run = Callable[[Act], None]

Number = Annotated[
    str, typer.Argument(help="事项编号。The case's full number, e.g. 991721-20260309-00037-4.")
]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON。Print JSON.")]
By = Annotated[str, typer.Option("--by", help="谁办的,如 调查员-0103。Who does it.")]
Reason = Annotated[
    str, typer.Option("--reason", help="为什么,本人看得的话。Why, in words the resident could be told.")
]
Words = Annotated[str, typer.Option("--words", help="原话;- 从标准输入读。In words; - reads standard input.")]


def phone_in(file: Path | None) -> str | None:
    """The number in a file, or asked for at a terminal without showing it; None where nobody can be asked."""
    if file is not None:
        typed = file.read_text("utf-8").strip()
    elif sys.stdin.isatty():
        typed = typer.prompt("号码 the number", hide_input=True, default="", show_default=False)
    else:
        return None
    try:
        return canonical(typed) if typed else None
    except FieldRefused as refused:
        raise typer.BadParameter(str(refused)) from None


def said(words: str) -> str:
    return sys.stdin.read().strip() if words == STDIN else words


def local(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=LOCAL) if moment else None


async def say_state(conn: asyncpg.Connection, number: str, as_json: bool) -> None:
    case = (await reading.passport(conn, number)).case
    if as_json:
        say_json({"number": number, "status": case.status, "round": case.round, "due_at": case.due_at})
        return
    say(f"{number}  {case.status}, round {case.round}")


def say_json(value: Any) -> None:
    plain = asdict(value) if is_dataclass(value) and not isinstance(value, type) else value
    say(json.dumps(plain, ensure_ascii=False, indent=2, default=_plain))


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
