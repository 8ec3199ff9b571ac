"""Which rows of survey's outbox have been taken; written in the transaction of the effect."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import asyncpg

INSERT_TAKEN = """
INSERT INTO followup.inbox (outbox_id, taken_at)
SELECT id, $2 FROM unnest($1::bigint[]) AS id ORDER BY id
ON CONFLICT (outbox_id) DO NOTHING
RETURNING outbox_id"""


async def take(conn: asyncpg.Connection, outbox_ids: Sequence[int], at: datetime) -> set[int]:
    """Claim outbox rows for this transaction; those that were taken before are left out of the answer."""
    if not outbox_ids:
        return set()
    return {row["outbox_id"] for row in await conn.fetch(INSERT_TAKEN, list(outbox_ids), at)}
