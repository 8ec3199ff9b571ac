"""What happened to a case, oldest first: rows that are only ever added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg


@dataclass(frozen=True)
class EventRow:
    """One step in the life of a case: who did what, when and why. `detail`: its further facts, by name."""

    case_id: int
    round: int
    event: str
    from_status: str | None
    to_status: str
    actor: str
    reason: str | None
    at: datetime
    detail: Mapping[str, Any] | None = None


INSERT_EVENTS = """
INSERT INTO followup.case_event (case_id, round, event, from_status, to_status, actor, reason, at, detail)
SELECT * FROM unnest($1::bigint[], $2::int[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
                     $8::timestamptz[], $9::jsonb[])"""


async def insert_events(conn: asyncpg.Connection, events: Sequence[EventRow]) -> None:
    """Write events in their order."""
    if not events:
        return
    await conn.execute(
        INSERT_EVENTS,
        [e.case_id for e in events],
        [e.round for e in events],
        [e.event for e in events],
        [e.from_status for e in events],
        [e.to_status for e in events],
        [e.actor for e in events],
        [e.reason for e in events],
        [e.at for e in events],
        [e.detail for e in events],
    )


SELECT_EVENTS = """
SELECT case_id, round, event, from_status, to_status, actor, reason, at, detail
FROM followup.case_event WHERE case_id = $1 ORDER BY id"""


async def events_of(conn: asyncpg.Connection, case_id: int) -> list[EventRow]:
    """The whole life of a case, oldest first."""
    return [EventRow(**row) for row in await conn.fetch(SELECT_EVENTS, case_id)]
