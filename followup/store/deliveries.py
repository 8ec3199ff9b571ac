"""What subscribers are owed: one row per subscription, event and type, claimed from the events as from an outbox."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg


@dataclass(frozen=True)
class OwedEvent:
    """An event that a subscription has no delivery of yet."""

    subscription_id: int
    event_id: int
    case_id: int
    event: str
    moved: bool
    types: Sequence[str]
    number: str
    centre_code: str
    unit_code: str | None


SELECT_NEWEST = "SELECT coalesce(max(id), 0) FROM followup.case_event"


async def newest_event(conn: asyncpg.Connection) -> int:
    """The id of the last event that is there."""
    newest: int = await conn.fetchval(SELECT_NEWEST)
    return newest


SELECT_OWED = """
SELECT s.id AS subscription_id, e.id AS event_id, e.case_id, e.event,
    e.from_status IS DISTINCT FROM e.to_status AS moved, s.types, c.number, s.centre_code, s.unit_code
FROM followup.subscription s
JOIN followup.case_event e ON e.id > s.settled_event
JOIN followup.case_file c ON c.id = e.case_id AND c.centre_code = s.centre_code
WHERE s.status = 'active'
  AND (e.event = ANY($1::text[]) OR e.from_status IS DISTINCT FROM e.to_status)
  AND (s.unit_code IS NULL OR c.criticised_unit IS DISTINCT FROM s.unit_code
       AND EXISTS (SELECT FROM followup.assignment a WHERE a.case_id = c.id AND a.unit_code = s.unit_code))
  AND NOT EXISTS (SELECT FROM followup.delivery d WHERE d.subscription_id = s.id AND d.event_id = e.id)
ORDER BY e.id, s.id"""


async def owed(conn: asyncpg.Connection, events: Sequence[str]) -> list[OwedEvent]:
    """Events of these names, and all that move a case, of which an active subscription has no delivery yet."""
    return [OwedEvent(**row) for row in await conn.fetch(SELECT_OWED, list(events))]


INSERT_DELIVERIES = """
INSERT INTO followup.delivery (ref, subscription_id, event_id, case_id, type, next_at)
SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[]), (VALUES ($6::timestamptz)) AS at
ON CONFLICT (subscription_id, event_id, type) DO NOTHING
RETURNING id"""


async def insert_deliveries(
    conn: asyncpg.Connection, rows: Sequence[tuple[str, int, int, int, str]], next_at: datetime
) -> int:
    """Owe deliveries: (ref, subscription, event, case, type). How many were new."""
    if not rows:
        return 0
    refs, subscriptions, events, cases, types = (list(column) for column in zip(*rows, strict=True))
    return len(await conn.fetch(INSERT_DELIVERIES, refs, subscriptions, events, cases, types, next_at))


@dataclass(frozen=True)
class ClaimedDelivery:
    """A delivery that this worker may try now, with what it tells of. `tries`: those before this one."""

    id: int
    ref: str
    subscription_id: int
    subscription_ref: str
    centre_code: str
    url: str
    secret: bytes
    older_secret: bytes | None
    type: str
    tries: int
    event: str
    from_status: str | None
    to_status: str
    round: int
    at: datetime
    seq: int
    number: str
    external_number: str | None
    verdict: str | None
    counted_as: str | None
    flagged: bool | None
    reasons: Sequence[str] | None
    decision: str | None


CLAIM = """
WITH first AS (
    SELECT d.id FROM followup.delivery d JOIN followup.subscription s ON s.id = d.subscription_id AND s.status = 'active'
    WHERE d.status = 'waiting' AND d.next_at <= $1
      AND NOT EXISTS (SELECT FROM followup.delivery e
                      WHERE e.subscription_id = d.subscription_id AND e.case_id = d.case_id AND e.status = 'waiting'
                        AND (e.event_id, e.id) < (d.event_id, d.id))
    ORDER BY d.next_at, d.id LIMIT $3 FOR UPDATE OF d SKIP LOCKED
), taken AS (
    UPDATE followup.delivery d SET next_at = $2 FROM first WHERE d.id = first.id
    RETURNING d.id, d.ref, d.subscription_id, d.event_id, d.type, d.tries
)
SELECT t.id, t.ref, t.subscription_id, s.ref AS subscription_ref, s.centre_code, s.url, s.secret, s.older_secret, t.type, t.tries,
    e.event, e.from_status, e.to_status, e.round, e.at, e.id AS seq, c.number, c.external_number,
    k.verdict, k.counted_as, k.flagged, k.reasons, k.decision
FROM taken t
JOIN followup.subscription s ON s.id = t.subscription_id
JOIN followup.case_event e ON e.id = t.event_id
JOIN followup.case_file c ON c.id = e.case_id
LEFT JOIN followup.callback k ON k.case_id = e.case_id AND k.round = e.round AND k.settled_at IS NOT NULL
ORDER BY t.id"""


async def claim(
    conn: asyncpg.Connection, now: datetime, until: datetime, limit: int
) -> list[ClaimedDelivery]:
    """Deliveries that are due, the first of each case and subscription; until `until` they are this worker's."""
    rows = await conn.fetch(CLAIM, now, until, limit)
    return [ClaimedDelivery(**row) for row in rows]


DELIVERED = """
UPDATE followup.delivery
SET status = 'delivered', tries = tries + 1, next_at = NULL, last_answer = $2, over_at = $3
WHERE id = $1 AND status = 'waiting'
RETURNING id"""


async def delivered(conn: asyncpg.Connection, delivery_id: int, answer: str, at: datetime) -> None:
    """The receiver has it."""
    await conn.fetchval(DELIVERED, delivery_id, answer, at)


FAILED = """
UPDATE followup.delivery
SET status = CASE WHEN $3::timestamptz IS NULL THEN 'dead' ELSE 'waiting' END, tries = tries + 1, next_at = $3,
    last_answer = $2, over_at = CASE WHEN $3::timestamptz IS NULL THEN $4::timestamptz END
WHERE id = $1 AND status = 'waiting'
RETURNING status"""


async def failed(
    conn: asyncpg.Connection, delivery_id: int, answer: str, next_at: datetime | None, at: datetime
) -> str | None:
    """It is tried again at `next_at`, or dead where that is None; its status then."""
    status: str | None = await conn.fetchval(FAILED, delivery_id, answer, next_at, at)
    return status


REPLAY = """
UPDATE followup.delivery SET status = 'waiting', tries = 0, next_at = $3, over_at = NULL
WHERE subscription_id = $1 AND status <> 'waiting' AND (ref = $2 OR ($2::text IS NULL AND status = 'dead'))
RETURNING id"""


async def replay(conn: asyncpg.Connection, subscription_id: int, ref: str | None, at: datetime) -> int:
    """Owe one delivery again, or all that are dead; how many."""
    return len(await conn.fetch(REPLAY, subscription_id, ref, at))


@dataclass(frozen=True)
class DeliveryCounts:
    """How the deliveries of a subscription stand."""

    subscription_id: int
    waiting: int
    delivered: int
    dead: int
    last_answer: str | None


COUNT_DELIVERIES = """
SELECT subscription_id, count(*) FILTER (WHERE status = 'waiting') AS waiting,
    count(*) FILTER (WHERE status = 'delivered') AS delivered, count(*) FILTER (WHERE status = 'dead') AS dead,
    (array_agg(last_answer ORDER BY id DESC) FILTER (WHERE last_answer IS NOT NULL))[1] AS last_answer
FROM followup.delivery WHERE subscription_id = ANY($1::bigint[]) GROUP BY subscription_id ORDER BY subscription_id"""


async def counts(conn: asyncpg.Connection, subscription_ids: Sequence[int]) -> dict[int, DeliveryCounts]:
    """By subscription; one without deliveries is not there."""
    rows = await conn.fetch(COUNT_DELIVERIES, list(subscription_ids))
    return {row["subscription_id"]: DeliveryCounts(**row) for row in rows}
