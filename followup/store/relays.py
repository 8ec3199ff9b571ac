"""Questions that go from a unit through the centre to a resident, and back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import asyncpg


@dataclass(frozen=True)
class RelayRow:
    """One question. It waits for the centre until `decided_at`, for the resident until `answered_at`."""

    id: int
    case_id: int
    serial: int
    round: int
    unit_code: str
    question: str
    asked_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    refused_why: str | None
    put_as: str | None
    answer: str | None
    answered_by: str | None
    answered_at: datetime | None
    passed: str | None


INSERT_RELAY = """
INSERT INTO followup.relay (case_id, serial, round, unit_code, question, asked_at)
SELECT $1, coalesce(max(serial), 0) + 1, $2, $3, $4, $5 FROM followup.relay WHERE case_id = $1
RETURNING serial"""


async def insert_relay(
    conn: asyncpg.Connection, case_id: int, round_: int, unit_code: str, question: str, at: datetime
) -> int:
    """A question that waits for the centre; its serial within the case, from 1. The case must be held still."""
    serial: int = await conn.fetchval(INSERT_RELAY, case_id, round_, unit_code, question, at)
    return serial


SELECT_RELAYS = """
SELECT id, case_id, serial, round, unit_code, question, asked_at, decided_by, decided_at, refused_why, put_as,
    answer, answered_by, answered_at, passed
FROM followup.relay WHERE case_id = $1 ORDER BY serial"""


async def relays_of(conn: asyncpg.Connection, case_id: int) -> list[RelayRow]:
    """All questions about a case, in their order."""
    return [RelayRow(**row) for row in await conn.fetch(SELECT_RELAYS, case_id)]


DECIDE_RELAY = """
UPDATE followup.relay SET decided_by = $3, decided_at = $4, put_as = $5, refused_why = $6
WHERE case_id = $1 AND serial = $2 AND decided_at IS NULL
RETURNING unit_code"""


async def decide(
    conn: asyncpg.Connection,
    case_id: int,
    serial: int,
    by: str,
    at: datetime,
    *,
    put_as: str | None = None,
    refused_why: str | None = None,
) -> str | None:
    """The centre puts the question, or does not; whose it is. None if it does not wait for that."""
    unit: str | None = await conn.fetchval(DECIDE_RELAY, case_id, serial, by, at, put_as, refused_why)
    return unit


ANSWER_RELAY = """
UPDATE followup.relay SET answer = $3, passed = $4, answered_by = $5, answered_at = $6
WHERE case_id = $1 AND serial = $2 AND put_as IS NOT NULL AND answer IS NULL
RETURNING unit_code"""


async def answer(
    conn: asyncpg.Connection, case_id: int, serial: int, words: str, passed: str, by: str, at: datetime
) -> str | None:
    """What the resident said, and what of it the unit reads; whose question it was. None if it does not wait for that."""
    unit: str | None = await conn.fetchval(ANSWER_RELAY, case_id, serial, words, passed, by, at)
    return unit
