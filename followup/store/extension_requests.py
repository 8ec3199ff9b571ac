"""More time that leads ask for, until the supervision office has decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import asyncpg


@dataclass(frozen=True)
class RequestRow:
    """A lead asks for `days` working days more. `decision`: granted, denied, None while it waits."""

    case_id: int
    round: int
    unit_code: str
    days: int
    reason: str
    asked_at: datetime
    decision: str | None
    decided_by: str | None
    decided_at: datetime | None
    decided_why: str | None


INSERT_REQUEST = """
INSERT INTO followup.extension_request (case_id, round, unit_code, days, reason, asked_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (case_id) WHERE decision IS NULL DO NOTHING
RETURNING id"""


async def ask(
    conn: asyncpg.Connection,
    case_id: int,
    round_: int,
    unit_code: str,
    *,
    days: int,
    reason: str,
    at: datetime,
) -> bool:
    """The lead asks; False where a request waits already."""
    return await conn.fetchval(INSERT_REQUEST, case_id, round_, unit_code, days, reason, at) is not None


DECIDE_REQUEST = """
UPDATE followup.extension_request SET decision = $2, decided_by = $3, decided_at = $4, decided_why = $5
WHERE case_id = $1 AND decision IS NULL
RETURNING case_id, round, unit_code, days, reason, asked_at, decision, decided_by, decided_at, decided_why"""


async def decide(
    conn: asyncpg.Connection, case_id: int, decision: str, *, by: str, at: datetime, why: str | None = None
) -> RequestRow | None:
    """Decide the request that waits, once; None where none does."""
    row = await conn.fetchrow(DECIDE_REQUEST, case_id, decision, by, at, why)
    return RequestRow(**row) if row else None


SELECT_LAST_REQUEST = """
SELECT case_id, round, unit_code, days, reason, asked_at, decision, decided_by, decided_at, decided_why
FROM followup.extension_request WHERE case_id = $1 ORDER BY id DESC LIMIT 1"""


async def last(conn: asyncpg.Connection, case_id: int) -> RequestRow | None:
    """The last request of a case, waiting or decided."""
    row = await conn.fetchrow(SELECT_LAST_REQUEST, case_id)
    return RequestRow(**row) if row else None
