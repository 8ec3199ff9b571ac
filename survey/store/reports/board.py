"""What the live board shows of one centre: who waits, what came of today's contacts, who is at work, seats, our numbers. Each
read is led by an index on what is open or on today, never by all that there ever was.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

SELECT_WAITING = """
SELECT u.next_mode AS mode,
       CASE WHEN u.due_at <= $2 THEN -1 ELSE width_bucket(u.due_at, $3::timestamptz[]) END::int AS part, count(*)::int AS people
FROM survey.campaign c JOIN survey.sample_unit u ON u.campaign_id = c.id
WHERE c.centre_code = $1 AND c.status = 'running' AND u.status = 'waiting'
GROUP BY 1, 2 ORDER BY 1, 2"""


@dataclass(frozen=True)
class WaitingRow:
    """People who wait for a mode. `part`: -1 due by now, otherwise the how-many-th of the edges their moment comes after."""

    mode: str
    part: int
    people: int


async def waiting(
    conn: asyncpg.Connection, centre: str, now: datetime, edges: Sequence[datetime]
) -> list[WaitingRow]:
    """Of the campaigns that run. `edges`: the beginnings of the parts of today, and of tomorrow."""
    return [WaitingRow(**row) for row in await conn.fetch(SELECT_WAITING, centre, now, list(edges))]


SELECT_OUTCOMES = """
SELECT a.mode, a.disposition AS code, count(*)::int AS attempts, count(*) FILTER (WHERE a.status <> 'ended')::int AS open,
       count(*) FILTER (WHERE a.linked AND a.answered_at IS NOT NULL)::int AS linked
FROM survey.attempt a CROSS JOIN LATERAL (SELECT u.centre_code FROM survey.sample_unit u WHERE u.id = a.unit_id OFFSET 0) u
WHERE a.dialing_at >= $2 AND NOT a.inbound AND u.centre_code = $1
GROUP BY 1, 2 ORDER BY 1, 2"""


@dataclass(frozen=True)
class OutcomeRow:
    """Today's attempts of a mode that came to a code, None where there is none yet. `linked`: answered calls for operators."""

    mode: str
    code: str | None
    attempts: int
    open: int
    linked: int


async def outcomes(conn: asyncpg.Connection, centre: str, midnight: datetime) -> list[OutcomeRow]:
    """Everything dialled or sent since then."""
    return [OutcomeRow(**row) for row in await conn.fetch(SELECT_OUTCOMES, centre, midnight)]


SELECT_TEXTS = """
SELECT count(*)::int AS sent, count(*) FILTER (WHERE a.carrier_word IN ('delivered', 'read'))::int AS delivered,
       count(*) FILTER (WHERE EXISTS (
           SELECT FROM survey.input i WHERE i.contact_id = a.contact_id AND i.channel = 'text'))::int AS replied,
       count(*) FILTER (WHERE EXISTS (
           SELECT FROM survey.interview i WHERE i.contact_id = a.contact_id AND i.status = 'complete'))::int AS complete
FROM survey.attempt a CROSS JOIN LATERAL (SELECT u.centre_code FROM survey.sample_unit u WHERE u.id = a.unit_id OFFSET 0) u
WHERE a.dialing_at >= $2 AND a.mode = 'text' AND a.sid IS NOT NULL AND u.centre_code = $1"""


@dataclass(frozen=True)
class TextRow:
    """Today's texts that the carrier took, and how far they came."""

    sent: int
    delivered: int
    replied: int
    complete: int


async def texts(conn: asyncpg.Connection, centre: str, midnight: datetime) -> TextRow:
    """The funnel of texts sent since then."""
    return TextRow(**await conn.fetchrow(SELECT_TEXTS, centre, midnight))


SELECT_PEOPLE = """
SELECT a.operator, coalesce(l.state, a.status) AS state, a.dialing_at AS since
FROM survey.attempt a LEFT JOIN survey.linked_operator l ON l.operator = a.operator AND l.state <> 'off'
CROSS JOIN LATERAL (SELECT u.centre_code FROM survey.sample_unit u WHERE u.id = a.unit_id OFFSET 0) u
WHERE a.status <> 'ended' AND a.operator IS NOT NULL AND NOT a.on_sheet AND u.centre_code = $1
UNION ALL
SELECT l.operator, l.state, l.changed_at FROM survey.linked_operator l
WHERE l.state <> 'off' AND NOT EXISTS (SELECT FROM survey.attempt a
    WHERE a.operator = l.operator AND a.status <> 'ended' AND NOT a.on_sheet)
ORDER BY 1"""


@dataclass(frozen=True)
class PersonRow:
    """An operator at work: what they are doing, and since when."""

    operator: str
    state: str
    since: datetime


async def people(conn: asyncpg.Connection, centre: str) -> list[PersonRow]:
    """Whoever has a resident in hand, or is on duty to be connected."""
    return [PersonRow(**row) for row in await conn.fetch(SELECT_PEOPLE, centre)]


SELECT_SEATS = """
SELECT c.code, c.name_zh, q.quota, q.cell, q.target, q.held, q.filled
FROM survey.campaign c JOIN survey.quota_cell q ON q.campaign_id = c.id
WHERE c.centre_code = $1 AND c.status = 'running' ORDER BY c.code, q.quota, q.cell"""


@dataclass(frozen=True)
class SeatRow:
    """A cell of a campaign that runs."""

    code: str
    name_zh: str
    quota: str
    cell: str
    target: int
    held: int
    filled: int


async def seats(conn: asyncpg.Connection, centre: str) -> list[SeatRow]:
    """By campaign, quota and cell."""
    return [SeatRow(**row) for row in await conn.fetch(SELECT_SEATS, centre)]


SELECT_NUMBERS = """
SELECT c.number, c.paused_at, c.paused_why,
       (SELECT count(*) FROM survey.attempt a WHERE a.caller = c.number AND a.dialing_at >= $1)::int AS attempts
FROM survey.caller c WHERE c.configured ORDER BY c.position"""


@dataclass(frozen=True)
class NumberRow:
    """One of our own numbers: since when and why it rests, and how much went out from it today."""

    number: str
    paused_at: datetime | None
    paused_why: str | None
    attempts: int


async def numbers(conn: asyncpg.Connection, midnight: datetime) -> list[NumberRow]:
    """In the order of the settings."""
    return [NumberRow(**row) for row in await conn.fetch(SELECT_NUMBERS, midnight)]


SELECT_OPEN_MATTERS = """
SELECT count(*)::int AS handovers, count(*) FILTER (WHERE urgent)::int AS urgent,
       count(*) FILTER (WHERE due_at < $1)::int AS overdue,
       (SELECT count(*) FROM survey.inbox_text WHERE read_at IS NULL)::int AS inbox,
       (SELECT count(*) FROM survey.parked_signal WHERE resolved_at IS NULL)::int AS parked
FROM survey.handover WHERE resolved_at IS NULL"""


@dataclass(frozen=True)
class OpenMatters:
    """What waits for a person."""

    handovers: int
    urgent: int
    overdue: int
    inbox: int
    parked: int


async def open_matters(conn: asyncpg.Connection, now: datetime) -> OpenMatters:
    """Handovers, unread texts, signals of the carrier that nothing maps."""
    return OpenMatters(**await conn.fetchrow(SELECT_OPEN_MATTERS, now))
