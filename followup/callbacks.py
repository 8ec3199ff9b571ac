"""DOOR: the satisfaction call owed for every result, its verdict, and what a supervisor decides on a flag."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from followup import moves, registering, verifying
from followup.casework import decision_clock
from followup.casework.lifecycle import Event, target
from followup.casework.limits import due_dates
from followup.refusals import AlreadyDecided, NoLead, SecondSignerMissing
from followup.settling import Settled, settle
from followup.store import assignments, events, inbox, objections
from followup.store import callbacks as rows
from followup.store.cases import CaseRow, Step
from followup.store.events import EventRow
from survey import interviewing
from survey.fielding import put_in, standing_campaign
from survey.ids import Tokens

__all__ = [
    "Decided",
    "Settled",
    "Taken",
    "confirm",
    "escalate_waiting",
    "next_escalation",
    "reject",
    "schedule",
    "settle",
    "take_finished",
]

MEETING = "meeting"


async def schedule(
    conn: asyncpg.Connection,
    case: CaseRow,
    round_: int,
    *,
    summary: str,
    now: datetime,
    tokens: Tokens,
    seed: int,
    campaign_id: int | None = None,
) -> str | None:
    """Owe the resident of a case the result of a round: into the standing campaign, once per case and round.

    Returns the reference of the sample unit, or None when this round has its callback already. `campaign_id`
    spares a loop from asking for the standing campaign again.
    """
    assert case.person_id is not None  # every source of cases names its resident
    callback_id = await rows.insert_callback(conn, case.id, round_, None, now)
    if callback_id is None:
        return None
    if campaign_id is None:
        campaign_id = await standing_campaign(conn, case.centre_code, now=now, seed=seed)
    unit_ref = await put_in(
        conn,
        campaign_id=campaign_id,
        person_id=case.person_id,
        area_code=case.area_code,
        external_key=f"case:{case.number}:{round_}",
        facts={"case_short": case.short_number, "result": summary, "query_code": case.query_code},
        earliest=now,
        ref=tokens(),
        prn=await rows.permanent_random_number(conn, case.person_id),
    )
    if unit_ref is not None:
        await rows.link_unit(conn, callback_id, unit_ref)
    return unit_ref


@dataclass(frozen=True)
class Taken:
    """What one batch of finished interviews came to."""

    rows: int = 0
    settled: int = 0
    flagged: int = 0
    registered: int = 0
    verified: int = 0


async def take_finished(
    conn: asyncpg.Connection,
    *,
    now: datetime,
    real_now: Callable[[], datetime],
    tokens: Tokens,
    limit: int = 100,
) -> Taken:
    """Take one batch out of survey's outbox, with all its effects, in one transaction of its own.

    `rows` of the answer is 0 when nothing was waiting. Doing it again, or by two at once, changes nothing:
    a row whose id stands in the inbox has had its effect. `real_now` stamps flags after they are committed.
    """
    async with conn.transaction():
        waiting = await interviewing.finished(conn, limit=limit)
        fresh = await inbox.take(conn, [row.outbox_id for row in waiting], now)
        new = [row for row in waiting if row.outbox_id in fresh]
        about_cases = [row for row in new if row.purpose == "case"]
        calls = [row for row in about_cases if verifying.is_verification(row)]
        rated = [row for row in about_cases if not verifying.is_verification(row)]
        settled = await settle(conn, rated, now=now, tokens=tokens)
        verified = await verifying.keep(conn, calls)
        registered = 0
        for row in new:
            if row.purpose == "survey":
                number = await registering.register_from_survey(conn, row, now=now, tokens=tokens)
                registered += number is not None
        await interviewing.mark_consumed(conn, [row.outbox_id for row in waiting])
    if settled.flagged or not waiting:  # the empty batch catches flags of a worker that died before its stamp
        await rows.stamp_flagged(conn, real_now())
    return Taken(len(waiting), settled.settled, settled.flagged, registered, verified)


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
        return f"Case {self.number} is closed with an explanation."


async def confirm(conn: asyncpg.Connection, number: str, *, by: str, reason: str, now: datetime) -> Decided:
    """The flag is right: the case goes to the lead of the last round, with half the limit, in the next round.

    After the last round it goes to the weekly meeting instead, whose decision the flag then waits for.
    Raises UnknownCase, NotPossibleNow, ReasonMissing, AlreadyDecided, NoLead, SomebodyWasFirst.
    """
    async with conn.transaction():
        case = await moves.read(conn, number)
        if target(case.status, Event.TO_MEETING, case.round) is not None:
            return await _to_meeting(conn, case, by=by, reason=reason, now=now)
        status = moves.target(case, Event.REDISPATCH)
        words = moves.reason_in_words(case, Event.REDISPATCH, reason)
        lead = await assignments.lead_of(conn, case.id, case.round)
        if lead is None:
            raise NoLead(number=number, round=case.round)
        due = due_dates(case.kind, now, case.round + 1)
        step = Step(status, case.round + 1, due.sign_by, due.allowed_hours)
        await moves.write(conn, case, Event.REDISPATCH, step, by=by, at=now, reason=words)
        await assignments.assign(conn, case.id, step.round, lead=lead, at=now, due_at=due.handle_by)
        await _decide(conn, case, "redispatch", by=by, reason=words, now=now)
        return Decided(number, "redispatch", step.round, lead, due.sign_by)


async def _to_meeting(
    conn: asyncpg.Connection, case: CaseRow, *, by: str, reason: str, now: datetime
) -> Decided:
    words = moves.reason_in_words(case, Event.TO_MEETING, reason)
    step = Step(moves.target(case, Event.TO_MEETING), case.round)
    await moves.write(conn, case, Event.TO_MEETING, step, by=by, at=now, reason=words)
    flag = await rows.hand_to_meeting(conn, case.id, case.round, MEETING)
    objection = await objections.hand_objection_to_meeting(conn, case.id, MEETING)
    if not flag and not objection:
        raise AlreadyDecided(number=case.number, round=case.round)
    return Decided(case.number, MEETING, case.round)


async def reject(
    conn: asyncpg.Connection, number: str, *, by: str, second_by: str, reason: str, now: datetime
) -> Decided:
    """The flag does not hold: the case is closed with a written explanation that two people sign.

    Raises UnknownCase, NotPossibleNow, ReasonMissing, SecondSignerMissing, AlreadyDecided, SomebodyWasFirst.
    """
    async with conn.transaction():
        case = await moves.read(conn, number)
        status = moves.target(case, Event.REJECT)
        words = moves.reason_in_words(case, Event.REJECT, reason)
        if second_by.strip() in ("", by.strip()):
            raise SecondSignerMissing(number=number, event=Event.REJECT, by=by)
        step = Step(status, case.round, ending=status, closed_at=now)
        await moves.write(
            conn, case, Event.REJECT, step, by=by, at=now, reason=f"{words} ({second_by} signed too)"
        )
        await _decide(conn, case, "reject", by=f"{by}, {second_by}", reason=words, now=now)
        return Decided(number, "reject", case.round)


async def _decide(
    conn: asyncpg.Connection, case: CaseRow, decision: str, *, by: str, reason: str, now: datetime
) -> None:
    decided = await rows.decide(conn, case.id, case.round, decision, by, now, reason)
    objection = await objections.decide_objection(conn, case.id, decision, by, now, reason)
    if decided is None and not objection:
        raise AlreadyDecided(number=case.number, round=case.round)
    if decided is not None and decided.verify_unit_ref is not None:
        await verifying.call_off(conn, decided.verify_unit_ref, now=now)


async def escalate_waiting(conn: asyncpg.Connection, now: datetime) -> int:
    """Hand decisions that were not taken in time to the next post; how many. Nothing is decided by itself."""
    async with conn.transaction():
        handed: Sequence[EventRow] = [
            EventRow(
                one.case_id,
                one.round,
                f"decision_to_{to.post}",
                one.case_status,
                one.case_status,
                "system",
                f"not decided by the {one.decision_post} until {one.decision_due_at.isoformat()}",
                now,
            )
            for one in await rows.overdue_decisions(conn, now)
            for to in [decision_clock.waiting(one.waits_since, now)]
            if await rows.hand_on(conn, one.id, one.decision_post, to.post, to.goes_on_at)
        ]
        await events.insert_events(conn, handed)
    return len(handed)


async def next_escalation(conn: asyncpg.Connection) -> datetime | None:
    """When the next waiting decision is handed on; None if none will be."""
    return await rows.next_decision_due(conn)
