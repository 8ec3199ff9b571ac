"""Recorded answers: where the carrier keeps them, what was written down of them, and which it is to delete."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

INSERT_RECORDING = """
INSERT INTO survey.recording (sid, call_sid, interview_id, question_id, seconds, at)
VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (sid) DO NOTHING"""


async def keep(
    conn: Any, sid: str, call_sid: str, interview_id: int, question_id: str, seconds: int, at: datetime
) -> None:
    """That there is a recording of this answer; once."""
    await conn.execute(INSERT_RECORDING, sid, call_sid, interview_id, question_id, seconds, at)


@dataclass(frozen=True)
class Recording:
    """A recorded answer. `words` None: nobody has written it down yet."""

    sid: str
    interview_id: int | None
    question_id: str
    seconds: int
    words: str | None
    deleted_at: datetime | None


LOCK_RECORDING = """
SELECT sid, interview_id, question_id, seconds, words, deleted_at FROM survey.recording WHERE sid = $1 FOR UPDATE"""


async def lock(conn: Any, sid: str) -> Recording | None:
    """The recording, locked; None: nobody knows it."""
    row = await conn.fetchrow(LOCK_RECORDING, sid)
    return Recording(**row) if row else None


WRITE_DOWN = """
UPDATE survey.recording SET words = $2, written_by = $3, written_at = $4
WHERE sid = $1 AND deleted_at IS NULL AND ($5 OR words IS NULL) RETURNING sid"""

WRITE_INTO_ANSWER = """
INSERT INTO survey.answer (interview_id, question_id, revision, code, words, recording, input_id, at)
SELECT a.interview_id, a.question_id, a.revision + 1, NULL, $2, a.recording, a.input_id, $3
FROM survey.answer a
WHERE a.recording = $1
  AND NOT EXISTS (SELECT FROM survey.answer b WHERE b.interview_id = a.interview_id
                  AND b.question_id = a.question_id AND b.revision > a.revision)"""


async def write_down(conn: Any, sid: str, words: str, by: str, at: datetime, *, over: bool) -> bool:
    """The words of a recording, as a new revision of its answer. `over`: also where words were written down before (a
    person corrects a machine). False: there are words already, or it was deleted."""
    if await conn.fetchval(WRITE_DOWN, sid, words, by, at, over) is None:
        return False
    await conn.execute(WRITE_INTO_ANSWER, sid, words, at)
    return True


SELECT_TO_DELETE = """
SELECT sid FROM survey.recording WHERE delete_at <= $1 ORDER BY delete_at LIMIT $2"""

MARK_GONE = """
UPDATE survey.recording SET gone_at = $2, delete_at = NULL WHERE sid = $1 AND delete_at IS NOT NULL"""

DELETE_LATER = """
UPDATE survey.recording SET delete_at = $2 WHERE sid = $1 AND delete_at IS NOT NULL"""


async def to_delete(conn: Any, now: datetime, limit: int) -> list[str]:
    """Recordings that the carrier is to be told to delete."""
    return [row["sid"] for row in await conn.fetch(SELECT_TO_DELETE, now, limit)]


async def gone(conn: Any, sid: str, at: datetime) -> None:
    """The carrier has deleted it."""
    await conn.execute(MARK_GONE, sid, at)


async def delete_later(conn: Any, sid: str, at: datetime) -> None:
    """The carrier did not say that it has; it is told again."""
    await conn.execute(DELETE_LATER, sid, at)
