"""Who is told of what happens to cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg


@dataclass(frozen=True)
class SubscriptionRow:
    """One subscription. Secrets are sealed by the vault."""

    id: int
    ref: str
    centre_code: str
    unit_code: str | None
    url: str
    types: Sequence[str]
    secret: bytes
    older_secret: bytes | None
    status: str
    created_at: datetime
    created_by: str


INSERT_SUBSCRIPTION = """
INSERT INTO followup.subscription
    (ref, centre_code, unit_code, url, types, secret, created_at, created_by, settled_event, looked_event)
SELECT $1, $2, $3, $4, $5, $6, $7, $8, newest.id, newest.id
FROM (SELECT coalesce(max(id), 0) AS id FROM followup.case_event) newest
RETURNING id, ref, centre_code, unit_code, url, types, secret, older_secret, status, created_at, created_by"""


async def insert_subscription(
    conn: asyncpg.Connection,
    *,
    ref: str,
    centre_code: str,
    unit_code: str | None,
    url: str,
    types: Sequence[str],
    secret: bytes,
    at: datetime,
    by: str,
) -> SubscriptionRow:
    """A new subscription; it is told of what happens from now on."""
    row = await conn.fetchrow(
        INSERT_SUBSCRIPTION, ref, centre_code, unit_code, url, list(types), secret, at, by
    )
    return SubscriptionRow(**row)


SELECT_SUBSCRIPTIONS = """
SELECT id, ref, centre_code, unit_code, url, types, secret, older_secret, status, created_at, created_by
FROM followup.subscription WHERE centre_code = $1 ORDER BY id"""


async def subscriptions_of(conn: asyncpg.Connection, centre_code: str) -> list[SubscriptionRow]:
    """All subscriptions of a centre."""
    return [SubscriptionRow(**row) for row in await conn.fetch(SELECT_SUBSCRIPTIONS, centre_code)]


SELECT_SUBSCRIPTION = """
SELECT id, ref, centre_code, unit_code, url, types, secret, older_secret, status, created_at, created_by
FROM followup.subscription WHERE centre_code = $1 AND ref = $2"""


async def subscription(conn: asyncpg.Connection, centre_code: str, ref: str) -> SubscriptionRow | None:
    """One subscription of a centre."""
    row = await conn.fetchrow(SELECT_SUBSCRIPTION, centre_code, ref)
    return SubscriptionRow(**row) if row else None


ROTATE = """
UPDATE followup.subscription SET older_secret = secret, secret = $2 WHERE id = $1
RETURNING id"""


async def rotate(conn: asyncpg.Connection, subscription_id: int, secret: bytes) -> None:
    """A new secret; the one before it signs beside it until it is dropped."""
    await conn.fetchval(ROTATE, subscription_id, secret)


DROP_OLDER = "UPDATE followup.subscription SET older_secret = NULL WHERE id = $1 RETURNING id"


async def drop_older(conn: asyncpg.Connection, subscription_id: int) -> None:
    """The older secret signs no more."""
    await conn.fetchval(DROP_OLDER, subscription_id)


SET_STATUS = "UPDATE followup.subscription SET status = $2 WHERE id = $1 RETURNING id"


async def set_status(conn: asyncpg.Connection, subscription_id: int, status: str) -> None:
    """Stop it, or let it go on; what happened meanwhile is told then."""
    await conn.fetchval(SET_STATUS, subscription_id, status)


LOOKED = """
UPDATE followup.subscription
SET settled_event = greatest(settled_event, $1), looked_event = greatest(looked_event, $2)
WHERE status = 'active' AND (settled_event < $1 OR looked_event < $2)
RETURNING id"""


async def looked(conn: asyncpg.Connection, settled: int, newest: int) -> None:
    """Everything up to `settled` has its delivery, and nothing older can come; events up to `newest` were seen."""
    await conn.fetch(LOOKED, settled, newest)
