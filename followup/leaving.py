"""Used by the door `cases`: what residents do with their case. They withdraw it (撤诉), or object to its end (异议)."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import asyncpg

from followup import clocks, moves, telling, verifying
from followup.casework import decision_clock, guards
from followup.casework.lifecycle import Event
from followup.casework.limits import limits
from followup.move_refusals import (
    NothingToCheck,
    ObjectionTooLate,
    UnknownChannel,
    UnknownOutcome,
    UnknownProof,
    UnknownQueryCode,
)
from followup.refusals import SomebodyWasFirst
from followup.store import assignments, cases, endings, events, objections, results
from followup.store import callbacks as callback_rows
from followup.store.cases import CaseRow, Step
from followup.store.events import EventRow
from followup.store.objections import PressureCheckLine
from survey.fielding import withdraw as withdraw_unit
from survey.masking import without_numbers

PROOFS = ("recording", "text")
CHANNELS = ("query_code", "text", "phone", "visit")
OUTCOMES = ("free", "pressed", "unreached")
Outcome = Literal["free", "pressed", "unreached"]
RESIDENT = "resident"
CALLED = "callback_pending"
SYSTEM = "system"


async def withdraw(
    conn: asyncpg.Connection,
    number: str,
    *,
    proof: str,
    ref: str,
    reason: str,
    now: datetime,
    by: str = RESIDENT,
    unit_contact_at: datetime | None = None,
) -> datetime | None:
    """The resident takes the case back. `proof`: recording or text, `ref` its reference.

    Whatever was still to be asked is not; a flag or an objection that waited is decided by them. If a unit had
    spoken with them within 24 hours (by its own result, or `unit_contact_at` as the resident says), somebody asks
    whether they were pressed: returns until when. Raises UnknownProof, ReasonMissing, SomebodyWasFirst.
    """
    async with conn.transaction():
        case = await moves.read(conn, number)
        status = moves.target(case, Event.WITHDRAW)
        if proof not in PROOFS or not ref.strip():
            raise UnknownProof(number=number, proof=f"{proof} {ref}".strip() or "nothing")
        words = without_numbers(moves.reason_in_words(case, Event.WITHDRAW, reason))
        contact_at = unit_contact_at or await results.last_contact(conn, case.id)
        check_by = guards.pressed_soon(contact_at, now)
        detail = {
            "proof": proof,
            "ref": ref.strip(),
            "unit_contact_at": contact_at.isoformat() if contact_at else None,
            "pressure_check_by": check_by.isoformat() if check_by else None,
        }
        step = Step(status, case.round, ending=status, closed_at=now)
        if case.status == CALLED:  # before the case, as the verdict does: nobody waits for the other
            await _call_off(conn, case, now)
        await moves.write(conn, case, Event.WITHDRAW, step, by=by, at=now, reason=words, detail=detail)
        await _decide(conn, case, by, words, now)
        if contact_at is not None and check_by is not None:
            await objections.insert_pressure_check(
                conn, case.id, case.round, contact_at=contact_at, withdrawn_at=now, due_at=check_by
            )
        lead = await assignments.lead_of(conn, case.id, case.round)
        if lead:
            await telling.unit(conn, case, lead, "case_withdrawn", once=str(case.round), now=now)
        return check_by


async def _call_off(conn: asyncpg.Connection, case: CaseRow, now: datetime) -> None:
    """Nobody is asked about the case any more."""
    unit_ref = await endings.settle_withdrawn(conn, case.id, case.round, now)
    if unit_ref is None:  # answered a moment ago: the verdict moves the case
        raise SomebodyWasFirst(number=case.number, status=case.status, round=case.round)
    if unit_ref:
        await withdraw_unit(conn, unit_ref, now=now)


async def _decide(conn: asyncpg.Connection, case: CaseRow, by: str, words: str, now: datetime) -> None:
    """What waited for a decision does not any more: the resident has taken it."""
    decided = await callback_rows.decide(conn, case.id, case.round, "withdrawn", by, now, words)
    if decided and decided.verify_unit_ref is not None:
        await verifying.call_off(conn, decided.verify_unit_ref, now=now)
    await objections.decide_objection(conn, case.id, "withdrawn", by, now, words)


async def check_pressure(
    conn: asyncpg.Connection, number: str, *, outcome: str, words: str, by: str, now: datetime
) -> str:
    """Somebody asked a resident who had withdrawn whether they were pressed: free, pressed, or unreached.

    Pressed is an objection: the supervisor decides on the case. Returns the state that it is in then.
    Raises NothingToCheck, UnknownOutcome, ReasonMissing.
    """
    async with conn.transaction():
        case = await moves.read(conn, number)
        said = without_numbers(moves.reason_in_words(case, "check_pressure", words))
        if outcome not in OUTCOMES:
            raise UnknownOutcome(number=number, outcome=outcome, known=", ".join(OUTCOMES))
        if not await objections.settle_pressure_check(conn, case.id, outcome, said, by, now):
            raise NothingToCheck(number=number)
        checked = EventRow(
            case.id,
            case.round,
            "check_pressure",
            case.status,
            case.status,
            by,
            said,
            now,
            {"outcome": outcome},
        )
        await events.insert_events(conn, [checked])
        if outcome == "pressed":
            return await _object(conn, case, channel="pressure_check", words=said, by=by, now=now)
        return case.status


async def pressure_checks(conn: asyncpg.Connection, centre_code: str) -> list[PressureCheckLine]:
    """Withdrawals of a centre that somebody must ask about, the most urgent first."""
    return await objections.pressure_checks(conn, centre_code)


async def object_to(
    conn: asyncpg.Connection, number: str, *, channel: str, words: str, now: datetime, by: str = RESIDENT
) -> str:
    """The resident does not accept how their case ended; a supervisor decides. Returns the state it is in then.

    Possible for 30 days, from whatever end. Raises ObjectionTooLate, UnknownChannel, ReasonMissing.
    """
    async with conn.transaction():
        case = await moves.read(conn, number)
        moves.target(case, Event.OBJECT)
        if channel not in CHANNELS:
            raise UnknownChannel(number=number, channel=channel)
        return await _object(conn, case, channel=channel, words=words, by=by, now=now)


async def object_by_query_code(
    conn: asyncpg.Connection, query_code: str, *, words: str, now: datetime
) -> str:
    """The same by the code that the resident was told; no telephone is needed. Raises UnknownQueryCode."""
    number = await cases.number_of_query_code(conn, query_code.strip().upper())
    if number is None:
        raise UnknownQueryCode()
    return await object_to(conn, number, channel="query_code", words=words, now=now)


async def _object(
    conn: asyncpg.Connection, case: CaseRow, *, channel: str, words: str, by: str, now: datetime
) -> str:
    status = moves.target(case, Event.OBJECT)
    if guards.objecting(await moves.facts(conn, case), now):
        closed = telling.hour(case.closed_at) if case.closed_at else "long ago"
        raise ObjectionTooLate(number=case.number, closed_at=closed, days=limits().objection_days)
    said = without_numbers(moves.reason_in_words(case, Event.OBJECT, words))
    waits = decision_clock.waiting(now, now, await clocks.office(conn, case.centre_code))
    step = Step(status, case.round, waits.goes_on_at)
    detail = {"channel": channel, "ending": case.status, "decision_post": waits.post}
    await moves.write(conn, case, Event.OBJECT, step, by=by, at=now, reason=said, detail=detail)
    await objections.insert_objection(
        conn,
        case.id,
        case.round,
        channel=channel,
        words=said,
        at=now,
        from_status=case.status,
        due_at=waits.goes_on_at,
        post=waits.post,
    )
    return status


async def escalate_objections(conn: asyncpg.Connection, now: datetime) -> int:
    """Hand decisions on objections that were not taken in time to the next post; how many. Nothing is decided."""
    async with conn.transaction():
        overdue = await objections.overdue_objections(conn, now)
        offices = {code: await clocks.office(conn, code) for code in {one.centre_code for one in overdue}}
        handed = [
            EventRow(
                one.case_id,
                one.round,
                f"decision_to_{to.post}",
                one.case_status,
                one.case_status,
                SYSTEM,
                f"not decided by the {one.decision_post} until {one.decision_due_at.isoformat()}",
                now,
            )
            for one in overdue
            for to in [decision_clock.waiting(one.objected_at, now, offices[one.centre_code])]
            if await objections.hand_objection_on(conn, one.id, one.decision_post, to.post, to.goes_on_at)
            and to.post != one.decision_post  # it waits for the same person still: a day off was set since
        ]
        await events.insert_events(conn, handed)
    return len(handed)
