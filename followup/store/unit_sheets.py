"""Cases for a unit's workbook, and rows that came back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import asyncpg


@dataclass(frozen=True)
class OpenCase:
    """A case that waits for a unit."""

    id: int
    number: str
    round: int
    status: str


SELECT_OPEN_CASES = """
SELECT c.id, c.number, c.round, c.status FROM followup.case_file c
JOIN followup.assignment a ON a.case_id = c.id AND a.round = c.round AND a.role = 'lead'
WHERE a.unit_code = $1 AND c.status IN ('dispatched', 'in_progress') ORDER BY c.due_at NULLS LAST, c.id"""


async def open_cases(conn: asyncpg.Connection, unit: str) -> list[OpenCase]:
    """What the unit is to sign for or to report, the first due first."""
    return [OpenCase(**row) for row in await conn.fetch(SELECT_OPEN_CASES, unit)]


LOCK_CASE = """
SELECT c.id, c.number, c.round, c.status FROM followup.case_file c WHERE c.number = $1 FOR UPDATE"""


async def lock_case(conn: asyncpg.Connection, number: str) -> OpenCase | None:
    """A case, held until the transaction ends: two imports of one row come one after the other."""
    row = await conn.fetchrow(LOCK_CASE, number)
    return OpenCase(**row) if row else None


TAKE_ROW = """
INSERT INTO followup.unit_sheet_row (case_id, round, act, sha256, taken_at, taken_by) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT DO NOTHING RETURNING case_id"""


async def take_row(
    conn: asyncpg.Connection, case_id: int, round_: int, act: str, sha256: str, at: datetime, by: str
) -> bool:
    """False: a row that says the same was taken before."""
    return await conn.fetchval(TAKE_ROW, case_id, round_, act, sha256, at, by) is not None
