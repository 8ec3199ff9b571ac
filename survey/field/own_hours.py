"""A campaign's own calling hours (拨打时段): a part of those that the policy allows, never more. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache
from typing import Any, Final, Literal

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: Final[tuple[Weekday, ...]] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Times = tuple[time, time]
"""Local times: from the first up to, but not at, the second."""


@dataclass(frozen=True)
class OwnHours:
    """`windows` none: those of the policy. `weekdays` none: every day on which the policy opens."""

    windows: tuple[Times, ...] = ()
    weekdays: tuple[Weekday, ...] = ()

    def opens_on(self, day: date) -> bool:
        return not self.weekdays or WEEKDAYS[day.weekday()] in self.weekdays

    def within(self, allowed: Sequence[Times]) -> tuple[Times, ...]:
        """What of the allowed windows lies in these."""
        return tuple(_shared(allowed, self.windows)) if self.windows else tuple(allowed)


def _shared(allowed: Sequence[Times], own: Sequence[Times]) -> Iterator[Times]:
    for opens, closes in allowed:
        for first, last in own:
            if max(opens, first) < min(closes, last):
                yield max(opens, first), min(closes, last)


def written(window: str) -> Times:
    """`17:00-20:00` as two times. Raises ValueError."""
    first, _, last = window.partition("-")
    return time.fromisoformat(first), time.fromisoformat(last)


def own_hours(stored: Mapping[str, Any] | None) -> OwnHours | None:
    """As a campaign's row holds them, `{"windows": ["17:00-20:00"], "weekdays": ["mon"]}`; None: it has none of its own."""
    return _read(tuple(stored["windows"]), tuple(stored["weekdays"])) if stored else None


@lru_cache(maxsize=256)
def _read(windows: tuple[str, ...], weekdays: tuple[Weekday, ...]) -> OwnHours:
    return OwnHours(tuple(map(written, windows)), weekdays)
