"""What a unit reported, and what the centre lets the resident be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import asyncpg


@dataclass(frozen=True)
class ResultRow:
    """The result of one round. `result_summary` is told to the resident word for word."""

    case_id: int
    round: int
    unit_code: str
    reported_at: datetime
    result_summary: str
    claimed_contact: bool
    accepted_at: datetime | None


INSERT_RESULT = """
INSERT INTO followup.result
    (case_id, round, unit_code, reported_at, result_summary, claimed_contact, accepted_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)"""


async def insert_result(conn: asyncpg.Connection, result: ResultRow) -> None:
    """Write the result of a round, once. Raises UniqueViolationError for a second one."""
    await conn.execute(
        INSERT_RESULT,
        result.case_id,
        result.round,
        result.unit_code,
        result.reported_at,
        result.result_summary,
        result.claimed_contact,
        result.accepted_at,
    )


ACCEPT_RESULT = """
UPDATE followup.result SET accepted_at = $3
WHERE case_id = $1 AND round = $2 AND accepted_at IS NULL
RETURNING case_id, round, unit_code, reported_at, result_summary, claimed_contact, accepted_at"""


async def accept_result(
    conn: asyncpg.Connection, case_id: int, round_: int, at: datetime
) -> ResultRow | None:
    """The centre approved the result; None if there is none that waits."""
    row = await conn.fetchrow(ACCEPT_RESULT, case_id, round_, at)
    return ResultRow(**row) if row else None


SELECT_RESULTS = """
SELECT case_id, round, unit_code, reported_at, result_summary, claimed_contact, accepted_at
FROM followup.result WHERE case_id = $1 ORDER BY round"""


async def results_of(conn: asyncpg.Connection, case_id: int) -> list[ResultRow]:
    """The results of all rounds of a case."""
    return [ResultRow(**row) for row in await conn.fetch(SELECT_RESULTS, case_id)]
