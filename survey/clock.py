"""The only source of now.

Production runs on `RealClock`. A rehearsal runs on one virtual clock that all its processes share: it stands still
while anybody works and otherwise jumps to the next moment that anybody waits for. `SharedClock` is a process's view of it;
the keeper of the time is `workers.timekeeper`.

The wire between them is one JSON object a line over loopback TCP:

    process -> keeper   {"hello": name}
                        {"idle": count, "step": s}
                        {"confirm": k, "idle": bool, "count": n, "due": t|null}
                        {"bye": true}
    keeper  -> process  {"now": t, "step": s}
                        {"confirm": k}

`count` is the number of activities begun so far. A process that says idle twice with the same count did nothing in between, and
that is how the keeper knows that nothing is under way anywhere (the counting argument of distributed termination).
"""

import asyncio
import contextlib
import heapq
import itertools
import json
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any, Final, Protocol, TypeVar
from urllib.parse import urlsplit

T = TypeVar("T")
OWED_PAUSE_S: Final = 0.05
"""Real seconds before looking again at what is due and not yet done, unless somebody says that it is."""

DueSource = Callable[[], Awaitable[datetime | None]]
OnDue = Callable[[], Awaitable[None]]
LookAgain = Callable[[], None]
"""Says that something may have fallen due earlier than was last told; cheap, and never wrong to call."""


class Clock(Protocol):
    """Now, and waiting for later. All moments are aware datetimes in UTC."""

    def now(self) -> datetime: ...

    def activity(self) -> AbstractContextManager[None]:
        """Work is being done inside; virtual time stands still."""
        ...

    async def sleep_until(self, when: datetime) -> None:
        """Wait for `when`; only inside an activity, which is let go while asleep and held again on waking."""
        ...

    def spawn(self, coro: Coroutine[Any, Any, T], name: str) -> asyncio.Task[T]:
        """Run `coro` as a task inside an activity that begins now, not when the task is first scheduled."""
        ...

    def watch(self, due: DueSource, on_due: OnDue) -> LookAgain:
        """Call `on_due` whenever the moment that `due` tells has come; it is asked again after every piece of work, and at
        once when the function that is returned is called."""
        ...

    async def close(self) -> None: ...


class RealClock:
    """The wall clock. `watch` looks when it is told to, and at least once a second: the sweep that catches a lost wake-up."""

    def __init__(self, sweep_s: float = 1.0) -> None:
        self._sweep_s = sweep_s
        self._watchers: list[asyncio.Task[None]] = []

    def now(self) -> datetime:
        return datetime.now(UTC)

    def activity(self) -> AbstractContextManager[None]:
        return contextlib.nullcontext()

    async def sleep_until(self, when: datetime) -> None:
        await asyncio.sleep(max(0.0, (when - self.now()).total_seconds()))

    def spawn(self, coro: Coroutine[Any, Any, T], name: str) -> asyncio.Task[T]:
        return asyncio.create_task(coro, name=name)

    def watch(self, due: DueSource, on_due: OnDue) -> LookAgain:
        told = asyncio.Event()
        self._watchers.append(asyncio.create_task(self._watch(due, on_due, told), name="clock-watch"))
        return told.set

    async def _watch(self, due: DueSource, on_due: OnDue, told: asyncio.Event) -> None:
        while True:
            told.clear()  # before asking: what is told from here on is not in the answer
            wait = self._sweep_s
            when = await due()
            if when is not None:
                wait = min(wait, (when - self.now()).total_seconds())
            if wait <= 0:
                await on_due()
                wait = OWED_PAUSE_S
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await told.wait()

    async def close(self) -> None:
        for task in self._watchers:
            task.cancel()
        await asyncio.gather(*self._watchers, return_exceptions=True)


class SharedClock:
    """A process's view of the one virtual clock of a rehearsal."""

    def __init__(self, name: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.name = name
        self._reader = reader
        self._writer = writer
        self._now: datetime | None = None
        self._step = -1
        self._busy = 0
        self._count = 0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = itertools.count()
        self._watch: tuple[DueSource, OnDue] | None = None
        self._watch_due: datetime | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._started = asyncio.Event()
        self._listener = asyncio.create_task(self._listen(), name="clock-listen")

    @classmethod
    async def join(cls, host: str, port: int, name: str) -> "SharedClock":
        """Register with the keeper under `name` and learn what time it is."""
        reader, writer = await asyncio.open_connection(host, port)
        clock = cls(name, reader, writer)
        clock._send({"hello": name})
        await asyncio.wait_for(clock._started.wait(), timeout=30)
        return clock

    def now(self) -> datetime:
        if self._now is None:
            raise RuntimeError("the shared clock has not been told the time yet; join() waits for it")
        return self._now

    @contextlib.contextmanager
    def activity(self) -> Iterator[None]:
        self._begin()
        try:
            yield
        finally:
            self._end()

    async def sleep_until(self, when: datetime) -> None:
        if when <= self.now():
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (when.timestamp(), next(self._order), future))
        self._end()
        try:
            await future  # whoever wakes it begins the activity anew on its behalf
        except asyncio.CancelledError:
            if not future.done() or future.cancelled():
                self._begin()
            raise

    def spawn(self, coro: Coroutine[Any, Any, T], name: str) -> asyncio.Task[T]:
        self._begin()
        task = asyncio.create_task(coro, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._spawned_is_done)
        return task

    def _spawned_is_done(self, task: asyncio.Task[Any]) -> None:
        """Also of a task that was cancelled before its first step, which no `finally` of its own would see."""
        self._tasks.discard(task)
        self._end()

    def watch(self, due: DueSource, on_due: OnDue) -> LookAgain:
        """The keeper asks again before every jump; nobody has to tell it."""
        self._watch = (due, on_due)
        return lambda: None

    async def close(self) -> None:
        with contextlib.suppress(ConnectionError):
            self._send({"bye": True})
            await self._writer.drain()
        self._listener.cancel()
        self._writer.close()
        await asyncio.gather(self._listener, return_exceptions=True)

    # -- the process's side of the wire -------------------------------------------------------------------------

    def _begin(self) -> None:
        self._busy += 1
        self._count += 1

    def _end(self) -> None:
        self._busy -= 1
        if self._busy == 0:
            asyncio.get_running_loop().call_soon(self._report_idle)

    def _report_idle(self) -> None:
        if self._busy == 0:
            self._send({"idle": self._count, "step": self._step})

    def _send(self, message: dict[str, object]) -> None:
        if not self._writer.is_closing():
            self._writer.write(json.dumps(message).encode() + b"\n")

    async def _listen(self) -> None:
        while line := await self._reader.readline():
            message = json.loads(line)
            if "now" in message:
                self._jump(datetime.fromtimestamp(message["now"], UTC), message["step"])
            elif "confirm" in message:
                await self._confirm(message["confirm"])

    def _jump(self, now: datetime, step: int) -> None:
        self._now, self._step = now, step
        self._started.set()
        moment = now.timestamp()
        while self._sleepers and self._sleepers[0][0] <= moment:
            _, _, future = heapq.heappop(self._sleepers)
            if not future.done():
                self._begin()
                future.set_result(None)
        if self._watch and self._watch_due is not None and self._watch_due <= now:
            self._watch_due = None
            self.spawn(_run(self._watch[1]), "clock-due")
        if self._busy == 0:
            self._report_idle()

    async def _confirm(self, number: int) -> None:
        due = await self._next_due()
        self._send({"confirm": number, "idle": self._busy == 0, "count": self._count, "due": due})

    async def _next_due(self) -> float | None:
        while self._sleepers and self._sleepers[0][2].done():
            heapq.heappop(self._sleepers)
        moments = [self._sleepers[0][0]] if self._sleepers else []
        if self._watch and self._busy == 0:
            source, on_due = self._watch
            self._watch_due = await source()
            if self._watch_due is not None:
                moments.append(self._watch_due.timestamp())
                if self._watch_due <= self.now():
                    self.spawn(_run(on_due), "clock-owed")
        return min(moments, default=None)


async def _run(on_due: OnDue) -> None:
    await on_due()


async def open_clock(address: str | None, name: str) -> Clock:
    """The real clock for None; else this process's place at the shared one at `tcp://host:port`."""
    if address is None:
        return RealClock()
    parts = urlsplit(address)
    if parts.scheme != "tcp" or parts.hostname is None or parts.port is None:
        raise ValueError(f"clock address {address!r} is not of the form tcp://host:port")
    return await SharedClock.join(parts.hostname, parts.port, name)
