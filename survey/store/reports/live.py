"""What is going on at this moment: queues, calls by state, open interviews, the latest inputs."""

from dataclasses import dataclass
from datetime import datetime

import asyncpg


@dataclass(frozen=True)
class QueueSize:
    """Units that wait for one mode: those due by now, and those for later with the earliest moment."""

    purpose: str
    mode: str
    due: int
    later: int
    next_due_at: datetime | None


SELECT_QUEUES = """
SELECT c.purpose, u.next_mode AS mode, (count(*) FILTER (WHERE u.due_at <= $1))::int AS due,
       (count(*) FILTER (WHERE u.due_at > $1))::int AS later,
       min(u.due_at) FILTER (WHERE u.due_at > $1) AS next_due_at
FROM survey.sample_unit u JOIN survey.campaign c ON c.id = u.campaign_id
WHERE u.status = 'waiting'
GROUP BY c.purpose, u.next_mode ORDER BY c.purpose, u.next_mode"""


async def queues(conn: asyncpg.Connection, now: datetime) -> list[QueueSize]:
    """Who waits to be asked, by purpose and the mode that is next."""
    return [QueueSize(**row) for row in await conn.fetch(SELECT_QUEUES, now)]


@dataclass(frozen=True)
class CallState:
    """Attempts under way, by mode and state."""

    mode: str
    status: str
    attempts: int


SELECT_CALL_STATES = """
SELECT u.mode, u.status, count(*)::int AS attempts
FROM (
    SELECT t.mode, t.status FROM survey.attempt t WHERE t.status <> 'ended'
    UNION ALL
    SELECT t.mode, t.status FROM survey.contact k JOIN survey.attempt t ON t.contact_id = k.id
    WHERE k.closed_at IS NULL AND t.mode = 'text' AND t.status = 'ended'
) u
GROUP BY u.mode, u.status ORDER BY u.mode, u.status"""


async def call_states(conn: asyncpg.Connection) -> list[CallState]:
    """Calls that have not ended and text threads that are open."""
    return [CallState(**row) for row in await conn.fetch(SELECT_CALL_STATES)]


@dataclass(frozen=True)
class DayCount:
    """What was done since the local midnight: attempts, answers, dialogues completed, by mode."""

    mode: str
    attempts: int
    answered: int
    completed: int


SELECT_DAY = """
SELECT m.mode,
       (SELECT count(*) FROM survey.attempt t WHERE t.mode = m.mode AND t.dialing_at >= $1)::int AS attempts,
       (SELECT count(*) FROM survey.attempt t WHERE t.mode = m.mode AND t.answered_at >= $1)::int AS answered,
       (SELECT count(*) FROM survey.interview i
        WHERE i.mode = m.mode AND i.status = 'complete' AND i.ended_at >= $1)::int AS completed
FROM (VALUES ('voice'), ('text'), ('operator')) AS m (mode)"""


async def day_counts(conn: asyncpg.Connection, midnight: datetime) -> list[DayCount]:
    """The day so far, by mode; `midnight` is the beginning of the local day."""
    return [DayCount(**row) for row in await conn.fetch(SELECT_DAY, midnight)]


@dataclass(frozen=True)
class Waiting:
    """What waits for a person."""

    handovers: int
    handovers_urgent: int
    handovers_overdue: int
    inbox: int
    parked_signals: int


SELECT_WAITING = """
SELECT (SELECT count(*) FROM survey.handover WHERE resolved_at IS NULL)::int AS handovers,
       (SELECT count(*) FROM survey.handover WHERE resolved_at IS NULL AND urgent)::int AS handovers_urgent,
       (SELECT count(*) FROM survey.handover WHERE resolved_at IS NULL AND due_at < $1)::int AS
       handovers_overdue,
       (SELECT count(*) FROM survey.inbox_text WHERE read_at IS NULL)::int AS inbox,
       (SELECT count(*) FROM survey.parked_signal)::int AS parked_signals"""


async def waiting(conn: asyncpg.Connection, now: datetime) -> Waiting:
    """Handovers, unread texts and signals that nothing maps."""
    return Waiting(**await conn.fetchrow(SELECT_WAITING, now))


@dataclass(frozen=True)
class LatestInput:
    """One of the last inputs; who sent it is not read."""

    arrived_at: datetime
    channel: str
    purpose: str | None
    said: str
    effect: str


SELECT_LATEST = """
SELECT i.arrived_at, i.channel, k.purpose, i.said, i.effect
FROM survey.input i LEFT JOIN survey.contact k ON k.id = i.contact_id
ORDER BY i.id DESC LIMIT $1"""


async def latest_inputs(conn: asyncpg.Connection, limit: int) -> list[LatestInput]:
    """The last `limit` inputs, newest first."""
    return [LatestInput(**row) for row in await conn.fetch(SELECT_LATEST, limit)]


@dataclass(frozen=True)
class CentreHead:
    """The centre's names and its time zone."""

    code: str
    name_zh: str
    short_zh: str
    name_en: str
    tz: str


SELECT_CENTRE = """
SELECT c.code, c.name_zh, c.short_zh, c.name_en, a.tz
FROM survey.centre c JOIN survey.area a ON a.code = c.area_code WHERE c.code = $1"""


async def centre_head(conn: asyncpg.Connection, code: str) -> CentreHead | None:
    """One centre, or None if there is none of this code yet."""
    row = await conn.fetchrow(SELECT_CENTRE, code)
    return None if row is None else CentreHead(**row)
