"""Used by the door `cases`: what has been quiet for 30 days since its end is put away (归档), for good."""

from __future__ import annotations

from datetime import datetime

import asyncpg

from followup import moves
from followup.casework import guards
from followup.casework.lifecycle import CLOSED, Event
from followup.move_refusals import NotQuietYet
from followup.store import endings, events
from followup.store.endings import QuietCase
from followup.store.events import EventRow

FROM = (*CLOSED, "answered")
SYSTEM = "system"


async def archive_quiet(conn: asyncpg.Connection, *, now: datetime, limit: int = 500) -> int:
    """Put away every case that has been quiet long enough; how many. Run twice, it finds nothing the second time.

    A case to which something happened since its end is looked at again 30 days after that; one whose withdrawal is
    still to be asked about waits, and so does one with a flag that nobody has decided. (An objection opens the case again.)
    """
    async with conn.transaction():
        away = 0
        for case in await endings.quiet_cases(conn, now, FROM, limit):
            quiet_until = guards.objection_ends(case.quiet_since)
            if quiet_until > now:
                await endings.look_later(conn, case.id, quiet_until)
            else:
                away += await _put_away(conn, case, now)
    return away


async def archive(conn: asyncpg.Connection, number: str, *, now: datetime) -> None:
    """Put one case away. Raises NotQuietYet before its 30 quiet days are over."""
    async with conn.transaction():
        case = await moves.read(conn, number)
        moves.target(case, Event.ARCHIVE)
        quiet = await endings.quiet_cases(conn, now, FROM, case_id=case.id)
        ends = guards.objection_ends(quiet[0].quiet_since) if quiet else None
        if ends is None or ends > now:
            raise NotQuietYet(
                number=number, ends=ends.isoformat(timespec="minutes") if ends else "not yet known"
            )
        await _put_away(conn, quiet[0], now)


async def _put_away(conn: asyncpg.Connection, case: QuietCase, now: datetime) -> bool:
    to = "archived"
    reason = f"quiet since {case.quiet_since.isoformat()}"
    event = EventRow(case.id, case.round, Event.ARCHIVE, case.status, to, SYSTEM, reason, now)
    await events.insert_events(conn, [event])
    return await endings.archive(conn, case.id, case.status)
