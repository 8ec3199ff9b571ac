"""Recordings of an interview, and who has heard them, or asked to, and why."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Where:
    """A recording. `area_code` None: it belongs to no interview; `deleted_at`: nothing of it may be heard any more."""

    sid: str
    area_code: str | None
    deleted_at: datetime | None


SELECT_WHERE = """
SELECT r.sid, u.area_code, r.deleted_at FROM survey.recording r
LEFT JOIN survey.interview i ON i.id = r.interview_id LEFT JOIN survey.sample_unit u ON u.id = i.unit_id
WHERE r.sid = $1"""


async def where(conn: Any, sid: str) -> Where | None:
    """By the carrier's id."""
    row = await conn.fetchrow(SELECT_WHERE, sid)
    return Where(**row) if row else None


@dataclass(frozen=True)
class Recorded:
    """A recorded answer of an interview, `position` counted from 1 in the order of the recordings."""

    sid: str
    question_id: str
    seconds: int
    words: str | None
    position: int
    heard_by: tuple[str, ...]


SELECT_RECORDED = """
SELECT r.sid, r.question_id, r.seconds, r.words, row_number() OVER (ORDER BY r.at, r.sid)::int AS position,
       array(SELECT DISTINCT a.staff FROM survey.recording_access a WHERE a.recording = r.sid ORDER BY a.staff) AS heard_by
FROM survey.recording r WHERE r.interview_id = $1 AND r.deleted_at IS NULL ORDER BY r.at, r.sid"""


async def of_interview(conn: Any, interview_id: int) -> list[Recorded]:
    """Those that may still be heard, in the order in which they were made."""
    rows = await conn.fetch(SELECT_RECORDED, interview_id)
    return [Recorded(**{**row, "heard_by": tuple(row["heard_by"])}) for row in rows]


INSERT_ACCESS = """
INSERT INTO survey.recording_access (recording, account_id, staff, reason, at) VALUES ($1, $2, $3, $4, $5)"""


async def record(conn: Any, sid: str, account_id: int | None, staff: str, reason: str, at: datetime) -> None:
    """That somebody hears a recording, and why; it is never changed."""
    await conn.execute(INSERT_ACCESS, sid, account_id, staff, reason, at)


@dataclass(frozen=True)
class Hearing:
    """One line of the record."""

    at: datetime
    staff: str
    recording: str
    question_id: str
    interview: str | None
    reason: str


SELECT_HEARINGS = """
SELECT a.at, a.staff, a.recording, r.question_id, i.ref AS interview, a.reason
FROM survey.recording_access a JOIN survey.recording r ON r.sid = a.recording
LEFT JOIN survey.interview i ON i.id = r.interview_id
WHERE $1::text IS NULL OR lower(a.staff) = $1 ORDER BY a.id DESC LIMIT $2"""


async def hearings(conn: Any, name: str | None, most: int) -> list[Hearing]:
    """The latest, newest first; by one of the staff where `name` is given."""
    return [Hearing(**row) for row in await conn.fetch(SELECT_HEARINGS, name, most)]
