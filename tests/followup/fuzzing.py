"""schemathesis against a door on loopback: its own process, from the document that the door serves."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping
from pathlib import Path

CONFIG = """\
[generation]
database = "none"

[checks.positive_data_acceptance]
expected-statuses = ["2xx", "401", "403", "404", "409", "413", "422"]
"""
"""422 says that what was sent is as the document says and still cannot be done: an area or a telephone number that is not there.
400, which says that it is not as the document says, must never be the answer to what is."""


async def fuzz(
    description: str,
    folder: Path,
    *further: str,
    examples: int,
    seconds: int,
    checks: str = "all",
    fixed: Mapping[str, str] | None = None,
) -> tuple[int, str]:
    """Exit code and report of a run from a description (its address or file). The seed is the same each time.

    All checks are on unless said otherwise. `fixed`: parameters that are always this, as "query.name".
    """
    config = folder / "schemathesis.toml"
    parameters = "".join(f'"{name}" = "{value}"\n' for name, value in (fixed or {}).items())
    config.write_text(f"[parameters]\n{parameters}\n{CONFIG}", encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "schemathesis.cli",
        "--config-file",
        str(config),
        "run",
        description,
        "--checks",
        checks,
        "--max-examples",
        str(examples),
        "--seed",
        "311",
        "--no-color",
        *further,
        cwd=folder,
        env={name: value for name, value in os.environ.items() if "proxy" not in name.lower()},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        said, _ = await asyncio.wait_for(process.communicate(), seconds)
    except TimeoutError:
        process.kill()
        await process.wait()
        return -1, f"it did not end within {seconds} s"
    return process.returncode or 0, said.decode()
