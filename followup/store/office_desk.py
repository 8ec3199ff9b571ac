"""What waits at a supervision office. Every statement begins at the account: nothing of another office or county comes out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import asyncpg


@dataclass(frozen=True)
class WaitingRow:
    """A matter that waits for the office: to be dispatched, a return or a request for more time to be decided; or one that went
    out again and has not been signed for, of which it has its copy.

    `unit_zh`: who leads it; `asked_days`: working days that are asked for; `put_off`: why it was not dispatched yet, said last;
    `apart`: somebody's office is the subject, so that its words are for the file alone.
    """

    id: int
    number: str
    short_number: str
    status: str
    round: int
    category: str
    area_zh: str
    area_en: str
    title: str
    unit_zh: str | None
    asked_days: int | None
    put_off: str | None
    apart: bool


SELECT_WAITING = """
WITH own AS (
    SELECT u.code, u.centre_code, CASE u.code WHEN u.centre_code || '-dcs-party' THEN 'party'
        WHEN u.centre_code || '-dcs-gov' THEN 'government' END AS office
    FROM followup.unit_account l JOIN followup.unit u ON u.code = l.unit_code
    WHERE l.account_id = $1 AND u.centre_code = $2
), waits AS (
    SELECT c.id FROM followup.case_file c
    WHERE c.centre_code = $2 AND c.status IN ('submitted', 'return_review')
    UNION ALL
    SELECT c.id FROM followup.extension_request x
    JOIN followup.case_file c ON c.id = x.case_id AND c.round = x.round
    WHERE x.decision IS NULL AND c.status = 'in_progress'
    UNION ALL
    SELECT c.id FROM followup.case_file c
    WHERE c.centre_code = $2 AND c.status = 'dispatched' AND c.round > 1 AND c.due_at >= $6
)
SELECT c.id, c.number, c.short_number, c.status, c.round, c.category, v.name_zh AS area_zh, v.name_en AS area_en,
    coalesce(p.title, c.content) AS title, n.name_zh AS unit_zh, x.days AS asked_days,
    (SELECT e.reason FROM followup.case_event e
     WHERE e.case_id = c.id AND e.round = c.round AND e.event = 'put_off' ORDER BY e.id DESC LIMIT 1) AS put_off,
    c.criticised_unit IS NOT NULL OR c.duty_no = 3 AS apart
FROM own
JOIN followup.case_file c ON c.id IN (SELECT id FROM waits) AND c.centre_code = own.centre_code
    AND coalesce(c.office, 'government') = own.office
JOIN survey.area v ON v.code = c.area_code
LEFT JOIN followup.appeal p ON p.case_id = c.id
LEFT JOIN followup.assignment a ON a.case_id = c.id AND a.round = c.round AND a.role = 'lead'
LEFT JOIN followup.unit n ON n.code = a.unit_code
LEFT JOIN followup.extension_request x ON x.case_id = c.id AND x.round = c.round AND x.decision IS NULL
WHERE NOT coalesce(p.criticised_centre, false)
  AND (c.criticised_unit IS NULL OR c.criticised_unit <> ALL($3::text[]))
  AND NOT EXISTS (SELECT FROM followup.case_party b WHERE b.case_id = c.id AND b.party IN (own.code, $4))
ORDER BY c.due_at NULLS LAST, c.id LIMIT $5"""


async def waiting(
    conn: asyncpg.Connection,
    account_id: int,
    centre_code: str,
    *,
    for_the_city: list[str],
    sign: str,
    now: datetime,
    most: int,
) -> list[WaitingRow]:
    """What waits for the account's office, the first due first. `for_the_city`: units whose criticism the city decides on;
    `sign`: how whoever looks signs, who may be party to a matter."""
    rows = await conn.fetch(SELECT_WAITING, account_id, centre_code, for_the_city, sign, most, now)
    return [WaitingRow(**row) for row in rows]


SELECT_IS_THEIRS = """
SELECT c.id FROM followup.unit_account l
JOIN followup.unit u ON u.code = l.unit_code
JOIN followup.case_file c ON c.centre_code = u.centre_code
WHERE l.account_id = $1 AND u.centre_code = $2 AND c.number = $3
  AND CASE coalesce(c.office, 'government') WHEN 'party' THEN u.code = u.centre_code || '-dcs-party'
      ELSE u.code = u.centre_code || '-dcs-gov' END
  AND c.status NOT IN ('registered', 'accepted')"""


async def is_theirs(conn: asyncpg.Connection, account_id: int, centre_code: str, number: str) -> bool:
    """Whether the case was handed to the account's office."""
    return await conn.fetchval(SELECT_IS_THEIRS, account_id, centre_code, number) is not None


@dataclass(frozen=True)
class ReturnRow:
    """A return that waits: who returns the case, why, and whom they name."""

    unit_code: str
    unit_zh: str
    reason: str
    suggested_unit: str
    suggested_zh: str
    returned_at: datetime


SELECT_OPEN_RETURN = """
SELECT r.unit_code, u.name_zh AS unit_zh, r.reason, r.suggested_unit, s.name_zh AS suggested_zh, r.returned_at
FROM followup.case_return r
JOIN followup.unit u ON u.code = r.unit_code
JOIN followup.unit s ON s.code = r.suggested_unit
WHERE r.case_id = $1 AND r.decision IS NULL"""


async def open_return(conn: asyncpg.Connection, case_id: int) -> ReturnRow | None:
    """The return that waits for a decision."""
    row = await conn.fetchrow(SELECT_OPEN_RETURN, case_id)
    return ReturnRow(**row) if row else None


SELECT_NAMED_BY_A_RETURN = """
SELECT suggested_unit FROM followup.case_return
WHERE case_id = $1 AND round = $2 AND decision = 'allowed' ORDER BY decided_at DESC LIMIT 1"""


async def named_by_a_return(conn: asyncpg.Connection, case_id: int, round_: int) -> str | None:
    """Whom the unit named whose return was allowed last in this round."""
    code: str | None = await conn.fetchval(SELECT_NAMED_BY_A_RETURN, case_id, round_)
    return code
