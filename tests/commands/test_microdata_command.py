"""`minyi microdata` as a person types it, and stops it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from base64 import b64encode
from pathlib import Path

import asyncpg
import polars as pl
import pytest
from commands_bench import CENTRE, Minyi

from survey.microdata_exports import STOPPED
from survey.questionnaire import library

PEOPLE = 40
TOWN = "991721100"
ASKED = ("--by", "张研究员", "--reason", "省级课题", "--centre", CENTRE)


def below(folder: Path) -> list[str]:
    """Names in a folder; none where there is no folder."""
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


@pytest.fixture
async def campaign(county: str, conn: asyncpg.Connection) -> str:
    """Forty people who were drawn and refused."""
    document = library("perception")
    asked = await conn.fetchval(
        "INSERT INTO survey.questionnaire (code, version, sha256, body, frozen_at) VALUES ('perception', 1, $1, $2, now())"
        " RETURNING id",
        document.sha256,
        json.loads(document.to_json()),
    )
    made = await conn.fetchval(
        "INSERT INTO survey.campaign (centre_code, code, name_zh, purpose, questionnaire_id, modes, seed, opens_at)"
        " VALUES ($1, 'daily', '平安调查', 'survey', $2, '{voice}', 7, now()) RETURNING id",
        CENTRE,
        asked,
    )
    for n in range(PEOPLE):
        sealed = n.to_bytes(4, "big")
        person = await conn.fetchval(
            "INSERT INTO survey.person (token, key_id, number_cipher, prn) VALUES ($1, 'test', $1, 0.5) RETURNING id",
            sealed,
        )
        await conn.execute(
            "INSERT INTO survey.sample_unit (ref, centre_code, campaign_id, person_id, area_code, external_key, prn, status,"
            " disposition, released_at, done_at) VALUES ($1, $2, $3, $4, $5, $1, 0.5, 'done', 'refusal_hard', now(), now())",
            f"u{n}",
            CENTRE,
            made,
            person,
            TOWN,
        )
    return "daily"


async def test_an_export_is_a_folder_whose_hashes_are_printed_and_listed(
    campaign: str, minyi: Minyi, tmp_path: Path
) -> None:
    done = await minyi(
        "microdata", "export", campaign, *ASKED, "--format", "csv", "--format", "sav", "--out", "data"
    )
    assert done.exit_code == 0, done.output
    first, counts, *files = done.stdout.splitlines()
    folder = tmp_path / first
    assert counts.startswith(f"{PEOPLE} 行 rows")
    names = below(folder)
    assert names == sorted(line.split("  ")[0] for line in files)
    assert [name.split(".", 1)[1] for name in names] == ["codebook.json", "codebook.md", "csv", "sav"]
    assert below(tmp_path / "data") == [folder.name]
    assert pl.read_csv(folder / f"{folder.name}.csv").height == PEOPLE
    shown = json.loads((await minyi("microdata", "list", "--centre", CENTRE, "--json")).stdout)
    assert [(one["state"], one["rows"], one["asked_by"]) for one in shown] == [("done", PEOPLE, "张研究员")]
    assert shown[0]["files"] == dict(line.split("  ") for line in files)


async def test_what_there_is_not_is_refused(campaign: str, minyi: Minyi) -> None:
    done = await minyi("microdata", "export", "none", *ASKED)
    assert done.exit_code == 3 and "has no campaign none" in done.stderr


async def test_ctrl_c_leaves_no_file_and_no_row_that_is_being_written(
    campaign: str, conn: asyncpg.Connection, database: str, tmp_path: Path
) -> None:
    """The answers are locked, so that the command is in the middle of reading them when it is stopped."""
    own = {
        "DATABASE_URL": database,
        "MINYI_NUMBER_PLAN": "fictional",
        "MINYI_VAULT_KEY": b64encode(bytes(32)).decode(),
    }
    async with conn.transaction():
        await conn.execute("LOCK TABLE survey.answer IN ACCESS EXCLUSIVE MODE")
        program = "from workers.cli import main; main()"
        words = ["microdata", "export", campaign, *ASKED, "--format", "csv", "--out", "data"]
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", program, *words, cwd=tmp_path, env={**os.environ, **own},
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        for _ in range(600):
            if await conn.fetchval("SELECT count(*) FROM survey.microdata_export WHERE state = 'writing'"):
                break
            await asyncio.sleep(0.05)
        process.send_signal(signal.SIGINT)
        await asyncio.wait_for(process.wait(), 30)
    row = await conn.fetchrow("SELECT state, failure FROM survey.microdata_export")
    assert (row["state"], row["failure"]) == ("failed", STOPPED)
    assert process.returncode != 0
    assert below(tmp_path / "data") == []
