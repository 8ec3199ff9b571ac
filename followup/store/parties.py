"""Who has a stake in a case, which units have or had it, and to whom units belong."""

from __future__ import annotations

from datetime import datetime

import asyncpg

INSERT_PARTY = """
INSERT INTO followup.case_party (case_id, party, reason, by, at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (case_id, party) DO NOTHING
RETURNING party"""


async def insert_party(
    conn: asyncpg.Connection, case_id: int, party: str, reason: str, by: str, at: datetime
) -> bool:
    """Somebody is party to a case; False if that was known."""
    return await conn.fetchval(INSERT_PARTY, case_id, party, reason, by, at) is not None


SELECT_PARTIES = "SELECT party FROM followup.case_party WHERE case_id = $1"


async def parties_of(conn: asyncpg.Connection, case_id: int) -> frozenset[str]:
    """Units and persons with a stake in a case."""
    return frozenset(row["party"] for row in await conn.fetch(SELECT_PARTIES, case_id))


SELECT_UNITS_OF_CASE = "SELECT DISTINCT unit_code FROM followup.assignment WHERE case_id = $1"


async def units_of_case(conn: asyncpg.Connection, case_id: int) -> frozenset[str]:
    """Units that have or had a case, in whatever part."""
    return frozenset(row["unit_code"] for row in await conn.fetch(SELECT_UNITS_OF_CASE, case_id))


SELECT_PARENTS = "SELECT code, parent_code FROM followup.unit WHERE centre_code = $1"


async def parents_of(conn: asyncpg.Connection, centre_code: str) -> dict[str, str | None]:
    """Every unit of a centre, with the one it belongs to."""
    return {row["code"]: row["parent_code"] for row in await conn.fetch(SELECT_PARENTS, centre_code)}
