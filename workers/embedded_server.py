"""What both embedded servers have in common: a free port, a log, a leftover of a killed launcher."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

from workers.child import comes_true
from workers.embedded_folder import EmbeddedError

LEFTOVER_PATIENCE_S = 10.0
PORT_TRIES = 5


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def rotated(log: Path) -> Path:
    """The path of a log to begin; what the run before wrote stays beside it, once."""
    if log.exists():
        log.replace(log.with_name(f"{log.name}.1"))
    return log


def tail(log: Path, lines: int = 12) -> str:
    """The end of a log, for an error message."""
    try:
        return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
    except OSError:
        return "(no log)"


async def end_leftover(pid_file: Path, data: Path) -> None:
    """See off the server that a killed launcher left in `data`, which we hold now, and its stale pid file.

    The kernel has told it to end already; only its shutdown may still be under way. A pid that has since gone
    to another program is left alone: a server of ours names its data folder on its command line.
    """
    pid = _pid_in(pid_file)
    for request in (None, signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if pid is None or await _gone(pid, data, request):
            _remove(pid_file)
            return
    raise EmbeddedError(f"Process {pid} still uses {data} and does not end. End it, then start again.")


def _remove(pid_file: Path) -> None:
    pid_file.unlink(missing_ok=True)


def _pid_in(pid_file: Path) -> int | None:
    try:
        return int(pid_file.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return None


async def _gone(pid: int, data: Path, request: signal.Signals | None) -> bool:
    """Whether the server ended within LEFTOVER_PATIENCE_S, asked by `request` or only waited for."""
    if request is not None and _is_server_of(pid, data):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, request)
    return await comes_true(lambda: not _is_server_of(pid, data), LEFTOVER_PATIENCE_S)


def _is_server_of(pid: int, data: Path) -> bool:
    if sys.platform == "linux":
        try:
            return str(data).encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return False
    ps = subprocess.run(["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, check=False)
    return str(data).encode() in ps.stdout
