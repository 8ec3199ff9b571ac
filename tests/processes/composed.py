"""The services of docker-compose.yml as processes of this machine, and processes seen from outside."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
PATIENCE_S = 60.0
VARIABLE = re.compile(r"\$\{(\w+)(?::?[-?]([^}]*))?\}")


@dataclass(frozen=True)
class Composed:
    """A service as the compose file has it: its command, its environment, and how its health is asked."""

    command: list[str]
    environment: dict[str, str]
    healthcheck: list[str]


def composed(name: str, **given: str) -> Composed:
    """A service with its variables filled in, as `docker compose` does."""
    service = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"][name]
    return Composed(
        [_filled(word, given) for word in service["command"]],
        {key: _filled(str(value), given) for key, value in service["environment"].items()},
        service.get("healthcheck", {}).get("test", [])[1:],
    )


def _filled(text: str, given: dict[str, str]) -> str:
    return VARIABLE.sub(lambda found: given.get(found[1], found[2] or ""), text)


def program(argv: list[str]) -> list[str]:
    """The same command with the programs of this environment."""
    if argv[0] == "python":
        return [sys.executable, *argv[1:]]
    return [str(BIN / argv[0]), *argv[1:]]


def environment(own: dict[str, str]) -> dict[str, str]:
    """What a process needs of ours, and its own; no MINYI_ variable of whoever runs the tests."""
    ours = {key: value for key, value in os.environ.items() if not key.startswith("MINYI_")}
    return {**ours, "PYTHONUNBUFFERED": "1", **own}


@contextmanager
def started(argv: list[str], own: dict[str, str], folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A process with its output in `folder`/output; ended with the test, whatever happens."""
    with (folder / "output").open("w") as output:
        process = subprocess.Popen(
            program(argv),
            env=environment(own),
            cwd=folder,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(30)


def said(folder: Path) -> str:
    """What the process of this folder has written so far."""
    return (folder / "output").read_text()


async def becomes_healthy(
    process: subprocess.Popen[str], check: list[str], own: dict[str, str], folder: Path
) -> bool:
    """Whether the service's own health check succeeds while the process lives."""
    deadline = time.monotonic() + PATIENCE_S
    while process.poll() is None and time.monotonic() < deadline:
        asked = await asyncio.to_thread(
            subprocess.run, program(check), env=environment(own), cwd=folder, capture_output=True
        )
        if asked.returncode == 0:
            return True
        await asyncio.sleep(0.2)
    return False


async def line_with(folder: Path, words: str, process: subprocess.Popen[str]) -> str:
    """The first line of the output that holds these words, once it is there."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        ended = process.poll() is not None
        for line in said(folder).splitlines():
            if words in line:
                return line
        assert not ended, f"ended with {process.returncode}:\n{said(folder)}"
        await asyncio.sleep(0.05)
    raise AssertionError(f"no line with {words!r} after {PATIENCE_S:g} s:\n{said(folder)}")


def children_of(pid: int) -> list[int]:
    """All processes below one, however deep."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (parent := _parent(entry)) is not None:
            parents.setdefault(parent, []).append(int(entry.name))
    found, looking = [], [pid]
    while looking:
        below = parents.get(looking.pop(), [])
        found += below
        looking += below
    return found


def _parent(entry: Path) -> int | None:
    try:
        return int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return None


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that only waits to be reaped has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def all_gone(pids: list[int]) -> bool:
    """Whether all of them end before the patience does."""
    deadline = time.monotonic() + PATIENCE_S
    while any(map(is_alive, pids)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not any(map(is_alive, pids))


def command_line(pid: int) -> str:
    """What anybody on this machine can see of a process."""
    return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").replace("\0", " ")
