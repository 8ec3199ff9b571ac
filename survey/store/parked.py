"""What the carrier said and nothing maps: kept, shown, and done with by a person."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

SELECT_PARKED = """
SELECT id, kind, body, at, resolved_at, resolved_by, note FROM survey.parked_signal
WHERE $1 OR resolved_at IS NULL ORDER BY id DESC LIMIT $2"""

COUNT_PARKED = """
SELECT count(*)::int FROM survey.parked_signal WHERE resolved_at IS NULL"""


@dataclass(frozen=True)
class Parked:
    """A signal; `body` holds the carrier's own words, never a number."""

    id: int
    kind: str
    body: Any
    at: datetime
    resolved_at: datetime | None
    resolved_by: str | None
    note: str | None


async def rows(conn: Any, *, everything: bool, limit: int) -> list[Parked]:
    """The newest first; `everything`: those that were looked at, too."""
    return [Parked(**row) for row in await conn.fetch(SELECT_PARKED, everything, limit)]


async def waiting(conn: Any) -> int:
    """How many nobody has looked at."""
    n: int = await conn.fetchval(COUNT_PARKED)
    return n


RESOLVE_PARKED = """
UPDATE survey.parked_signal SET resolved_at = $2, resolved_by = $3, note = $4
WHERE id = $1 AND resolved_at IS NULL RETURNING id"""


async def resolve(conn: Any, parked_id: int, at: datetime, by: str, note: str) -> bool:
    """Somebody looked at it. False: there is none of this number that waits."""
    return bool(await conn.fetchval(RESOLVE_PARKED, parked_id, at, by, note))
