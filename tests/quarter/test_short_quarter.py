"""A short quarter over the carrier's real wire: whole processes, a real database, everything that must add up."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def data() -> Iterator[Path]:
    """A data folder that the servers' user can enter."""
    path = Path(tempfile.mkdtemp(prefix="minyi-quarter-"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path)


@pytest.mark.slow
def test_two_weeks_of_cases_come_round_and_everything_adds_up(data: Path, tmp_path: Path) -> None:
    environment = {name: text for name, text in os.environ.items() if not name.startswith("MINYI_")}
    options = (
        "--cases",
        "40",
        "--weeks",
        "2",
        "--seed",
        "5",
        "--operators",
        "2",
        "--json",
        "--out",
        str(tmp_path),
    )
    done = subprocess.run(
        [sys.executable, "-m", "workers.cli", "simulate", "quarter", *options],
        cwd=ROOT,
        env=environment | {"MINYI_DATA_DIR": str(data), "DATABASE_URL": "", "REDIS_URL": ""},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-3000:]
    figures = json.loads(done.stdout)
    assert figures == json.loads((tmp_path / "quarter.json").read_text("utf-8"))
    sums = {one["text"].split(" ")[0]: one for one in figures["identities"]}
    assert [one["text"] for one in figures["identities"] if not one["holds"]] == []
    assert sums["cases"]["whole"] == 40
    assert sums["results"]["whole"] == sums["results"]["parts"]["callbacks created"] >= 40
    assert sums["flagged"]["whole"] > 0
    assert sums["doubted"]["whole"] > 0
    assert sums["doubted"]["parts"]["waiting"] == 0  # everything has come round
    assert (figures["puzzled"], figures["carrier_errors"], figures["disagreements"]) == (0, [], [])
    assert sum(figures["rounds"].values()) == sum(figures["endings"].values()) == 40
    assert figures["detector"]["all"]["closings"] == figures["plain_rule"]["all"]["closings"] > 15
    assert figures["planted_reached"] <= figures["planted_false"]
    assert figures["closed_loop_hours"]["p90"] >= figures["closed_loop_hours"]["median"] > 0
    assert "等式 sums that must hold" in (tmp_path / "quarter.txt").read_text("utf-8")
