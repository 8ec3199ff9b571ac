"""How `minyi api` does something on the database, and the options that its commands share."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import asyncpg
import typer

from followup.refusals import CaseRefusal
from survey.ground import Ground
from survey.settings import Settings, load_settings
from workers.commands.exits import refused
from workers.commands.running import run
from workers.runtime import open_ground

Centre = Annotated[
    str | None, typer.Option(help="中心代码。Code of the centre; default: that of the settings.")
]
By = Annotated[str, typer.Option(help="谁。Who does it.")]
Json = Annotated[bool, typer.Option("--json", help="输出 JSON。Print JSON.")]
T = TypeVar("T")
Act = Callable[[asyncpg.Connection, Settings, Ground], Awaitable[T]]


def on_database(command: str, centre: str | None, act: Act[T]) -> T:
    """Do it on this installation's database; a refusal is one sentence and exit 3."""
    settings = load_settings({"centre": centre})

    async def work() -> T:
        async with open_ground(settings, "api", pool_size=2) as ground, ground.pool.acquire() as conn:
            with ground.clock.activity():
                return await act(conn, settings, ground)

    try:
        return run(command, work())
    except CaseRefusal as no:
        raise refused(command, str(no)) from None
