"""What a supervisor decides on a flag or an objection: 再次交办 once more, 研判 the meeting, 解释办结 a rejection.

Used by the door `callbacks` alone. A flag by text brings a person's call first; nothing is decided before that call is over or
its time is up (settled.md §3).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import asyncpg

from followup import clocks, explaining, major, moves, past_rounds, telling, verifying
from followup.casework.lifecycle import Event, target
from followup.refusals import AlreadyDecided, CallFirst, NoLead, SecondSignerMissing
from followup.store import assignments, objections, rejection_drafts
from followup.store import callbacks as callback_rows
from followup.store import decisions as rows
from followup.store.cases import CaseRow, Step
from followup.store.decisions import WaitingFlag

__all__ = ["MEETING", "Decided", "confirm", "explained", "reject"]

MEETING = "meeting"
explained = explaining.explained


@dataclass(frozen=True)
class Decided:
    """What was decided on a flagged case. `decision`: redispatch, meeting or reject."""

    number: str
    decision: str
    round: int
    lead: str | None = None
    due_at: datetime | None = None

    def __str__(self) -> str:
        if self.decision == "redispatch":
            return f"Case {self.number} goes out again to {self.lead}, round {self.round}."
        if self.decision == MEETING:
            return f"Case {self.number} has had its last round and goes to the weekly meeting."
        return f"Case {self.number} is closed with an explanation, which the resident is yet to be told."


async def confirm(conn: asyncpg.Connection, number: str, *, by: str, reason: str, now: datetime) -> Decided:
    """The flag is right: the case goes to the lead of the last round, with half the limit, in the next round.

    The lead gets what was reported and answered so far; the supervision office gets a copy. After the last round
    the case goes to the weekly meeting instead, whose decision the flag then waits for.
    Raises UnknownCase, NotPossibleNow, ReasonMissing, CallFirst, AlreadyDecided, NoLead, SomebodyWasFirst.
    """
    async with conn.transaction():
        case = await moves.read(conn, number)
        if target(case.status, Event.TO_MEETING, case.round) is not None:
            return await _to_meeting(conn, case, by=by, reason=reason, now=now)
        status = moves.target(case, Event.REDISPATCH)
        await major.held(conn, case)
        words = moves.reason_in_words(case, Event.REDISPATCH, reason)
        flag = await called_first(conn, case, now)
        lead = await assignments.lead_of(conn, case.id, case.round)
        if lead is None:
            raise NoLead(number=number, round=case.round)
        due = await clocks.grant(conn, case, case.kind, case.round + 1, now)
        step = Step(status, case.round + 1, due.sign_by, due.allowed_hours)
        before = await past_rounds.of_case(conn, case.id)
        detail = {
            "lead": lead,
            "sign_by": due.sign_by.isoformat(),
            "handle_by": due.handle_by.isoformat(),
            "flag_mode": flag.mode if flag else None,
            "before": [one.as_json() for one in before],
        }
        await moves.write(conn, case, Event.REDISPATCH, step, by=by, at=now, reason=words, detail=detail)
        await assignments.assign(conn, case.id, step.round, lead=lead, at=now, due_at=due.handle_by)
        await _decide(conn, case, "redispatch", by=by, reason=words, now=now)
        await past_rounds.hand_on(conn, case, step.round, lead, due, before, words, now=now)
        return Decided(number, "redispatch", step.round, lead, due.sign_by)


async def _to_meeting(
    conn: asyncpg.Connection, case: CaseRow, *, by: str, reason: str, now: datetime
) -> Decided:
    words = moves.reason_in_words(case, Event.TO_MEETING, reason)
    await called_first(conn, case, now)
    step = Step(moves.target(case, Event.TO_MEETING), case.round)
    await moves.write(conn, case, Event.TO_MEETING, step, by=by, at=now, reason=words)
    flag = await rows.hand_to_meeting(conn, case.id, case.round, MEETING)
    objection = await objections.hand_objection_to_meeting(conn, case.id, MEETING)
    await rejection_drafts.end(conn, case.id, case.round, "overtaken", by, now)
    if not flag and not objection:
        raise AlreadyDecided(number=case.number, round=case.round)
    return Decided(case.number, MEETING, case.round)


async def reject(
    conn: asyncpg.Connection,
    number: str,
    *,
    by: str,
    second_by: str,
    ground: str,
    reason: str,
    now: datetime,
) -> Decided:
    """The flag does not hold, on a `ground` of policy `rejection`: the case is closed with a written explanation that two
    people sign. It is owed to the resident from now on; `explained` says that they were told.

    Raises UnknownCase, NotPossibleNow, ReasonMissing, UnknownRejection, SecondSignerMissing, CallFirst, AlreadyDecided,
    SomebodyWasFirst.
    """
    async with conn.transaction():
        case = await moves.read(conn, number)
        status = moves.target(case, Event.REJECT)
        words = moves.reason_in_words(case, Event.REJECT, reason)
        explaining.check(case, ground, words)
        if second_by.strip() in ("", by.strip()):
            raise SecondSignerMissing(number=number, event=Event.REJECT, by=by)
        await called_first(conn, case, now)
        step = Step(status, case.round, ending=status, closed_at=now)
        detail = {"ground": ground, "signed_by": [by, second_by]}
        signed = f"{words} ({second_by} signed too)"
        await moves.write(conn, case, Event.REJECT, step, by=by, at=now, reason=signed, detail=detail)
        await _decide(conn, case, "reject", by=f"{by}, {second_by}", reason=words, now=now)
        await explaining.owe(conn, case, ground=ground, words=words, by=by, second_by=second_by, now=now)
        return Decided(number, "reject", case.round)


async def called_first(conn: asyncpg.Connection, case: CaseRow, now: datetime) -> WaitingFlag | None:
    """The flag that waits; None where it is an objection that does. Raises CallFirst while the resident is yet to be called."""
    flag = await rows.waiting_flag(conn, case.id, case.round)
    if flag is None:
        return None
    if flag.verify_unit_ref and flag.verified_at is None and flag.waits_since and now < flag.waits_since:
        raise CallFirst(number=case.number, mode=flag.mode, until=telling.hour(flag.waits_since))
    return flag


async def _decide(
    conn: asyncpg.Connection, case: CaseRow, decision: str, *, by: str, reason: str, now: datetime
) -> None:
    decided = await callback_rows.decide(conn, case.id, case.round, decision, by, now, reason)
    objected = await objections.decide_objection(conn, case.id, decision, by, now, reason)
    if decided is None and not objected:
        raise AlreadyDecided(number=case.number, round=case.round)
    await rejection_drafts.end(conn, case.id, case.round, "overtaken", by, now)
    if decided is not None and decided.verify_unit_ref is not None:
        await verifying.call_off(conn, decided.verify_unit_ref, now=now)
