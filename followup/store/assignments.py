"""Who handles a case in a round: one lead, any number of assisting units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg


@dataclass(frozen=True)
class AssignmentRow:
    """One unit's part in one round; `due_at` is when its result is due."""

    case_id: int
    round: int
    unit_code: str
    role: str
    dispatched_at: datetime
    signed_at: datetime | None
    due_at: datetime | None


INSERT_ASSIGNMENT = """
INSERT INTO followup.assignment (case_id, round, unit_code, role, dispatched_at, signed_at, due_at)
SELECT $1, $2, unit_code, CASE WHEN place = 1 THEN 'lead' ELSE 'assist' END, $4, $5, $6
FROM unnest($3::text[]) WITH ORDINALITY AS t (unit_code, place)"""


async def assign(
    conn: asyncpg.Connection,
    case_id: int,
    round_: int,
    *,
    lead: str,
    assists: Sequence[str] = (),
    at: datetime,
    signed_at: datetime | None = None,
    due_at: datetime | None,
) -> None:
    """Give a round to its lead and the assisting units.

    Raises ForeignKeyViolationError for an unknown unit.
    """
    units = list(dict.fromkeys([lead, *assists]))
    await conn.execute(INSERT_ASSIGNMENT, case_id, round_, units, at, signed_at, due_at)


SIGN_LEAD = """
UPDATE followup.assignment SET signed_at = $3
WHERE case_id = $1 AND round = $2 AND role = 'lead' AND signed_at IS NULL
RETURNING due_at"""


async def sign_lead(conn: asyncpg.Connection, case_id: int, round_: int, at: datetime) -> datetime | None:
    """The lead of a round has signed; when its result is due."""
    due_at: datetime | None = await conn.fetchval(SIGN_LEAD, case_id, round_, at)
    return due_at


SELECT_ASSIGNMENTS = """
SELECT case_id, round, unit_code, role, dispatched_at, signed_at, due_at
FROM followup.assignment WHERE case_id = $1 ORDER BY round, role DESC, unit_code"""


async def assignments_of(conn: asyncpg.Connection, case_id: int) -> list[AssignmentRow]:
    """Everybody who ever had this case, the lead first in each round."""
    return [AssignmentRow(**row) for row in await conn.fetch(SELECT_ASSIGNMENTS, case_id)]


SELECT_LEAD = """
SELECT unit_code FROM followup.assignment WHERE case_id = $1 AND round = $2 AND role = 'lead'"""


async def lead_of(conn: asyncpg.Connection, case_id: int, round_: int) -> str | None:
    """The unit that leads a round; None before the round is dispatched."""
    lead: str | None = await conn.fetchval(SELECT_LEAD, case_id, round_)
    return lead
