"""What a case has gone through beside its assignments: facts for its guards, returns, extension, plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import asyncpg


@dataclass(frozen=True)
class CourseRow:
    """What the guards of a case look at, at one moment; see `guards.Facts`."""

    returned_by: tuple[str, ...]
    disputes: int
    let_go: tuple[str, ...]
    extended: bool
    complex: bool
    planned: bool
    led: bool
    open_parts: tuple[str, ...]


SELECT_COURSE = """
SELECT ARRAY(SELECT unit_code FROM followup.case_return r WHERE r.case_id = c.id ORDER BY returned_at) AS returned_by,
    (SELECT count(*) FROM followup.case_return r WHERE r.case_id = c.id AND r.round = c.round) AS disputes,
    ARRAY(SELECT unit_code FROM followup.case_return r
          WHERE r.case_id = c.id AND r.round = c.round AND r.decision = 'allowed') AS let_go,
    EXISTS (SELECT FROM followup.extension x WHERE x.case_id = c.id) AS extended,
    c.complex,
    EXISTS (SELECT FROM followup.case_plan p WHERE p.case_id = c.id AND p.round = c.round) AS planned,
    EXISTS (SELECT FROM followup.assignment a WHERE a.case_id = c.id AND a.round = c.round AND a.role = 'lead') AS led,
    ARRAY(SELECT unit_code FROM followup.assignment a
          WHERE a.case_id = c.id AND a.round = c.round AND a.role = 'assist' AND a.mandatory AND a.part_at IS NULL
          ORDER BY unit_code) AS open_parts
FROM followup.case_file AS c WHERE c.id = $1"""


async def course_of(conn: asyncpg.Connection, case_id: int) -> CourseRow:
    """What the guards look at."""
    row = await conn.fetchrow(SELECT_COURSE, case_id)
    lists = {name: tuple(row[name]) for name in ("returned_by", "let_go", "open_parts")}
    return CourseRow(**{**row, **lists})


INSERT_RETURN = """
INSERT INTO followup.case_return (case_id, unit_code, round, reason, suggested_unit, returned_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT DO NOTHING
RETURNING unit_code"""


async def insert_return(
    conn: asyncpg.Connection,
    case_id: int,
    unit_code: str,
    round_: int,
    *,
    reason: str,
    suggested: str,
    at: datetime,
) -> bool:
    """A unit returns the case; False where it has done so before."""
    return await conn.fetchval(INSERT_RETURN, case_id, unit_code, round_, reason, suggested, at) is not None


DECIDE_RETURN = """
UPDATE followup.case_return SET decision = $2, decided_at = $3
WHERE case_id = $1 AND decision IS NULL
RETURNING unit_code, suggested_unit"""


@dataclass(frozen=True)
class OpenReturn:
    """A return that was just decided: who returned the case, and whom they named."""

    unit_code: str
    suggested_unit: str


async def decide_return(
    conn: asyncpg.Connection, case_id: int, decision: str, at: datetime
) -> OpenReturn | None:
    """Decide the open return, once: allowed, denied or joint; None where none is open."""
    row = await conn.fetchrow(DECIDE_RETURN, case_id, decision, at)
    return OpenReturn(**row) if row else None


INSERT_EXTENSION = """
INSERT INTO followup.extension
    (case_id, round, asked_by, granted_by, reason, old_due, new_due, granted_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT DO NOTHING
RETURNING case_id"""


async def insert_extension(
    conn: asyncpg.Connection,
    case_id: int,
    round_: int,
    *,
    asked_by: str,
    granted_by: str,
    reason: str,
    old_due: datetime,
    new_due: datetime,
    at: datetime,
) -> bool:
    """The extension of a case; False where it had one."""
    values = (case_id, round_, asked_by, granted_by, reason, old_due, new_due, at)
    return await conn.fetchval(INSERT_EXTENSION, *values) is not None


UPSERT_PLAN = """
INSERT INTO followup.case_plan (case_id, round, owner_leader, plan, made_by, made_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (case_id, round) DO UPDATE
SET owner_leader = excluded.owner_leader, plan = excluded.plan, made_by = excluded.made_by,
    made_at = excluded.made_at"""


async def put_plan(
    conn: asyncpg.Connection,
    case_id: int,
    round_: int,
    *,
    owner_leader: str,
    plan: str,
    by: str,
    at: datetime,
) -> None:
    """The leader and the plan of a round; a later one takes its place, and the events keep both."""
    await conn.execute(UPSERT_PLAN, case_id, round_, owner_leader, plan, by, at)
