"""Residents who withdraw, and residents who object to the end of their case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import asyncpg

INSERT_OBJECTION = """
INSERT INTO followup.objection
    (case_id, round, channel, words, objected_at, from_status, decision_due_at, decision_post)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (case_id) WHERE decision IS NULL DO NOTHING
RETURNING id"""


async def insert_objection(
    conn: asyncpg.Connection,
    case_id: int,
    round_: int,
    *,
    channel: str,
    words: str,
    at: datetime,
    from_status: str,
    due_at: datetime | None,
    post: str,
) -> bool:
    """An objection that waits for its decision; False where one does already."""
    values = (case_id, round_, channel, words, at, from_status, due_at, post)
    return await conn.fetchval(INSERT_OBJECTION, *values) is not None


DECIDE_OBJECTION = """
UPDATE followup.objection
SET decision = $2, decided_by = $3, decided_at = $4, decision_reason = $5, decision_due_at = NULL
WHERE case_id = $1 AND decision IS NULL
RETURNING id"""


async def decide_objection(
    conn: asyncpg.Connection, case_id: int, decision: str, by: str, at: datetime, reason: str
) -> bool:
    """Decide the objection that waits, once; False where none does."""
    return await conn.fetchval(DECIDE_OBJECTION, case_id, decision, by, at, reason) is not None


HAND_OBJECTION_TO_MEETING = """
UPDATE followup.objection SET decision_post = $2, decision_due_at = NULL
WHERE case_id = $1 AND decision IS NULL
RETURNING id"""


async def hand_objection_to_meeting(conn: asyncpg.Connection, case_id: int, post: str) -> bool:
    """The decision on the objection waits for the meeting now; False where none waits."""
    return await conn.fetchval(HAND_OBJECTION_TO_MEETING, case_id, post) is not None


@dataclass(frozen=True)
class OverdueObjection:
    """An objection whose decision was due at `decision_due_at` and has not come."""

    id: int
    case_id: int
    number: str
    round: int
    case_status: str
    centre_code: str
    objected_at: datetime
    decision_post: str
    decision_due_at: datetime


SELECT_OVERDUE_OBJECTIONS = """
SELECT o.id, o.case_id, c.number, o.round, c.status AS case_status, c.centre_code, o.objected_at,
    o.decision_post, o.decision_due_at
FROM followup.objection AS o JOIN followup.case_file AS c ON c.id = o.case_id
WHERE o.decision IS NULL AND o.decision_due_at <= $1
ORDER BY o.id
FOR UPDATE OF o SKIP LOCKED"""


async def overdue_objections(conn: asyncpg.Connection, now: datetime) -> list[OverdueObjection]:
    """Objections whose decision is overdue, locked until the transaction ends."""
    return [OverdueObjection(**row) for row in await conn.fetch(SELECT_OVERDUE_OBJECTIONS, now)]


HAND_OBJECTION_ON = """
UPDATE followup.objection SET decision_post = $3, decision_due_at = $4
WHERE id = $1 AND decision IS NULL AND decision_post = $2
RETURNING id"""


async def hand_objection_on(
    conn: asyncpg.Connection, objection_id: int, from_post: str, to_post: str, due_at: datetime | None
) -> bool:
    """Hand the decision from one post to the next, once."""
    return await conn.fetchval(HAND_OBJECTION_ON, objection_id, from_post, to_post, due_at) is not None


@dataclass(frozen=True)
class ObjectionRow:
    """One objection and what was decided on it."""

    case_id: int
    round: int
    channel: str
    words: str
    objected_at: datetime
    from_status: str
    decision: str | None
    decided_by: str | None
    decided_at: datetime | None
    decision_reason: str | None
    decision_due_at: datetime | None
    decision_post: str


SELECT_OBJECTIONS = """
SELECT case_id, round, channel, words, objected_at, from_status, decision, decided_by, decided_at,
    decision_reason, decision_due_at, decision_post
FROM followup.objection WHERE case_id = $1 ORDER BY id"""


async def objections_of(conn: asyncpg.Connection, case_id: int) -> list[ObjectionRow]:
    """Everything that was objected to in a case, oldest first."""
    return [ObjectionRow(**row) for row in await conn.fetch(SELECT_OBJECTIONS, case_id)]


INSERT_PRESSURE_CHECK = """
INSERT INTO followup.pressure_check (case_id, round, contact_at, withdrawn_at, due_at)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (case_id) DO UPDATE
SET round = excluded.round, contact_at = excluded.contact_at, withdrawn_at = excluded.withdrawn_at,
    due_at = excluded.due_at, outcome = NULL, words = NULL, checked_by = NULL, checked_at = NULL"""


async def insert_pressure_check(
    conn: asyncpg.Connection,
    case_id: int,
    round_: int,
    *,
    contact_at: datetime,
    withdrawn_at: datetime,
    due_at: datetime,
) -> None:
    """Somebody asks until then whether the resident was pressed to withdraw."""
    await conn.execute(INSERT_PRESSURE_CHECK, case_id, round_, contact_at, withdrawn_at, due_at)


SETTLE_PRESSURE_CHECK = """
UPDATE followup.pressure_check SET outcome = $2, words = $3, checked_by = $4, checked_at = $5
WHERE case_id = $1 AND outcome IS NULL
RETURNING case_id"""


async def settle_pressure_check(
    conn: asyncpg.Connection, case_id: int, outcome: str, words: str, by: str, at: datetime
) -> bool:
    """What the resident said, once; False where nothing was to be asked."""
    return await conn.fetchval(SETTLE_PRESSURE_CHECK, case_id, outcome, words, by, at) is not None


@dataclass(frozen=True)
class PressureCheckLine:
    """A withdrawal that somebody must ask about until `due_at`."""

    number: str
    contact_at: datetime
    withdrawn_at: datetime
    due_at: datetime


SELECT_PRESSURE_CHECKS = """
SELECT c.number, k.contact_at, k.withdrawn_at, k.due_at
FROM followup.pressure_check AS k JOIN followup.case_file AS c ON c.id = k.case_id
WHERE c.centre_code = $1 AND k.outcome IS NULL ORDER BY k.due_at, c.number"""


async def pressure_checks(conn: asyncpg.Connection, centre_code: str) -> list[PressureCheckLine]:
    """Withdrawals of a centre that wait to be asked about, the most urgent first."""
    return [PressureCheckLine(**row) for row in await conn.fetch(SELECT_PRESSURE_CHECKS, centre_code)]
