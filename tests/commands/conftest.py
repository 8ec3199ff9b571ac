"""A small county in a database, and `minyi` run against it as a person runs it."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from pathlib import Path

import asyncpg
import pytest
from click.testing import Result
from commands_bench import AREAS, CENTRE, Minyi
from typer.testing import CliRunner

from followup.store.units import UnitRow, insert_units
from workers.cli import app


@pytest.fixture
async def county(conn: asyncpg.Connection) -> str:
    """遂澜县 with one town, one village and its police; the centre's code."""
    await conn.executemany(
        "INSERT INTO survey.area (code, parent_code, level, name_zh, name_en) VALUES ($1, $2, $3, $4, $5)",
        AREAS,
    )
    await conn.execute(
        "INSERT INTO survey.centre (code, area_code, name_zh, short_zh, name_en) VALUES ($1, $1, $2, $3, $4)",
        CENTRE,
        "遂澜县社情民意调查中心",
        "遂澜民调中心",
        "Suilan Survey Centre",
    )
    await insert_units(conn, [UnitRow("991721-police", CENTRE, "遂澜县公安局", "gov", CENTRE)])
    return CENTRE


@pytest.fixture
def minyi(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Minyi:
    """Runs `minyi …` with this test's database, in a folder without settings of its own."""
    monkeypatch.chdir(tmp_path)
    own = {
        "DATABASE_URL": database,
        "MINYI_NUMBER_PLAN": "fictional",
        "MINYI_VAULT_KEY": b64encode(bytes(range(32))).decode(),
    }

    async def run(*arguments: str, typed: str | None = None, **more: str) -> Result:
        return await asyncio.to_thread(
            CliRunner().invoke, app, list(arguments), input=typed, env={**own, **more}
        )

    return run
