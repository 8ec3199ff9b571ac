"""scripts/simulate_week.py for two tiny days, and scripts/load_list.py and scripts/verify.py on a database of their own."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from base64 import b64encode
from pathlib import Path

import asyncpg
import pytest
from typer.testing import CliRunner

from scripts import load_list, verify
from workers.seeding import load_city

ROOT = Path(__file__).resolve().parents[2]
WHO = ["--brought-by", "综治中心", "--reason", "日常调查", "--ground", "日常调查制度"]
LIST = "姓名,电话,乡镇\n王芳,15400000001,柳河镇\n李强,15400000002,柳河镇\n赵伟,154,柳河镇\n"


@pytest.mark.slow
def test_two_days_are_simulated_each_with_a_sample_of_its_own(tmp_path: Path) -> None:
    """The whole service as processes; at its end everything agrees, or the exit code would not be 0."""
    environment = {name: text for name, text in os.environ.items() if not name.startswith("MINYI_")}
    data = tmp_path / "data"
    done = subprocess.run(
        [sys.executable, "-m", "scripts.simulate_week", "--days", "2", "--attempts", "30"]
        + ["--out", str(tmp_path / "out"), "--json"],
        cwd=ROOT,
        env=environment | {"MINYI_DATA_DIR": str(data)},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-3000:]
    summary = json.loads(done.stdout)
    assert summary["sample"] == 2 * 25
    assert (summary["differences"], summary["intent_mismatches"]) == (0, 0)
    assert summary == json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))


@pytest.fixture
def settings(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.chdir(tmp_path)
    return {
        "DATABASE_URL": database,
        "MINYI_NUMBER_PLAN": "fictional",
        "MINYI_VAULT_KEY": b64encode(bytes(range(32))).decode(),
    }


async def run(app, settings: dict[str, str], *arguments: str):
    return await asyncio.to_thread(CliRunner().invoke, app, list(arguments), env=settings)


async def test_print(settings, conn, tmp_path):
    await load_city(conn)
    (tmp_path / "list.csv").write_text(LIST)
    r = await run(load_list.app, settings, "residents", "list.csv", *WHO)
    print(r.output, r.exit_code)
    r = await run(verify.app, settings)
    print(r.output, r.exit_code)
    assert 0
