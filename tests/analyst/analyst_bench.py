"""The analysts' commands as they are typed: no database, no settings, plain files in a folder of the test's own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import Result
from typer.testing import CliRunner

from workers.cli import app


def minyi(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), env={"DATABASE_URL": "", "COLUMNS": "100"})


def answer(*arguments: str) -> Any:
    """What `minyi … --json` says."""
    done = minyi(*arguments, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def refusal(*arguments: str) -> str:
    """What is said by a command that did nothing."""
    done = minyi(*arguments)
    assert done.exit_code == 3, done.output
    return done.stderr


def file(folder: Path, text: str, name: str = "表.csv") -> str:
    path = folder / name
    path.write_text(text, "utf-8")
    return str(path)
