"""Compare the carrier twin's ledger with the database row by row, and ask the database for its promises.

Exit: 0 both agree, 1 something differs, 3 there was nothing to compare.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg
import typer

from survey.settings import Settings, SettingsError, load_settings
from survey.store.pool import connection
from survey.vault import VaultError, open_vault_for
from workers.agreement import Agreement, Breach, Ledger, broken_promises, compare, render
from workers.agreement.ledger import LedgerMalformed
from workers.rehearsal.twin_control import TwinControl, TwinRefused

AGREE, DIFFER, NOTHING = 0, 1, 3

app = typer.Typer(add_completion=False)


class NothingToCompare(Exception):
    """One side is missing; the message says which and how to give it."""


@app.command(help=__doc__)
def main(
    ledger: Path | None = typer.Option(
        None, help="A saved answer of GET /twin/ledger, instead of a running twin."
    ),
    twin: str | None = typer.Option(
        None, help="URL of the twin; default: the carrier's base URL of the settings."
    ),
    token: str = typer.Option("", envvar="TWIN_TOKEN", help="Token of the twin's control API."),
    database_url: str | None = typer.Option(None, help="Default: that of the settings."),
    as_json: bool = typer.Option(False, "--json", help="Everything found, as JSON."),
    rows: int = typer.Option(5, min=0, help="Rows shown of each kind of difference."),
) -> None:
    try:
        settings = load_settings({"database_url": database_url})
        agreement, breaches = asyncio.run(
            _compare(settings, ledger, twin or settings.carrier_base_url, token)
        )
    except (NothingToCompare, SettingsError, VaultError) as error:
        typer.echo(f"无可比较 Nothing to compare: {error}", err=True)
        raise typer.Exit(NOTHING) from None
    typer.echo(_json(agreement, breaches) if as_json else render(agreement, breaches, of_each=rows))
    raise typer.Exit(_exit_code(agreement, breaches))


def _exit_code(agreement: Agreement, breaches: tuple[Breach, ...]) -> int:
    if not agreement.agrees or breaches:
        return DIFFER
    return AGREE if agreement.compared else NOTHING


def _json(agreement: Agreement, breaches: tuple[Breach, ...]) -> str:
    body = {**agreement.to_json(), "broken_promises": [vars(breach) for breach in breaches]}
    return json.dumps(body, ensure_ascii=False, indent=2)


async def _compare(
    settings: Settings, file: Path | None, twin: str | None, token: str
) -> tuple[Agreement, tuple[Breach, ...]]:
    book = await _ledger(file, twin, token)
    if settings.database_url is None:
        raise NothingToCompare("no database is known. Give --database-url, or run this beside `minyi up`.")
    try:
        async with connection(settings.database_url, application_name="compare_ledger") as conn:
            vault = await open_vault_for(conn, settings)
            agreement = await compare(conn, vault, book)
            return agreement, await broken_promises(conn)
    except (OSError, asyncpg.PostgresError) as error:
        raise NothingToCompare(
            f"the database cannot be read: {error}. Is it running, and migrated?"
        ) from None


async def _ledger(file: Path | None, twin: str | None, token: str) -> Ledger:
    try:
        if file is not None:
            body: Any = json.loads(await asyncio.to_thread(file.read_text, "utf-8"))
            return Ledger.from_json(body)
        if twin is None:
            raise NothingToCompare("no ledger is given. Give --ledger FILE, or --twin URL with --token.")
        async with aiohttp.ClientSession() as session:
            return await TwinControl(twin, token, session).ledger()
    except (OSError, ValueError, aiohttp.ClientError, TwinRefused, LedgerMalformed) as error:
        raise NothingToCompare(f"the ledger cannot be read: {error}") from None


if __name__ == "__main__":
    app()
