"""What lies on the desk of a unit. Every statement begins at the account, so that no other unit's case can come out of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import asyncpg


@dataclass(frozen=True)
class DeskCase:
    """A case of the unit in its round that runs. `role`: lead or assist; `part_at`: when an assisting unit filed its part."""

    id: int
    number: str
    short_number: str
    status: str
    round: int
    category: str
    area_zh: str
    area_en: str
    title: str
    role: str
    mandatory: bool
    part_at: datetime | None
    asked_for_time: bool


SELECT_DESK = """
WITH RECURSIVE own AS (
    SELECT u.code, u.centre_code, u.parent_code
    FROM followup.unit_account l JOIN followup.unit u ON u.code = l.unit_code
    WHERE l.account_id = $1 AND u.centre_code = $2
), above AS (
    SELECT code, parent_code FROM own
    UNION SELECT p.code, p.parent_code FROM followup.unit p JOIN above ON p.code = above.parent_code
)
SELECT c.id, c.number, c.short_number, c.status, c.round, c.category, v.name_zh AS area_zh, v.name_en AS area_en,
    coalesce(p.title, c.content) AS title, a.role, a.mandatory, a.part_at,
    EXISTS (SELECT FROM followup.extension_request x WHERE x.case_id = c.id AND x.decision IS NULL) AS asked_for_time
FROM own
JOIN followup.assignment a ON a.unit_code = own.code AND a.role IN ('lead', 'assist')
JOIN followup.case_file c ON c.id = a.case_id AND c.round = a.round AND c.centre_code = own.centre_code
JOIN survey.area v ON v.code = c.area_code
LEFT JOIN followup.appeal p ON p.case_id = c.id
WHERE c.status = ANY($3::text[])
  AND NOT EXISTS (SELECT FROM followup.case_party b WHERE b.case_id = c.id AND b.party = own.code)
  AND NOT EXISTS (SELECT FROM above WHERE above.code = c.criticised_unit)
ORDER BY c.due_at NULLS LAST, c.id LIMIT $4"""


async def desk(
    conn: asyncpg.Connection, account_id: int, centre_code: str, statuses: list[str], most: int
) -> list[DeskCase]:
    """Cases of the account's unit in these states, the first due first; none that it must not read."""
    return [DeskCase(**row) for row in await conn.fetch(SELECT_DESK, account_id, centre_code, statuses, most)]


@dataclass(frozen=True)
class OwnCase:
    """A case that the account's unit has or had. `role`: its part in the round that runs, former where that is over."""

    id: int
    number: str
    round: int
    role: str


SELECT_OWN_CASE = """
SELECT c.id, c.number, c.round, coalesce(
    (SELECT n.role FROM followup.assignment n WHERE n.case_id = c.id AND n.round = c.round AND n.unit_code = u.code),
    'former') AS role
FROM followup.unit_account l
JOIN followup.unit u ON u.code = l.unit_code
JOIN followup.case_file c ON c.centre_code = u.centre_code
WHERE l.account_id = $1 AND u.centre_code = $2 AND c.number = $3
  AND EXISTS (SELECT FROM followup.assignment a WHERE a.case_id = c.id AND a.unit_code = u.code)"""


async def own_case(
    conn: asyncpg.Connection, account_id: int, centre_code: str, number: str
) -> OwnCase | None:
    """The case, if the account's unit has or had it; None for any other, as for a number that there is not."""
    row = await conn.fetchrow(SELECT_OWN_CASE, account_id, centre_code, number)
    return OwnCase(**row) if row else None


@dataclass(frozen=True)
class SaidRow:
    """What a resident said of a round that the unit has closed. `words`: of a round that went out again, else None.
    `solved`, `satisfied`: codes of C2 and C3 of a named case."""

    number: str
    short_number: str
    category: str
    round: int
    verdict: str
    decision: str | None
    settled_at: datetime
    solved: str | None
    satisfied: str | None
    words: str | None


SELECT_SAID = """
SELECT c.number, c.short_number, c.category, b.round, b.verdict, b.decision, b.settled_at,
    CASE WHEN c.anonymity = 'named' THEN b.answers -> 'C2' ->> 0 END AS solved,
    CASE WHEN c.anonymity = 'named' THEN b.answers -> 'C3' ->> 0 END AS satisfied,
    CASE WHEN b.decision = 'redispatch' THEN b.words END AS words
FROM followup.unit_account l
JOIN followup.unit u ON u.code = l.unit_code
JOIN followup.result r ON r.unit_code = u.code
JOIN followup.callback b ON b.case_id = r.case_id AND b.round = r.round
JOIN followup.case_file c ON c.id = b.case_id AND c.centre_code = u.centre_code
WHERE l.account_id = $1 AND u.centre_code = $2 AND b.settled_at >= $3 AND b.verdict <> 'wrong_person'
  AND (NOT b.flagged OR b.decision IS NOT NULL) AND c.criticised_unit IS NULL
  AND NOT EXISTS (SELECT FROM followup.case_party p WHERE p.case_id = c.id AND p.party = u.code)
ORDER BY b.settled_at DESC, c.id LIMIT $4"""


async def said(
    conn: asyncpg.Connection, account_id: int, centre_code: str, since: datetime, most: int
) -> list[SaidRow]:
    """What residents said since then, newest first: nothing of a flag before it is decided."""
    return [SaidRow(**row) for row in await conn.fetch(SELECT_SAID, account_id, centre_code, since, most)]


@dataclass(frozen=True)
class DoubtRow:
    """A closing of the unit's that is in doubt; its word is asked for until `answer_due_at`."""

    number: str
    short_number: str
    round: int
    answer_due_at: datetime


SELECT_DOUBTS = """
SELECT c.number, c.short_number, d.round, d.answer_due_at
FROM followup.unit_account l
JOIN followup.unit u ON u.code = l.unit_code
JOIN followup.suspicion d ON d.unit_code = u.code AND d.state = 'asked'
JOIN followup.case_file c ON c.id = d.case_id AND c.centre_code = u.centre_code
WHERE l.account_id = $1 AND u.centre_code = $2 ORDER BY d.answer_due_at, c.id"""


async def doubts(conn: asyncpg.Connection, account_id: int, centre_code: str) -> list[DoubtRow]:
    """Closings on which the unit's word is asked for, the first due first."""
    return [DoubtRow(**row) for row in await conn.fetch(SELECT_DOUBTS, account_id, centre_code)]
