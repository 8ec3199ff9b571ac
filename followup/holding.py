"""Used by the door `cases`: a major matter leaves the normal way (重大信息), and comes back to it.

The report itself, its ladder and its receipts are `followup.major`.
"""

from __future__ import annotations

from datetime import datetime

import asyncpg

from followup import moves
from followup.casework.lifecycle import Event
from followup.move_refusals import UnknownOutcome
from followup.store.cases import Step

RELEASES = ("final", "false_alarm")


async def hold(
    conn: asyncpg.Connection, number: str, *, reason: str, by: str, now: datetime, report: str | None = None
) -> None:
    """The case is held while a major report goes its way; nothing else moves it but a withdrawal.

    `report`: the reference of the report. Raises ReasonMissing.
    """
    async with conn.transaction():
        case = await moves.read(conn, number)
        status = moves.target(case, Event.REPORT_MAJOR)
        words = moves.reason_in_words(case, Event.REPORT_MAJOR, reason)
        step = Step(status, case.round)
        await moves.write(
            conn, case, Event.REPORT_MAJOR, step, by=by, at=now, reason=words, detail={"report": report}
        )


async def release(
    conn: asyncpg.Connection, number: str, *, outcome: str, reason: str, by: str, now: datetime
) -> None:
    """The report is final (终报) or was a false alarm (误报): the case goes on as accepted.

    Raises UnknownOutcome, ReasonMissing.
    """
    async with conn.transaction():
        case = await moves.read(conn, number)
        status = moves.target(case, Event.RELEASE_MAJOR)
        if outcome not in RELEASES:
            raise UnknownOutcome(number=number, outcome=outcome, known=", ".join(RELEASES))
        words = moves.reason_in_words(case, Event.RELEASE_MAJOR, reason)
        step = Step(status, case.round)
        await moves.write(
            conn, case, Event.RELEASE_MAJOR, step, by=by, at=now, reason=words, detail={"outcome": outcome}
        )
