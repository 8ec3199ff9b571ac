"""What is going on at this moment in a centre: queues, calls by state, the latest inputs; and the day's counts of several.

What belongs to no centre, such as a text from an unknown number, is everybody's who may look.
"""

from collections.abc import Sequence
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
WHERE u.status = 'waiting' AND u.centre_code = $2
GROUP BY c.purpose, u.next_mode ORDER BY c.purpose, u.next_mode"""


async def queues(conn: asyncpg.Connection, now: datetime, centre: str) -> list[QueueSize]:
    """Who waits to be asked, by purpose and the mode that is next."""
    return [QueueSize(**row) for row in await conn.fetch(SELECT_QUEUES, now, centre)]


@dataclass(frozen=True)
class CallState:
    """Attempts under way, by mode and state."""

    mode: str
    status: str
    attempts: int


SELECT_CALL_STATES = """
SELECT u.mode, u.status, count(*)::int AS attempts
FROM (
    SELECT t.mode, t.status, t.unit_id FROM survey.attempt t WHERE t.status <> 'ended'
    UNION ALL
    SELECT t.mode, t.status, t.unit_id FROM survey.contact k JOIN survey.attempt t ON t.contact_id = k.id
    WHERE k.closed_at IS NULL AND t.mode = 'text' AND t.status = 'ended'
) u JOIN survey.sample_unit s ON s.id = u.unit_id
WHERE s.centre_code = $1
GROUP BY u.mode, u.status ORDER BY u.mode, u.status"""


async def call_states(conn: asyncpg.Connection, centre: str) -> list[CallState]:
    """Calls that have not ended and text threads that are open."""
    return [CallState(**row) for row in await conn.fetch(SELECT_CALL_STATES, centre)]


@dataclass(frozen=True)
class DayCount:
    """What was done since the local midnight: attempts, answers, dialogues completed, by mode."""

    mode: str
    attempts: int
    answered: int
    completed: int


SELECT_DAY = """
SELECT m.mode,
       (SELECT count(*) FROM survey.attempt t JOIN survey.sample_unit u ON u.id = t.unit_id
        WHERE t.mode = m.mode AND t.dialing_at >= $1 AND u.centre_code = $2)::int AS attempts,
       (SELECT count(*) FROM survey.attempt t JOIN survey.sample_unit u ON u.id = t.unit_id
        WHERE t.mode = m.mode AND t.answered_at >= $1 AND u.centre_code = $2)::int AS answered,
       (SELECT count(*) FROM survey.interview i JOIN survey.sample_unit u ON u.id = i.unit_id
        WHERE i.mode = m.mode AND i.status = 'complete' AND i.ended_at >= $1 AND u.centre_code = $2)::int AS completed
FROM (VALUES ('voice'), ('text'), ('operator')) AS m (mode)"""


async def day_counts(conn: asyncpg.Connection, midnight: datetime, centre: str) -> list[DayCount]:
    """The day so far, by mode; `midnight` is the beginning of the local day."""
    return [DayCount(**row) for row in await conn.fetch(SELECT_DAY, midnight, centre)]


@dataclass(frozen=True)
class CountyDay:
    """The day so far in one centre, all modes together, and what waits for a person there."""

    code: str
    name_zh: str
    name_en: str
    attempts: int
    answered: int
    completed: int
    due: int
    handovers: int
    handovers_urgent: int


SELECT_COUNTIES = """
WITH called AS (
    SELECT u.centre_code, count(*) FILTER (WHERE t.dialing_at >= $1)::int AS attempts,
           count(*) FILTER (WHERE t.answered_at >= $1)::int AS answered
    FROM survey.attempt t JOIN survey.sample_unit u ON u.id = t.unit_id
    WHERE t.dialing_at >= $1 OR t.answered_at >= $1 GROUP BY u.centre_code
), asked AS (
    SELECT u.centre_code, count(*)::int AS completed FROM survey.interview i JOIN survey.sample_unit u ON u.id = i.unit_id
    WHERE i.status = 'complete' AND i.ended_at >= $1 GROUP BY u.centre_code
), waits AS (
    SELECT u.centre_code, count(*)::int AS due FROM survey.sample_unit u
    WHERE u.status = 'waiting' AND u.due_at <= $2 GROUP BY u.centre_code
), raised AS (
    SELECT u.centre_code, count(*)::int AS handovers, count(*) FILTER (WHERE h.urgent)::int AS urgent
    FROM survey.handover h JOIN survey.interview i ON i.id = h.interview_id JOIN survey.sample_unit u ON u.id = i.unit_id
    WHERE h.resolved_at IS NULL GROUP BY u.centre_code
)
SELECT z.code, a.name_zh, a.name_en, coalesce(called.attempts, 0) AS attempts, coalesce(called.answered, 0) AS answered,
       coalesce(asked.completed, 0) AS completed, coalesce(waits.due, 0) AS due, coalesce(raised.handovers, 0) AS handovers,
       coalesce(raised.urgent, 0) AS handovers_urgent
FROM survey.centre z JOIN survey.area a ON a.code = z.area_code
LEFT JOIN called ON called.centre_code = z.code
LEFT JOIN asked ON asked.centre_code = z.code
LEFT JOIN waits ON waits.centre_code = z.code
LEFT JOIN raised ON raised.centre_code = z.code
WHERE z.code = ANY($3::text[]) ORDER BY z.code"""


async def counties(
    conn: asyncpg.Connection, midnight: datetime, now: datetime, centres: Sequence[str]
) -> list[CountyDay]:
    """The day so far of each of these centres, in the order of their codes."""
    return [CountyDay(**row) for row in await conn.fetch(SELECT_COUNTIES, midnight, now, list(centres))]


@dataclass(frozen=True)
class Waiting:
    """What waits for a person."""

    handovers: int
    handovers_urgent: int
    handovers_overdue: int
    inbox: int
    parked_signals: int


SELECT_WAITING = """
SELECT count(h.id)::int AS handovers, (count(h.id) FILTER (WHERE h.urgent))::int AS handovers_urgent,
       (count(h.id) FILTER (WHERE h.due_at < $1))::int AS handovers_overdue,
       (SELECT count(*) FROM survey.inbox_text WHERE read_at IS NULL)::int AS inbox,
       (SELECT count(*) FROM survey.parked_signal)::int AS parked_signals
FROM survey.handover h LEFT JOIN survey.interview i ON i.id = h.interview_id LEFT JOIN survey.sample_unit u ON u.id = i.unit_id
WHERE h.resolved_at IS NULL AND (u.centre_code = $2 OR u.id IS NULL)"""


async def waiting(conn: asyncpg.Connection, now: datetime, centre: str) -> Waiting:
    """Handovers, unread texts and signals that nothing maps."""
    return Waiting(**await conn.fetchrow(SELECT_WAITING, now, centre))


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
WHERE k.id IS NULL OR EXISTS (SELECT FROM survey.interview w JOIN survey.sample_unit u ON u.id = w.unit_id
                              WHERE w.contact_id = k.id AND u.centre_code = $2)
ORDER BY i.id DESC LIMIT $1"""


async def latest_inputs(conn: asyncpg.Connection, limit: int, centre: str) -> list[LatestInput]:
    """The last `limit` inputs, newest first."""
    return [LatestInput(**row) for row in await conn.fetch(SELECT_LATEST, limit, centre)]


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
