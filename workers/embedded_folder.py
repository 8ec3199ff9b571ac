"""Where embedded servers keep their data, who holds the folder, and under which user they run."""

from __future__ import annotations

import contextlib
import fcntl
import getpass
import json
import os
import pwd
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from workers.child import OURSELVES, RunAs

ROOT_DATA = Path("/var/lib/minyi")
NOBODY = 65534
LOCK_PATIENCE_S = 1.0


class EmbeddedError(Exception):
    """The embedded servers cannot run here; the message says why and what to do."""


def is_root() -> bool:
    """Whether we are root, for whom Postgres refuses to run."""
    return os.geteuid() == 0


def prepare_data_dir(data_dir: Path) -> Path:
    """The existing folder that holds all embedded data (a link is followed).

    As root a new one is made under /var/lib/minyi, named by the checkout, with `data_dir` a link to it: the
    servers run as an unprivileged user, who cannot enter a home of mode 0700. A folder that exists already is
    used where it is.
    """
    try:
        if is_root() and (data_dir.is_symlink() or not data_dir.exists()):
            return _linked(data_dir)
        data_dir.mkdir(mode=0o711, parents=True, exist_ok=True)
        return data_dir.resolve()
    except OSError as error:
        raise EmbeddedError(
            f"The data folder {data_dir} cannot be made or entered: {error.strerror}. "
            "Set MINYI_DATA_DIR to a folder that this user can write, or remove it if another user made it."
        ) from None


def _linked(data_dir: Path) -> Path:
    if not data_dir.is_symlink():
        digest = sha256(str(data_dir.absolute()).encode()).hexdigest()[:8]
        data_dir.parent.mkdir(parents=True, exist_ok=True)
        data_dir.symlink_to(ROOT_DATA / f"{data_dir.absolute().parent.name or 'minyi'}-{digest}")
    target = data_dir.resolve()
    target.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    target.mkdir(mode=0o711, exist_ok=True)
    return target


def server_user(folder: Path) -> RunAs:
    """Who runs the servers of this folder: we ourselves; as root the owner of its data, at first `nobody`."""
    if not is_root():
        return OURSELVES
    data = folder / "postgres"
    if data.exists() and (owner := data.stat()).st_uid != 0:
        return RunAs(owner.st_uid, owner.st_gid)
    try:
        entry = pwd.getpwnam("nobody")
        return RunAs(entry.pw_uid, entry.pw_gid)
    except KeyError:
        return RunAs(NOBODY, NOBODY)


def own_folder(path: Path, run_as: RunAs) -> None:
    """Make a folder that only the servers' user can enter. Raises EmbeddedError if it may not be given."""
    path.mkdir(mode=0o700, exist_ok=True)
    give_to(path, run_as)


def give_to(path: Path, run_as: RunAs) -> None:
    """Hand a file or folder to the servers' user."""
    if run_as.uid is None or run_as.gid is None:
        return
    try:
        os.chown(path, run_as.uid, run_as.gid)
    except PermissionError:
        raise EmbeddedError(
            f"This root may not give {path} to another user, and Postgres does not run as root. "
            "Run as an ordinary user, or set DATABASE_URL and REDIS_URL to servers of your own."
        ) from None


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold `folder` for this process; the kernel lets go of it when the process ends, however it ends.

    Raises EmbeddedError naming the holder, if there is one.
    """
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        if not _taken(descriptor):
            raise EmbeddedError(
                f"The data folder {folder} is in use by {_holder(descriptor)}. "
                "Stop that one first (Ctrl-C), or set MINYI_DATA_DIR to another folder."
            )
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps(_ourselves(), ensure_ascii=False).encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _taken(descriptor: int) -> bool:
    # a command that asks whether the holder lives takes the lock for an instant itself: ask more than once
    deadline = time.monotonic() + LOCK_PATIENCE_S
    while True:
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)


def _ourselves() -> dict[str, object]:
    command = " ".join([Path(sys.argv[0]).name, *sys.argv[1:]])[:120]
    since = datetime.now(UTC).isoformat(timespec="seconds")
    return {"pid": os.getpid(), "user": getpass.getuser(), "command": command, "since": since}


def _holder(descriptor: int) -> str:
    try:
        who = json.loads(os.pread(descriptor, 4096, 0))
        return f"`{who['command']}` (pid {who['pid']}, user {who['user']}, since {who['since']})"
    except (ValueError, KeyError, TypeError):
        return "a process that is just starting"
