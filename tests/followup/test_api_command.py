"""`minyi api` and `minyi case export` as they are typed."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import sys
from pathlib import Path

import asyncpg

from followup.api import keys
from survey.clock import RealClock


async def typed(database: str, folder: Path, *words: str) -> tuple[int, str, str]:
    """Exit code, output and errors of one command."""
    key = base64.b64encode(bytes(range(32))).decode()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "workers.cli",
        *words,
        env=os.environ | {"DATABASE_URL": database, "MINYI_VAULT_KEY": key, "MINYI_DATA_DIR": str(folder)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    return process.returncode or 0, out.decode(), err.decode()


async def test_keys_webhooks_and_exports_from_the_command_line(
    conn: asyncpg.Connection, database: str, county: str, tmp_path: Path
) -> None:
    code, secret, _ = await typed(
        database, tmp_path, "api", "key", "create", "网格平台", "--scope", "exports:read", "--by", "主任"
    )
    assert code == 0
    row = await keys.authenticate(conn, secret.strip(), RealClock().now())
    assert row is not None and (row.name, row.scopes) == ("网格平台", ["exports:read"])
    code, listed, _ = await typed(database, tmp_path, "api", "key", "list", "--json")
    assert (code, [one["ref"] for one in json.loads(listed)]) == (0, [row.ref])
    code, _, said = await typed(
        database, tmp_path, "api", "webhook", "add", "https://10.0.0.8/hook", "--by", "主任"
    )
    assert code == 3 and "no public address" in said
    code, _, said = await typed(database, tmp_path, "case", "export", "--platform", "grid")
    assert code == 0 and "0 件 cases" in said
    code, _, _ = await typed(database, tmp_path, "api", "key", "revoke", row.ref, "--by", "主任")
    assert code == 0 and await keys.authenticate(conn, secret.strip(), RealClock().now()) is None
