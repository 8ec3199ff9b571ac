"""Major incident reports: the report, the steps of its ladder, its forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg


@dataclass(frozen=True)
class MajorRow:
    """One report. `climbed`: rungs of its ladder so far; `next_at`: when the next is due, None once it stands."""

    id: int
    number: str
    centre_code: str
    case_id: int | None
    case_number: str | None
    class_: str
    state: str
    raised_by: str
    raised_at: datetime
    climbed: int
    next_at: datetime | None
    closed_at: datetime | None
    policy_version: int


INSERT_MAJOR = """
INSERT INTO followup.major_report
    (number, centre_code, case_id, class, state, raised_by, raised_at, next_at, policy_version)
VALUES ($1, $2, $3, $4, 'raised', $5, $6, $6, $7)
ON CONFLICT DO NOTHING
RETURNING id"""


async def insert_major(
    conn: asyncpg.Connection,
    number: str,
    centre_code: str,
    case_id: int | None,
    class_: str,
    by: str,
    at: datetime,
    policy_version: int,
) -> int | None:
    """A new report, whose first rung is due at once; None if its case has an open one."""
    report_id: int | None = await conn.fetchval(
        INSERT_MAJOR, number, centre_code, case_id, class_, by, at, policy_version
    )
    return report_id


SELECT_MAJOR = """
SELECT m.id, m.number, m.centre_code, m.case_id, c.number AS case_number, m.class AS class_, m.state,
    m.raised_by, m.raised_at, m.climbed, m.next_at, m.closed_at, m.policy_version
FROM followup.major_report AS m LEFT JOIN followup.case_file AS c ON c.id = m.case_id
WHERE m.number = $1"""


async def major_by_number(conn: asyncpg.Connection, number: str) -> MajorRow | None:
    """One report by its number."""
    row = await conn.fetchrow(SELECT_MAJOR, number)
    return MajorRow(**row) if row else None


LOCK_MAJOR = """
SELECT m.id, m.number, m.centre_code, m.case_id, c.number AS case_number, m.class AS class_, m.state,
    m.raised_by, m.raised_at, m.climbed, m.next_at, m.closed_at, m.policy_version
FROM followup.major_report AS m LEFT JOIN followup.case_file AS c ON c.id = m.case_id
WHERE m.number = $1 FOR UPDATE OF m"""


async def lock_major(conn: asyncpg.Connection, number: str) -> MajorRow | None:
    """One report, held until the transaction ends: an acknowledgement and the ladder never pass each other."""
    row = await conn.fetchrow(LOCK_MAJOR, number)
    return MajorRow(**row) if row else None


SELECT_DUE_MAJORS = """
SELECT number FROM followup.major_report WHERE next_at <= $1 ORDER BY next_at, id"""


async def due_majors(conn: asyncpg.Connection, now: datetime) -> list[str]:
    """Reports whose next rung is due."""
    return [row["number"] for row in await conn.fetch(SELECT_DUE_MAJORS, now)]


SELECT_MAJORS = """
SELECT m.id, m.number, m.centre_code, m.case_id, c.number AS case_number, m.class AS class_, m.state,
    m.raised_by, m.raised_at, m.climbed, m.next_at, m.closed_at, m.policy_version
FROM followup.major_report AS m LEFT JOIN followup.case_file AS c ON c.id = m.case_id
WHERE m.centre_code = $1 AND (m.closed_at IS NULL OR NOT $2)
ORDER BY m.raised_at DESC, m.id DESC LIMIT $3"""


async def majors_of(
    conn: asyncpg.Connection, centre_code: str, open_only: bool, limit: int
) -> list[MajorRow]:
    """Reports of a centre, the newest first."""
    return [MajorRow(**row) for row in await conn.fetch(SELECT_MAJORS, centre_code, open_only, limit)]


SELECT_OPEN_OF_CASE = """
SELECT number FROM followup.major_report WHERE case_id = $1 AND closed_at IS NULL"""


async def open_of_case(conn: asyncpg.Connection, case_id: int) -> str | None:
    """The number of the open report to which a case belongs."""
    number: str | None = await conn.fetchval(SELECT_OPEN_OF_CASE, case_id)
    return number


LOCK_CASE = "SELECT id FROM followup.case_file WHERE id = $1 FOR NO KEY UPDATE"


async def lock_case(conn: asyncpg.Connection, case_id: int) -> None:
    """Hold a case before its events are written, as whoever moves it does."""
    await conn.fetchval(LOCK_CASE, case_id)


MOVE_MAJOR = """
UPDATE followup.major_report SET state = $3, climbed = $4, next_at = $5, closed_at = $6
WHERE id = $1 AND state = $2
RETURNING id"""


async def move_major(
    conn: asyncpg.Connection,
    report: MajorRow,
    state: str,
    *,
    climbed: int,
    next_at: datetime | None,
    closed_at: datetime | None = None,
) -> bool:
    """Move a report out of the state it was read in; False if somebody else was first."""
    moved = await conn.fetchval(MOVE_MAJOR, report.id, report.state, state, climbed, next_at, closed_at)
    return moved is not None


@dataclass(frozen=True)
class StepRow:
    """One level of the ladder: when it was told, how often again, who acknowledged."""

    level: int
    sent_at: datetime
    channel: str
    again: int
    last_at: datetime
    ack_by: str | None
    ack_at: datetime | None


INSERT_STEP = """
INSERT INTO followup.major_step (report_id, level, sent_at, channel, last_at) VALUES ($1, $2, $3, $4, $3)"""


async def insert_step(
    conn: asyncpg.Connection, report_id: int, level: int, at: datetime, channel: str
) -> None:
    """A level is told for the first time."""
    await conn.execute(INSERT_STEP, report_id, level, at, channel)


TELL_AGAIN = """
UPDATE followup.major_step SET again = again + 1, last_at = $3
WHERE report_id = $1 AND level = ANY($2::int[]) AND ack_at IS NULL"""


async def tell_again(conn: asyncpg.Connection, report_id: int, levels: Sequence[int], at: datetime) -> None:
    """Levels that did not acknowledge are told again."""
    await conn.execute(TELL_AGAIN, report_id, list(levels), at)


ACKNOWLEDGE = """
UPDATE followup.major_step SET ack_by = $3, ack_at = $4
WHERE report_id = $1 AND level = $2 AND ack_at IS NULL
RETURNING level"""


async def acknowledge(conn: asyncpg.Connection, report_id: int, level: int, by: str, at: datetime) -> bool:
    """A level acknowledges, once."""
    return await conn.fetchval(ACKNOWLEDGE, report_id, level, by, at) is not None


SELECT_STEPS = """
SELECT level, sent_at, channel, again, last_at, ack_by, ack_at
FROM followup.major_step WHERE report_id = $1 ORDER BY level"""


async def steps_of(conn: asyncpg.Connection, report_id: int) -> list[StepRow]:
    """The levels that were told, the lowest first."""
    return [StepRow(**row) for row in await conn.fetch(SELECT_STEPS, report_id)]


@dataclass(frozen=True)
class FormRow:
    """One paper of a report: first, follow-up, final, or that it was a false alarm."""

    serial: int
    form: str
    facts: dict[str, Any]
    by: str
    at: datetime


INSERT_FORM = """
INSERT INTO followup.major_form (report_id, serial, form, facts, by, at)
SELECT $1, coalesce(max(serial), 0) + 1, $2, $3, $4, $5 FROM followup.major_form WHERE report_id = $1
RETURNING serial"""


async def insert_form(
    conn: asyncpg.Connection, report_id: int, form: str, facts: Mapping[str, str], by: str, at: datetime
) -> int:
    """The next paper of a report; its serial, from 1."""
    serial: int = await conn.fetchval(INSERT_FORM, report_id, form, dict(facts), by, at)
    return serial


SELECT_FORMS = """
SELECT serial, form, facts, by, at FROM followup.major_form WHERE report_id = $1 ORDER BY serial"""


async def forms_of(conn: asyncpg.Connection, report_id: int) -> list[FormRow]:
    """The papers of a report, the first report first."""
    return [FormRow(**row) for row in await conn.fetch(SELECT_FORMS, report_id)]
