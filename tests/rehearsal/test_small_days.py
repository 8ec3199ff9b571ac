"""Small whole days: the same seed gives the same day, whatever is killed, flushed or slowed down on the way."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

OF_THE_RUN = {"seconds", "flag_p95_s", "restarts"}
SIZE = ("--attempts", "40", "--seed", "5")


async def demo(tmp_path: Path, name: str, *flags: str) -> dict[str, Any]:
    """`minyi demo --json` in a process and a data folder of its own; its summary."""
    argv = [
        sys.executable,
        "-m",
        "workers.cli",
        "demo",
        "--json",
        "--out",
        str(tmp_path / name),
        *SIZE,
        *flags,
    ]
    process = await asyncio.create_subprocess_exec(
        *argv,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**_environment(), "MINYI_DATA_DIR": str(tmp_path / f"{name}-data")},
    )
    out, err = await process.communicate()
    assert process.returncode == 0, out.decode() + err.decode()
    summary: dict[str, Any] = json.loads(out)
    return summary


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("MINYI_")}


def counts(summary: dict[str, Any]) -> dict[str, Any]:
    """Everything but what belongs to the run rather than to the day."""
    return {name: value for name, value in summary.items() if name not in OF_THE_RUN}


async def test_the_same_day_under_a_ceiling_of_speed_with_its_processes_killed(tmp_path: Path) -> None:
    """kill -9 of worker and web, a flushed Valkey and a ceiling on the speed, all at once, change no count."""
    plain = await demo(tmp_path, "plain")
    disturbed = await demo(tmp_path, "disturbed", "--speed", "60000", "--disturb", "worker,web,valkey")
    assert counts(disturbed) == counts(plain)
    assert sorted(disturbed["restarts"]) == ["web ×1", "worker ×1"]
    assert plain["differences"] == plain["intent_mismatches"] == 0
    assert plain["attempts"] > 30 and plain["cases_imported"] > 0


async def test_a_day_with_faults_still_agrees_with_the_ledger(tmp_path: Path) -> None:
    """Repeated, reordered, delayed and lost webhooks, lost answers, refusals and hangs: nothing lost, nothing doubled."""
    summary = await demo(tmp_path, "faults", "--faults")
    assert summary["faults"] is True
    assert (summary["differences"], summary["intent_mismatches"], summary["disagreements"]) == (0, 0, [])
    assert sum(summary["dispositions"].values()) == summary["sample"]
