"""`minyi inbox`: texts that belong to no conversation, read by a person, each once.

Exit codes: 0 done; 3 nothing done; 2 is the command line's own.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import asyncpg
import typer

from survey import inbox
from survey.ground import Ground
from survey.inbox import InboxText
from survey.masking import without_numbers
from survey.settings import Settings
from workers.commands.api_running import By, Json, on_database
from workers.commands.exits import refused

NAME = "minyi inbox"
app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""收件箱:不属于任何一次调查或回访的短信,由人来读,读过一次就不再出现。

    Texts outside of any conversation. What one raises is registered by minyi case register --source text.""",
    epilog="退出码 exit codes: 0 办成 done; 3 没有改动 nothing done.",
)


@app.command("list")
def list_(
    limit: Annotated[int, typer.Option(min=1, max=1000, help="最多几条。At most so many.")] = 50,
    json_: Json = False,
) -> None:
    """没读过的,最早的在前。What nobody has read, the oldest first; numbers in the words are masked."""

    async def act(conn: asyncpg.Connection, settings: Settings, ground: Ground) -> list[InboxText]:
        return await inbox.unread(conn, limit=limit)

    rows = on_database(f"{NAME} list", None, act)
    if json_:
        shown = [{**asdict(one), "said": without_numbers(one.said)} for one in rows]
        typer.echo(json.dumps(shown, ensure_ascii=False, indent=2, default=str))
        return
    lines = [
        f"{one.input_id}  {one.arrived_at:%m-%d %H:%MZ}  {one.reason}  {without_numbers(one.said)}"
        for one in rows
    ]
    typer.echo("\n".join(lines) or "没有未读。Nothing is unread.")


@app.command()
def done(
    text: Annotated[int, typer.Argument(metavar="ID", help="列表里的编号。Its number in the list.")],
    by: By,
) -> None:
    """读过了,没有要登记的。Read, and nothing is to be registered."""

    async def act(conn: asyncpg.Connection, settings: Settings, ground: Ground) -> InboxText | None:
        async with conn.transaction():
            return await inbox.take(conn, text, by=by, now=ground.clock.now())

    found = on_database(f"{NAME} done", None, act)
    if found is None:
        raise refused(
            f"{NAME} done",
            f"没有未读的 {text}。There is no unread text {text}: somebody was first, or it is none.",
        )
    typer.echo(f"{text}: 已读 read")
