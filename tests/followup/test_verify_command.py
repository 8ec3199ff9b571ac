"""`minyi verify`: one command that says whether all holds, and which row was altered first."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

import asyncpg
import pytest
import typer
from click.testing import Result
from followup_chains import case_with_events
from followup_county import CENTRE, at
from typer.testing import CliRunner

from followup import chain
from workers.commands.verify import verify

NUMBER = "991721-20260309-00001-5"
Run = Callable[..., "asyncio.Future[Result]"]


@pytest.fixture
def minyi(database: str, tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `minyi verify …` against this test's database."""
    monkeypatch.chdir(str(tmp_path))
    app = typer.Typer()
    app.command()(verify)

    async def run(*args: str) -> Result:
        return await asyncio.to_thread(CliRunner().invoke, app, list(args), env={"DATABASE_URL": database})

    return run  # type: ignore[return-value]


@pytest.fixture
async def sealed(conn: asyncpg.Connection, county: str) -> asyncpg.Connection:
    """Two cases of Monday, sealed; the connection of somebody who can pass the triggers by."""
    await case_with_events(conn, NUMBER)
    await case_with_events(conn, "991721-20260309-00002-3")
    await chain.seal_days(conn, now=at("10 00:10"))
    await conn.execute("SET session_replication_role = replica")
    return conn


async def test_what_holds_is_said_and_the_seal_is_printed(minyi: Run, sealed: asyncpg.Connection) -> None:
    seal = (await sealed.fetchval("SELECT hash FROM followup.sealed_day")).hex()
    done = await minyi()
    assert done.exit_code == 0
    assert done.stdout.splitlines()[:2] == [
        "✓ 记录链 event chains: 6 events in 2 cases, 0 of policies, 0 of pay, 0 of sanctions, 1 sealed days",
        f"  封存 {CENTRE} 至 sealed until 2026-03-09: {seal}",
    ]
    assert done.stdout.endswith("全部成立 everything holds\n")
    assert (await minyi("--seal", seal)).exit_code == 0
    assert (await minyi("--seal", "00" * 32)).exit_code == 1


async def test_the_first_altered_row_is_named(minyi: Run, sealed: asyncpg.Connection) -> None:
    await sealed.execute("UPDATE followup.case_event SET actor = '别人' WHERE id IN (2, 5)")
    done = await minyi()
    assert done.exit_code == 1
    assert done.stdout.splitlines()[:2] == [
        "✗ 记录链 event chains: 6 events in 2 cases, 0 of policies, 0 of pay, 0 of sanctions, 1 sealed days",
        f"  最早被改之处 the first altered row: case_event 2, case:{NUMBER} #2: "
        "内容与其哈希不符 its content does not give its hash; "
        "最后见其未改 last seen unaltered: 2026-03-09 (2026-03-10T00:10+08:00)",
    ]
    assert done.stdout.endswith("有不成立之处 something does not hold\n")


async def test_as_json_with_every_fault(minyi: Run, sealed: asyncpg.Connection) -> None:
    await sealed.execute("DELETE FROM followup.case_event WHERE id = 6")
    body = json.loads((await minyi("--json")).stdout)
    assert (body["holds"], body["chain"]["events"], len(body["chain"]["faults"])) == (False, 5, 3)
    assert body["chain"]["first"] == {
        "table": "case_event",
        "row": 5,
        "subject": "case:991721-20260309-00002-3",
        "case": "991721-20260309-00002-3",
        "seq": 2,
        "from_seq": None,
        "kind": "tail",
        "zh": "末尾缺记录:链头在第 3 条,现只到第 2 条",
        "en": "its end is missing: the chain went up to event 3, and ends at 2",
        "last_seen_unaltered": {"day": "2026-03-09", "sealed_at": "2026-03-09T16:10:00+00:00"},
    }


async def test_one_case_alone(minyi: Run, sealed: asyncpg.Connection) -> None:
    await sealed.execute("UPDATE followup.case_event SET actor = '别人' WHERE id = 5")
    done = await minyi("--case", NUMBER)
    assert (done.exit_code, done.stdout) == (
        0,
        "✓ 记录链 event chains: 3 events in 1 cases\n全部成立 everything holds\n",
    )
    assert (await minyi("--case", "991721-20260309-00002-3")).exit_code == 1
    unknown = await minyi("--case", "991721-20260309-00009-X")
    assert (unknown.exit_code, unknown.stderr) == (
        3,
        "minyi verify: There is no case 991721-20260309-00009-X. `minyi case list` shows the numbers.\n",
    )
