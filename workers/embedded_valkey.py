"""Valkey as a child of ours: own configuration, a free loopback port, a generated password."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import shutil
import signal
import subprocess
import time
from pathlib import Path

from workers.child import POLL_S, RunAs, start_child, stop_child
from workers.embedded_folder import EmbeddedError, give_to, own_folder
from workers.embedded_server import PORT_TRIES, end_leftover, free_port, rotated, tail

START_S = 30.0
STOP_S = 10.0


class EmbeddedValkey:
    """One server whose data lie below `folder`; not `durable`: empty at each start, keeps nothing."""

    def __init__(self, folder: Path, program: Path, run_as: RunAs, *, durable: bool) -> None:
        self._data = folder / "valkey"
        self._log = folder / "valkey.log"
        self._program = program
        self._run_as = run_as
        self._durable = durable
        self._at: tuple[int, str] | None = None
        self._server: subprocess.Popen[bytes] | None = None

    async def start(self) -> str:
        """Start it; returns its URL. Raises EmbeddedError with the end of the log."""
        await end_leftover(self._data / "valkey.pid", self._data)
        if not self._durable:
            shutil.rmtree(self._data, ignore_errors=True)
        own_folder(self._data, self._run_as)
        for _ in range(PORT_TRIES):
            port, password = free_port(), secrets.token_urlsafe(24)
            if await self._serves(port, password):
                self._at = (port, password)
                return f"redis://:{password}@127.0.0.1:{port}/0"
        raise EmbeddedError(f"Valkey found no free port.\n{tail(self._log)}")

    async def stop(self) -> None:
        """Orderly shutdown, everything on disk if it is durable."""
        if self._server is not None:
            await stop_child(self._server, (signal.SIGTERM,), STOP_S)
            self._server = None

    async def restart(self) -> None:
        """Kill it and start it again where it was; what it held is gone unless it is durable."""
        assert self._server is not None and self._at is not None
        self._server.kill()
        await asyncio.to_thread(self._server.wait)
        if not await self._serves(*self._at):
            raise EmbeddedError(f"Valkey did not come back on its port.\n{tail(self._log)}")

    def _configured(self, port: int, password: str) -> Path:
        """A configuration file of the servers' user's own: a password on the command line is everybody's."""
        path = self._data / "valkey.conf"
        path.unlink(missing_ok=True)
        path.touch(mode=0o600)
        path.write_text(
            f'bind 127.0.0.1\nport {port}\nrequirepass {password}\ndir "{self._data}"\n'
            f'pidfile "{self._data / "valkey.pid"}"\ndaemonize no\nset-proc-title no\nsave ""\n'
            f"appendonly {'yes' if self._durable else 'no'}\nappendfsync everysec\n"
            "maxmemory-policy noeviction\n"
        )
        give_to(path, self._run_as)
        return path

    async def _serves(self, port: int, password: str) -> bool:
        """Whether the server came up on that port; False when another program had taken it."""
        configuration = self._configured(port, password)
        with rotated(self._log).open("wb") as output:
            self._server = start_child(
                [str(self._program), str(configuration)],
                log=output,
                on_our_death=signal.SIGTERM,
                run_as=self._run_as,
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
                cwd=self._data,
            )
        if await _answers(port, password, self._server):
            return True
        await self.stop()
        if "Address already in use" in (ending := tail(self._log)):
            return False
        raise EmbeddedError(f"Valkey does not start in {self._data}:\n{ending}")


async def _answers(port: int, password: str, server: subprocess.Popen[bytes]) -> bool:
    """Whether it takes commands before START_S has passed; loading its data is part of that time."""
    deadline = time.monotonic() + START_S
    while server.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            if await _pings(port, password):
                return True
        await asyncio.sleep(POLL_S)
    return False


async def _pings(port: int, password: str) -> bool:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(f"AUTH {password}\r\nPING\r\n".encode())
        return [await reader.readline(), await reader.readline()] == [b"+OK\r\n", b"+PONG\r\n"]
    finally:
        writer.close()
