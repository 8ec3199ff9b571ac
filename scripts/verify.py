"""Verify a database: its promises by SQL, the sums of the callback circle, and, where one is given, the carrier's ledger."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import aiohttp
import asyncpg
import typer

from followup.reading import Identity, circle
from survey.questionnaire import library
from survey.settings import Settings, load_settings
from survey.store.pool import connection
from survey.vault import open_vault_for
from workers.agreement import Agreement, Breach, Ledger, broken_promises, compare
from workers.agreement.ledger import LedgerMalformed
from workers.agreement.promises import promises
from workers.commands.exits import refused
from workers.commands.running import run
from workers.rehearsal.twin_control import TwinControl, TwinRefused
from workers.runtime import database_url
from workers.up import TWIN_TOKEN_FILE

BROKEN, NOTHING = 1, 3
INSTRUMENTS = ("perception", "callback")
SHOWN = 20

SELECT_CENTRES = """
SELECT DISTINCT c.centre_code AS code FROM followup.case_file c
UNION SELECT centre_code FROM survey.sample_unit ORDER BY code"""

app = typer.Typer(add_completion=False, rich_markup_mode=None)


class NoLedger(Exception):
    """A ledger was asked for and cannot be had; the message says why."""


@dataclass(frozen=True)
class Verified:
    """What was looked at and found. `ledger` is None where no ledger was given."""

    centres: tuple[str, ...]
    breaches: tuple[Breach, ...]
    identities: tuple[tuple[str, Identity], ...]
    ledger: Agreement | None

    @property
    def holds(self) -> bool:
        return (
            not self.breaches
            and all(identity.holds for _, identity in self.identities)
            and (self.ledger is None or self.ledger.agrees)
        )


@app.command()
def verify(
    ledger: Annotated[
        Path | None, typer.Option(help="A saved answer of the twin's GET /twin/ledger to compare with.")
    ] = None,
    twin: Annotated[
        str | None,
        typer.Option(
            help="URL of a running twin that has carried every call of this database. Its token is read from TWIN_TOKEN."
        ),
    ] = None,
    database: Annotated[
        str | None, typer.Option("--database-url", help="Default: that of a running `minyi up` or demo.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything found as JSON.")] = False,
) -> None:
    """Put the promises of this service to its database, in three ways that share no code with each other.

    1. Each promise in plain SQL: nobody contacted after an opt-out, outside the hours, too often or twice at once;
       nobody counted as reached who was not told the result; every unit owed a next step or done.
    2. The sums of the callback circle: results = callbacks, due = reached + unreached + unrated + waiting,
       flagged = re-dispatched + rejected + waiting, imported = endings + open.
    3. With a ledger, every call, key, text and opt-out of the carrier against the rows that must stand for it.

    Example:  python -m scripts.verify            beside a running `minyi up` or `minyi demo --stay`

    Exit codes: 0 everything holds, 1 something does not, 2 wrong options, 3 there was nothing to look at.
    """
    settings = load_settings({"database_url": database})
    try:
        book = _saved(ledger) if ledger else None
        found = run("verify", _verify(settings, book, twin))
    except NoLedger as error:
        raise refused("verify", str(error)) from None
    if not found.centres:
        raise refused(
            "verify", "the database holds no sample and no case yet, so there is nothing to look at."
        )
    typer.echo(_as_json(found) if as_json else "\n".join(_lines(found)))
    raise typer.Exit(0 if found.holds else BROKEN)


async def _verify(settings: Settings, book: Ledger | None, twin: str | None) -> Verified:
    if book is None and twin is not None:
        book = await _asked(twin, os.environ.get("TWIN_TOKEN") or _token_of_up(settings))
    async with connection(database_url(settings), application_name="minyi verify") as conn:
        centres = [row["code"] for row in await conn.fetch(SELECT_CENTRES)]
        return Verified(
            centres=tuple(centres),
            breaches=await broken_promises(conn),
            identities=tuple([(code, i) for code in centres for i in (await circle(conn, code)).identities]),
            ledger=None if book is None else await _compared(conn, settings, book),
        )


async def _compared(conn: asyncpg.Connection, settings: Settings, book: Ledger) -> Agreement:
    vault = await open_vault_for(conn, settings)
    return await compare(conn, vault, book, {code: library(code) for code in INSTRUMENTS})


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


def _lines(found: Verified) -> list[str]:
    broken = {breach.promise for breach in found.breaches}
    lines = [
        f"{'✗' if name in broken else '✓'} {text['zh']} {text['en']}" for name, text in promises().items()
    ]
    lines += [f"    {breach}" for breach in found.breaches[:SHOWN]]
    lines += [f"{'✓' if i.holds else '✗'} {code} {i}" for code, i in found.identities]
    if found.ledger is None:
        lines.append("- 未比对账本 the ledger was not compared: none is given (--ledger FILE, or --twin URL)")
    else:
        agreement = found.ledger
        lines.append(
            f"{'✓' if agreement.agrees else '✗'} 账本 ledger: differences {len(agreement.differences)}, "
            f"intent_mismatches {len(agreement.intent_mismatches)}"
        )
        lines += [f"    {one}" for one in (*agreement.differences, *agreement.intent_mismatches)[:SHOWN]]
    lines.append("全部成立 everything holds" if found.holds else "有不成立之处 something does not hold")
    return lines


def _as_json(found: Verified) -> str:
    body = {
        "holds": found.holds,
        "broken_promises": [asdict(breach) for breach in found.breaches],
        "identities": [
            {"centre": code, "name": i.name, "whole": i.whole, "parts": dict(i.parts), "holds": i.holds}
            for code, i in found.identities
        ],
        "ledger": None if found.ledger is None else found.ledger.to_json(),
    }
    return json.dumps(body, ensure_ascii=False, indent=2)


if __name__ == "__main__":
    app()
