"""Postgres as a child of ours: a cluster in a folder, a free loopback port, a generated password (scram)."""

from __future__ import annotations

import asyncio
import secrets
import shutil
import signal
import subprocess
import time
from pathlib import Path

import asyncpg

from workers.child import POLL_S, RunAs, start_child, stop_child, wait_for_end
from workers.embedded_folder import EmbeddedError, give_to, own_folder
from workers.embedded_server import PORT_TRIES, end_leftover, free_port, rotated, tail

MAJOR = "18"
USER = "minyi"
START_S = 60.0
STOP_S = 20.0
STILL_HELD = "pre-existing shared memory block"
NO_SURPRISES = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}  # no PG* variable of the caller's
ALWAYS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",  # small containers have a small /dev/shm
    "log_error_verbosity": "terse",  # the DETAIL of an error would copy rows into the log
    "log_min_error_statement": "panic",
}
CRASH_SAFE = {"synchronous_commit": "on", "full_page_writes": "on"}
"""Over FORGETFUL: what was committed outlives the killing of the server, though not of the machine."""
FORGETFUL = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "30min",
}


class EmbeddedPostgres:
    """One cluster below `folder`; not `durable`: made anew at each start, quick, lost in a crash, unless it is `crash_safe`."""

    def __init__(
        self, folder: Path, bin_folder: Path, run_as: RunAs, *, durable: bool, crash_safe: bool = False
    ) -> None:
        self._data = folder / "postgres"
        self._draft = folder / "postgres.new"
        self._password_file = folder / "postgres.password"
        self._log = folder / "postgres.log"
        self._bin = bin_folder
        self._run_as = run_as
        self._durable = durable
        self._crash_safe = crash_safe
        self._url = ""
        self._server: subprocess.Popen[bytes] | None = None

    async def start(self) -> str:
        """Start it; returns the URL of its database `minyi`. Raises EmbeddedError with the end of the log."""
        await end_leftover(self._data / "postmaster.pid", self._data)
        if not self._durable:
            shutil.rmtree(self._data, ignore_errors=True)
        if not self._data.exists():
            await self._initialise()
        self._check_version()
        password = self._password()
        for _ in range(PORT_TRIES):
            url = f"postgresql://{USER}:{password}@127.0.0.1:{free_port()}/{USER}"
            if await self._serves(url):
                await _ensure_database(url)
                self._url = url
                return url
        raise EmbeddedError(f"Postgres found no free port.\n{tail(self._log)}")

    async def stop(self) -> None:
        """Fast shutdown: sessions are ended, everything is on disk."""
        if self._server is not None:
            await stop_child(self._server, (signal.SIGINT, signal.SIGQUIT), STOP_S)
            self._server = None

    async def restart(self, *, killed: bool) -> None:
        """End it, by kill -9 or by a fast shutdown, and start it again where it was."""
        assert self._server is not None and self._url
        if killed:
            self._server.kill()
            await wait_for_end(self._server, STOP_S)
            await end_leftover(self._data / "postmaster.pid", self._data)
        else:
            await self.stop()
        deadline = time.monotonic() + START_S
        while not await self._comes_back(deadline):
            pass

    async def _comes_back(self, deadline: float) -> bool:
        """Whether it serves again. Not yet, a moment later, where sessions of the killed server still hold its memory."""
        try:
            if await self._serves(self._url):
                return True
        except EmbeddedError as error:
            if STILL_HELD not in str(error) or time.monotonic() > deadline:
                raise
            await asyncio.sleep(POLL_S)
            return False
        raise EmbeddedError(f"Postgres did not come back on its port.\n{tail(self._log)}")

    async def _initialise(self) -> None:
        """Make the cluster under another name first: a broken initdb leaves nothing that looks like data."""
        shutil.rmtree(self._draft, ignore_errors=True)
        password = secrets.token_urlsafe(24)
        _write_private(self._password_file, password)
        to_initdb = self._password_file.with_suffix(".initdb")
        _write_private(to_initdb, password)
        give_to(to_initdb, self._run_as)
        own_folder(self._draft, self._run_as)
        argv = [str(self._bin / "initdb"), "-D", str(self._draft), "-U", USER, f"--pwfile={to_initdb}"]
        argv += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-instructions"]
        argv += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        argv += [] if self._durable else ["--no-sync"]
        try:
            await self._run_initdb(argv)
        finally:
            to_initdb.unlink()
        self._draft.rename(self._data)

    async def _run_initdb(self, argv: list[str]) -> None:
        log = rotated(self._log.with_name("initdb.log"))
        with log.open("wb") as output:
            initdb = start_child(
                argv,
                log=output,
                on_our_death=signal.SIGKILL,
                run_as=self._run_as,
                env=NO_SURPRISES,
                cwd=self._draft.parent,
            )
        try:
            ended = await wait_for_end(initdb, START_S)
        finally:
            await stop_child(initdb, (), STOP_S)
        if not ended or initdb.returncode != 0:
            raise EmbeddedError(f"Postgres cannot make its data folder {self._data}:\n{tail(log)}")

    def _check_version(self) -> None:
        found = (self._data / "PG_VERSION").read_text().strip()
        if found != MAJOR:
            raise EmbeddedError(
                f"{self._data} was made by Postgres {found}, but Postgres {MAJOR} is installed. Dump it "
                "with the older version of the program and load it into a new data folder."
            )

    def _password(self) -> str:
        try:
            return self._password_file.read_text().strip()
        except OSError as error:
            raise EmbeddedError(
                f"The password of {self._data} cannot be read from {self._password_file}: {error.strerror}. "
                "Restore that file from a backup, beside its data."
            ) from None

    async def _serves(self, url: str) -> bool:
        """Whether the server came up on the URL's port; False when another program had taken the port."""
        port = url.rpartition(":")[2].partition("/")[0]
        chosen = (
            ALWAYS
            | ({} if self._durable else FORGETFUL)
            | (CRASH_SAFE if self._crash_safe else {})
            | {"port": port}
        )
        argv = [str(self._bin / "postgres"), "-D", str(self._data)]
        argv += [part for name, value in chosen.items() for part in ("-c", f"{name}={value}")]
        with rotated(self._log).open("wb") as output:
            self._server = start_child(
                argv,
                log=output,
                on_our_death=signal.SIGINT,
                run_as=self._run_as,
                env=NO_SURPRISES,
                cwd=self._data.parent,
            )
        if await _answers(url, self._server):
            return True
        await self.stop()
        if "Address already in use" in (ending := tail(self._log)):
            return False
        raise EmbeddedError(f"Postgres does not start in {self._data}:\n{ending}")


async def _answers(url: str, server: subprocess.Popen[bytes]) -> bool:
    """Whether it takes connections before START_S has passed; recovery after a crash is part of that time."""
    deadline = time.monotonic() + START_S
    while server.poll() is None and time.monotonic() < deadline:
        try:
            await (await asyncpg.connect(_maintenance(url))).close()
            return True
        except (OSError, asyncpg.CannotConnectNowError, asyncpg.ConnectionDoesNotExistError):
            await asyncio.sleep(POLL_S)
    return False


async def _ensure_database(url: str) -> None:
    conn = await asyncpg.connect(_maintenance(url))
    try:
        if not await conn.fetchval("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", USER):
            await conn.execute(f"CREATE DATABASE {USER}")
    finally:
        await conn.close()


def _maintenance(url: str) -> str:
    return url.rpartition("/")[0] + "/postgres"


def _write_private(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(text)
