"""Calls a second, counted in virtual time, with a burst of one grain of that time."""

from datetime import datetime
from math import ceil

GRAIN_S = 5.0


class CallRate:
    """A bucket of tokens, one for each call; it holds one grain's worth, for inside a grain time stands
    still."""

    def __init__(self, per_second: float) -> None:
        self._rate = per_second
        self._capacity = max(1.0, per_second * GRAIN_S)
        self._tokens = self._capacity
        self._filled_at: datetime | None = None

    def take(self, now: datetime) -> int:
        """0 when a call may start now, else the whole seconds after which to try again."""
        if self._filled_at is not None:
            grown = (now - self._filled_at).total_seconds() * self._rate
            self._tokens = min(self._capacity, self._tokens + grown)
        self._filled_at = now
        if self._tokens >= 1.0:
            self._tokens -= 1.0
            return 0
        return max(1, ceil((1.0 - self._tokens) / self._rate))
