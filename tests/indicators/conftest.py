"""A ledger of answers in a database of its own, and `minyi` run against it as a person runs it."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from pathlib import Path

import asyncpg
import pytest
from answer_ledger import Ledger, Minyi
from click.testing import Result
from typer.testing import CliRunner

from workers.cli import app


@pytest.fixture
async def ledger(conn: asyncpg.Connection) -> Ledger:
    """A county, its centre and its campaigns; nobody has answered yet."""
    one = Ledger(conn)
    await one.ground()
    return one


@pytest.fixture
def minyi(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Minyi:
    """Runs `minyi …` with this test's database, in a folder without settings of its own."""
    monkeypatch.chdir(tmp_path)
    own = {
        "DATABASE_URL": database,
        "MINYI_NUMBER_PLAN": "fictional",
        "MINYI_VAULT_KEY": b64encode(bytes(range(32))).decode(),
        "COLUMNS": "160",
    }

    async def run(*arguments: str) -> Result:
        return await asyncio.to_thread(CliRunner().invoke, app, list(arguments), env=own)

    return run
