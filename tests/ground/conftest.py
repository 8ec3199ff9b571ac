"""Launchers as processes of their own, and folders that the servers' user can reach."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(__file__).with_name("launcher_program.py")


def import_path() -> dict[str, str]:
    """Environment in which any Python of this version finds our packages."""
    return {"PYTHONPATH": os.pathsep.join([str(ROOT), *(p for p in sys.path if "site-packages" in p)])}


@dataclass
class Launcher:
    """A running launcher program and the addresses that it printed."""

    process: subprocess.Popen[str]
    database_url: str
    redis_url: str
    folder: Path

    @property
    def server_pids(self) -> list[int]:
        """Of its Postgres and its Valkey."""
        files = (self.folder / "postgres" / "postmaster.pid", self.folder / "valkey" / "valkey.pid")
        return [int(file.read_text().split()[0]) for file in files]

    def interrupt(self) -> int:
        """Ctrl-C; returns its exit status."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=30)

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self.process.wait(timeout=30)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data folder that any user can enter."""
    path = Path(tempfile.mkdtemp(prefix="minyi-ground-"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path)


Launch = Callable[..., Launcher]


@pytest.fixture
def launch(folder: Path) -> Iterator[Launch]:
    """Start a launcher program on `folder`; whatever still runs at the end of the test is stopped."""
    started: list[subprocess.Popen[str]] = []

    def start(
        purpose: str = "up", care: str = "durable", *, python: str = sys.executable, **how: object
    ) -> Launcher:
        process = subprocess.Popen(
            [python, str(PROGRAM), str(folder), purpose, care],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=import_path() | {"PATH": "", "HOME": str(folder)},
            **how,
        )
        started.append(process)
        line = process.stdout.readline()
        if not line:
            raise RuntimeError(process.communicate()[1])
        return Launcher(process, **json.loads(line), folder=folder / purpose)

    yield start
    for process in started:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)


@pytest.fixture
def ordinary_user() -> dict[str, object]:
    """How to start a program as an ordinary user: as root as `nobody`, with a Python that it can run."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    same_version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for python in (sys.executable, f"/usr/bin/{same_version}", f"/usr/local/bin/{same_version}"):
        try:
            attempt = [python, "-c", f"import asyncpg, pydantic; open({str(PROGRAM)!r})"]
            subprocess.run(attempt, check=True, capture_output=True, env=import_path(), **user)
        except (OSError, subprocess.CalledProcessError):
            continue
        return {"python": python, **user}
    pytest.skip(
        "The tests run as root in a folder that is closed to others: run them as an ordinary user for this."
    )
