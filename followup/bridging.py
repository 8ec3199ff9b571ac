"""DOOR: a masked call between a unit and a resident (隐号通话), whose record is the proof that they spoke.

The unit never has the resident's number: it asks for a call (`call`), its own telephone rings, and then the resident's
(`survey.masked_calls`). What came of it is heard afterwards (`hear`). The reference of a call is used once and before it
expires; a centre that has a switch of its own asks with `request` and says `begin` and `end` itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

import asyncpg

from followup import moves
from followup.intake_policy import intake_policy
from followup.refusals import (
    BridgeNotUsable,
    CallGoesOn,
    NobodyToAsk,
    NotItsCase,
    NoUnitTelephone,
    UseTheRelay,
)
from followup.routes import matter_of
from followup.store import assignments, bridges, notice_addresses
from followup.store.bridges import BridgeRow, CallRow
from followup.store.cases import CaseRow, number_of
from followup.store.events import EventRow, insert_events
from survey import masked_calls
from survey.ids import Tokens
from survey.masked_calls import NewMaskedCall

__all__ = ["Bridge", "CallRow", "begin", "call", "calls", "end", "hear", "proof", "request"]

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


async def call(conn: asyncpg.Connection, number: str, *, unit: str, now: datetime, tokens: Tokens) -> Bridge:
    """The unit's telephone rings at once; when somebody there presses a key, the resident's does.

    Raises CallGoesOn, NoUnitTelephone, and what `request` raises.
    """
    async with conn.transaction():
        case = await moves.read_still(conn, number)
        await _check(conn, case, unit)
        if await bridges.is_on_the_telephone(conn, unit):
            raise CallGoesOn(unit=unit)
        telephone = await notice_addresses.sealed_telephone(conn, f"unit:{unit}")
        if telephone is None:
            raise NoUnitTelephone(unit=unit)
        to = await notice_addresses.resident(conn, number)
        names = await notice_addresses.centre_names(conn, case.centre_code)
        assert to is not None and names is not None  # a case with a person has an area and a centre
        made = await request(conn, number, unit=unit, now=now, tokens=tokens)
        policy, chinese = intake_policy().bridge, not to.lang.startswith("en")
        hours = (to.contact_from, to.contact_until)
        await masked_calls.owe(
            conn,
            NewMaskedCall(
                ref=made.ref,
                person_id=to.person_id,
                asker_cipher=telephone,
                asker_words=policy.to_unit.format(
                    centre=names.name_zh, short=case.short_number, seconds=policy.proof_seconds
                ),
                person_words=policy.to_resident["zh" if chinese else "en"].format(
                    centre=names.name_zh if chinese else names.name_en
                ),
                lang=to.lang,
                tz=to.tz,
                own_hours=hours if isinstance(hours[0], time) and isinstance(hours[1], time) else None,  # type: ignore[arg-type]
                asked_at=now,
                until_at=made.expires_at,
            ),
        )
        return made


async def calls(conn: asyncpg.Connection, number: str, *, unit: str) -> list[CallRow]:
    """The masked calls that the unit asked for in this round. Raises UnknownCase."""
    case = await moves.read(conn, number)
    return await bridges.calls(conn, case.id, case.round, unit)


async def hear(conn: asyncpg.Connection) -> int:
    """Masked calls that are over: what came of each, once; how many."""
    async with conn.transaction():
        finished = await masked_calls.take_finished(conn)
        for one in finished:
            if one.called_at is not None:
                await begin(conn, one.ref, now=one.called_at)
                await end(conn, one.ref, seconds=one.seconds, now=one.over_at, outcome=one.outcome)
        return len(finished)


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


async def end(
    conn: asyncpg.Connection, ref: str, *, seconds: int, now: datetime, outcome: str = "talked"
) -> bool:
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
            detail = {"seconds": row.seconds, "proof": proves, "outcome": outcome}
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
