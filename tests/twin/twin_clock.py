"""A virtual clock inside one process: it stands still while anybody works, and jumps when told to run."""

import asyncio
import contextlib
import heapq
import itertools
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

T = TypeVar("T")
GRAIN_S = 5


class VirtualClock:
    """Moments are rounded up to the grain; `run_until` lets time pass, grain by grain, while nobody works."""

    def __init__(self, start: datetime) -> None:
        self._now = self._start = start
        self._busy = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = itertools.count()
        self._tasks: set[asyncio.Task[Any]] = set()

    def now(self) -> datetime:
        return self._now

    @contextlib.contextmanager
    def activity(self) -> Iterator[None]:
        self._begin()
        try:
            yield
        finally:
            self._end()

    async def sleep_until(self, when: datetime) -> None:
        moment = -(-when.timestamp() // GRAIN_S) * GRAIN_S
        if moment <= self._now.timestamp():
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (moment, next(self._order), future))
        self._end()
        await future

    def spawn(self, coro: Coroutine[Any, Any, T], name: str) -> asyncio.Task[T]:
        self._begin()

        async def run() -> T:
            try:
                return await coro
            finally:
                self._end()

        task = asyncio.create_task(run(), name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def watch(
        self, due: Callable[[], Awaitable[datetime | None]], on_due: Callable[[], Awaitable[None]]
    ) -> Callable[[], None]:
        raise AssertionError("the carrier watches nothing")

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def run(self, **span: float) -> None:
        """Let a timedelta's worth of time pass; raises what a spawned task raised."""
        until = self._now + timedelta(**span)
        while True:
            await self._idle.wait()
            if not self._sleepers or self._sleepers[0][0] > until.timestamp():
                break
            self._jump(self._sleepers[0][0])
        self._now = until

    async def run_out(self) -> None:
        """Run until nobody waits for anything."""
        while True:
            await self._idle.wait()
            if not self._sleepers:
                return
            self._jump(self._sleepers[0][0])

    def turn_back(self) -> None:
        """To where it began, when nobody waits any more."""
        assert not self._busy and not self._sleepers
        self._now = self._start

    def _jump(self, moment: float) -> None:
        self._now = datetime.fromtimestamp(moment, UTC)
        while self._sleepers and self._sleepers[0][0] <= moment:
            _, _, future = heapq.heappop(self._sleepers)
            if not future.done():
                self._begin()
                future.set_result(None)

    def _begin(self) -> None:
        self._busy += 1
        self._idle.clear()

    def _end(self) -> None:
        self._busy -= 1
        if self._busy == 0:
            self._idle.set()
