"""Pictures of every page, and what is wrong with them."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer
import uvloop
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from scripts.pages.contact_sheet import write_sheet
from scripts.pages.data_words import chinese_data
from scripts.pages.looking import DESK, Eyes
from scripts.pages.seeing import see_everything
from scripts.pages.town import open_town
from scripts.pages.walking import Picture, Walk, chromium
from workers.commands.running import plain_refusals
from workers.page_routes import page_routes

ATTEMPTS = 160
FIRST_DAY = {
    "sign-in": ("nobody", "/sign-in"),
    "home": ("surveyor", "/home"),
    "desk": ("surveyor", "/desk question"),
    "day": ("auditor", "/"),
}
"""What the pictures of docs/first-day.md show: by name, whose page."""
app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def screenshots(
    out: Annotated[Path, typer.Option(help="Folder of the pictures; what lies in it is replaced.")] = Path(
        "screenshots-out"
    ),
    seed: Annotated[int, typer.Option(help="The same seed gives the same people.")] = 1,
    attempts: Annotated[int, typer.Option(min=60, help="About how many calls before.")] = ATTEMPTS,
    quick: Annotated[
        bool, typer.Option("--quick", help="Each page as one role sees it, not as every role does.")
    ] = False,
    docs: Annotated[
        Path | None, typer.Option(help="Also put the pictures of docs/first-day.md there (docs/first-day).")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was found and nothing else.")] = False,
) -> None:
    """Take a picture of every page, as each role sees it, and look for faults.

    The demo's city runs for a day and a morning and then stands still; one of each role signs in and goes wherever links lead,
    two clicks from home. Every page is seen in Chinese and English, at 1366×768 and 390×844, and looked at: nothing sticks out
    (at 200 % either), letters are large enough, everything is translated, reachable by keyboard, light, and without a serious
    fault in axe's eyes. The pictures stand together in index.html.

    Example:  python -m scripts.screenshots --out shots

    Exit codes: 0 no fault, 1 faults were found (they are listed), 2 wrong options, 3 it could not start.
    """
    console = Console(stderr=True)
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    try:
        with plain_refusals("screenshots"):
            walk, loose = uvloop.run(take(out, seed, attempts, console, once=quick))
    except KeyboardInterrupt:
        console.print("\n已停止 Stopped; nothing is left running.")
        raise typer.Exit(130) from None
    if docs is not None:
        _illustrate(docs, out, walk.pictures)
    if as_json:
        sys.stdout.write(json.dumps(_found(walk.pictures, loose), ensure_ascii=False, indent=1) + "\n")
    else:
        _say(console, walk.pictures, loose, out)
    raise typer.Exit(1 if loose or any(one.faults for one in walk.pictures) else 0)


async def take(
    out: Path, seed: int, attempts: int, console: Console, *, once: bool
) -> tuple[Walk, list[str]]:
    """All pictures, into the folder `out`; and the pages that nobody comes to."""
    async with open_town(lambda what: console.print(f"  启动 starting: {what}"), attempts, seed) as town:
        async with town.ground.pool.acquire() as conn:
            eyes = Eyes(await chinese_data(conn))
        walk = Walk(town, eyes, out, once)
        with _bar(console) as bar:
            task = bar.add_task("页面 pages", total=None)
            async with chromium() as browser:
                async for picture in see_everything(walk, browser):
                    bar.update(task, advance=1, description=f"页面 pages {picture.role} {picture.route}")
        loose = list(walk.out_of_reach(page_routes(town.app)))
    write_sheet(out, walk.pictures, loose)
    return walk, loose


def _illustrate(docs: Path, out: Path, pictures: Iterable[Picture]) -> None:
    docs.mkdir(parents=True, exist_ok=True)
    shown = {seen: name for name, seen in FIRST_DAY.items()}
    for one in pictures:
        name = shown.get((one.role, one.route))
        if name is not None and one.size == DESK:
            shutil.copyfile(out / one.file, docs / f"{name}.{one.lang}.png")


def _bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        console=console, transient=True, disable=not console.is_terminal,
    )  # fmt: skip


def _say(console: Console, pictures: Iterable[Picture], loose: Iterable[str], out: Path) -> None:
    pictures = list(pictures)
    for picture in pictures:
        for fault in picture.faults:
            console.print(f"{picture.name}: {fault}", markup=False, highlight=False)
    for one in loose:
        console.print(one, markup=False, highlight=False)
    console.print(f"{len(pictures)} 张 pictures → {out / 'index.html'}", highlight=False)


def _found(pictures: Iterable[Picture], loose: list[str]) -> dict[str, object]:
    return {
        "pictures": [{"name": one.name, "file": one.file, "faults": list(one.faults)} for one in pictures],
        "out_of_reach": loose,
    }


if __name__ == "__main__":
    app()
