"""Cases as Open311 publishes them: never who the resident is, nor their words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import asyncpg

POSTED: Final = "open311.post"
"""Operation of the access row that says which key has posted a case."""


@dataclass(frozen=True)
class PublishedCase:
    """What anybody may know of a case. `result`: what was told to the resident, once approved. `own`: the
    key that asks for it by its number has posted it."""

    id: int
    number: str
    status: str
    category: str
    agency: str | None
    result: str | None
    village: str | None
    township: str | None
    county: str | None
    area_code: str
    requested_at: datetime
    updated_at: datetime
    expected_at: datetime | None
    own: bool


SELECT_PUBLISHED = """
SELECT c.id, c.number, c.status, c.category, u.name_zh AS agency,
    (SELECT r.result_summary FROM followup.result r
     WHERE r.case_id = c.id AND r.accepted_at IS NOT NULL ORDER BY r.round DESC LIMIT 1) AS result,
    (SELECT a.name_zh FROM survey.area a WHERE a.code = left(c.area_code, 12) AND length(c.area_code) >= 12) AS village,
    (SELECT a.name_zh FROM survey.area a WHERE a.code = left(c.area_code, 9) AND length(c.area_code) >= 9) AS township,
    (SELECT a.name_zh FROM survey.area a WHERE a.code = left(c.area_code, 6)) AS county,
    c.area_code, c.received_at AS requested_at,
    coalesce(c.closed_at, (SELECT max(e.at) FROM followup.case_event e WHERE e.case_id = c.id), c.received_at) AS updated_at,
    l.due_at AS expected_at, coalesce(o.own, false) AS own
FROM followup.case_file c
LEFT JOIN followup.assignment l ON l.case_id = c.id AND l.round = c.round AND l.role = 'lead'
LEFT JOIN followup.unit u ON u.code = l.unit_code
LEFT JOIN LATERAL (SELECT true AS own FROM followup.api_access x
                   WHERE x.case_id = c.id AND x.key_id = $11 AND x.operation = $12 LIMIT 1) o ON $3::text[] IS NOT NULL
WHERE c.centre_code = $1
  AND (o.own
       OR c.anonymity = 'named' AND c.criticised_unit IS NULL AND c.duty_no <> 3
          AND NOT EXISTS (SELECT FROM followup.appeal p WHERE p.case_id = c.id AND p.criticised_centre)
          AND ($2::text[] IS NULL OR left(c.category, 2) = ANY($2)))
  AND ($3::text[] IS NULL OR c.number = ANY($3))
  AND ($4::text[] IS NULL OR c.category = ANY($4))
  AND ($5::timestamptz IS NULL OR c.received_at >= $5) AND ($6::timestamptz IS NULL OR c.received_at <= $6)
  AND ($7::boolean IS NULL OR (c.status = ANY($8)) = $7)
ORDER BY c.received_at DESC, c.number DESC LIMIT $9 OFFSET $10"""


async def published(
    conn: asyncpg.Connection,
    centre_code: str,
    *,
    groups: Sequence[str] | None,
    numbers: Sequence[str] | None = None,
    categories: Sequence[str] | None = None,
    start: datetime | None = None,
    end: datetime | None = None,
    is_open: bool | None = None,
    open_states: Sequence[str] = (),
    posted_by: int | None = None,
    limit: int,
    offset: int = 0,
) -> list[PublishedCase]:
    """The newest first. Of `groups` of categories, None: all. Confidential and anonymous cases, those that criticise somebody and
    those about conduct are among them only where `numbers` asks for what the key `posted_by` has posted itself."""
    rows = await conn.fetch(
        SELECT_PUBLISHED,
        centre_code,
        _listed(groups),
        _listed(numbers),
        _listed(categories),
        start,
        end,
        is_open,
        list(open_states),
        limit,
        offset,
        posted_by,
        POSTED,
    )
    return [PublishedCase(**row) for row in rows]


SELECT_NUMBER_OF_CODE = """
SELECT number FROM followup.case_file WHERE centre_code = $1 AND query_code = $2"""


async def number_of_code(conn: asyncpg.Connection, centre_code: str, query_code: str) -> str | None:
    """The number of the case with this query code."""
    number: str | None = await conn.fetchval(SELECT_NUMBER_OF_CODE, centre_code, query_code)
    return number


SELECT_CENTRES = "SELECT code FROM survey.centre ORDER BY code"


async def centre_codes(conn: asyncpg.Connection) -> list[str]:
    """All centres of this database: the jurisdictions."""
    return [row["code"] for row in await conn.fetch(SELECT_CENTRES)]


def _listed(values: Sequence[str] | None) -> list[str] | None:
    return None if values is None else list(values)
