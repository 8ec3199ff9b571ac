"""Urgings: who was urged, at which level, and the serials of supervision sheets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import asyncpg


@dataclass(frozen=True)
class UrgeRow:
    """One urging (催办). `party`: unit, office or centre; `against`: which; `why`: a key of policy `urging`."""

    case_id: int
    round: int
    level: str
    party: str
    against: str
    state: str
    why: str
    due_at: datetime
    urged_at: datetime
    sheet_number: str | None
    policy_version: int


INSERT_URGE = """
INSERT INTO followup.urge
    (case_id, round, level, party, against, state, why, due_at, urged_at, sheet_number, policy_version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"""


async def insert_urge(conn: asyncpg.Connection, urge: UrgeRow) -> None:
    """Write an urging. Raises UniqueViolationError for a level that was urged in this round before."""
    await conn.execute(
        INSERT_URGE,
        urge.case_id,
        urge.round,
        urge.level,
        urge.party,
        urge.against,
        urge.state,
        urge.why,
        urge.due_at,
        urge.urged_at,
        urge.sheet_number,
        urge.policy_version,
    )


SELECT_URGES = """
SELECT case_id, round, level, party, against, state, why, due_at, urged_at, sheet_number, policy_version
FROM followup.urge WHERE case_id = $1 ORDER BY id"""


async def urges_of(conn: asyncpg.Connection, case_id: int) -> list[UrgeRow]:
    """All urgings of a case, oldest first."""
    return [UrgeRow(**row) for row in await conn.fetch(SELECT_URGES, case_id)]


@dataclass(frozen=True)
class CriticisedRow:
    """One line of the list of circulated criticism (通报批评) in a weekly report."""

    number: str
    round: int
    party: str
    against: str
    name_zh: str | None
    why: str
    due_at: datetime
    urged_at: datetime


SELECT_CRITICISED = """
SELECT c.number, g.round, g.party, g.against, u.name_zh, g.why, g.due_at, g.urged_at
FROM followup.urge AS g
JOIN followup.case_file AS c ON c.id = g.case_id
LEFT JOIN followup.unit AS u ON g.party = 'unit' AND u.code = g.against
WHERE g.level = 'U4' AND c.centre_code = $1 AND g.urged_at >= $2 AND g.urged_at < $3
ORDER BY g.urged_at, c.number"""


async def criticised(
    conn: asyncpg.Connection, centre_code: str, since: datetime, until: datetime
) -> list[CriticisedRow]:
    """Who was criticised from `since` up to, but not at, `until`."""
    return [CriticisedRow(**row) for row in await conn.fetch(SELECT_CRITICISED, centre_code, since, until)]


TAKE_PAPER_SERIAL = """
INSERT INTO followup.paper_serial AS p (centre_code, series, last) VALUES ($1, $2, 1)
ON CONFLICT (centre_code, series) DO UPDATE SET last = p.last + 1
RETURNING last"""


async def take_paper_serial(conn: asyncpg.Connection, centre_code: str, series: str) -> int:
    """The next serial of a series of papers, from 1; it stays free if the transaction is taken back."""
    serial: int = await conn.fetchval(TAKE_PAPER_SERIAL, centre_code, series)
    return serial
