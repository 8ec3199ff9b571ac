"""Everything that is kept about one case, from every table that knows cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import asyncpg

SELECT_RECORDS = "SELECT kind, record FROM followup.case_records($1)"


async def records_of(conn: asyncpg.Connection, case_id: int) -> list[tuple[str, Mapping[str, Any]]]:
    """(table, row) of every row about a case; moments in ISO 8601."""
    return [(row["kind"], row["record"]) for row in await conn.fetch(SELECT_RECORDS, case_id)]


@dataclass(frozen=True)
class SealOver:
    """A sealed day on which this case had moved: its events up to `seq` are under it."""

    day: date
    sealed_at: datetime
    seq: int
    hash: bytes
    seal: bytes


SELECT_SEALS = """
SELECT h.day, d.sealed_at, h.seq, h.hash, d.hash AS seal
FROM followup.sealed_head AS h
JOIN followup.sealed_day AS d ON d.centre_code = h.centre_code AND d.day = h.day
WHERE h.subject = $1 ORDER BY h.seq"""


async def seals_of(conn: asyncpg.Connection, subject: str) -> list[SealOver]:
    """The seals over a chain, oldest first."""
    return [SealOver(**row) for row in await conn.fetch(SELECT_SEALS, subject)]


SELECT_AREA_NAME = "SELECT name_zh FROM survey.area WHERE code = $1"


async def area_name(conn: asyncpg.Connection, code: str) -> str:
    """The Chinese name of an area; its code where there is none."""
    return await conn.fetchval(SELECT_AREA_NAME, code) or code
