"""Pictures of what units have done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import asyncpg


@dataclass(frozen=True)
class PictureLine:
    """A picture without its bytes, which are no more once it is forgotten."""

    ref: str
    round: int
    unit_code: str
    kind: str
    width: int
    height: int
    added_at: datetime
    forgotten_at: datetime | None


INSERT_PICTURE = """
WITH kept AS (
    INSERT INTO followup.picture (ref, case_id, round, unit_code, kind, sha256, width, height, added_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $10) ON CONFLICT (case_id, round, sha256) DO NOTHING RETURNING ref
)
INSERT INTO followup.picture_bytes (ref, bytes) SELECT ref, $9 FROM kept RETURNING ref"""


async def insert(
    conn: asyncpg.Connection,
    ref: str,
    case_id: int,
    round_: int,
    unit_code: str,
    *,
    kind: str,
    sha256: bytes,
    width: int,
    height: int,
    data: bytes,
    at: datetime,
) -> bool:
    """Keep a picture; False where this round has the same already."""
    values = (ref, case_id, round_, unit_code, kind, sha256, width, height, data, at)
    return await conn.fetchval(INSERT_PICTURE, *values) is not None


SELECT_PICTURES = """
SELECT ref, round, unit_code, kind, width, height, added_at, forgotten_at FROM followup.picture
WHERE case_id = $1 ORDER BY round, added_at, ref"""


async def pictures_of(conn: asyncpg.Connection, case_id: int) -> list[PictureLine]:
    """All pictures of a case, oldest first."""
    return [PictureLine(**row) for row in await conn.fetch(SELECT_PICTURES, case_id)]


@dataclass(frozen=True)
class Shown:
    """A picture as it is sent."""

    kind: str
    bytes: bytes


SELECT_BYTES = """
SELECT p.kind, b.bytes FROM followup.picture p JOIN followup.picture_bytes b ON b.ref = p.ref
JOIN followup.case_file c ON c.id = p.case_id
WHERE c.number = $1 AND p.ref = $2 AND ($3::text IS NULL OR p.unit_code = $3)"""


async def picture(
    conn: asyncpg.Connection, number: str, ref: str, *, unit: str | None = None
) -> Shown | None:
    """One picture of this case; of this unit's alone, where one is named."""
    row = await conn.fetchrow(SELECT_BYTES, number, ref, unit)
    return Shown(**row) if row else None


FORGET_PICTURES = """
WITH due AS (
    SELECT p.ref FROM followup.picture p JOIN followup.case_file c ON c.id = p.case_id
    WHERE p.forgotten_at IS NULL AND c.status = 'archived' AND $2 >= (
        SELECT max(e.at) FROM followup.case_event e WHERE e.case_id = c.id AND e.event = 'archive')
    ORDER BY p.ref LIMIT $4 FOR UPDATE OF p SKIP LOCKED
), gone AS (
    DELETE FROM followup.picture_bytes b USING due WHERE b.ref = due.ref
)
UPDATE followup.picture p SET forgotten_at = $1, forgotten_by = $3 FROM due WHERE p.ref = due.ref RETURNING p.ref"""


async def forget(conn: asyncpg.Connection, *, now: datetime, by: str, before: datetime, most: int) -> int:
    """Forget pictures of cases that were archived by `before`; how many. What they were stays, and who forgot them."""
    return len(await conn.fetch(FORGET_PICTURES, now, before, by, most))
