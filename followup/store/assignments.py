"""Who handles a case in a round: one lead, any number of assisting units, and those that led it before."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg


@dataclass(frozen=True)
class AssignmentRow:
    """One unit's part in one round; `due_at` is when its result is due.

    `role`: lead, assist, or former, whose lead ended at `released_at`. `mandatory`: the lead cannot report before
    this assisting unit has filed its `part`.
    """

    case_id: int
    round: int
    unit_code: str
    role: str
    dispatched_at: datetime
    signed_at: datetime | None
    due_at: datetime | None
    mandatory: bool
    released_at: datetime | None
    part_at: datetime | None
    part: str | None


INSERT_ASSIGNMENT = """
INSERT INTO followup.assignment (case_id, round, unit_code, role, dispatched_at, signed_at, due_at, mandatory)
SELECT $1, $2, unit_code, CASE WHEN place = 1 THEN 'lead' ELSE 'assist' END, $4, $5, $6,
    place > 1 AND unit_code = ANY($7)
FROM unnest($3::text[]) WITH ORDINALITY AS t (unit_code, place)
ON CONFLICT (case_id, round, unit_code) DO UPDATE
SET role = excluded.role, dispatched_at = excluded.dispatched_at, signed_at = excluded.signed_at,
    due_at = excluded.due_at, mandatory = excluded.mandatory, released_at = NULL, part_at = NULL, part = NULL"""


async def assign(
    conn: asyncpg.Connection,
    case_id: int,
    round_: int,
    *,
    lead: str,
    assists: Sequence[str] = (),
    mandatory: Collection[str] = (),
    at: datetime,
    signed_at: datetime | None = None,
    due_at: datetime | None,
) -> None:
    """Give a round to its lead and the assisting units; `mandatory` are those whose part must be filed.

    A unit that had the round before has it anew. Raises ForeignKeyViolationError for an unknown unit,
    UniqueViolationError where another unit leads.
    """
    units = list(dict.fromkeys([lead, *assists]))
    await conn.execute(INSERT_ASSIGNMENT, case_id, round_, units, at, signed_at, due_at, list(mandatory))


RELEASE_LEAD = """
UPDATE followup.assignment SET role = 'former', released_at = $3
WHERE case_id = $1 AND round = $2 AND role = 'lead'
RETURNING unit_code"""


async def release_lead(conn: asyncpg.Connection, case_id: int, round_: int, at: datetime) -> str | None:
    """The lead of a round has it no more; which unit that was."""
    unit: str | None = await conn.fetchval(RELEASE_LEAD, case_id, round_, at)
    return unit


SIGN_LEAD = """
UPDATE followup.assignment SET signed_at = $3
WHERE case_id = $1 AND round = $2 AND role = 'lead' AND signed_at IS NULL
RETURNING due_at"""


async def sign_lead(conn: asyncpg.Connection, case_id: int, round_: int, at: datetime) -> datetime | None:
    """The lead of a round has signed; when its result is due."""
    due_at: datetime | None = await conn.fetchval(SIGN_LEAD, case_id, round_, at)
    return due_at


EXTEND_ALL = """
UPDATE followup.assignment SET due_at = $3
WHERE case_id = $1 AND round = $2 AND role <> 'former'
RETURNING unit_code"""


async def extend_all(conn: asyncpg.Connection, case_id: int, round_: int, due_at: datetime) -> None:
    """Everybody in the round has until then."""
    await conn.fetch(EXTEND_ALL, case_id, round_, due_at)


FILE_PART = """
UPDATE followup.assignment SET part = $4, part_at = $5
WHERE case_id = $1 AND round = $2 AND unit_code = $3 AND role = 'assist' AND part_at IS NULL
RETURNING unit_code"""


async def file_part(
    conn: asyncpg.Connection, case_id: int, round_: int, unit_code: str, words: str, at: datetime
) -> bool:
    """The assisting unit's part, once; False where it assists in nothing or has filed it."""
    return await conn.fetchval(FILE_PART, case_id, round_, unit_code, words, at) is not None


SELECT_ASSIGNMENTS = """
SELECT case_id, round, unit_code, role, dispatched_at, signed_at, due_at, mandatory, released_at, part_at, part
FROM followup.assignment WHERE case_id = $1 ORDER BY round, role DESC, unit_code"""


async def assignments_of(conn: asyncpg.Connection, case_id: int) -> list[AssignmentRow]:
    """Everybody who ever had this case, the lead first in each round, former leads after it."""
    return [AssignmentRow(**row) for row in await conn.fetch(SELECT_ASSIGNMENTS, case_id)]


SELECT_LEAD = """
SELECT unit_code FROM followup.assignment WHERE case_id = $1 AND round = $2 AND role = 'lead'"""


async def lead_of(conn: asyncpg.Connection, case_id: int, round_: int) -> str | None:
    """The unit that leads a round; None before the round is dispatched."""
    lead: str | None = await conn.fetchval(SELECT_LEAD, case_id, round_)
    return lead


SELECT_OPEN_PARTS = """
SELECT unit_code FROM followup.assignment
WHERE case_id = $1 AND round = $2 AND role = 'assist' AND mandatory AND part_at IS NULL ORDER BY unit_code"""


async def open_parts(conn: asyncpg.Connection, case_id: int, round_: int) -> tuple[str, ...]:
    """Assisting units whose mandatory part is not filed."""
    return tuple(row["unit_code"] for row in await conn.fetch(SELECT_OPEN_PARTS, case_id, round_))


SELECT_HANDLE_BY = """
SELECT due_at FROM followup.assignment WHERE case_id = $1 AND round = $2 AND role IN ('lead', 'former')
ORDER BY role DESC, released_at DESC LIMIT 1"""


async def handle_by(conn: asyncpg.Connection, case_id: int, round_: int) -> datetime | None:
    """Until when the round is to be handled, whoever leads it now."""
    due_at: datetime | None = await conn.fetchval(SELECT_HANDLE_BY, case_id, round_)
    return due_at
