"""Token buckets: how much may be handed to the carrier at this moment, and when the next of it. Pure; moments are arguments."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import floor

_MICRO = timedelta(microseconds=1)


@dataclass(frozen=True)
class Bucket:
    """`rate` tokens a second run in, up to `most`; `tokens` were there at `at`."""

    rate: float
    most: float
    tokens: float
    at: datetime

    def filled(self, now: datetime) -> "Bucket":
        """What has run in since. A clock that went back adds nothing."""
        seconds = max(0.0, (now - self.at).total_seconds())
        return replace(self, tokens=min(self.most, self.tokens + seconds * self.rate), at=max(self.at, now))

    def whole(self) -> int:
        """Tokens that can be taken; a hair below a whole one counts as one, as seconds are rounded."""
        return floor(self.tokens + 1e-9)

    def taken(self, n: float) -> "Bucket":
        """Without `n` tokens; below nothing where more was taken than was there: that is waited for later."""
        return replace(self, tokens=self.tokens - n)

    def ready_at(self) -> datetime:
        """When the next whole token is there."""
        lacking = 1.0 - self.tokens
        return self.at if lacking <= 1e-9 else self.at + timedelta(seconds=lacking / self.rate) + _MICRO
