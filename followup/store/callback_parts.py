"""What survey keeps of one callback: its attempts, the contacts in which it was spoken of, and whose number it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import asyncpg


@dataclass(frozen=True)
class Attempt:
    """One attempt of ours in a contact that covered the callback. `verifies`: it is of the call that a flag by text brought."""

    contact_id: int
    mode: str
    operator: str | None
    at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    disposition: str | None
    verifies: bool


# by unit and by contact apart: with an OR between them every attempt there is would be looked at
SELECT_ATTEMPTS = """
WITH about AS (
    SELECT w.id, w.ref, b.verify_unit_ref FROM followup.callback b
    JOIN survey.sample_unit w ON w.ref IN (b.unit_ref, b.verify_unit_ref)
    WHERE b.case_id = $1 AND b.round = $2
), made AS (
    SELECT t.id, a.ref, a.verify_unit_ref FROM about a JOIN survey.attempt t ON t.unit_id = a.id
    UNION SELECT t.id, a.ref, a.verify_unit_ref FROM about a JOIN survey.interview i ON i.unit_id = a.id
    JOIN survey.attempt t ON t.contact_id = i.contact_id
)
SELECT t.contact_id, t.mode, t.operator, t.dialing_at AS at, t.answered_at, t.ended_at, t.disposition,
       coalesce(m.verify_unit_ref = ANY (array_agg(m.ref)), false) AS verifies
FROM made m JOIN survey.attempt t ON t.id = m.id
GROUP BY t.id, m.verify_unit_ref ORDER BY t.dialing_at, t.id"""


async def attempts_of(conn: asyncpg.Connection, case_id: int, round_: int) -> list[Attempt]:
    """Of the callback of a round and of the call that verified it, oldest first."""
    return [Attempt(**row) for row in await conn.fetch(SELECT_ATTEMPTS, case_id, round_)]


SELECT_INTERVIEWS = """
SELECT i.id FROM followup.callback b
JOIN survey.sample_unit w ON w.ref IN (b.unit_ref, b.verify_unit_ref)
JOIN survey.interview i ON i.unit_id = w.id
WHERE b.case_id = $1 AND b.round = $2 ORDER BY i.id"""


async def interviews_of(conn: asyncpg.Connection, case_id: int, round_: int) -> list[int]:
    """The interviews that were held about it."""
    return [row["id"] for row in await conn.fetch(SELECT_INTERVIEWS, case_id, round_)]


@dataclass(frozen=True)
class Whose:
    """Whom a callback is to reach, and where they live."""

    person_id: int
    area_code: str


SELECT_WHOSE = """
SELECT w.person_id, w.area_code FROM followup.callback b JOIN survey.sample_unit w ON w.ref = b.unit_ref
WHERE b.case_id = $1 AND b.round = $2"""


async def whose(conn: asyncpg.Connection, case_id: int, round_: int) -> Whose | None:
    """None: nobody was to be reached."""
    row = await conn.fetchrow(SELECT_WHOSE, case_id, round_)
    return Whose(**row) if row else None
