"""How the commands of `minyi report` run: what they read, what they write and say, and how they refuse."""

from __future__ import annotations

import json
import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TypeVar, get_args

import asyncpg
import typer

from followup.assessment.surveyor_month import NotPayable
from followup.issuing import NotIssued
from followup.refusals import CaseRefusal
from followup.reports.building import build, cut_off_of
from followup.reports.document.model import Kind
from followup.reports.document.wording import Lang
from followup.reports.remarks import NoRemarks, Remarks, read_remarks
from followup.reports.rendering import FORMATS
from followup.reports.rendering.printed import Printed, printed
from survey import counting
from survey.periods import NoPeriod, Period, period
from survey.settings import load_settings
from survey.statistics.indicator_definitions import IndicatorError
from workers.commands.exits import refused
from workers.commands.pay_entered import entered_of
from workers.commands.running import run
from workers.report_files import write_files
from workers.runtime import open_ground

NAME = "minyi report"
T = TypeVar("T")


class Format(StrEnum):
    """What a report is written as."""

    html = "html"
    docx = "docx"
    xlsx = "xlsx"
    csv = "csv"
    json = "json"


def make_draft(
    kind: Kind,
    written: str,
    out: Path,
    centre: str | None,
    formats: Sequence[Format] | None,
    langs: Sequence[str] | None,
    remarks: Path | None,
    json_: bool,
    entered: Path | None = None,
) -> None:
    """A draft of a period, written as files."""
    days, found = days_of(written), handed_in(kind, remarks, entered)

    async def work(conn: asyncpg.Connection, code: str, now: datetime) -> Printed:
        await counting.refresh(conn)
        return printed(await build(conn, kind, code, days, await cut_off_of(conn, code, days, now), found))

    this = on_service(kind, centre, work)
    tell(this, write(this, out, formats, langs), json_)


def on_service(
    what: str, centre: str | None, work: Callable[[asyncpg.Connection, str, datetime], Awaitable[T]]
) -> T:
    """`work` on a connection, for a centre, at the service's moment; what is refused is said in a sentence."""

    async def go() -> T:
        settings = load_settings()
        async with open_ground(settings, "report", pool_size=2) as ground:
            with ground.clock.activity():
                async with ground.pool.acquire() as conn:
                    return await work(conn, centre or settings.centre, ground.clock.now())

    try:
        return run(f"{NAME} {what}", go())
    except (NotIssued, IndicatorError, LookupError, CaseRefusal, NotPayable, NoRemarks) as error:
        raise refused(f"{NAME} {what}", str(error)) from None


def write(
    this: Printed, out: Path, formats: Sequence[Format] | None, langs: Sequence[str] | None
) -> list[Path]:
    """In the formats and languages that were asked for. Refuses a folder that cannot be written to."""
    header = this.document.header
    if strange := sorted(set(langs or ()) - set(get_args(Lang))):
        raise typer.BadParameter(f"--lang {strange[0]}: zh or en")
    chosen: list[Lang] = [one for one in get_args(Lang) if one in (langs or ("zh",))]
    name = (
        header.issue.number
        if header.issue
        else f"{header.kind}-{header.centre_code}-{header.first:%Y%m%d}-{header.last:%Y%m%d}"
    )
    try:
        return write_files(this, out, name, [one.value for one in formats or ()] or list(FORMATS), chosen)
    except OSError as error:
        raise refused(
            NAME, f"{out}: {error.strerror or error}. Name a folder that can be written to."
        ) from None


def tell(this: Printed, files: Sequence[Path], json_: bool) -> None:
    """What was made: its number, hash and files."""
    issue = this.document.header.issue
    if json_:
        body = {
            "kind": this.document.header.kind,
            "number": issue.number if issue else None,
            "cut_off": this.document.header.cut_off.isoformat(),
            "sha256": this.sha256,
            "files": [str(path) for path in files],
        }
        sys.stdout.write(json.dumps(body, ensure_ascii=False, indent=2) + "\n")
        return
    if issue:
        typer.echo(f"已签发 issued: {issue.number}")
    typer.echo(f"SHA-256 {this.sha256}")
    for path in files:
        typer.echo(str(path))


def days_of(written: str) -> Period:
    """What was written as a period. Refuses what is none."""
    try:
        return period(written)
    except NoPeriod as error:
        raise typer.BadParameter(str(error)) from None


def handed_in(kind: str, remarks: Path | None, entered: Path | None) -> Remarks | None:
    """What people hand in with a report. Refuses what is entered for pay with any other report than that of the surveyors, and
    what only a bulletin prints with any other than that."""
    found = remarks_of(remarks)
    if found and found.of_a_bulletin and kind != "bulletin":
        told = ", ".join(found.of_a_bulletin)
        raise refused(
            NAME, f"{remarks}: {told}: only a bulletin prints that, not a report of kind {kind}; leave it out"
        )
    if entered is None:
        return found
    if kind != "surveyor":
        raise refused(NAME, f"--entered goes with the sheet of the surveyors, not with {kind}; leave it out")
    lines = entered_of(NAME, entered)
    return found.model_copy(update={"entered": lines}) if found else Remarks(author="中心", entered=lines)


def remarks_of(path: Path | None) -> Remarks | None:
    """The file of remarks, if one was named. Refuses one that is none."""
    if path is None:
        return None
    try:
        return read_remarks(path)
    except NoRemarks as error:
        raise refused(NAME, str(error)) from None
    except OSError as error:
        raise refused(NAME, f"{path}: {error.strerror or error}") from None
