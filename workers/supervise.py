"""Children that are kept alive: started, seen healthy, restarted when they die, stopped with us."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from workers.child import POLL_S, start_child, stop_child
from workers.embedded_server import tail

FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 5.0
CALM_S = 30.0


class SupervisorError(Exception):
    """A child did not come up; the message holds its name, its exit and the end of its log."""


@dataclass(frozen=True)
class Service:
    """What to run. `env` is added to ours; `healthy` says quickly whether it serves (None: once it runs)."""

    name: str
    argv: Sequence[str]
    log: Path
    env: Mapping[str, str] = field(default_factory=dict)
    healthy: Callable[[], Awaitable[bool]] | None = None
    stop_after_s: float = 10.0


class Supervisor:
    """Keeps services running while its context lasts. Only processes that it started are ever signalled.

    `on_restart(name, restarts)` is told of each restart. All waiting is in real time, as processes die in it.
    """

    def __init__(self, on_restart: Callable[[str, int], None] | None = None) -> None:
        self._on_restart = on_restart
        self._kept: dict[str, _Kept] = {}

    async def __aenter__(self) -> Supervisor:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for name in reversed(list(self._kept)):
            await self.stop(name)

    async def start(self, service: Service, timeout_s: float = 30.0) -> None:
        """Start it and wait until it is healthy; else it is stopped again and SupervisorError raised."""
        if service.name in self._kept:
            raise SupervisorError(f"{service.name} is running already.")
        kept = self._kept[service.name] = _Kept(service, self._on_restart)
        try:
            kept.launch()
            await self._until_healthy(kept, timeout_s, restarts_allowed=False)
        except (SupervisorError, OSError, asyncio.CancelledError):
            await self.stop(service.name)
            raise
        kept.begin_watching()

    async def until_healthy(self, name: str, timeout_s: float = 30.0) -> None:
        """Wait until a service, perhaps just being restarted, is healthy. Raises SupervisorError."""
        await self._until_healthy(self._kept[name], timeout_s, restarts_allowed=True)

    async def stop(self, name: str) -> None:
        """End one service for good: SIGTERM, and after its time SIGKILL."""
        await self._kept.pop(name).end()

    def pid(self, name: str) -> int:
        """The process number of a service at this moment; it changes with a restart."""
        return self._kept[name].pid

    @property
    def restarts(self) -> Mapping[str, int]:
        """How often each service was restarted."""
        return {name: kept.restarts for name, kept in self._kept.items()}

    async def _until_healthy(self, kept: _Kept, timeout_s: float, *, restarts_allowed: bool) -> None:
        deadline = time.monotonic() + timeout_s
        while not await kept.is_healthy():
            if kept.has_ended and not restarts_allowed:
                raise SupervisorError(f"{kept.service.name} ended {kept.exit}.\n{tail(kept.service.log)}")
            if time.monotonic() > deadline:
                raise SupervisorError(
                    f"{kept.service.name} is not healthy after {timeout_s:g} s.\n{tail(kept.service.log)}"
                )
            await asyncio.sleep(POLL_S)


class _Kept:
    """One service and the process that is it at present."""

    def __init__(self, service: Service, on_restart: Callable[[str, int], None] | None) -> None:
        self.service = service
        self.restarts = 0
        self._on_restart = on_restart
        self._child: subprocess.Popen[bytes] | None = None
        self._watcher: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int:
        return self._child.pid if self._child else 0

    @property
    def has_ended(self) -> bool:
        return self._child is None or self._child.poll() is not None

    @property
    def exit(self) -> str:
        code = self._child.returncode if self._child else None
        return f"by {signal.Signals(-code).name}" if code is not None and code < 0 else f"with status {code}"

    async def is_healthy(self) -> bool:
        if self.has_ended:
            return False
        return self.service.healthy is None or await self.service.healthy()

    def launch(self) -> None:
        with self.service.log.open("ab") as log:
            self._child = start_child(
                self.service.argv,
                log=log,
                on_our_death=signal.SIGKILL,
                env={**os.environ, **self.service.env},
            )

    def begin_watching(self) -> None:
        self._watcher = asyncio.create_task(self._keep_alive(), name=f"keep {self.service.name} alive")

    async def _keep_alive(self) -> None:
        pause, started = FIRST_PAUSE_S, time.monotonic()
        while True:
            await asyncio.sleep(POLL_S)
            if not self.has_ended:
                continue
            if time.monotonic() - started > CALM_S:
                pause = FIRST_PAUSE_S
            await asyncio.sleep(pause)
            pause, started = min(pause * 2, LONGEST_PAUSE_S), time.monotonic()
            self.restarts += 1
            with contextlib.suppress(OSError):  # the program or its log may be gone for a moment: tried again
                self.launch()
            if self._on_restart:
                self._on_restart(self.service.name, self.restarts)

    async def end(self) -> None:
        if self._watcher:
            self._watcher.cancel()
            await asyncio.wait([self._watcher])
        if self._child:
            await stop_child(self._child, (signal.SIGTERM,), self.service.stop_after_s)


@asynccontextmanager
async def asked_to_stop() -> AsyncIterator[asyncio.Event]:
    """An event that Ctrl-C or SIGTERM sets, to leave contexts in order; a second one ends it all at once."""
    loop, asked = asyncio.get_running_loop(), asyncio.Event()

    def ask() -> None:
        if asked.is_set():
            os._exit(130)  # the children are told by the kernel
        asked.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ask)
    try:
        yield asked
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
