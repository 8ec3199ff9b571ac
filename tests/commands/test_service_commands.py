"""`minyi migrate`, `minyi doctor`, `minyi twin`, and what `minyi` says by itself."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest
from commands_bench import Minyi

from survey.store.migrate import migrations_of

COMMANDS = (
    "up", "demo", "doctor", "migrate", "web", "worker", "twin", "import", "operator", "handover", "case",
)  # fmt: skip
MIGRATIONS = migrations_of(("survey", "followup"))


async def test_help_lists_every_command(minyi: Minyi) -> None:
    done = await minyi("--help")

    assert done.exit_code == 0
    assert [name for name in COMMANDS if f"│ {name} " not in done.stdout] == []


@pytest.mark.parametrize("command", COMMANDS)
async def test_every_command_explains_itself(minyi: Minyi, command: str) -> None:
    done = await minyi(command, "--help")

    assert done.exit_code == 0
    assert f"{command} " in done.stdout.replace("\n", " ")


async def test_migrate_brings_an_empty_database_to_the_schema_once(minyi: Minyi, bare_database: str) -> None:
    first = await minyi("migrate", DATABASE_URL=bare_database)
    again = await minyi("migrate", DATABASE_URL=bare_database)

    assert first.exit_code == 0
    assert first.stdout.splitlines() == [f"applied {migration}" for migration in MIGRATIONS]
    assert (again.exit_code, again.stdout) == (0, "The schema is up to date; nothing was changed.\n")
    conn = await asyncpg.connect(bare_database)
    assert await conn.fetchval("SELECT count(*) FROM survey.text_poll") == 1
    await conn.close()


async def test_a_process_refuses_an_older_schema(minyi: Minyi, bare_database: str, redis_url: str) -> None:
    done = await minyi("web", DATABASE_URL=bare_database, REDIS_URL=redis_url)

    assert done.exit_code == 3
    assert done.stderr == (
        f"minyi web: The database is older than this program: {len(MIGRATIONS)} migration(s) are due, "
        "first survey/0001_ground. Run `minyi migrate`.\n"
    )


async def test_a_worker_without_a_queue(minyi: Minyi) -> None:
    done = await minyi("worker", REDIS_URL="")

    assert (done.exit_code, done.stderr) == (
        3,
        "minyi worker: No queue: start the services with `minyi up`, or set REDIS_URL.\n",
    )


async def test_doctor_finds_nothing_wrong_and_then_a_fault(minyi: Minyi, redis_url: str) -> None:
    well = await minyi("doctor", "--json", REDIS_URL=redis_url, MINYI_WEB_PORT="0")
    ill = await minyi(
        "doctor", "--json", REDIS_URL=redis_url, DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing"
    )

    assert (well.exit_code, json.loads(well.stdout)["faults"]) == (0, 0)
    assert ill.exit_code == 1
    (fault,) = [f for f in json.loads(ill.stdout)["findings"] if f["level"] == "fault"]
    assert fault["subject"] == "database"
    assert fault["remedy"] == "Start it, or correct DATABASE_URL."


async def test_doctor_as_a_table(minyi: Minyi, redis_url: str) -> None:
    done = await minyi("doctor", REDIS_URL=redis_url, MINYI_WEB_PORT="0", COLUMNS="200")

    assert done.exit_code == 0
    assert "检查 looked at" in done.stdout
    assert "number plan" in done.stdout and "正常 ok" in done.stdout
    assert done.stdout.endswith("没有故障 no fault.\n")


async def test_doctor_says_which_setting_is_wrong(minyi: Minyi) -> None:
    done = await minyi("doctor", "--json", MINYI_WEB_PROT="8081")

    assert done.exit_code == 1
    assert json.loads(done.stdout)["findings"] == [
        {
            "subject": "settings",
            "level": "fault",
            "said": "Unknown setting web_prot (environment variable MINYI_WEB_PROT)",
            "remedy": "Did you mean MINYI_WEB_PORT?",
        }
    ]


async def test_an_unknown_setting_is_refused_before_anything_runs(tmp_path: Path) -> None:
    environment = {**os.environ, "MINYI_WEB_PROT": "8081"}
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "workers.cli", "web"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
    )

    assert (done.returncode, done.stderr) == (
        2,
        "Unknown setting web_prot (environment variable MINYI_WEB_PROT). Did you mean MINYI_WEB_PORT?\n",
    )
