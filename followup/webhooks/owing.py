"""Which events are owed to whom: the events are the outbox, `delivery` the inbox of each subscription."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import asyncpg

from followup.outside_view import visible
from followup.store import deliveries, exchange, subscriptions
from followup.store.deliveries import OwedEvent
from followup.webhooks.policy import webhook_policy
from survey.ids import Tokens


async def owe(conn: asyncpg.Connection, *, now: datetime, tokens: Tokens) -> int:
    """Give every subscription its deliveries of what has happened since; how many. May run twice, or late."""
    named = [event for events in webhook_policy().types.values() for event in events]
    async with conn.transaction():
        settled = await exchange.horizon(conn, looks=0)
        newest = await deliveries.newest_event(conn)
        owed = await deliveries.owed(conn, named)
        seen: dict[tuple[int, str], bool] = {}
        rows = []
        for one in owed:
            pair = (one.subscription_id, one.number)
            if pair not in seen:
                seen[pair] = await visible(conn, one.number, one.centre_code, one.unit_code) is not None
            if seen[pair]:
                rows += [
                    (tokens(), one.subscription_id, one.event_id, one.case_id, kind) for kind in types_of(one)
                ]
        count = await deliveries.insert_deliveries(conn, rows, now)
        await subscriptions.looked(conn, settled, newest)
    return count


def types_of(event: OwedEvent) -> Iterator[str]:
    """What this event is to a subscriber: those of its types that it chose."""
    policy = webhook_policy()
    if event.moved and policy.moved in event.types:
        yield policy.moved
    for kind, events in policy.types.items():
        if event.event in events and kind in event.types:
            yield kind
