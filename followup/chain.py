"""DOOR: seals over the chains of events, and the chain of each policy. Events are chained by the database itself."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import asyncpg

from followup.store import seals
from followup.store.seals import SealedDayRow

__all__ = ["SealedDayRow", "record_policies", "seal_days"]

AFTER_MIDNIGHT = timedelta(minutes=10)
"""A day is sealed when what began before its midnight is over; what is not is under the next seal."""


async def seal_days(conn: asyncpg.Connection, *, now: datetime) -> list[SealedDayRow]:
    """Seal every day that is over, of every centre, oldest first: also those that were missed.

    An event is under the first seal whose head of its chain is at or past it. So one that is committed late, with a
    moment in a day that is sealed already, is under the next seal, and none is between two.
    """
    sealed = []
    async with conn.transaction():
        for due in await seals.due_seals(conn, now):
            day, zone = due.next_day, ZoneInfo(due.tz)
            while (over := _midnight(day + timedelta(days=1), zone)) + AFTER_MIDNIGHT <= now:
                sealed.append(await seals.seal(conn, due.centre_code, day, over, now))
                day += timedelta(days=1)
            due_at = _midnight(day + timedelta(days=1), zone) + AFTER_MIDNIGHT
            await seals.next_seal(conn, due.centre_code, day, due_at)
    return sealed


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


async def record_policies(conn: asyncpg.Connection, *, by: str, reason: str, now: datetime) -> None:
    """Write the event of each version of a policy that was put in force and has none yet. Twice changes nothing."""
    async with conn.transaction():
        await seals.lock_policy_events(conn)
        await seals.insert_policy_events(conn, by, reason, now)
