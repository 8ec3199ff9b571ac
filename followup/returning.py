"""Used by the door `cases`: a unit says that a case is not its own (退单), and who decides that."""

from __future__ import annotations

from datetime import datetime

import asyncpg

from followup import clocks, moves, telling
from followup.casework import guards
from followup.casework.lifecycle import Event
from followup.dispatching import check_lead, replace_lead
from followup.move_refusals import ReturnedBefore, UnknownSuggestion
from followup.refusals import SecondSignerMissing
from followup.store import assignments, course, units
from followup.store.cases import Step


async def give_back(
    conn: asyncpg.Connection, number: str, *, by: str, reason: str, suggested: str, now: datetime
) -> None:
    """The lead returns the case within its time to sign, names the unit that it belongs to, and why; once.

    Raises NotTheLead, SignWindowOver, ReturnedBefore, JointlyDecided, UnknownSuggestion, ReasonMissing.
    """
    async with conn.transaction():
        case = await moves.read(conn, number)
        status = moves.target(case, Event.RETURN)
        await check_lead(conn, case, by)
        moves.check(case, guards.returning(await moves.facts(conn, case), by, now), unit=by, event="return")
        words = moves.reason_in_words(case, Event.RETURN, reason)
        known = await units.known_units(conn, case.centre_code, [suggested])
        if suggested not in known or suggested == by:
            raise UnknownSuggestion(number=number, centre=case.centre_code, unit=suggested or "none")
        step = Step(status, case.round, limit_hours=case.limit_hours)
        await moves.write(
            conn, case, Event.RETURN, step, by=by, at=now, reason=words, detail={"suggested": suggested}
        )
        kept = await course.insert_return(
            conn, case.id, by, case.round, reason=words, suggested=suggested, at=now
        )
        if not kept:
            raise ReturnedBefore(number=number, unit=by)
        await telling.office(
            conn, case, "case_returned", once=f"{case.round}:{by}", now=now, unit=by, suggested=suggested
        )


async def allow_return(conn: asyncpg.Connection, number: str, *, by: str, reason: str, now: datetime) -> None:
    """The office agrees: the case lies with it again, to be dispatched to another unit. Raises OnlyJointly."""
    async with conn.transaction():
        case = await moves.read(conn, number)
        status = moves.target(case, Event.ALLOW_RETURN)
        moves.check(case, guards.deciding_return(await moves.facts(conn, case)))
        words = moves.reason_in_words(case, Event.ALLOW_RETURN, reason)
        lead = await assignments.lead_of(conn, case.id, case.round)
        step = Step(status, case.round)
        await moves.write(
            conn, case, Event.ALLOW_RETURN, step, by=by, at=now, reason=words, detail={"from_lead": lead}
        )
        await course.decide_return(conn, case.id, "allowed", now)
        await assignments.release_lead(conn, case.id, case.round, now)
        if lead:
            await telling.unit(conn, case, lead, "return_allowed", once=str(case.round), now=now)


async def deny_return(conn: asyncpg.Connection, number: str, *, by: str, reason: str, now: datetime) -> None:
    """The office does not agree: the unit must sign, and has its time to do so anew. Raises OnlyJointly."""
    async with conn.transaction():
        case = await moves.read(conn, number)
        status = moves.target(case, Event.DENY_RETURN)
        moves.check(case, guards.deciding_return(await moves.facts(conn, case)))
        words = moves.reason_in_words(case, Event.DENY_RETURN, reason)
        sign_by = (await clocks.granted(conn, case, case.kind, now)).sign_by
        step = Step(status, case.round, sign_by, case.limit_hours)
        await moves.write(conn, case, Event.DENY_RETURN, step, by=by, at=now, reason=words)
        returned = await course.decide_return(conn, case.id, "denied", now)
        if returned:
            await telling.unit(
                conn,
                case,
                returned.unit_code,
                "return_denied",
                once=str(case.round),
                now=now,
                sign_by=telling.hour(sign_by),
            )


async def decide_jointly(
    conn: asyncpg.Connection,
    number: str,
    *,
    lead: str,
    reason: str,
    by: str,
    second_by: str,
    now: datetime,
) -> None:
    """The second dispute of a round: office and 综治办 name the lead together (兜底); it cannot be returned again.

    Raises NotYetJointly, SecondSignerMissing, UnknownUnit, ReasonMissing.
    """
    async with conn.transaction():
        case = await moves.read(conn, number)
        moves.target(case, Event.DECIDE_JOINTLY)
        moves.check(case, guards.deciding_jointly(await moves.facts(conn, case)))
        if second_by.strip() in ("", by.strip()):
            raise SecondSignerMissing(number=number, event=Event.DECIDE_JOINTLY, by=by)
        signed = moves.reason_in_words(case, Event.DECIDE_JOINTLY, reason)
        await replace_lead(
            conn,
            case,
            Event.DECIDE_JOINTLY,
            lead,
            reason=f"{signed} ({second_by} signed too)",
            by=by,
            now=now,
            may_stay=True,
        )
        await course.decide_return(conn, case.id, "joint", now)
