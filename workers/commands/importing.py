"""`minyi import residents FILE` and `minyi import cases FILE`: lists from outside, good rows kept, bad ones told one by one.

Exit codes: 0 all rows kept; 1 some rows refused, each of them named; 3 nothing kept.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any, TypeVar
from urllib.parse import urlsplit

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from followup.imports import import_closed_cases
from followup.open311.pulling import Endpoint, Pulled, pull
from followup.refusals import CaseRefusal
from followup.webhooks.guard import Guard
from survey.enlisting import Told
from survey.ground import Ground
from survey.importing import Brought, HowToRead, import_residents
from survey.sampling.lists import Merged
from survey.sampling.refusals import ListError, Refusal
from survey.settings import Settings, load_settings
from workers.commands.exits import NOTHING_DONE, SOME_REFUSED, refused
from workers.commands.running import run
from workers.runtime import open_ground

STANDING_SEED = 1
"""Seed of the centre's standing callback campaign, when the first list of cases opens it."""

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Take in lists: the residents to be asked, the cases that another platform has closed (导入名单).",
    epilog="Exit codes: 0 all rows kept, 1 some rows refused, 3 nothing kept.",
)

File = Annotated[
    Path,
    typer.Argument(
        exists=True,
        dir_okay=False,
        readable=True,
        help="A CSV or XLSX file with headings; cases also as JSON.",
    ),
]
Centre = Annotated[str | None, typer.Option(help="Code of the centre; default: that of the settings.")]
BroughtBy = Annotated[str, typer.Option("--brought-by", help="Who brought the list; kept with it.")]
Reason = Annotated[str, typer.Option("--reason", help="Why it is taken in, e.g. 平安建设日常调查.")]
LegalGround = Annotated[
    str, typer.Option("--ground", help="On what legal ground, e.g. 综治中心日常调查制度.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


@dataclass(frozen=True)
class Taken:
    """What became of a file. `cases` are the numbers given to its cases, for a list of cases."""

    file: str
    centre: str
    batch: int
    kept: int
    refused: int
    refusals: tuple[Refusal, ...]
    ignored_columns: tuple[str, ...] = ()
    merged: tuple[Merged, ...] = ()
    cases: tuple[str, ...] = ()


T = TypeVar("T")
Import = Callable[[Ground, Settings, bytes], Coroutine[Any, Any, Taken]]


@app.command()
def residents(
    file: File,
    brought_by: BroughtBy,
    reason: Reason,
    ground: LegalGround,
    centre: Centre = None,
    mapping: Annotated[
        list[str] | None,
        typer.Option(
            "--map", help="HEADING=FIELD, for a heading that is not known: 联络=number. May be repeated."
        ),
    ] = None,
    keep: Annotated[
        list[str] | None,
        typer.Option(
            help="A further column to keep, for quotas: 户口. May be repeated; others are not kept."
        ),
    ] = None,
    json: AsJson = False,
) -> None:
    """Residents who may be asked: name, number, township, and village and year of birth where known. CSV or XLSX.

    Several numbers of a person may stand in one cell (15400000001/15400000002) or in columns of their own (手机2, 座机). The same
    person on two lines becomes one.

    Example:  minyi import residents 名单.xlsx --brought-by 综治中心 --reason 平安建设日常调查 --ground 日常调查制度
    """
    brought = Brought(file.name, brought_by, reason, ground)
    how = HowToRead(_mapping(mapping or []), tuple(keep or ()))

    async def take(on: Ground, settings: Settings, data: bytes) -> Taken:
        with progress_of(file.name) as told:
            done = await import_residents(
                on, settings.centre, data, brought, settings.number_plan, how=how, told=told
            )
        return Taken(
            file.name,
            settings.centre,
            done.batch,
            done.kept,
            done.refused,
            done.refusals,
            ignored_columns=done.ignored,
            merged=done.merged,
        )

    _import("residents", file, centre, take, json)


@app.command()
def cases(
    file: File,
    brought_by: BroughtBy,
    reason: Reason,
    ground: LegalGround,
    centre: Centre = None,
    platform: Annotated[
        str | None, typer.Option(help="Whose headings and words: chengguan, grid; none: our own.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Cases that another platform has closed, as CSV, XLSX or JSON: each gets its callback, result told first.

    Example:  minyi import cases 办结.csv --brought-by 审核员 --reason 办结事项回访 --ground 结果反馈制度
    """
    brought = Brought(file.name, brought_by, reason, ground)

    async def take(on: Ground, settings: Settings, data: bytes) -> Taken:
        async with on.pool.acquire() as conn:
            done = await import_closed_cases(
                conn,
                on.vault,
                settings.centre,
                data,
                brought,
                plan=settings.number_plan,
                now=on.clock.now(),
                tokens=on.tokens,
                seed=STANDING_SEED,
                platform=platform,
            )
        return Taken(
            file.name,
            settings.centre,
            done.batch,
            done.kept,
            done.refused,
            done.refusals,
            cases=done.numbers,
        )

    _import("cases", file, centre, take, json)


@app.command("requests")
def requests(
    url: Annotated[str, typer.Argument(help="Where the endpoint is: https://…/open311/v2.")],
    unit: Annotated[str, typer.Option(help="Code of our unit that stands behind it.")],
    brought_by: BroughtBy,
    reason: Reason,
    ground: LegalGround,
    jurisdiction: Annotated[str | None, typer.Option(help="Its jurisdiction_id.")] = None,
    key_file: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="A file with the key it gave us.")
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=366, help="Requested in the last so many days.")] = 30,
    centre: Centre = None,
    json: AsJson = False,
) -> None:
    """Closed requests of another Open311 endpoint, that gives us their telephone numbers: each gets its callback, once.

    Example:  minyi import requests https://city.example.org/v2 --unit 991721-gov --brought-by 审核员 --reason 回访 --ground 制度
    """
    settings = load_settings({"centre": centre})
    key = key_file.read_text("utf-8").strip() if key_file else None
    endpoint = Endpoint(url, unit, jurisdiction, key)
    brought = Brought(f"{urlsplit(url).hostname}.json", brought_by, reason, ground)

    async def take(on: Ground, settings: Settings, data: bytes) -> Pulled:
        guard = Guard(private=settings.webhook_private, loopback=settings.webhook_loopback)
        return await pull(on, guard, endpoint, settings.centre, brought, plan=settings.number_plan, days=days)

    command = "minyi import requests"
    try:
        pulled = run(command, _on_ground(settings, b"", take))
    except (ListError, CaseRefusal) as no:
        raise refused(command, str(no)) from None
    report = pulled.report
    sys.stdout.write(f"{pulled.closed} 件已办结 closed, {pulled.known} 件此前已收 known before\n")
    if report is None:
        return
    taken = Taken(
        brought.file_name,
        settings.centre,
        report.batch,
        report.kept,
        report.refused,
        report.refusals,
        cases=report.numbers,
    )
    sys.stdout.write(_as_json(taken) if json else "".join(f"{line}\n" for line in _lines(taken)))
    raise typer.Exit(_exit_code(taken))


def _import(kind: str, file: Path, centre: str | None, take: Import, as_json: bool) -> None:
    settings = load_settings({"centre": centre})
    command = f"minyi import {kind}"
    try:
        taken = run(command, _on_ground(settings, file.read_bytes(), take))
    except (ListError, CaseRefusal) as no:
        raise refused(command, str(no)) from None
    sys.stdout.write(_as_json(taken) if as_json else "".join(f"{line}\n" for line in _lines(taken)))
    raise typer.Exit(_exit_code(taken))


async def _on_ground(
    settings: Settings, data: bytes, take: Callable[[Ground, Settings, bytes], Coroutine[Any, Any, T]]
) -> T:
    async with open_ground(settings, "import", pool_size=2) as ground:
        with ground.clock.activity():
            return await take(ground, settings, data)


def _mapping(words: list[str]) -> dict[str, str]:
    pairs = [word.partition("=") for word in words]
    for word, (heading, _, name) in zip(words, pairs, strict=True):
        if not heading or not name:
            raise typer.BadParameter(f"--map {word!r}: write HEADING=FIELD, such as 联络=number")
    return {heading: name for heading, _, name in pairs}


@contextmanager
def progress_of(what: str) -> Iterator[Told]:
    """How many people are stored by now, on a terminal; elsewhere nothing is shown."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(
        *columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()
    ) as bar:
        task = bar.add_task(f"{what} 读取 reading", total=None)

        def told(done: int, total: int) -> None:
            then = "已存 stored" if done < total else "建索引 building keys"
            bar.update(task, description=f"{what} {then}", completed=done, total=total)

        yield told


def _exit_code(taken: Taken) -> int:
    if taken.kept == 0:
        return NOTHING_DONE
    return SOME_REFUSED if taken.refused else 0


def _lines(taken: Taken) -> Sequence[str]:
    """The refused rows in the order of the file, then what was kept."""
    lines = [f"{taken.file}, {refusal}" for refusal in taken.refusals]
    lines += [f"{taken.file}, {merged}" for merged in taken.merged]
    if taken.ignored_columns:
        lines.append(f"{taken.file}: not needed here and not kept: {', '.join(taken.ignored_columns)}")
    lines.append(
        f"{taken.file}: {taken.kept} 行已收 kept, {taken.refused} 行未收 refused (centre {taken.centre}, batch {taken.batch})"
    )
    return lines


def _as_json(taken: Taken) -> str:
    return json.dumps(asdict(taken), ensure_ascii=False, indent=2) + "\n"
