"""Second callbacks of settled disputes: planned, asked, and what came of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg

PLAN = """
INSERT INTO followup.revisit (case_id, round, days, due_at)
SELECT $1, $2, t.days, t.due_at FROM unnest($3::int[], $4::timestamptz[]) AS t (days, due_at)
ON CONFLICT (case_id, round, days) DO NOTHING"""


async def plan(
    conn: asyncpg.Connection, case_id: int, round_: int, moments: Sequence[tuple[int, datetime]]
) -> None:
    """Date them, each once."""
    await conn.execute(PLAN, case_id, round_, [days for days, _ in moments], [at for _, at in moments])


@dataclass(frozen=True)
class PlannedRevisit:
    """A second callback whose day has come, with what its call needs."""

    id: int
    case_id: int
    number: str
    short_number: str
    query_code: str
    centre_code: str
    area_code: str
    case_status: str
    case_round: int
    round: int
    days: int
    result_summary: str


LOCK_DUE = """
SELECT v.id, v.case_id, c.number, c.short_number, c.query_code, c.centre_code, c.area_code,
    c.status AS case_status, c.round AS case_round, v.round, v.days, coalesce(r.result_summary, '') AS result_summary
FROM followup.revisit AS v
JOIN followup.case_file AS c ON c.id = v.case_id
LEFT JOIN followup.result AS r ON r.case_id = v.case_id AND r.round = v.round
WHERE v.status = 'planned' AND v.due_at <= $1
ORDER BY v.due_at, v.id LIMIT 500
FOR UPDATE OF v SKIP LOCKED"""


async def lock_due(conn: asyncpg.Connection, now: datetime) -> list[PlannedRevisit]:
    """Those whose day has come, locked until the transaction ends."""
    return [PlannedRevisit(**row) for row in await conn.fetch(LOCK_DUE, now)]


ASK = """
UPDATE followup.revisit SET status = $2, unit_ref = $3, asked_at = $4
WHERE id = $1 AND status = 'planned' RETURNING id"""


async def ask(
    conn: asyncpg.Connection, revisit_id: int, status: str, unit_ref: str | None, at: datetime
) -> None:
    """Its resident is to be asked through this sample unit; or it is dropped."""
    await conn.fetchval(ASK, revisit_id, status, unit_ref, at)


@dataclass(frozen=True)
class Outcome:
    """What a second callback came to: quiet, recurred, unreached, unrated. `answers` are [code, words] by question."""

    unit_ref: str
    at: datetime
    outcome: str
    mode: str | None
    answers: Mapping[str, Any]
    words: str | None


@dataclass(frozen=True)
class SettledRevisit:
    """A second callback that has just got its outcome."""

    case_id: int
    number: str
    centre_code: str
    case_status: str
    round: int
    days: int


SETTLE_REVISIT = """
UPDATE followup.revisit AS v
SET status = 'settled', settled_at = $2, outcome = $3, mode = $4, answers = $5, words = $6
FROM followup.case_file AS c
WHERE c.id = v.case_id AND v.unit_ref = $1 AND v.status = 'asked'
RETURNING v.case_id, c.number, c.centre_code, c.status AS case_status, v.round, v.days"""


async def settle(conn: asyncpg.Connection, outcome: Outcome) -> SettledRevisit | None:
    """Write what it came to, once; None if that is written already, or nothing was asked through this unit."""
    o = outcome
    row = await conn.fetchrow(SETTLE_REVISIT, o.unit_ref, o.at, o.outcome, o.mode, dict(o.answers), o.words)
    return SettledRevisit(**row) if row else None


@dataclass(frozen=True)
class RecurredRevisit:
    """A dispute that has recurred, on which nobody has decided."""

    id: int
    round: int
    days: int
    words: str | None
    answers: Mapping[str, Any] | None


LOCK_RECURRED = """
SELECT id, round, days, words, answers FROM followup.revisit
WHERE case_id = $1 AND outcome = 'recurred' AND decision IS NULL ORDER BY id LIMIT 1 FOR UPDATE"""


async def lock_recurred(conn: asyncpg.Connection, case_id: int) -> RecurredRevisit | None:
    """The first that waits, locked until the transaction ends."""
    row = await conn.fetchrow(LOCK_RECURRED, case_id)
    return RecurredRevisit(**row) if row else None


FOLLOW_UP = """
UPDATE followup.revisit SET decision = $2, decided_by = $3, decided_at = $4, reason = $5, new_case_id = $6
WHERE id = $1 AND decision IS NULL RETURNING id"""


async def follow_up(
    conn: asyncpg.Connection,
    revisit_id: int,
    decision: str,
    by: str,
    at: datetime,
    reason: str,
    new_case_id: int | None,
) -> None:
    """What is done about it."""
    await conn.fetchval(FOLLOW_UP, revisit_id, decision, by, at, reason, new_case_id)


@dataclass(frozen=True)
class RevisitRow:
    """A second callback as it stands."""

    round: int
    days: int
    due_at: datetime
    status: str
    settled_at: datetime | None
    outcome: str | None
    words: str | None
    decision: str | None
    new_case_id: int | None


SELECT_REVISITS = """
SELECT round, days, due_at, status, settled_at, outcome, words, decision, new_case_id
FROM followup.revisit WHERE case_id = $1 ORDER BY round, days"""


async def of_case(conn: asyncpg.Connection, case_id: int) -> list[RevisitRow]:
    """The second callbacks of a case."""
    return [RevisitRow(**row) for row in await conn.fetch(SELECT_REVISITS, case_id)]
