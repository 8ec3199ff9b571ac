"""What was found at a centre, and what its inspection came to: written once, withdrawn by a further row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import asyncpg

from survey.periods import Period


@dataclass(frozen=True)
class FoundRow:
    """`points`: of an inspection. `withdrawn`: why it does not stand any more."""

    id: int
    kind: str
    points: float | None
    case_number: str | None
    words: str
    found_by: str
    found_at: datetime
    withdrawn: str | None = None


INSERT = """
INSERT INTO followup.centre_finding (centre_code, kind, points, case_number, words, found_by, found_at, withdraws)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (withdraws) DO NOTHING RETURNING id"""


async def keep(
    conn: asyncpg.Connection,
    centre_code: str,
    *,
    kind: str,
    points: float | None,
    case_number: str | None,
    words: str,
    by: str,
    at: datetime,
    withdraws: int | None = None,
) -> bool:
    """False: somebody has withdrawn the same a moment before."""
    kept = await conn.fetchval(INSERT, centre_code, kind, points, case_number, words, by, at, withdraws)
    return kept is not None


SELECT_ALL = """
SELECT f.id, f.kind, f.points, f.case_number, f.words, f.found_by, f.found_at,
(SELECT w.words FROM followup.centre_finding w WHERE w.withdraws = f.id AND w.found_at <= $2) AS withdrawn
FROM followup.centre_finding f JOIN survey.centre k ON k.code = f.centre_code JOIN survey.area z ON z.code = k.area_code
WHERE f.centre_code = $1 AND f.withdraws IS NULL AND f.found_at <= $2
  AND ($3::date IS NULL OR (f.found_at AT TIME ZONE z.tz)::date BETWEEN $3 AND $4)
ORDER BY f.id"""


async def all_of(conn: asyncpg.Connection, centre_code: str, now: datetime) -> list[FoundRow]:
    """Everything that was found at a centre, the oldest first."""
    return [FoundRow(**row) for row in await conn.fetch(SELECT_ALL, centre_code, now, None, None)]


async def standing(
    conn: asyncpg.Connection, centre_code: str, period: Period, cut_off: datetime
) -> list[FoundRow]:
    """What was found in a period and stands at the cut-off, the oldest first."""
    rows = await conn.fetch(SELECT_ALL, centre_code, cut_off, period.first, period.last)
    return [row for row in (FoundRow(**one) for one in rows) if row.withdrawn is None]


SELECT_CASE = "SELECT true FROM followup.case_file WHERE number = $1 AND centre_code = $2"


async def has_case(conn: asyncpg.Connection, number: str, centre_code: str) -> bool:
    """Whether a case of this number is the centre's."""
    return bool(await conn.fetchval(SELECT_CASE, number, centre_code))
