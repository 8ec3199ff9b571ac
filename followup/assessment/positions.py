"""Positions in a ranking (位次), and how they change from one time to the next (domain.md §4.5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def positions(scores: Sequence[float]) -> list[int]:
    """The position of each score, the highest first; equal ones share the better position: 1, 2, 2, 4."""
    return [1 + sum(other > score for other in scores) for score in scores]


def change(previous: int, current: int) -> int:
    """By how many places somebody went up; negative: down."""
    return previous - current


def shown(places: int) -> str:
    """▲108 for up 108 places, ▼3 for down three, and a dash for none."""
    if places == 0:
        return "—"
    return f"▲{places}" if places > 0 else f"▼{-places}"


def changes(previous: Mapping[str, float], current: Mapping[str, float]) -> dict[str, int]:
    """The change of position of everybody who has a score both times; positions are taken among all of that time."""
    before = dict(zip(previous, positions(list(previous.values())), strict=True))
    now = dict(zip(current, positions(list(current.values())), strict=True))
    return {name: change(before[name], now[name]) for name in current if name in before}
