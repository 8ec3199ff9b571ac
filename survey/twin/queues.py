"""What was handed over and waits its turn at the carrier: calls of an account, texts of a number, in the order of arrival."""

from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from survey.clock import Clock

from .limits import GRAIN_S, Rate


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something in a queue: `tokens` is what it takes of the rate, `goes` sends it on its way; `gone` says that it is to
    leave the queue by another door (cancelled, or expired at `expires_at`), which it then has done."""

    tokens: int
    goes: Callable[[], None]
    gone: Callable[[], bool]
    expires_at: datetime | None = None


class Queue:
    """Lets go what waits at so many tokens a second; holds no more than `longest_s` seconds of it."""

    def __init__(
        self,
        rate: Rate,
        longest_s: float,
        clock: Clock,
        wait: Callable[[float], Coroutine[Any, Any, None]],
        spawn: Callable[[Coroutine[Any, Any, None], str], None],
    ) -> None:
        self._rate = rate
        self._most = rate.per_second * longest_s
        self._clock, self._wait, self._spawn = clock, wait, spawn
        self._waiting: deque[Waiting] = deque()
        self._held = 0
        self._drains = False

    @property
    def full(self) -> bool:
        return self._held >= self._most

    def join(self, one: Waiting) -> None:
        """Wait behind all others; the first of an empty queue goes in the same instant, if the rate allows."""
        self._waiting.append(one)
        self._held += one.tokens
        if not self._drains:
            self._drains = True
            self._spawn(self._drain(), "queue")

    async def _drain(self) -> None:
        try:
            while self._waiting:
                self._leave()
                if pause := self._go():
                    await self._wait(max(GRAIN_S, pause))
        finally:
            self._drains = False

    def _go(self) -> int:
        """Let go as many as the rate allows; the seconds until the next may, 0 when nobody is left."""
        while self._waiting:
            one = self._waiting[0]
            if not one.gone():
                if pause := self._rate.take(self._clock.now(), one.tokens):
                    return pause
                one.goes()
            self._waiting.popleft()
            self._held -= one.tokens
        return 0

    def _leave(self) -> None:
        """Whatever has expired leaves from the middle of the queue too, when the queue next moves."""
        now = self._clock.now()
        if any(one.expires_at is not None and one.expires_at < now for one in self._waiting):
            self._waiting = deque(one for one in self._waiting if not one.gone())
            self._held = sum(one.tokens for one in self._waiting)
