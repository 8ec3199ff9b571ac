"""scripts/load_list.py loads lists of the fictional city, and scripts/verify.py looks at what stands in the database then."""

from __future__ import annotations

import asyncio
import json
from base64 import b64encode
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path

import asyncpg
import pytest
from click.testing import Result
from typer import Typer
from typer.testing import CliRunner

from scripts import load_list, verify
from workers import city
from workers.seeding import load_city

WHO = ("--brought-by", "综治中心", "--reason", "日常调查", "--ground", "日常调查制度")
Run = Callable[..., Awaitable[Result]]


@pytest.fixture
def run(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a script's command against this test's database, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    settings = {
        "DATABASE_URL": database,
        "MINYI_NUMBER_PLAN": "fictional",
        "MINYI_VAULT_KEY": b64encode(bytes(range(32))).decode(),
    }

    async def invoke(app: Typer, *arguments: str) -> Result:
        return await asyncio.to_thread(CliRunner().invoke, app, list(arguments), env=settings)

    return invoke


@pytest.fixture
async def five_cases(conn: asyncpg.Connection, run: Run, tmp_path: Path) -> Result:
    """The city, and five closed cases loaded by the script."""
    await load_city(conn)
    closed = city.closed_cases(1, "991721", 5, last_day=date(2026, 3, 6))
    (tmp_path / "cases.csv").write_bytes(closed.csv())
    return await run(load_list.app, "cases", "cases.csv", *WHO)


async def test_a_list_is_loaded_and_its_spoilt_rows_are_told(
    conn: asyncpg.Connection, five_cases: Result, run: Run, tmp_path: Path
) -> None:
    people = city.residents(1, "991721", 20)
    (tmp_path / "people.csv").write_bytes(people.csv())
    done = await run(load_list.app, "residents", "people.csv", *WHO, "--json")

    assert five_cases.exit_code == 1
    assert "cases.csv: 5 行已收 kept, 7 行未收 refused (centre 991721, batch 1)" in five_cases.stdout
    body = json.loads(done.stdout)
    told = {refusal["line"] for refusal in body["refusals"]}
    assert (done.exit_code, body["kept"], body["refused"], len(told)) == (1, 20, 7, 7)
    assert await conn.fetchval("SELECT count(*) FROM survey.frame_entry") == 20


async def test_everything_holds(five_cases: Result, run: Run) -> None:
    done = await run(verify.app)

    assert done.exit_code == 0
    assert "✓ 退订之后不再为此联系 Nobody is contacted for what they opted out of\n" in done.stdout
    assert "✓ 991721 results received 5 = callbacks created 5 + not suitable 0\n" in done.stdout
    assert done.stdout.endswith("全部成立 everything holds\n")


async def test_a_broken_promise_and_a_sum_that_does_not_hold_are_named(
    conn: asyncpg.Connection, five_cases: Result, run: Run
) -> None:
    await conn.execute("UPDATE survey.unit_event SET to_status = 'done' WHERE unit_id = 1")
    await conn.execute("UPDATE followup.result SET accepted_at = NULL WHERE case_id = 1")
    done = await run(verify.app, "--json")

    body = json.loads(done.stdout)
    assert (done.exit_code, body["holds"], body["ledger"]) == (1, False, None)
    assert [breach["promise"] for breach in body["broken_promises"]] == ["events_tell_all"]
    assert [i["name"] for i in body["identities"] if not i["holds"]] == ["results received"]


async def test_the_ledger_is_compared_where_one_is_given(
    conn: asyncpg.Connection, five_cases: Result, run: Run, tmp_path: Path
) -> None:
    (tmp_path / "ledger.json").write_text('{"calls": [], "texts": [], "opt_outs": []}')
    agrees = await run(verify.app, "--ledger", "ledger.json")
    missing = await run(verify.app, "--ledger", "nowhere.json")

    assert agrees.exit_code == 0
    assert "✓ 账本 ledger: differences 0, intent_mismatches 0\n" in agrees.stdout
    assert (missing.exit_code, missing.stdout) == (3, "")
    assert missing.stderr.startswith("minyi verify: the ledger nowhere.json cannot be read: ")


async def test_a_twin_needs_its_token(five_cases: Result, run: Run) -> None:
    done = await run(verify.app, "--twin", "http://127.0.0.1:1")

    assert (done.exit_code, done.stderr) == (
        3,
        "minyi verify: --twin needs the token of its control API. Set TWIN_TOKEN in the environment.\n",
    )


async def test_an_empty_database_is_nothing_to_look_at(run: Run) -> None:
    done = await run(verify.app)

    assert (done.exit_code, done.stderr) == (
        3,
        "minyi verify: the database holds no sample and no case yet, so there is nothing to look at.\n",
    )
