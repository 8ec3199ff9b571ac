"""`scripts/compare_ledger.py`: what it prints and with which code it ends."""

from __future__ import annotations

import asyncio
import json
from base64 import b64encode
from pathlib import Path

import pytest
from agreement_day import Day
from click.testing import Result
from typer.testing import CliRunner

from scripts.compare_ledger import app


@pytest.fixture
def beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder without any settings of its own, with the key that sealed the day."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MINYI_VAULT_KEY", b64encode(bytes(range(32))).decode())
    return tmp_path


async def run(*flags: str) -> Result:
    return await asyncio.to_thread(CliRunner().invoke, app, list(flags))


async def saved(day: Day, folder: Path) -> str:
    file = folder / "ledger.json"
    await asyncio.to_thread(file.write_text, json.dumps(day.world.book.as_json()), "utf-8")
    return str(file)


async def test_both_agree(day: Day, database: str, beside: Path) -> None:
    result = await run("--ledger", await saved(day, beside), "--database-url", database)

    assert result.exit_code == 0, result.output
    assert "differences: 0\n  intent_mismatches: 0\n" in result.output


async def test_something_differs(day: Day, database: str, beside: Path) -> None:
    day.world.book.calls["CA2"].rang = 2
    result = await run("--ledger", await saved(day, beside), "--database-url", database, "--json")

    assert result.exit_code == 1, result.output
    body = json.loads(result.output)
    assert (body["differences"], body["intent_mismatches"], body["broken_promises"]) == (1, 0, [])
    assert body["kinds"]["rung_twice"]["n"] == 1


async def test_a_broken_promise_is_a_difference(day: Day, database: str, beside: Path) -> None:
    await day.conn.execute("UPDATE survey.attempt SET day = '2026-03-08' WHERE ref = 'a-zhao'")
    result = await run("--ledger", await saved(day, beside), "--database-url", database)

    assert result.exit_code == 1, result.output
    assert "days_are_local ×1" in result.output


async def test_nothing_to_compare(database: str, beside: Path) -> None:
    empty = beside / "ledger.json"
    await asyncio.to_thread(empty.write_text, '{"calls": [], "texts": [], "opt_outs": []}', "utf-8")

    assert (await run("--ledger", str(empty), "--database-url", database)).exit_code == 3


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (("--ledger", "nowhere.json"), "the ledger cannot be read"),
        ((), "no ledger is given. Give --ledger FILE, or --twin URL with --token."),
    ],
)
async def test_one_side_is_missing(beside: Path, flags: tuple[str, ...], said: str) -> None:
    result = await run(*flags)

    assert result.exit_code == 3
    assert said in result.output


async def test_help_says_what_the_codes_mean() -> None:
    result = await run("--help")

    assert result.exit_code == 0
    assert "3 there was nothing" in " ".join(result.output.split())
