"""Explanations of rejected flags, and whether the resident has them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import asyncpg


@dataclass(frozen=True)
class ExplanationRow:
    """What two people signed. `told_at` None: the resident does not have it yet."""

    case_id: int
    round: int
    ground: str
    words: str
    signed_by: str
    second_by: str
    signed_at: datetime
    told_at: datetime | None = None
    told_how: str | None = None
    told_by: str | None = None


INSERT_EXPLANATION = """
INSERT INTO followup.explanation (case_id, round, ground, words, signed_by, second_by, signed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
RETURNING (SELECT count(*) + 1 FROM followup.explanation WHERE case_id = $1)"""


async def insert(conn: asyncpg.Connection, row: ExplanationRow) -> int:
    """Write an explanation; which one of its case it is, from 1."""
    nth: int = await conn.fetchval(
        INSERT_EXPLANATION,
        row.case_id,
        row.round,
        row.ground,
        row.words,
        row.signed_by,
        row.second_by,
        row.signed_at,
    )
    return nth


CARRY = "UPDATE followup.explanation SET notice_id = $3 WHERE case_id = $1 AND signed_at = $2 RETURNING id"


async def carried_by(conn: asyncpg.Connection, case_id: int, signed_at: datetime, notice_id: int) -> None:
    """The notice that takes it to the resident."""
    await conn.fetchval(CARRY, case_id, signed_at, notice_id)


@dataclass(frozen=True)
class ToldRow:
    """An explanation that has just turned out to be told."""

    case_id: int
    round: int
    case_status: str
    told_at: datetime
    told_how: str
    told_by: str


TELL_DELIVERED = """
UPDATE followup.explanation AS x
SET told_at = coalesce(n.acknowledged_at, n.delivered_at), told_how = coalesce(n.acknowledged_how, 'text'),
    told_by = coalesce(n.acknowledged_by, 'system')
FROM followup.notice AS n, followup.case_file AS c
WHERE n.id = x.notice_id AND c.id = x.case_id AND x.told_at IS NULL
  AND (n.delivered_at IS NOT NULL OR n.acknowledged_at IS NOT NULL)
RETURNING x.case_id, x.round, c.status AS case_status, x.told_at, x.told_how, x.told_by"""


async def tell_delivered(conn: asyncpg.Connection) -> list[ToldRow]:
    """Those whose notice has arrived or was acknowledged count as told now, each once."""
    return [ToldRow(**row) for row in await conn.fetch(TELL_DELIVERED)]


SELECT_LATEST = """
SELECT case_id, round, ground, words, signed_by, second_by, signed_at, told_at, told_how, told_by
FROM followup.explanation WHERE case_id = $1 ORDER BY id DESC LIMIT 1"""


async def latest(conn: asyncpg.Connection, case_id: int) -> ExplanationRow | None:
    """The last explanation of a case."""
    row = await conn.fetchrow(SELECT_LATEST, case_id)
    return ExplanationRow(**row) if row else None


TELL = """
UPDATE followup.explanation SET told_at = $3, told_how = $4, told_by = $5
WHERE case_id = $1 AND signed_at = $2 AND told_at IS NULL
RETURNING id"""


async def tell(
    conn: asyncpg.Connection, case_id: int, signed_at: datetime, at: datetime, how: str, by: str
) -> bool:
    """The resident has it; False if they had it before."""
    return await conn.fetchval(TELL, case_id, signed_at, at, how, by) is not None
