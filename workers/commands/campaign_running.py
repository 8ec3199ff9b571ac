"""What the commands about campaigns share: how they are run, what they are told, and how they print."""

from __future__ import annotations

import json
import sys
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console, RenderableType
from rich.table import Table

from survey.campaigning import CampaignRefused
from survey.ground import Ground
from survey.settings import Settings, load_settings
from survey.store.campaign_life import Planned
from survey.store.campaigns import ChangedWhenFrozen
from workers.commands.exits import refused
from workers.commands.running import run
from workers.runtime import open_ground

T = TypeVar("T")
Act = Callable[[Ground, Settings], Awaitable[T]]
Code = Annotated[str, typer.Argument(metavar="CODE", help="项目代号,见 list。Its code, as `list` shows.")]
By = Annotated[str, typer.Option("--by", help="谁:姓名和职务,留底。Who, with post; on record.")]
Why = Annotated[str, typer.Option("--why", help="原因,留底。Why; on record.")]
Json = Annotated[bool, typer.Option("--json", help="输出 JSON。Print JSON instead of text.")]


def run_on_ground(verb: str, act: Act[T], *, catch: bool = True) -> T:
    command = f"minyi campaign {verb}"
    try:
        return run(command, _on_ground(act))
    except CampaignRefused as no:
        if not catch:
            raise
        raise refused(command, str(no)) from None
    except ChangedWhenFrozen as no:
        raise refused(command, str(no)) from None


async def _on_ground(act: Act[T]) -> T:
    settings = load_settings()
    async with open_ground(settings, "campaign", pool_size=2) as ground:
        with ground.clock.activity():
            return await act(ground, settings)


def print_moved(campaign: Planned, next_command: str) -> None:
    print_parts(f"{campaign.code} {campaign.name_zh}: {campaign.status}", f"下一步 next: {next_command}")


def write_json(body: Any) -> None:
    sys.stdout.write(json.dumps(body, ensure_ascii=False, indent=2) + "\n")


def print_parts(*parts: RenderableType) -> None:
    """Colour on a terminal only; elsewhere plain text, of 80 columns unless COLUMNS says otherwise."""
    console = Console(highlight=False, markup=False, emoji=False)
    for part in parts:
        console.print(part, soft_wrap=not isinstance(part, Table))
