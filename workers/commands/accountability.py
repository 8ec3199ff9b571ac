"""`minyi accountability`: who answers for a case, at which level, on what ground.

Exit codes: 0 done; 3 refused, nothing changed; 2 is the command line's own.
"""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, TypeVar

import asyncpg
import typer

from followup import answering_for
from followup.answering_for import AccountabilityRow
from followup.casework.accountability import accountability
from followup.refusals import CaseRefusal
from survey.settings import load_settings
from workers.commands.case_text import as_json, moment
from workers.commands.exits import refused
from workers.commands.running import run
from workers.runtime import open_ground

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""问责:谁、哪一级、依据什么。立档和批准不能是同一个人。

    Accountability: who answers for a case, at which level, on what ground. Filed by one, approved by another.""",
    epilog="退出码 exit codes: 0 办成 done; 3 没有改动 refused.",
)
Number = Annotated[str, typer.Argument(metavar="NUMBER", help="案件编号。The case's full number.")]
LEVELS = ", ".join(f"{key} {name.zh}" for key, name in accountability().levels.items())
BASES = ", ".join(f"{key} {name.zh}" for key, name in accountability().bases.items())
T = TypeVar("T")


@app.command()
def file(
    number: Number,
    level: Annotated[str, typer.Option("--level", help=LEVELS)],
    basis: Annotated[str, typer.Option("--basis", help=BASES)],
    person: Annotated[list[str], typer.Option("--person", help="谁,可多次。Who answers; again for each.")],
    decision: Annotated[str, typer.Option("--decision", help="处理决定。What was decided.")],
    by: Annotated[str, typer.Option("--by", help="谁立档。Who files it.")],
    approved_by: Annotated[str, typer.Option("--approved-by", help="谁批准,另一个人。Who approved it.")],
) -> None:
    """立一份问责档案,立后不改。File a record; it is never changed."""

    async def act(conn: asyncpg.Connection, now: datetime) -> AccountabilityRow:
        return await answering_for.file(
            conn, number, level=level, basis=basis, persons=person, decision=decision, by=by,
            approved_by=approved_by, now=now,
        )  # fmt: skip

    _say(_line(_run("file", act)))


@app.command("list")
def list_records(
    number: Number, json: Annotated[bool, typer.Option("--json", help="输出 JSON。Print JSON.")] = False
) -> None:
    """看一件案件的问责档案。The records of a case, oldest first."""

    async def act(conn: asyncpg.Connection, now: datetime) -> Sequence[AccountabilityRow]:
        return await answering_for.records(conn, number)

    rows = _run("list", act)
    if json:
        _say(as_json([{k: v for k, v in asdict(row).items() if k != "case_id"} for row in rows]))
    else:
        _say("\n".join(map(_line, rows)) or "没有问责档案。No record.")


def _line(row: AccountabilityRow) -> str:
    who = "、".join(row.persons)
    return (
        f"{moment(row.filed_at)}  {row.level} {row.basis}  {row.unit_code or '-'}  {who}: {row.decision}  "
        f"({row.filed_by}, {row.approved_by})\n  {row.finding_zh} {row.finding_en}"
    )


def _run(command: str, act: Callable[[asyncpg.Connection, datetime], Awaitable[T]]) -> T:
    async def work() -> T:
        settings = load_settings()
        async with (
            open_ground(settings, "accountability", pool_size=2) as ground,
            ground.pool.acquire() as conn,
        ):
            with ground.clock.activity():
                return await act(conn, ground.clock.now())

    try:
        return run(f"minyi accountability {command}", work())
    except CaseRefusal as no:
        raise refused(f"minyi accountability {command}", str(no)) from None


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
