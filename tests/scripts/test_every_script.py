"""Every script explains itself, as a person starts it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = sorted(path.stem for path in (ROOT / "scripts").glob("*.py") if path.stem != "__init__")


def test_there_are_the_scripts_that_a_centre_needs() -> None:
    assert {"load_list", "seed_city", "simulate_week", "compare_ledger", "verify"} <= set(SCRIPTS)


@pytest.mark.parametrize("script", SCRIPTS)
def test_help_says_what_it_does_and_what_its_exit_means(script: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", f"scripts.{script}", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    words = " ".join(done.stdout.split())
    assert (done.returncode, done.stderr) == (0, "")
    assert "Usage: " in words
    assert "Exit" in words


def test_a_script_with_a_wrong_option_exits_with_2() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scripts.simulate_week", "--days", "0"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert "--days" in done.stderr
