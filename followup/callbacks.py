"""DOOR: the satisfaction call owed for every result, its verdict, and what a supervisor decides on a flag.

What is decided on a flag stands in `followup.deciding`, and belongs to this door.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import asyncpg

from followup import clocks, registering, revisiting, verifying
from followup.casework import decision_clock
from followup.casework.limits import limits
from followup.casework.working_time import WorkingTime
from followup.deciding import Decided, confirm, explained, reject
from followup.often_missing import often_missing
from followup.reaching import reach_of
from followup.settling import Settled, left_no_number, settle
from followup.store import callbacks as rows
from followup.store import decisions, events, inbox, results
from followup.store.cases import CaseRow
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
    "explained",
    "next_escalation",
    "often_missing",
    "reject",
    "schedule",
    "settle",
    "take_finished",
]


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
    claimed_contact: bool | None = None,
    office: WorkingTime | None = None,
) -> str | None:
    """Owe the resident of a case the result of a round: into the standing campaign, once per case and round.

    Returns the reference of the sample unit, or None when this round has its callback already, or the resident
    left no number: then it is over, without a rating. `campaign_id`, `claimed_contact` (of the unit's result) and `office`
    (the centre's working time) spare a loop from asking for them again. Whoever took the appeal in does not make this call.
    """
    due_at = limits().centre["callback"].due(now, office or await clocks.office(conn, case.centre_code))
    callback_id = await rows.insert_callback(conn, case.id, round_, None, now, due_at)
    if callback_id is None:
        return None
    reach = await reach_of(conn, case.id)
    if reach.person_id is None:
        await left_no_number(conn, callback_id, case, round_, now)
        return None
    if claimed_contact is None:
        claimed_contact = await results.claims_contact(conn, case.id, round_)
    if campaign_id is None:
        campaign_id = await standing_campaign(conn, case.centre_code, now=now, seed=seed)
    unit_ref = await put_in(
        conn,
        campaign_id=campaign_id,
        person_id=reach.person_id,
        area_code=case.area_code,
        external_key=f"case:{case.number}:{round_}",
        facts={
            "case_short": case.short_number,
            "result": summary,
            "query_code": case.query_code,
            "contact_claimed": "yes" if claimed_contact else "no",
            **reach.facts,
        },
        earliest=now,
        ref=tokens(),
        prn=await rows.permanent_random_number(conn, reach.person_id),
        modes=reach.modes,
        hours=reach.hours,
        not_by=reach.not_by,
    )
    if unit_ref is not None:
        await rows.link_unit(conn, callback_id, unit_ref)
    return unit_ref


BATCH: Final = 20
"""Results that are settled in one transaction. A flag counts from its commit, and until then the centre's chain of events is
held: a longer batch would let the first of it wait for the last."""


@dataclass(frozen=True)
class Taken:
    """What one batch of finished interviews came to."""

    rows: int = 0
    settled: int = 0
    flagged: int = 0
    registered: int = 0
    verified: int = 0
    revisited: int = 0


async def take_finished(
    conn: asyncpg.Connection,
    *,
    now: datetime,
    real_now: Callable[[], datetime],
    tokens: Tokens,
    limit: int = BATCH,
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
        again = [row for row in about_cases if revisiting.is_revisit(row)]
        rated = [row for row in about_cases if row not in calls and row not in again]
        settled = await settle(conn, rated, now=now, tokens=tokens)
        verified = await verifying.keep(conn, calls)
        revisited = await revisiting.keep(conn, again, now=now)
        registered = 0
        for row in new:
            if row.purpose == "survey":
                number = await registering.register_from_survey(conn, row, now=now, tokens=tokens)
                registered += number is not None
        await interviewing.mark_consumed(conn, [row.outbox_id for row in waiting])
    if settled.flagged or not waiting:  # the empty batch catches flags of a worker that died before its stamp
        await rows.stamp_flagged(conn, real_now())
    return Taken(len(waiting), settled.settled, settled.flagged, registered, verified, revisited)


async def escalate_waiting(conn: asyncpg.Connection, now: datetime) -> int:
    """Hand decisions that were not taken in time to the next post; how many. Nothing is decided by itself."""
    async with conn.transaction():
        overdue = await decisions.overdue_decisions(conn, now)
        offices = {code: await clocks.office(conn, code) for code in {one.centre_code for one in overdue}}
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
            for one in overdue
            for to in [decision_clock.waiting(one.waits_since, now, offices[one.centre_code])]
            if await decisions.hand_on(conn, one.id, one.decision_post, to.post, to.goes_on_at)
            and to.post != one.decision_post  # it waits for the same person still: a day off was set since
        ]
        await events.insert_events(conn, handed)
    return len(handed)


async def next_escalation(conn: asyncpg.Connection) -> datetime | None:
    """When the next waiting decision is handed on; None if none will be."""
    return await decisions.next_decision_due(conn)
