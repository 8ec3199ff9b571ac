"""Issued reports: kept once, read for ever."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import asyncpg


@dataclass(frozen=True)
class IssuedRow:
    """A report that was issued. `superseded_by`: the number of the correction that has taken its place."""

    id: int
    number: str
    centre_code: str
    kind: str
    first_day: date
    last_day: date
    cut_off: datetime
    body: str
    sha256: str
    remarks: Mapping[str, Any] | None
    issued_at: datetime
    issued_by: str
    supersedes: int | None
    reason: str | None
    superseded_by: str | None


SELECT_BY_NUMBER = """
SELECT r.id, r.number, r.centre_code, r.kind, r.first_day, r.last_day, r.cut_off, r.body, r.sha256, r.remarks, r.issued_at,
    r.issued_by, r.supersedes, r.reason, l.number AS superseded_by
FROM followup.issued_report r LEFT JOIN followup.issued_report l ON l.supersedes = r.id WHERE r.number = $1"""


async def by_number(conn: asyncpg.Connection, number: str) -> IssuedRow | None:
    """One report."""
    row = await conn.fetchrow(SELECT_BY_NUMBER, number)
    return IssuedRow(**row) if row else None


SELECT_OF_PERIOD = """
SELECT r.id, r.number, r.centre_code, r.kind, r.first_day, r.last_day, r.cut_off, r.body, r.sha256, r.remarks, r.issued_at,
    r.issued_by, r.supersedes, r.reason, l.number AS superseded_by
FROM followup.issued_report r LEFT JOIN followup.issued_report l ON l.supersedes = r.id
WHERE r.centre_code = $1 AND r.kind = $2 AND r.first_day = $3 AND r.last_day = $4 ORDER BY r.id"""


async def of_period(
    conn: asyncpg.Connection, centre_code: str, kind: str, first: date, last: date
) -> list[IssuedRow]:
    """The report of a period and its corrections, oldest first."""
    return [IssuedRow(**row) for row in await conn.fetch(SELECT_OF_PERIOD, centre_code, kind, first, last)]


SELECT_LAST_BEFORE = """
SELECT r.id, r.number, r.centre_code, r.kind, r.first_day, r.last_day, r.cut_off, r.body, r.sha256, r.remarks, r.issued_at,
    r.issued_by, r.supersedes, r.reason, NULL AS superseded_by
FROM followup.issued_report r
WHERE r.centre_code = $1 AND r.kind = $2 AND ($3::date IS NULL OR r.last_day < $3) AND ($4::bigint IS NULL OR r.id < $4)
ORDER BY r.last_day DESC, r.id DESC LIMIT 1"""


async def last_before(
    conn: asyncpg.Connection, centre_code: str, kind: str, first: date, issued_before: int | None
) -> IssuedRow | None:
    """The last of a kind whose period ended before a day, its latest correction. `issued_before`: of those that were there when
    the report of this id was issued; None: of all."""
    row = await conn.fetchrow(SELECT_LAST_BEFORE, centre_code, kind, first, issued_before)
    return IssuedRow(**row) if row else None


async def last_of(conn: asyncpg.Connection, centre_code: str, kind: str) -> IssuedRow | None:
    """The last of a kind, its latest correction."""
    row = await conn.fetchrow(SELECT_LAST_BEFORE, centre_code, kind, None, None)
    return IssuedRow(**row) if row else None


SELECT_LIST = """
SELECT r.id, r.number, r.centre_code, r.kind, r.first_day, r.last_day, r.cut_off, '' AS body, r.sha256, r.remarks, r.issued_at,
    r.issued_by, r.supersedes, r.reason, l.number AS superseded_by
FROM followup.issued_report r LEFT JOIN followup.issued_report l ON l.supersedes = r.id
WHERE r.centre_code = $1 ORDER BY r.issued_at DESC, r.id DESC LIMIT $2"""


async def newest(conn: asyncpg.Connection, centre_code: str, most: int) -> list[IssuedRow]:
    """The last reports of a centre, without their bodies."""
    return [IssuedRow(**row) for row in await conn.fetch(SELECT_LIST, centre_code, most)]


INSERT = """
INSERT INTO followup.issued_report
    (number, centre_code, kind, first_day, last_day, cut_off, body, sha256, remarks, issued_at, issued_by, supersedes, reason)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT DO NOTHING RETURNING id"""


async def keep(
    conn: asyncpg.Connection,
    *,
    number: str,
    centre_code: str,
    kind: str,
    first: date,
    last: date,
    cut_off: datetime,
    body: str,
    sha256: str,
    remarks: Mapping[str, Any] | None,
    at: datetime,
    by: str,
    supersedes: int | None,
    reason: str | None,
) -> bool:
    """Whether it was kept; not where somebody issued the same a moment before."""
    row = await conn.fetchval(
        INSERT, number, centre_code, kind, first, last, cut_off, body, sha256, remarks, at, by, supersedes, reason
    )  # fmt: skip
    return row is not None
