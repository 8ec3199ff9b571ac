"""Calls and segments a second, counted in virtual time, with a burst of one grain of that time."""

from datetime import datetime
from math import ceil

GRAIN_S = 5.0


class Rate:
    """A bucket of tokens, one for each call or segment; it holds one grain's worth, for inside a grain time stands
    still."""

    def __init__(self, per_second: float) -> None:
        self.per_second = per_second
        self._capacity = max(1.0, per_second * GRAIN_S)
        self._tokens = self._capacity
        self._filled_at: datetime | None = None

    def take(self, now: datetime, tokens: int = 1) -> int:
        """0 when so many may go now, else the whole seconds after which to try again. More than the bucket holds go when
        it is full, and what they take too much is owed."""
        if self._filled_at is not None:
            grown = (now - self._filled_at).total_seconds() * self.per_second
            self._tokens = min(self._capacity, self._tokens + grown)
        self._filled_at = now
        needed = min(float(tokens), self._capacity)
        if self._tokens >= needed:
            self._tokens -= tokens
            return 0
        return max(1, ceil((needed - self._tokens) / self.per_second))
