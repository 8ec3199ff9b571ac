"""How often a key may ask: a bucket of tokens per key, in the memory of the web process."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

MOST_BUCKETS = 10_000
"""Buckets that are remembered; when there are more, those that are full again are forgotten."""


@dataclass
class _Bucket:
    tokens: float
    at: float


class Limiter:
    """Lets `burst` requests through at once and `per_minute` in the long run, for each name by itself."""

    def __init__(self, per_minute: float, burst: int, monotonic: Callable[[], float]) -> None:
        self._rate = per_minute / 60.0
        self._burst = float(burst)
        self._monotonic = monotonic
        self._buckets: dict[object, _Bucket] = {}

    def wait_s(self, name: object) -> int:
        """0: go on. Otherwise whole seconds until the next request of this name is let through; nothing was taken."""
        now = self._monotonic()
        bucket = self._bucket(name, now)
        if bucket.tokens >= 1.0:
            bucket.tokens -= 1.0
            return 0
        return max(1, math.ceil((1.0 - bucket.tokens) / self._rate))

    def _bucket(self, name: object, now: float) -> _Bucket:
        bucket = self._buckets.get(name)
        if bucket is None:
            if len(self._buckets) >= MOST_BUCKETS:
                self._forget_full(now)
            bucket = self._buckets[name] = _Bucket(self._burst, now)
        bucket.tokens = min(self._burst, bucket.tokens + (now - bucket.at) * self._rate)
        bucket.at = now
        return bucket

    def _forget_full(self, now: float) -> None:
        """A bucket that is full again is like one that was never there."""
        full = [n for n, b in self._buckets.items() if b.tokens + (now - b.at) * self._rate >= self._burst]
        for name in full or list(self._buckets)[: MOST_BUCKETS // 2]:
            del self._buckets[name]
