"""Used by the door `cases`: from the centre to a supervision office, from there to the units, and who leads a round."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import asyncpg

from followup import clocks, major, moves, routes, telling
from followup.casework import guards, states
from followup.casework.lifecycle import Event
from followup.casework.limits import Due
from followup.move_refusals import (
    AnotherOffice,
    NotToThisUnit,
    PlanMissing,
    SameLead,
    UnknownOffice,
)
from followup.refusals import NotTheLead, UnknownUnit
from followup.store import assignments, cases, course, endings, events, units
from followup.store.cases import CaseRow, Step
from followup.store.endings import DispatchTime
from followup.store.events import EventRow

OFFICES = ("party", "government")
PUT_OFF = "put_off"
ABOUT_OFFICIALS = 3
"""Duty 3, criticism of officials: the Party's office has it (R04)."""


async def submit(
    conn: asyncpg.Connection, number: str, *, by: str, now: datetime, office: str | None = None
) -> str:
    """The centre hands the case to a supervision office (呈报), which has a working day to dispatch it.

    `office`: party or government; None: the Party's for what criticises officials, the government's for all else.
    Returns which it was. Raises UnknownOffice.
    """
    async with conn.transaction():
        case = await moves.read(conn, number)
        status = moves.target(case, Event.SUBMIT)
        chosen = office_for(case, office)
        await moves.write(
            conn, case, Event.SUBMIT, Step(status, case.round), by=by, at=now, detail={"office": chosen}
        )
        await cases.name_office(conn, case.id, chosen)
        due = states.due(status, now, await clocks.office(conn, case.centre_code))
        if due is not None:
            by_then = telling.hour(due)
            once = f"{case.round}:{now.isoformat()}"
            await telling.office(conn, case, "case_submitted", once=once, now=now, which=chosen, due=by_then)
        return chosen


def office_for(case: CaseRow, office: str | None) -> str:
    """The office that was named, or the one that such cases go to. Raises UnknownOffice."""
    if office is None:
        about_officials = case.duty_no == ABOUT_OFFICIALS or case.criticised_unit is not None
        return "party" if about_officials else "government"
    if office not in OFFICES:
        raise UnknownOffice(number=case.number, office=office)
    return office


async def dispatch(
    conn: asyncpg.Connection,
    number: str,
    *,
    lead: str,
    assists: Sequence[str] = (),
    mandatory: Collection[str] = (),
    by: str,
    now: datetime,
    office: str | None = None,
    complex_: bool = False,
    leader: str | None = None,
    plan: str | None = None,
) -> None:
    """The supervision office gives the case to one lead and any number of assisting units (交办).

    `mandatory`: assisting units without whose part the lead cannot report. `office`: which office dispatches,
    checked where it is given. `complex_` (疑难): limits of that class, and a leader of the unit and a plan (R40).
    Raises UnknownUnit, AnotherOffice, LeadReturnedIt, PlanMissing.
    """
    async with conn.transaction():
        case = await moves.read(conn, number)
        status = moves.target(case, Event.DISPATCH)
        await major.held(conn, case)
        if office is not None and office != case.office:
            raise AnotherOffice(number=number, office=case.office or "no", given=office)
        helpers = list(dict.fromkeys([*assists, *mandatory]))
        await check_units(conn, case, [lead, *helpers], by=by)
        facts = await moves.facts(conn, case)
        is_complex = complex_ or facts.complex
        if is_complex and not (leader and plan):
            raise PlanMissing(number=number, round=case.round)
        moves.check(case, guards.dispatching(facts, lead), unit=lead)
        due = await clocks.grant(conn, case, "complex" if is_complex else case.kind, case.round, now)
        detail = {
            "lead": lead,
            "assists": helpers,
            "mandatory": sorted(mandatory),
            "office": case.office,
            **_limits(due),
        }
        step = Step(status, case.round, due.sign_by, due.allowed_hours)
        await moves.write(
            conn, case, Event.DISPATCH, step, by=by, at=now, reason=f"lead {lead}", detail=detail
        )
        if is_complex:
            await cases.mark_complex(conn, case.id)
        if leader and plan:
            await course.put_plan(conn, case.id, case.round, owner_leader=leader, plan=plan, by=by, at=now)
        await hand_out(
            conn, case, case.round, lead=lead, assists=helpers, mandatory=mandatory, due=due, now=now
        )


async def hand_out(
    conn: asyncpg.Connection,
    case: CaseRow,
    round_: int,
    *,
    lead: str,
    assists: Sequence[str] = (),
    mandatory: Collection[str] = (),
    due: Due,
    now: datetime,
) -> None:
    """Write who has the round, and tell them."""
    await assignments.assign(
        conn,
        case.id,
        round_,
        lead=lead,
        assists=assists,
        mandatory=mandatory,
        at=now,
        due_at=due.handle_by,
    )
    for code in dict.fromkeys([lead, *assists]):
        await telling.unit(
            conn,
            case,
            code,
            "dispatched",
            once=f"{round_}:{now.isoformat()}",
            now=now,
            sign_by=telling.hour(due.sign_by),
            due=telling.hour(due.handle_by),
        )


def _limits(due: Due) -> dict[str, str]:
    return {"sign_by": due.sign_by.isoformat(), "handle_by": due.handle_by.isoformat()}


async def hand_back(conn: asyncpg.Connection, number: str, *, by: str, reason: str, now: datetime) -> None:
    """The supervision office does not take it (退回中心): classified wrongly, not for units, or unclear. The centre decides what
    becomes of it, and has its time to do so anew. Raises ReasonMissing."""
    async with conn.transaction():
        case = await moves.read(conn, number)
        status = moves.target(case, Event.HAND_BACK)
        words = moves.reason_in_words(case, Event.HAND_BACK, reason)
        await moves.write(conn, case, Event.HAND_BACK, Step(status, case.round), by=by, at=now, reason=words)
        await telling.post(
            conn, case, "supervisor", "handed_back", once=now.isoformat(), now=now, reason=words
        )


async def put_off(conn: asyncpg.Connection, number: str, *, by: str, reason: str, now: datetime) -> None:
    """The supervision office cannot dispatch it yet, and says why (暂缓). Nothing moves, and its time runs on.

    Raises NotPossibleNow for a case that does not wait to be dispatched, ReasonMissing.
    """
    async with conn.transaction():
        case = await moves.read_still(conn, number)
        moves.target(case, Event.DISPATCH)
        words = moves.reason_in_words(case, PUT_OFF, reason)
        row = EventRow(case.id, case.round, PUT_OFF, case.status, case.status, by, words, now)
        await events.insert_events(conn, [row])


async def sign(conn: asyncpg.Connection, number: str, *, by: str, now: datetime) -> None:
    """The lead signs for the case (签收); from now on its result is due. Raises NotTheLead."""
    async with conn.transaction():
        case = await moves.read(conn, number)
        status = moves.target(case, Event.SIGN)
        await check_lead(conn, case, by)
        due_at = await assignments.sign_lead(conn, case.id, case.round, now)
        step = Step(status, case.round, due_at, case.limit_hours)
        late = bool(case.due_at and now > case.due_at)
        await moves.write(conn, case, Event.SIGN, step, by=by, at=now, detail={"late": late})


async def change_lead(
    conn: asyncpg.Connection, number: str, *, lead: str, reason: str, by: str, now: datetime
) -> None:
    """The supervision office names another lead while the case may still be signed for (改派), e.g. after a
    re-dispatch of which it has its copy. Raises SignWindowOver, SameLead, UnknownUnit, ReasonMissing.
    """
    async with conn.transaction():
        case = await moves.read(conn, number)
        moves.target(case, Event.CHANGE_LEAD)
        moves.check(case, guards.changing_lead(await moves.facts(conn, case), now), event="change_lead")
        await replace_lead(conn, case, Event.CHANGE_LEAD, lead, reason=reason, by=by, now=now)


async def reassign_lead(
    conn: asyncpg.Connection, number: str, *, lead: str, reason: str, by: str, now: datetime
) -> None:
    """Coordination (综治办) gives a case of several departments to another lead, signed or not (R32).

    Both leads stand in the event; the time to handle it runs on. Raises SameLead, UnknownUnit, ReasonMissing.
    """
    async with conn.transaction():
        case = await moves.read(conn, number)
        moves.target(case, Event.REASSIGN_LEAD)
        await replace_lead(conn, case, Event.REASSIGN_LEAD, lead, reason=reason, by=by, now=now)


async def replace_lead(
    conn: asyncpg.Connection,
    case: CaseRow,
    event: Event,
    lead: str,
    *,
    reason: str,
    by: str,
    now: datetime,
    may_stay: bool = False,
) -> str | None:
    """Another unit leads the round from now on and has its time to sign; who led it before.

    `may_stay`: the same unit may be named again.
    """
    words = moves.reason_in_words(case, event, reason)
    await check_units(conn, case, [lead], by=by)
    before = await assignments.lead_of(conn, case.id, case.round)
    if lead == before and not may_stay:
        raise SameLead(number=case.number, round=case.round, unit=lead)
    handle_by = await assignments.handle_by(conn, case.id, case.round)
    due = await clocks.granted(conn, case, case.kind, now)
    detail = {"from_lead": before, "lead": lead, "sign_by": due.sign_by.isoformat()}
    step = Step(moves.target(case, event), case.round, due.sign_by, case.limit_hours)
    await moves.write(conn, case, event, step, by=by, at=now, reason=words, detail=detail)
    await assignments.release_lead(conn, case.id, case.round, now)
    due_at = handle_by or due.handle_by
    await assignments.assign(conn, case.id, case.round, lead=lead, at=now, due_at=due_at)
    once = f"{case.round}:{now.isoformat()}"
    sign_by, handle = telling.hour(due.sign_by), telling.hour(due_at)
    await telling.unit(conn, case, lead, "dispatched", once=once, now=now, sign_by=sign_by, due=handle)
    if before and before != lead:
        await telling.unit(conn, case, before, "lead_changed", once=once, now=now)
    return before


async def make_plan(
    conn: asyncpg.Connection, number: str, *, leader: str, plan: str, by: str, now: datetime
) -> None:
    """The lead, or the office, names the leader of the unit who is responsible and the plan (一案一策)."""
    async with conn.transaction():
        case = await moves.read(conn, number)
        status = moves.target(case, Event.PLAN)
        words = moves.reason_in_words(case, Event.PLAN, plan)
        name = moves.reason_in_words(case, Event.PLAN, leader)
        step = Step(status, case.round, case.due_at, case.limit_hours)
        await moves.write(conn, case, Event.PLAN, step, by=by, at=now, reason=words, detail={"leader": name})
        await course.put_plan(conn, case.id, case.round, owner_leader=name, plan=words, by=by, at=now)


async def check_units(conn: asyncpg.Connection, case: CaseRow, codes: Sequence[str], *, by: str) -> None:
    """Raises UnknownUnit for those that are no units of the case's centre, NotToThisUnit for those that it must never
    reach: the unit whose official is criticised, those below it (R04), and whoever is party to the matter.
    """
    unknown = sorted(set(codes) - await units.known_units(conn, case.centre_code, codes))
    if unknown:
        raise UnknownUnit(number=case.number, units=", ".join(unknown), centre=case.centre_code)
    for unit, why in (await routes.refused(conn, case, codes, by=by)).items():
        raise NotToThisUnit(number=case.number, unit=unit, why=why)


async def check_lead(conn: asyncpg.Connection, case: CaseRow, by: str) -> None:
    """Raises NotTheLead unless `by` leads the round."""
    lead = await assignments.lead_of(conn, case.id, case.round)
    if by != lead:
        raise NotTheLead(number=case.number, round=case.round, by=by, lead=lead or "nobody")


async def dispatch_times(
    conn: asyncpg.Connection, centre_code: str, *, now: datetime, days: int = 30
) -> list[DispatchTime]:
    """How long supervision offices had the cases of the last `days` before they gave them to a unit (R14)."""
    return await endings.dispatch_times(conn, centre_code, now - timedelta(days=days))
