"""`minyi case`: look at cases, and decide on those whose callback was flagged.

Exit codes: 0 done; 1 shown, and its record was altered; 3 refused, nothing changed; 2 is the command line's own.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

import asyncpg
import typer

from followup import callbacks, reading, rejecting
from followup.dossier import dossier
from followup.refusals import CaseRefusal
from survey.clock import open_clock
from survey.settings import Settings, SettingsError, load_settings
from survey.store.pool import connection
from workers.commands.case_clock import clock
from workers.commands.case_export import export_cases
from workers.commands.case_hint import add_hints
from workers.commands.case_intake import add_intake
from workers.commands.case_moves import add_moves
from workers.commands.case_pictures import pictures
from workers.commands.case_relay import add_relay
from workers.commands.case_text import as_json, list_lines
from workers.commands.exits import SOME_REFUSED
from workers.commands.passport_text import dossier_lines, dossier_record

NOTHING_KEPT = 3

app = typer.Typer(no_args_is_help=True, help="Look at cases, and decide on those whose callback was flagged.")

Number = Annotated[str, typer.Argument(help="The case's full number, e.g. 991721-20260309-00037-4.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
Reason = Annotated[str, typer.Option("--reason", help="Why, in words that the resident could be told.")]
By = Annotated[str, typer.Option("--by", help="Who decides.")]


app.command("clock")(clock)
app.command("export")(export_cases)
app.command("pictures")(pictures)


@app.command("list")
def list_cases(
    status: Annotated[list[str] | None, typer.Option(help="Only this state; may be given again.")] = None,
    waiting: Annotated[bool, typer.Option("--waiting", help="Only those that wait for a decision.")] = False,
    open_only: Annotated[bool, typer.Option("--open", help="Only cases without an ending.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="At most so many cases.")] = 200,
    json: AsJson = False,
) -> None:
    """Cases of the centre by number, with what the resident said where a decision is due."""
    statuses = ["redispatch_review"] if waiting else status

    async def read(conn: asyncpg.Connection, settings: Settings, now: datetime) -> None:
        lines = await reading.case_list(
            conn, settings.centre, statuses=statuses, open_only=open_only, limit=limit
        )
        flagged = await reading.flagged(conn, settings.centre, waiting_only=True)
        if json:
            _say(as_json({"cases": [asdict(x) for x in lines], "waiting": [asdict(x) for x in flagged]}))
        else:
            _say("\n".join(list_lines(lines, flagged)) or "No case is like that.")

    _run(read)


@app.command()
def show(number: Number, json: AsJson = False) -> None:
    """一案一档:一件事项的全部记录。One case with everything about it, for an appeal or an audit.

    登记、各轮交办签收反馈、回访与判定、通知与催办、封存,以及记录是否被改过。
    Registration, each round with its units, limits, results and callback,
    every event and record, the seals over them, and whether anything was
    altered (exit code 1 if so).
    """

    async def read(conn: asyncpg.Connection, settings: Settings, now: datetime) -> None:
        found = await dossier(conn, number)
        _say(as_json(dossier_record(found)) if json else "\n".join(dossier_lines(found)))
        if found.checked.faults:
            raise typer.Exit(SOME_REFUSED)

    _run(read)


@app.command()
def confirm(number: Number, reason: Reason, by: By = "supervisor", json: AsJson = False) -> None:
    """The resident is right: send the case out again, with a shorter limit."""

    async def decide(conn: asyncpg.Connection, settings: Settings, now: datetime) -> None:
        decided = await callbacks.confirm(conn, number, by=by, reason=reason, now=now)
        _say_decided(decided, json)

    _run(decide)


@app.command()
def reject(
    number: Number,
    reason: Reason,
    second_by: Annotated[
        str,
        typer.Option(
            "--second-by",
            help="The second person who signs; where there are accounts, of both the account's name.",
        ),
    ],
    ground: Annotated[
        str, typer.Option("--ground", help="Why it is rejected: facts_differ, unreasonable, not_lawful.")
    ],
    by: By = "supervisor",
    json: AsJson = False,
) -> None:
    """The complaint does not hold: close the case with a written explanation, signed by two people."""

    async def decide(conn: asyncpg.Connection, settings: Settings, now: datetime) -> None:
        decided = await rejecting.reject_by_name(
            conn, number, by=by, second_by=second_by, ground=ground, reason=reason, now=now
        )
        _say_decided(decided, json)

    _run(decide)


def _say_decided(decided: callbacks.Decided, json: bool) -> None:
    _say(as_json(asdict(decided)) if json else str(decided))


Act = Callable[[asyncpg.Connection, Settings, datetime], Awaitable[None]]


def _run(act: Act) -> None:
    try:
        asyncio.run(_with_database(act))
    except (CaseRefusal, SettingsError) as refusal:
        typer.echo(f"minyi case: {refusal}", err=True)
        raise typer.Exit(NOTHING_KEPT) from None
    except (OSError, asyncpg.PostgresError) as error:
        typer.echo(
            f"minyi case: the database cannot be used ({error}). "
            "Is `minyi up` running? `minyi doctor` says what is wrong.",
            err=True,
        )
        raise typer.Exit(NOTHING_KEPT) from None


async def _with_database(act: Act) -> None:
    settings = load_settings()
    if settings.database_url is None:
        raise SettingsError(
            "No database is known here. Start one with `minyi up`, or set DATABASE_URL, then try again."
        )
    async with (
        _now(settings) as now,
        connection(settings.database_url, application_name="minyi case") as conn,
    ):
        await act(conn, settings, now)


@asynccontextmanager
async def _now(settings: Settings) -> AsyncIterator[datetime]:
    """What time it is for the cases; in a rehearsal the one virtual clock, which stands still meanwhile."""
    clock = await open_clock(settings.clock, "minyi-case")
    try:
        with clock.activity():
            yield clock.now()
    finally:
        await clock.close()


def _say(text: Any) -> None:
    sys.stdout.write(f"{text}\n")


add_intake(app, _run)
add_moves(app, _run)
add_hints(app, _run)
add_relay(app, _run)
