"""What was raised: appeals behind cases, cases that are alike, and which interview a case came from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

import asyncpg


@dataclass(frozen=True)
class AppealRow:
    """The appeal of a case. Times of the safe contact are local; both or neither is there."""

    case_id: int
    title: str
    place: str
    occurred_at: datetime | None
    group_size: int
    repeat_of: int | None
    consented_at: datetime
    no_texts: bool
    contact_from: time | None
    contact_until: time | None
    trusted_person_id: int | None
    criticised_centre: bool


INSERT_APPEAL = """
INSERT INTO followup.appeal
    (case_id, title, place, occurred_at, group_size, repeat_of, consented_at, no_texts, contact_from,
     contact_until, trusted_person_id, criticised_centre)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
RETURNING case_id"""


async def insert_appeal(conn: asyncpg.Connection, appeal: AppealRow) -> None:
    """Keep what was raised, beside its new case."""
    await conn.fetchval(
        INSERT_APPEAL,
        appeal.case_id,
        appeal.title,
        appeal.place,
        appeal.occurred_at,
        appeal.group_size,
        appeal.repeat_of,
        appeal.consented_at,
        appeal.no_texts,
        appeal.contact_from,
        appeal.contact_until,
        appeal.trusted_person_id,
        appeal.criticised_centre,
    )


SELECT_APPEAL = """
SELECT case_id, title, place, occurred_at, group_size, repeat_of, consented_at, no_texts, contact_from,
    contact_until, trusted_person_id, criticised_centre
FROM followup.appeal WHERE case_id = $1"""


async def appeal_of(conn: asyncpg.Connection, case_id: int) -> AppealRow | None:
    """The appeal of a case; None for cases that came closed from elsewhere."""
    row = await conn.fetchrow(SELECT_APPEAL, case_id)
    return AppealRow(**row) if row else None


@dataclass(frozen=True)
class Similar:
    """A case that may be about the same matter."""

    number: str
    short_number: str
    title: str
    status: str
    received_at: datetime


SELECT_SIMILAR = """
SELECT c.number, c.short_number, coalesce(a.title, c.content) AS title, c.status, c.received_at
FROM followup.case_file AS c LEFT JOIN followup.appeal AS a ON a.case_id = c.id
WHERE c.centre_code = $1 AND c.person_id = $2 AND left(c.category, 2) = $3
    AND (starts_with(c.area_code, $4) OR starts_with($4, c.area_code))
    AND c.received_at >= $5 AND c.number <> $6
ORDER BY c.received_at DESC, c.number DESC LIMIT 5"""


async def similar_cases(
    conn: asyncpg.Connection,
    centre_code: str,
    person_id: int,
    group: str,
    area_code: str,
    since: datetime,
    but: str = "",
) -> list[Similar]:
    """Cases of the same person in a group of categories, in the same place or around it, the latest first."""
    found = await conn.fetch(SELECT_SIMILAR, centre_code, person_id, group, area_code, since, but)
    return [Similar(**row) for row in found]


LINK_REPEAT = """
UPDATE followup.appeal SET repeat_of = $2 WHERE case_id = $1 AND repeat_of IS NULL
RETURNING case_id"""


async def link_repeat(conn: asyncpg.Connection, case_id: int, of: int) -> bool:
    """Say that a case repeats another; False if it repeats one already."""
    return await conn.fetchval(LINK_REPEAT, case_id, of) is not None


@dataclass(frozen=True)
class DutyShare:
    """Cases of a centre since a moment, and how many of them fall under one duty."""

    cases: int
    of_duty: int


COUNT_DUTY = """
SELECT count(*)::int AS cases, (count(*) FILTER (WHERE duty_no = $3))::int AS of_duty
FROM followup.case_file WHERE centre_code = $1 AND received_at >= $2 AND source <> 'import'"""


async def duty_share(conn: asyncpg.Connection, centre_code: str, since: datetime, duty_no: int) -> DutyShare:
    """How many of the cases that were registered here fall under a duty."""
    return DutyShare(**await conn.fetchrow(COUNT_DUTY, centre_code, since, duty_no))
