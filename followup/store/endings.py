"""The ends of cases in the database: callbacks that are called off, promises that fall due, the archive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

MAKE_UNSUITABLE = """
UPDATE followup.callback
SET status = 'not_suitable', reasons = ARRAY[$3], decided_by = $4, decision_reason = $5, decided_at = $6
WHERE case_id = $1 AND round = $2 AND status = 'pending'
RETURNING coalesce(unit_ref, '')"""


async def make_unsuitable(
    conn: asyncpg.Connection,
    case_id: int,
    round_: int,
    *,
    ground: str,
    second_by: str,
    reason: str,
    at: datetime,
) -> str | None:
    """The callback that waits is not made; the reference of its sample unit, None where none waits."""
    unit_ref: str | None = await conn.fetchval(
        MAKE_UNSUITABLE, case_id, round_, ground, second_by, reason, at
    )
    return unit_ref


SETTLE_WITHDRAWN = """
UPDATE followup.callback
SET status = 'settled', settled_at = $3, reached = false, verdict_line = 9, verdict = 'closed_unrated',
    counted_as = 'no_rating'
WHERE case_id = $1 AND round = $2 AND status = 'pending'
RETURNING coalesce(unit_ref, '')"""


async def settle_withdrawn(conn: asyncpg.Connection, case_id: int, round_: int, at: datetime) -> str | None:
    """The resident withdrew before anybody asked: no rating. The reference of the sample unit, None: none waited."""
    unit_ref: str | None = await conn.fetchval(SETTLE_WITHDRAWN, case_id, round_, at)
    return unit_ref


SEEK_AGAIN = """
UPDATE followup.callback
SET status = 'pending', settled_at = NULL, unit_ref = NULL, mode = NULL, reached = NULL, interview_id = NULL,
    answers = NULL, verdict_line = NULL, verdict = NULL, counted_as = NULL
WHERE case_id = $1 AND round = $2 AND status = 'settled' AND verdict = 'wrong_person'
RETURNING id"""


async def seek_again(conn: asyncpg.Connection, case_id: int, round_: int) -> int | None:
    """The callback whose number was somebody else's waits again, for another number; its key."""
    callback_id: int | None = await conn.fetchval(SEEK_AGAIN, case_id, round_)
    return callback_id


SELECT_KEPT_PROMISES = """
SELECT number FROM followup.case_file WHERE status = 'promised' AND due_at <= $1 ORDER BY number LIMIT $2"""


async def promises_due(conn: asyncpg.Connection, now: datetime, limit: int) -> list[str]:
    """Cases whose promised moment has come, by number."""
    return [row["number"] for row in await conn.fetch(SELECT_KEPT_PROMISES, now, limit)]


@dataclass(frozen=True)
class QuietCase:
    """A case that the archive looks at. `quiet_since`: its end or its last event, whichever came later."""

    id: int
    number: str
    status: str
    round: int
    ending: str | None
    closed_at: datetime
    due_at: datetime | None
    limit_hours: float | None
    quiet_since: datetime


SELECT_QUIET = """
SELECT c.id, c.number, c.status, c.round, c.ending, c.closed_at, c.due_at, c.limit_hours,
    greatest(c.closed_at, (SELECT max(e.at) FROM followup.case_event e WHERE e.case_id = c.id)) AS quiet_since
FROM followup.case_file AS c
WHERE CASE WHEN $4::bigint IS NULL THEN c.archive_at <= $1 ELSE c.id = $4 END
    AND c.closed_at IS NOT NULL AND c.status = ANY($2::text[])
    AND NOT EXISTS (SELECT FROM followup.pressure_check k WHERE k.case_id = c.id AND k.outcome IS NULL)
    AND NOT EXISTS (SELECT FROM followup.callback b WHERE b.case_id = c.id AND b.flagged AND b.decision IS NULL)
ORDER BY c.archive_at, c.id LIMIT $3
FOR UPDATE OF c SKIP LOCKED"""


async def quiet_cases(
    conn: asyncpg.Connection,
    now: datetime,
    statuses: Sequence[str],
    limit: int = 1,
    case_id: int | None = None,
) -> list[QuietCase]:
    """Ended cases that the archive looks at, or this one, locked until the transaction ends; none whose withdrawal is
    still to be asked about, and none with a flag that nobody has decided.
    """
    rows = await conn.fetch(SELECT_QUIET, now, list(statuses), limit, case_id)
    return [QuietCase(**row) for row in rows]


LOOK_LATER = "UPDATE followup.case_file SET archive_at = $2 WHERE id = $1 RETURNING id"


async def look_later(conn: asyncpg.Connection, case_id: int, at: datetime) -> None:
    """Something happened to the case since: the archive looks at it again then."""
    await conn.fetchval(LOOK_LATER, case_id, at)


ARCHIVE = """
UPDATE followup.case_file SET status = 'archived', archive_at = NULL
WHERE id = $1 AND status = $2
RETURNING id"""


async def archive(conn: asyncpg.Connection, case_id: int, leaves: str) -> bool:
    """Put the case away; its ending stays. False if it is not where it was seen."""
    return await conn.fetchval(ARCHIVE, case_id, leaves) is not None


@dataclass(frozen=True)
class DispatchTime:
    """How long a supervision office had a case before it gave it to a unit; None: it has it still."""

    number: str
    office: str | None
    round: int
    submitted_at: datetime
    dispatched_at: datetime | None


SELECT_DISPATCH_TIMES = """
SELECT c.number, c.office, s.round, s.at AS submitted_at,
    (SELECT min(d.at) FROM followup.case_event d
     WHERE d.case_id = s.case_id AND d.event = 'dispatch' AND d.id > s.id) AS dispatched_at
FROM followup.case_event AS s JOIN followup.case_file AS c ON c.id = s.case_id
WHERE c.centre_code = $1 AND s.to_status = 'submitted' AND s.at >= $2
ORDER BY s.at, c.number"""


async def dispatch_times(conn: asyncpg.Connection, centre_code: str, since: datetime) -> list[DispatchTime]:
    """Every case that came to a supervision office since then."""
    return [DispatchTime(**row) for row in await conn.fetch(SELECT_DISPATCH_TIMES, centre_code, since)]
