"""DOOR: a masked call between a unit and a resident (隐号通话), whose record is the proof that they spoke.

The unit never has the resident's number: it asks for a call, and whoever connects the two lines uses the
reference, once and before it expires. What connects them is not here: the carrier's interface rings one person at
a time, so a switch that joins two lines calls `begin` before it rings and `end` with the seconds of the talk.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg

from followup import moves
from followup.intake_policy import intake_policy
from followup.refusals import BridgeNotUsable, NobodyToAsk, NotItsCase, UseTheRelay
from followup.routes import matter_of
from followup.store import assignments, bridges
from followup.store.bridges import BridgeRow
from followup.store.cases import CaseRow, number_of
from followup.store.events import EventRow, insert_events
from survey.ids import Tokens

__all__ = ["Bridge", "begin", "end", "proof", "request"]

REQUEST, TALK = "bridge_request", "bridge_talk"


@dataclass(frozen=True)
class Bridge:
    """A call that may be begun once until it expires."""

    ref: str
    expires_at: datetime


async def request(
    conn: asyncpg.Connection, number: str, *, unit: str, now: datetime, tokens: Tokens
) -> Bridge:
    """The lead or an assisting unit asks for a call to the resident of a named case.

    Raises NotItsCase, NobodyToAsk, UseTheRelay where the resident must stay unknown, UnknownCase.
    """
    async with conn.transaction():
        case = await moves.read_still(conn, number)
        await _check(conn, case, unit)
        expires_at = now + timedelta(minutes=intake_policy().bridge.expires_minutes)
        ref = tokens()
        await bridges.insert_bridge(conn, ref, case.id, case.round, unit, now, expires_at)
        await _event(conn, case, REQUEST, unit, now, {"expires_at": expires_at.isoformat()})
        return Bridge(ref, expires_at)


async def _check(conn: asyncpg.Connection, case: CaseRow, unit: str) -> None:
    theirs = {
        one.unit_code
        for one in await assignments.assignments_of(conn, case.id)
        if one.round == case.round and one.role != "former"
    }
    if unit not in theirs:
        raise NotItsCase(number=case.number, round=case.round, unit=unit)
    if case.person_id is None:
        raise NobodyToAsk(number=case.number)
    if case.anonymity != "named" or (await matter_of(conn, case)).about_official:
        raise UseTheRelay(number=case.number)


async def begin(conn: asyncpg.Connection, ref: str, *, now: datetime) -> BridgeRow:
    """Use the call up, before anybody is rung. Raises BridgeNotUsable: unknown, used, or expired."""
    if not await bridges.begin(conn, ref, now):
        known = await bridges.bridge_of(conn, ref)
        why = "is not known" if known is None else "was used" if known.begun_at else "has expired"
        raise BridgeNotUsable(why=why)
    begun = await bridges.bridge_of(conn, ref)
    assert begun is not None  # it has just been begun
    return begun


async def end(conn: asyncpg.Connection, ref: str, *, seconds: int, now: datetime) -> bool:
    """The call is over; whether it proves a contact. `seconds`: for which both were connected, 0 if nobody answered.

    Said twice, the first word stands. Raises BridgeNotUsable for a call that never began.
    """
    async with conn.transaction():
        ended = await bridges.end(conn, ref, now, seconds)
        row = await bridges.bridge_of(conn, ref)
        if row is None or row.seconds is None:
            raise BridgeNotUsable(why="never began")
        proves = row.seconds >= intake_policy().bridge.proof_seconds
        if ended:
            case = await moves.read_still(conn, await number_of(conn, row.case_id))
            detail = {"seconds": row.seconds, "proof": proves}
            await _event(conn, case, TALK, row.unit_code, now, detail)
        return proves


async def proof(conn: asyncpg.Connection, case: CaseRow, unit: str) -> datetime | None:
    """When the unit last spoke with the resident over a masked call of this round; None: no such record."""
    enough = intake_policy().bridge.proof_seconds
    return await bridges.proof(conn, case.id, case.round, unit, enough)


async def _event(
    conn: asyncpg.Connection, case: CaseRow, event: str, by: str, at: datetime, detail: Mapping[str, object]
) -> None:
    row = EventRow(case.id, case.round, event, case.status, case.status, by, None, at, detail)
    await insert_events(conn, [row])
