"""Starting a process that cannot outlive us: however this process dies, the kernel tells the child."""

from __future__ import annotations

import asyncio
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1
POLL_S = 0.02
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True)
class RunAs:
    """The user under which a child runs; none of both: our own."""

    uid: int | None = None
    gid: int | None = None


OURSELVES = RunAs()


def start_child(
    argv: Sequence[str],
    *,
    log: IO[bytes] | int,
    on_our_death: signal.Signals,
    run_as: RunAs = OURSELVES,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start `argv` in a session of its own (Ctrl-C at the terminal reaches only us), its output in `log`.

    On Linux the child gets `on_our_death` when this process ends. The kernel ties that to the thread that
    forked, so children are started from the main thread only. Raises OSError if the program cannot be run.
    """
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("Children are started from the main thread: they would die with another one.")
    return subprocess.Popen(
        list(argv),
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        env=None if env is None else dict(env),
        cwd=cwd,
        user=run_as.uid,
        group=run_as.gid,
        extra_groups=None if run_as.gid is None else [],
        start_new_session=True,
        preexec_fn=_die_with_parent(on_our_death),
    )


async def wait_for_end(child: subprocess.Popen[bytes], timeout_s: float) -> bool:
    """Whether the child ended within `timeout_s`."""
    return await comes_true(lambda: child.poll() is not None, timeout_s)


async def comes_true(condition: Callable[[], bool], timeout_s: float) -> bool:
    """Whether `condition` (cheap, asked often) held before `timeout_s` had passed."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(POLL_S)
    return True


async def stop_child(
    child: subprocess.Popen[bytes], signals: Sequence[signal.Signals], patience_s: float
) -> None:
    """Ask a child to end by one signal after the other, each given its time; at last it is killed."""
    for request in (*signals, signal.SIGKILL):
        if child.poll() is not None:
            return
        child.send_signal(request)
        if await wait_for_end(child, patience_s):
            return


def _die_with_parent(request: signal.Signals) -> Callable[[], None] | None:
    if _libc is None:
        return None
    parent, number, prctl, getppid = os.getpid(), int(request), _libc.prctl, os.getppid

    def arm() -> None:  # runs between fork and exec, after the change of user, which would disarm it
        if prctl(PR_SET_PDEATHSIG, number, 0, 0, 0) != 0 or getppid() != parent:
            os._exit(111)

    return arm
