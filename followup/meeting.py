"""Used by the door `cases`: what the weekly meeting (研判会商) decides on a case that has had its last round."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import asyncpg

from followup import clocks, explaining, major, moves, telling
from followup.casework.lifecycle import Event
from followup.dispatching import check_units, hand_out
from followup.move_refusals import MeetingWaitsForNothing, PlanMissing, UnknownOutcome
from followup.store import callbacks as callback_rows
from followup.store import course, objections
from followup.store.cases import CaseRow, Step

LEVELS = ("township", "county", "city")
"""The level that the case is raised to (提级)."""


async def meeting_dispatch(
    conn: asyncpg.Connection,
    number: str,
    *,
    lead: str,
    assists: Sequence[str] = (),
    mandatory: Sequence[str] = (),
    level: str,
    leader: str,
    plan: str,
    reason: str,
    by: str,
    now: datetime,
) -> int:
    """The meeting sends the case out once more, raised to a level, with a leader of its own and a plan; the round.

    Raises UnknownUnit, UnknownOutcome for a level that is none, PlanMissing, ReasonMissing, MeetingWaitsForNothing.
    """
    async with conn.transaction():
        case = await moves.read(conn, number)
        status = moves.target(case, Event.MEETING_DISPATCH)
        await major.held(conn, case)
        words = moves.reason_in_words(case, Event.MEETING_DISPATCH, reason)
        if level not in LEVELS:
            raise UnknownOutcome(number=number, outcome=level, known=", ".join(LEVELS))
        if not leader.strip() or not plan.strip():
            raise PlanMissing(number=number, round=case.round + 1)
        helpers = list(dict.fromkeys([*assists, *mandatory]))
        await check_units(conn, case, [lead, *helpers], by=by)
        due = await clocks.grant(conn, case, case.kind, case.round + 1, now)
        step = Step(status, case.round + 1, due.sign_by, due.allowed_hours)
        detail = {"lead": lead, "assists": helpers, "level": level, "leader": leader, "plan": plan}
        await moves.write(
            conn, case, Event.MEETING_DISPATCH, step, by=by, at=now, reason=words, detail=detail
        )
        await _decide(conn, case, "redispatch", by, words, now)
        await course.put_plan(
            conn, case.id, step.round, owner_leader=leader.strip(), plan=plan.strip(), by=by, at=now
        )
        await hand_out(
            conn, case, step.round, lead=lead, assists=helpers, mandatory=mandatory, due=due, now=now
        )
        await telling.office(
            conn, case, "meeting_copy", once=str(step.round), now=now, lead=lead, level=level
        )
        return step.round


async def meeting_explain(
    conn: asyncpg.Connection, number: str, *, explanation: str, minutes: str, by: str, now: datetime
) -> None:
    """The meeting finds that nothing more can be done: the case ends with an explanation that the resident is told.

    `minutes`: the reference of the meeting's record, which stands for the second signature. Raises ReasonMissing,
    WordsWithNumbers, MeetingWaitsForNothing.
    """
    async with conn.transaction():
        case = await moves.read(conn, number)
        status = moves.target(case, Event.MEETING_EXPLAIN)
        words = moves.reason_in_words(case, Event.MEETING_EXPLAIN, explanation)
        record = moves.reason_in_words(case, "minutes", minutes)
        step = Step(status, case.round, ending=status, closed_at=now)
        await moves.write(
            conn,
            case,
            Event.MEETING_EXPLAIN,
            step,
            by=by,
            at=now,
            reason=words,
            detail={"minutes": record},
        )
        await _decide(conn, case, "reject", by, words, now)
        await explaining.owe(
            conn, case, ground="by_the_meeting", words=words, by=by, second_by=record, now=now
        )


async def _decide(
    conn: asyncpg.Connection, case: CaseRow, decision: str, by: str, reason: str, now: datetime
) -> None:
    """What brought the case to the meeting, a flag or an objection, is decided by it."""
    flag = await callback_rows.decide(conn, case.id, case.round, decision, by, now, reason)
    if flag is None and not await objections.decide_objection(conn, case.id, decision, by, now, reason):
        raise MeetingWaitsForNothing(number=case.number)
