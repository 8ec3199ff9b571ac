"""scripts/simulate_week.py for two tiny days: the whole service as processes."""

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
    path = Path(tempfile.mkdtemp(prefix="minyi-week-"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path)


@pytest.mark.slow
def test_two_days_are_simulated_each_with_a_sample_of_its_own(data: Path, tmp_path: Path) -> None:
    """At its end everything agrees, or the exit code would not be 0."""
    environment = {name: text for name, text in os.environ.items() if not name.startswith("MINYI_")}
    options = ("--days", "2", "--attempts", "30", "--out", str(tmp_path / "out"), "--json")
    done = subprocess.run(
        [sys.executable, "-m", "scripts.simulate_week", *options],
        cwd=ROOT,
        env=environment | {"MINYI_DATA_DIR": str(data), "DATABASE_URL": "", "REDIS_URL": ""},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-3000:]
    summary = json.loads(done.stdout)
    assert summary["sample"] == 2 * 25
    assert (summary["differences"], summary["intent_mismatches"]) == (0, 0)
    assert summary == json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))
