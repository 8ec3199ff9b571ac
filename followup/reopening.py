"""Used by the door `cases`: a matter that comes back although no unit ever had it."""

from __future__ import annotations

from datetime import datetime

import asyncpg

from followup import clocks, moves, telling
from followup.casework import guards, states
from followup.casework.lifecycle import Event
from followup.dispatching import office_for
from followup.refusals import AlreadyDecided
from followup.store import cases, objections
from followup.store.cases import Step


async def hand_up(
    conn: asyncpg.Connection, number: str, *, reason: str, by: str, now: datetime, office: str | None = None
) -> str:
    """An objection to a case that nobody led is right: the supervision office has it, to be dispatched at last.

    Returns which office. Raises HasALead, AlreadyDecided, UnknownOffice, ReasonMissing.
    """
    async with conn.transaction():
        case = await moves.read(conn, number)
        status = moves.target(case, Event.HAND_UP)
        moves.check(case, guards.handing_up(await moves.facts(conn, case)))
        words = moves.reason_in_words(case, Event.HAND_UP, reason)
        chosen = office_for(case, office or case.office)
        await moves.write(
            conn,
            case,
            Event.HAND_UP,
            Step(status, case.round),
            by=by,
            at=now,
            reason=words,
            detail={"office": chosen},
        )
        await cases.name_office(conn, case.id, chosen)
        due = states.due(status, now, await clocks.office(conn, case.centre_code))
        if due is not None:
            by_then = telling.hour(due)
            once = f"{case.round}:{now.isoformat()}"
            await telling.office(conn, case, "case_submitted", once=once, now=now, which=chosen, due=by_then)
        if not await objections.decide_objection(conn, case.id, "redispatch", by, now, words):
            raise AlreadyDecided(number=number, round=case.round)
        return chosen
