"""What arrives at the same moment is taken together, and nothing waits for more to come.

No timer: while some are being taken, others gather, and they are the next; one that comes alone is taken at once. Two lots are
under way together where enough have gathered, so that one is worked out here while the database writes the other. Of those with
the same key (one person, one call) only one is being taken at a time, in the order in which they came.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

import structlog

log = structlog.get_logger()
Given = TypeVar("Given")
Reply = TypeVar("Reply")

LANES: Final = 2
"""Lots under way together. Not a policy: a third would find both processors busy, and make each lot smaller."""
ENOUGH: Final = 24
"""So many are worth a second lot. Not a policy: in a lot of 8 each costs half as much again as in a lot of 32, here and in the
database."""
MOST: Final = 500
"""Rows of one statement. Not a policy: beyond this a larger one is no cheaper for each of them."""


@dataclass(eq=False, slots=True)
class _Waiting(Generic[Given, Reply]):
    key: str
    given: Given
    reply: asyncio.Future[Reply]


@dataclass(eq=False)
class Gathering(Generic[Given, Reply]):
    """`together` takes several; None for one that it leaves to `alone`, which takes any. Where `together` fails each is taken
    alone, so that one cannot spoil it for the others."""

    together: Callable[[Sequence[Given]], Awaitable[Sequence[Reply | None]]]
    alone: Callable[[Given], Awaitable[Reply]]
    _waiting: list[_Waiting[Given, Reply]] = field(default_factory=list)
    _being_taken: set[str] = field(default_factory=set)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _lanes: int = 0

    async def take(self, key: str, given: Given) -> Reply:
        """The reply to one. Raises what taking it raises."""
        one = _Waiting[Given, Reply](key, given, asyncio.get_running_loop().create_future())
        self._waiting.append(one)
        self._go()
        return await one.reply

    def _go(self) -> None:
        if self._waiting and self._lanes < LANES and self._are_taken_now(self._lanes):
            self._lanes += 1
            self._spawn(self._run())

    def _are_taken_now(self, under_way: int) -> bool:
        """Whether those who wait are the next lot, beside so many others."""
        return under_way == 0 or len(self._waiting) >= ENOUGH

    def _spawn(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self) -> None:
        try:
            while self._are_taken_now(self._lanes - 1) and (some := self._next()):
                await self._take(some)
        finally:  # nothing is awaited since the last look: whoever comes now starts it again, or the other lane takes them
            self._lanes -= 1

    def _next(self) -> list[_Waiting[Given, Reply]]:
        """The first of each key that is not being taken; the others stay in their order."""
        some: list[_Waiting[Given, Reply]] = []
        later: list[_Waiting[Given, Reply]] = []
        for one in self._waiting:
            if one.key in self._being_taken or len(some) == MOST:
                later.append(one)
            else:
                self._being_taken.add(one.key)
                some.append(one)
        self._waiting = later
        return some

    async def _take(self, some: Sequence[_Waiting[Given, Reply]]) -> None:
        try:
            replies = await self.together([one.given for one in some])
        except Exception as error:  # each is taken alone now, and raises it again where it is about that one
            log.warning("taken together, they failed", many=len(some), error=type(error).__name__)
            replies = [None] * len(some)
        for one, reply in zip(some, replies, strict=True):
            if reply is None:
                self._spawn(self._take_alone(one))
            else:
                self._finished(one)
                if not one.reply.done():
                    one.reply.set_result(reply)

    async def _take_alone(self, one: _Waiting[Given, Reply]) -> None:
        try:
            reply = await self.alone(one.given)
        except Exception as error:
            if not one.reply.done():
                one.reply.set_exception(error)
        else:
            if not one.reply.done():
                one.reply.set_result(reply)
        finally:
            self._finished(one)

    def _finished(self, one: _Waiting[Given, Reply]) -> None:
        self._being_taken.discard(one.key)
        self._go()
