"""`minyi verify`: whether everything that is stored holds; and if not, which row was altered first.

Exit codes: 0 everything holds; 1 something does not; 3 there was nothing to look at; 2 is the command line's own.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import aiohttp
import asyncpg
import typer
from rich.console import Console

from followup import chain_check
from followup.reading import circle
from followup.refusals import UnknownCase
from survey.settings import Settings, load_settings
from survey.store.pool import connection
from survey.vault import open_vault_for
from workers.agreement import Agreement, Ledger, broken_promises, compare
from workers.agreement.ledger import LedgerMalformed
from workers.commands.bench_show import progress
from workers.commands.exits import refused
from workers.commands.running import run
from workers.commands.verify_text import Verified, as_json, lines
from workers.rehearsal.twin_control import TwinControl, TwinRefused
from workers.runtime import database_url
from workers.up import TWIN_TOKEN_FILE

COMMAND, BROKEN = "minyi verify", 1

SELECT_CENTRES = """
SELECT DISTINCT c.centre_code AS code FROM followup.case_file c
UNION SELECT centre_code FROM survey.sample_unit ORDER BY code"""


@dataclass(frozen=True)
class Asked:
    """What is looked at: `case` alone, or everything; against seals that were written down, and a ledger or a twin's."""

    case: str | None
    seals: tuple[str, ...]
    book: Ledger | None
    twin: str | None


class NoLedger(Exception):
    """A ledger was asked for and cannot be had; the message says why."""


def verify(
    case: Annotated[
        str | None,
        typer.Option(
            metavar="NUMBER", help="只查这一件的记录。Only the events of this case, and nothing else."
        ),
    ] = None,
    seal: Annotated[
        list[str] | None,
        typer.Option(
            metavar="HASH",
            help="抄下来的封存值,可给几个。The hash of a seal that was written down elsewhere; may be given again.",
        ),
    ] = None,
    ledger: Annotated[
        Path | None,
        typer.Option(
            help="另比对运营商账本文件。A saved answer of the twin's GET /twin/ledger to compare with."
        ),
    ] = None,
    twin: Annotated[
        str | None,
        typer.Option(
            help="正在运行的孪生的地址。URL of a running twin that has carried every call of this database. "
            "Its token is read from TWIN_TOKEN."
        ),
    ] = None,
    database: Annotated[
        str | None, typer.Option("--database-url", help="Default: that of a running `minyi up` or demo.")
    ] = None,
    as_json_: Annotated[
        bool, typer.Option("--json", help="输出 JSON。Print everything found as JSON.")
    ] = False,
) -> None:
    """核验:记录有没有被改过,承诺和数目是否成立。Verify that nothing was altered, and that promises and sums hold.

    1. 记录链 event chains: every event of cases and policies is hashed again,
    row by row, and held against its chain, the sealed days, and where each
    case stands now. The first altered row is named: its id, its case, what
    does not fit, and the sealed day on which it was last seen unaltered.

    2. 承诺 promises, each in plain SQL: nobody contacted after an opt-out,
    outside the hours, too often or twice at once; nobody counted as reached
    who was not told the result.

    3. 数目 the sums of the callback circle: results = callbacks,
    due = reached + unreached + unrated + waiting, and so on.

    4. 账本 with a ledger, every call, key, text and opt-out of the carrier
    against the rows that must stand for it.

    Exit codes: 0 everything holds, 1 something does not, 2 wrong options,
    3 there was nothing to look at.
    """
    settings = load_settings({"database_url": database})
    try:
        book = _saved(ledger) if ledger else None
        with progress(Console(stderr=True)) as show:
            asked = Asked(case, tuple(seal or ()), book, twin)
            found = run(COMMAND, _verify(settings, asked, lambda done, of: show("记录 events", done, of)))
    except (NoLedger, UnknownCase) as error:
        raise refused(COMMAND, str(error)) from None
    if found.nothing:
        raise refused(
            COMMAND, "the database holds no sample and no case yet, so there is nothing to look at."
        )
    typer.echo(as_json(found) if as_json_ else "\n".join(lines(found)))
    raise typer.Exit(0 if found.holds else BROKEN)


async def _verify(settings: Settings, asked: Asked, show: chain_check.Progress) -> Verified:
    book = asked.book
    if book is None and asked.twin is not None:
        book = await _asked(asked.twin, os.environ.get("TWIN_TOKEN") or _token_of_up(settings))
    async with connection(database_url(settings), application_name=COMMAND) as conn:
        checked = await chain_check.check(conn, number=asked.case, written_down=asked.seals, progress=show)
        if asked.case is not None:
            return Verified(checked, alone=True)
        centres = [row["code"] for row in await conn.fetch(SELECT_CENTRES)]
        return Verified(
            checked,
            centres=tuple(centres),
            breaches=await broken_promises(conn),
            identities=tuple([(code, i) for code in centres for i in (await circle(conn, code)).identities]),
            ledger=None if book is None else await _compared(conn, settings, book),
        )


async def _compared(conn: asyncpg.Connection, settings: Settings, book: Ledger) -> Agreement:
    vault = await open_vault_for(conn, settings)
    return await compare(conn, vault, book)


def _saved(file: Path) -> Ledger:
    try:
        return Ledger.from_json(json.loads(file.read_text("utf-8")))
    except (OSError, ValueError, LedgerMalformed) as error:
        raise NoLedger(f"the ledger {file} cannot be read: {error}") from None


async def _asked(twin: str, token: str) -> Ledger:
    if not token:
        raise NoLedger("--twin needs the token of its control API. Set TWIN_TOKEN in the environment.")
    try:
        async with aiohttp.ClientSession() as session:
            return await TwinControl(twin, token, session).ledger()
    except (OSError, ValueError, aiohttp.ClientError, TwinRefused, LedgerMalformed) as error:
        raise NoLedger(f"the twin at {twin} does not give its ledger: {error}") from None


def _token_of_up(settings: Settings) -> str:
    try:
        return (settings.data_dir / "up" / TWIN_TOKEN_FILE).read_text().strip()
    except OSError:
        return ""
