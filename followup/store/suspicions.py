"""Closings in doubt, each state left once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg


@dataclass(frozen=True)
class NewSuspicion:
    """A closing whose contact is denied, and by when its unit may answer."""

    case_id: int
    round: int
    unit_code: str
    evidence: Mapping[str, Any]
    opened_at: datetime
    remind_at: datetime | None
    answer_due_at: datetime


INSERT_SUSPICION = """
INSERT INTO followup.suspicion (case_id, round, unit_code, evidence, opened_at, remind_at, answer_due_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (case_id, round) DO NOTHING RETURNING id"""


async def insert(conn: asyncpg.Connection, new: NewSuspicion) -> bool:
    """Put a closing in doubt; False if it is already."""
    n = new
    values = (n.case_id, n.round, n.unit_code, dict(n.evidence), n.opened_at, n.remind_at, n.answer_due_at)
    return await conn.fetchval(INSERT_SUSPICION, *values) is not None


@dataclass(frozen=True)
class SuspicionRow:
    """A closing in doubt as it stands. `verified`: what the resident said in the verification call, [code, words] by question."""

    id: int
    case_id: int
    number: str
    round: int
    unit_code: str
    state: str
    evidence: Mapping[str, Any]
    opened_at: datetime
    answer_due_at: datetime
    answered_at: datetime | None
    answer: str | None
    decided_at: datetime | None
    decided_by: str | None
    second_by: str | None
    reason: str | None
    verified: Mapping[str, Any] | None


SELECT_OF_CASE = """
SELECT s.id, s.case_id, c.number, s.round, s.unit_code, s.state, s.evidence, s.opened_at, s.answer_due_at, s.answered_at,
    s.answer, s.decided_at, s.decided_by, s.second_by, s.reason, b.verified_answers AS verified
FROM followup.suspicion AS s
JOIN followup.case_file AS c ON c.id = s.case_id
LEFT JOIN followup.callback AS b ON b.case_id = s.case_id AND b.round = s.round
WHERE s.case_id = $1 ORDER BY s.round"""


async def of_case(conn: asyncpg.Connection, case_id: int) -> list[SuspicionRow]:
    """Closings of a case that are or were in doubt, by round."""
    return [SuspicionRow(**row) for row in await conn.fetch(SELECT_OF_CASE, case_id)]


ANSWER = """
UPDATE followup.suspicion SET state = 'answered', answered_at = $2, answered_by = $3, answer = $4, remind_at = NULL
WHERE id = $1 AND state IN ('asked', 'silent') RETURNING id"""


async def answer(conn: asyncpg.Connection, suspicion_id: int, at: datetime, by: str, words: str) -> bool:
    """The unit's word, once, while nobody has decided."""
    return await conn.fetchval(ANSWER, suspicion_id, at, by, words) is not None


DECIDE_SUSPICION = """
UPDATE followup.suspicion
SET state = $2, decided_at = $3, decided_by = $4, second_by = $5, reason = $6, remind_at = NULL
WHERE id = $1 AND state IN ('asked', 'answered', 'silent') RETURNING id"""


async def decide(
    conn: asyncpg.Connection,
    suspicion_id: int,
    finding: str,
    at: datetime,
    by: str,
    second_by: str,
    reason: str,
) -> bool:
    """What two people found, once."""
    return await conn.fetchval(DECIDE_SUSPICION, suspicion_id, finding, at, by, second_by, reason) is not None


@dataclass(frozen=True)
class Asked:
    """A unit that has been asked and has not answered."""

    case_id: int
    number: str
    round: int
    unit_code: str
    answer_due_at: datetime


TAKE_REMINDERS = """
UPDATE followup.suspicion AS s SET remind_at = NULL FROM followup.case_file AS c
WHERE c.id = s.case_id AND s.state = 'asked' AND s.remind_at <= $1 AND s.answer_due_at > $1
RETURNING s.case_id, c.number, s.round, s.unit_code, s.answer_due_at"""


async def take_reminders(conn: asyncpg.Connection, now: datetime) -> list[Asked]:
    """Units to be reminded now, each once."""
    return [Asked(**row) for row in await conn.fetch(TAKE_REMINDERS, now)]


TAKE_SILENT = """
UPDATE followup.suspicion AS s SET state = 'silent', remind_at = NULL FROM followup.case_file AS c
WHERE c.id = s.case_id AND s.state = 'asked' AND s.answer_due_at <= $1
RETURNING s.case_id, c.number, s.round, s.unit_code, s.answer_due_at"""


async def take_silent(conn: asyncpg.Connection, now: datetime) -> list[Asked]:
    """Units that have let their day pass, each once."""
    return [Asked(**row) for row in await conn.fetch(TAKE_SILENT, now)]


SELECT_STATUS = "SELECT status FROM followup.case_file WHERE id = $1"


async def status_of_case(conn: asyncpg.Connection, case_id: int) -> str:
    """Where the case stands; a doubt about a closing does not move it."""
    status: str = await conn.fetchval(SELECT_STATUS, case_id)
    return status
