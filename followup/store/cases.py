"""Case files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import asyncpg

from followup.casework.limits import limits


@dataclass(frozen=True)
class CaseRow:
    """One case. `due_at` is that of the step it waits for, `limit_hours` the working hours of this round."""

    id: int
    number: str
    short_number: str
    query_code: str
    centre_code: str
    source: str
    external_number: str | None
    person_id: int | None
    batch_id: int | None
    content: str
    category: str
    duty_no: int
    kind: str
    area_code: str
    status: str
    ending: str | None
    round: int
    received_at: datetime
    due_at: datetime | None
    limit_hours: float | None
    policy_version: int
    closed_at: datetime | None
    urgency: str
    sudden: bool
    anonymity: str
    criticised_unit: str | None
    office: str | None
    first_handler: str


@dataclass(frozen=True)
class NewCase:
    """What a case is made of, before it has a row."""

    number: str
    short_number: str
    query_code: str
    centre_code: str
    source: str
    external_number: str | None
    person_id: int | None
    batch_id: int | None
    content: str
    category: str
    duty_no: int
    kind: str
    area_code: str
    status: str
    received_at: datetime
    due_at: datetime | None
    limit_hours: float | None
    policy_version: int
    urgency: str = "normal"
    sudden: bool = False
    anonymity: str = "named"
    criticised_unit: str | None = None
    first_handler: str = "centre"  # posts.THE_CENTRE


TAKE_SERIALS = """
INSERT INTO followup.case_serial (centre_code, day, last) VALUES ($1, $2, $3)
ON CONFLICT (centre_code, day) DO UPDATE SET last = followup.case_serial.last + excluded.last
RETURNING last"""


async def take_serials(conn: asyncpg.Connection, centre_code: str, day: date, count: int = 1) -> range:
    """The next `count` serials of a centre's day, from 1; they are used up even if this caller uses fewer."""
    last: int = await conn.fetchval(TAKE_SERIALS, centre_code, day, count)
    return range(last - count + 1, last + 1)


INSERT_CASE = """
INSERT INTO followup.case_file
    (number, short_number, query_code, centre_code, source, external_number, person_id, batch_id,
     content, category, duty_no, kind, area_code, status, received_at, due_at, limit_hours,
     policy_version, urgency, sudden, anonymity, criticised_unit, first_handler)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
        $23)
ON CONFLICT DO NOTHING
RETURNING id, number, short_number, query_code, centre_code, source, external_number, person_id, batch_id,
    content, category, duty_no, kind, area_code, status, ending, round, received_at, due_at,
    limit_hours, policy_version, closed_at, urgency, sudden, anonymity, criticised_unit, office,
    first_handler"""


async def insert_case(conn: asyncpg.Connection, case: NewCase) -> CaseRow | None:
    """A new case; None if this external number has one already."""
    row = await conn.fetchrow(
        INSERT_CASE,
        case.number,
        case.short_number,
        case.query_code,
        case.centre_code,
        case.source,
        case.external_number,
        case.person_id,
        case.batch_id,
        case.content,
        case.category,
        case.duty_no,
        case.kind,
        case.area_code,
        case.status,
        case.received_at,
        case.due_at,
        case.limit_hours,
        case.policy_version,
        case.urgency,
        case.sudden,
        case.anonymity,
        case.criticised_unit,
        case.first_handler,
    )
    return CaseRow(**row) if row else None


SELECT_CASE = """
SELECT id, number, short_number, query_code, centre_code, source, external_number, person_id, batch_id,
    content, category, duty_no, kind, area_code, status, ending, round, received_at, due_at,
    limit_hours, policy_version, closed_at, urgency, sudden, anonymity, criticised_unit, office,
    first_handler
FROM followup.case_file WHERE number = $1"""


async def case_by_number(conn: asyncpg.Connection, number: str) -> CaseRow | None:
    """One case by its full number."""
    row = await conn.fetchrow(SELECT_CASE, number)
    return CaseRow(**row) if row else None


HOLD_STILL = "SELECT id FROM followup.case_file WHERE number = $1 FOR UPDATE"


async def hold_still(conn: asyncpg.Connection, number: str) -> None:
    """Let nobody move the case until the transaction ends."""
    await conn.fetchval(HOLD_STILL, number)


SELECT_NUMBER = "SELECT number FROM followup.case_file WHERE id = $1"


async def number_of(conn: asyncpg.Connection, case_id: int) -> str:
    """The number of a case that is there."""
    number: str = await conn.fetchval(SELECT_NUMBER, case_id)
    return number


SELECT_KNOWN_EXTERNAL = """
SELECT external_number, number FROM followup.case_file
WHERE centre_code = $1 AND external_number = ANY($2::text[])"""


async def known_external(
    conn: asyncpg.Connection, centre_code: str, external_numbers: Sequence[str]
) -> dict[str, str]:
    """External numbers that this centre has already, with our numbers."""
    rows = await conn.fetch(SELECT_KNOWN_EXTERNAL, centre_code, list(external_numbers))
    return {row["external_number"]: row["number"] for row in rows}


@dataclass(frozen=True)
class Step:
    """What a case looks like after a step; a field of None is written as NULL."""

    status: str
    round: int
    due_at: datetime | None = None
    limit_hours: float | None = None
    ending: str | None = None
    closed_at: datetime | None = None


ADVANCE = """
UPDATE followup.case_file
SET status = $4, round = $5, due_at = $6, limit_hours = $7, ending = $8, closed_at = $9,
    archive_at = $9::timestamptz + make_interval(days => $10)
WHERE id = $1 AND status = ANY($2) AND round = $3
RETURNING id"""


async def advance(
    conn: asyncpg.Connection, case_id: int, leaves: Sequence[str], leaves_round: int, step: Step
) -> bool:
    """Move a case out of the state it was read in; False if somebody else was first.

    A case that ends is looked at by the archive once nobody can object any more.
    """
    moved = await conn.fetchval(
        ADVANCE,
        case_id,
        list(leaves),
        leaves_round,
        step.status,
        step.round,
        step.due_at,
        step.limit_hours,
        step.ending,
        step.closed_at,
        limits().objection_days,
    )
    return moved is not None


CLASSIFY = """
UPDATE followup.case_file SET category = $2, duty_no = $3, kind = $4 WHERE id = $1
RETURNING id"""


async def classify(conn: asyncpg.Connection, case_id: int, category: str, duty_no: int, kind: str) -> None:
    """What the reviewer made of it."""
    await conn.fetchval(CLASSIFY, case_id, category, duty_no, kind)


NAME_OFFICE = "UPDATE followup.case_file SET office = $2 WHERE id = $1 RETURNING id"


async def name_office(conn: asyncpg.Connection, case_id: int, office: str) -> None:
    """Which supervision office has the case: party or government."""
    await conn.fetchval(NAME_OFFICE, case_id, office)


MARK_COMPLEX = "UPDATE followup.case_file SET complex = true WHERE id = $1 RETURNING id"


async def mark_complex(conn: asyncpg.Connection, case_id: int) -> None:
    """The case is a complex one (疑难) from now on."""
    await conn.fetchval(MARK_COMPLEX, case_id)


GIVE_PERSON = "UPDATE followup.case_file SET person_id = $2 WHERE id = $1 RETURNING id"


async def give_person(conn: asyncpg.Connection, case_id: int, person_id: int) -> None:
    """Through whom the resident of the case is reached from now on."""
    await conn.fetchval(GIVE_PERSON, case_id, person_id)


SELECT_NUMBER_OF_QUERY_CODE = "SELECT number FROM followup.case_file WHERE query_code = $1"


async def number_of_query_code(conn: asyncpg.Connection, query_code: str) -> str | None:
    """The case that a resident's query code stands for."""
    number: str | None = await conn.fetchval(SELECT_NUMBER_OF_QUERY_CODE, query_code)
    return number
