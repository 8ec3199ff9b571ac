"""Links of units without an account, and their uses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import asyncpg


@dataclass(frozen=True)
class LinkRow:
    """A link with its case."""

    ref: str
    case_id: int
    number: str
    unit_code: str
    unit_zh: str
    centre_code: str
    round: int
    made_at: datetime
    made_by: str
    expires_at: datetime
    revoked_at: datetime | None


INSERT_LINK = """
INSERT INTO followup.unit_link (ref, case_id, unit_code, round, made_at, made_by, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)"""


async def insert(
    conn: asyncpg.Connection,
    ref: str,
    case_id: int,
    unit_code: str,
    round_: int,
    made_at: datetime,
    made_by: str,
    expires_at: datetime,
) -> None:
    """A new link."""
    await conn.execute(INSERT_LINK, ref, case_id, unit_code, round_, made_at, made_by, expires_at)


SELECT_LINK = """
SELECT l.ref, l.case_id, c.number, l.unit_code, u.name_zh AS unit_zh, c.centre_code, l.round, l.made_at, l.made_by,
       l.expires_at, l.revoked_at
FROM followup.unit_link l JOIN followup.case_file c ON c.id = l.case_id JOIN followup.unit u ON u.code = l.unit_code
WHERE l.ref = $1 FOR UPDATE OF l"""


async def lock(conn: asyncpg.Connection, ref: str) -> LinkRow | None:
    """A link, held until the transaction ends: one use at a time."""
    row = await conn.fetchrow(SELECT_LINK, ref)
    return LinkRow(**row) if row else None


REVOKE = """
UPDATE followup.unit_link l SET revoked_at = $3 FROM followup.case_file c
WHERE c.id = l.case_id AND c.number = $1 AND l.unit_code = $2 AND l.revoked_at IS NULL AND l.expires_at > $3
RETURNING l.ref"""


async def revoke(conn: asyncpg.Connection, number: str, unit_code: str, at: datetime) -> int:
    """Links of a unit to a case work no more; how many did."""
    return len(await conn.fetch(REVOKE, number, unit_code, at))


INSERT_USE = """
INSERT INTO followup.unit_link_use (ref, at, act, outcome) VALUES ($1, $2, $3, $4)"""


async def used(conn: asyncpg.Connection, ref: str, at: datetime, act: str, outcome: str) -> None:
    """Write a use down."""
    await conn.execute(INSERT_USE, ref, at, act, outcome)


SELECT_DONE = """
SELECT act, min(at) AS at FROM followup.unit_link_use WHERE ref = $1 AND act <> 'view' AND outcome = 'done' GROUP BY act"""


async def done(conn: asyncpg.Connection, ref: str) -> dict[str, datetime]:
    """What was done by this link, and when."""
    return {row["act"]: row["at"] for row in await conn.fetch(SELECT_DONE, ref)}
