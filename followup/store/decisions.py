"""Decisions on flagged callbacks: those that wait, at which post, and what was decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import asyncpg

SELECT_WAITING = """
SELECT mode, waits_since, verify_unit_ref, verified_at FROM followup.callback
WHERE case_id = $1 AND round = $2 AND flagged AND decision IS NULL"""


@dataclass(frozen=True)
class WaitingFlag:
    """A flag that nobody has decided on. `waits_since`: from when that can be; `verified_at`: when its call was over."""

    mode: str | None
    waits_since: datetime | None
    verify_unit_ref: str | None
    verified_at: datetime | None


async def waiting_flag(conn: asyncpg.Connection, case_id: int, round_: int) -> WaitingFlag | None:
    """The flag of a round, while it waits for a decision."""
    row = await conn.fetchrow(SELECT_WAITING, case_id, round_)
    return WaitingFlag(**row) if row else None


HAND_TO_MEETING = """
UPDATE followup.callback SET decision_post = $3, decision_due_at = NULL
WHERE case_id = $1 AND round = $2 AND flagged AND decision IS NULL
RETURNING id"""


async def hand_to_meeting(conn: asyncpg.Connection, case_id: int, round_: int, post: str) -> bool:
    """The decision on a flagged callback is not the supervisor's any more; it waits for the meeting."""
    return await conn.fetchval(HAND_TO_MEETING, case_id, round_, post) is not None


@dataclass(frozen=True)
class OverdueDecision:
    """A flag whose decision was due at `decision_due_at` and has not come."""

    id: int
    case_id: int
    number: str
    round: int
    case_status: str
    centre_code: str
    waits_since: datetime
    decision_post: str
    decision_due_at: datetime


SELECT_OVERDUE = """
SELECT b.id, b.case_id, c.number, b.round, c.status AS case_status, c.centre_code, b.waits_since,
    b.decision_post, b.decision_due_at
FROM followup.callback AS b JOIN followup.case_file AS c ON c.id = b.case_id
WHERE b.flagged AND b.decision IS NULL AND b.decision_due_at <= $1
ORDER BY b.id
FOR UPDATE OF b SKIP LOCKED"""


async def overdue_decisions(conn: asyncpg.Connection, now: datetime) -> list[OverdueDecision]:
    """Flags whose decision is overdue at `now`, locked until the transaction ends."""
    return [OverdueDecision(**row) for row in await conn.fetch(SELECT_OVERDUE, now)]


HAND_ON = """
UPDATE followup.callback SET decision_post = $3, decision_due_at = $4
WHERE id = $1 AND decision IS NULL AND decision_post = $2
RETURNING id"""


async def hand_on(
    conn: asyncpg.Connection, callback_id: int, from_post: str, to_post: str, due_at: datetime | None
) -> bool:
    """Hand a waiting decision from one post to the next, once."""
    return await conn.fetchval(HAND_ON, callback_id, from_post, to_post, due_at) is not None


SELECT_NEXT_DECISION_DUE = """
SELECT min(decision_due_at) FROM followup.callback WHERE flagged AND decision IS NULL"""


async def next_decision_due(conn: asyncpg.Connection) -> datetime | None:
    """When the next waiting decision goes to the next post; None if none will."""
    due: datetime | None = await conn.fetchval(SELECT_NEXT_DECISION_DUE)
    return due
