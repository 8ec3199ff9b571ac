"""Keeping the counted answers up to date: the door to table `survey.answer_rollup`.

Whoever writes an answer leaves a note in the same transaction (migration 0027). Here the notes become days, and each day is
counted again from the answers themselves, in a transaction of its own; so a run that is cut off goes on later, and what is
answered meanwhile leaves a note that the next run finds.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from survey.store import rollup
from survey.store.rollup import Pending, Wrong

Told = Callable[[int, int], None]
"""Days counted so far, and of how many."""


def _quiet(done: int, of: int) -> None:
    return None


async def refresh(conn: Any, told: Told = _quiet, *, everything: bool = False) -> list[date]:
    """Count again each day of which anything has changed, or every day; those that were, the latest first. Outside of a
    transaction."""
    async with conn.transaction(isolation="repeatable_read"):
        await rollup.alone(conn)
        if everything:
            await rollup.mark_all(conn)
        await rollup.fold(conn)
        days = await rollup.days(conn)
    counted = []
    for done, day in enumerate(days):
        told(done, len(days))
        async with conn.transaction(isolation="repeatable_read"):
            await rollup.alone(conn)
            if await rollup.count_day(conn, day):
                counted.append(day)
    told(len(days), len(days))
    return counted


@dataclass(frozen=True)
class Checked:
    """`wrong`: the first count that differs from the answers; `pending`: what is known not to be counted yet."""

    wrong: Wrong | None
    pending: Pending


async def check(conn: Any, told: Told = _quiet) -> Checked:
    """Count all answers anew, day by day, and compare, up to the first day that differs. Days that changes bear upon
    which are not counted yet are left out: those are not wrong, they are late."""
    async with conn.transaction(isolation="repeatable_read", readonly=True):
        pending = await rollup.pending(conn)
        return Checked(await _first_wrong(conn, await rollup.late(conn), told), pending)


async def _first_wrong(conn: Any, late: Collection[date], told: Told) -> Wrong | None:
    days = await rollup.every_day(conn)
    for done, day in enumerate(days):
        told(done, len(days))
        if day not in late and (wrong := await rollup.first_wrong(conn, day)) is not None:
            return wrong
    told(len(days), len(days))
    return None
