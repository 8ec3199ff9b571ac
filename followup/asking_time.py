"""Used by the door `cases`: a lead asks for more time, and the supervision office says no. Saying yes is `working.extend`."""

from __future__ import annotations

from datetime import datetime

import asyncpg

from followup import moves, telling
from followup.casework import guards
from followup.casework.lifecycle import Event
from followup.dispatching import check_lead
from followup.move_refusals import AskedForTimeBefore, NoTimeAskedFor
from followup.store import events
from followup.store import extension_requests as requests
from followup.store.events import EventRow

ASK, DENY = "ask_extension", "deny_extension"


async def ask_extension(
    conn: asyncpg.Connection, number: str, *, by: str, reason: str, now: datetime, days: int | None = None
) -> int:
    """The lead asks for `days` working days more, by default all that its class may have; how many it asked for.

    Nothing of the case moves, and its time runs on until the office has decided. Raises NotTheLead, ReasonMissing,
    AskedForTimeBefore, and what `working.extend` raises: what cannot be granted is not asked for.
    """
    async with conn.transaction():
        case = await moves.read_still(conn, number)
        moves.target(case, Event.EXTEND)
        facts = await moves.facts(conn, case)
        granted = guards.extension_days(facts) or 0
        moves.check(case, guards.extending(facts, now, days), days=days, granted=granted)
        await check_lead(conn, case, by)
        words = moves.reason_in_words(case, ASK, reason)
        more = days or granted
        if not await requests.ask(conn, case.id, case.round, by, days=more, reason=words, at=now):
            raise AskedForTimeBefore(number=number)
        await _event(conn, case.id, case.round, ASK, case.status, by, words, now, more)
        await telling.office(
            conn,
            case,
            "extension_asked",
            once=now.isoformat(),
            now=now,
            unit=by,
            days=str(more),
            reason=words,
        )
        return more


async def deny_extension(
    conn: asyncpg.Connection, number: str, *, by: str, reason: str, now: datetime
) -> None:
    """The office does not grant it; the lead is told why. Raises NoTimeAskedFor, ReasonMissing."""
    async with conn.transaction():
        case = await moves.read_still(conn, number)
        words = moves.reason_in_words(case, DENY, reason)
        denied = await requests.decide(conn, case.id, "denied", by=by, at=now, why=words)
        if denied is None:
            raise NoTimeAskedFor(number=number)
        await _event(conn, case.id, case.round, DENY, case.status, by, words, now, denied.days)
        due = telling.day(case.due_at) if case.due_at else "-"
        await telling.unit(
            conn,
            case,
            denied.unit_code,
            "extension_denied",
            once=now.isoformat(),
            now=now,
            due=due,
            reason=words,
        )


async def _event(
    conn: asyncpg.Connection,
    case_id: int,
    round_: int,
    event: str,
    status: str,
    by: str,
    words: str,
    now: datetime,
    days: int,
) -> None:
    row = EventRow(case_id, round_, event, status, status, by, words, now, {"days": days})
    await events.insert_events(conn, [row])
