"""Texts that belong to no open contact and that a person reads."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class InboxText:
    """One text. `person_id` None: an unknown sender. `reason`: why it lies here."""

    input_id: int
    person_id: int | None
    said: str
    reason: str
    arrived_at: datetime


SELECT_UNREAD = """
SELECT x.input_id, i.person_id, i.said, x.reason, i.arrived_at
FROM survey.inbox_text x JOIN survey.input i ON i.id = x.input_id
WHERE x.read_at IS NULL ORDER BY i.arrived_at, x.input_id LIMIT $1"""


async def unread(conn: Any, limit: int) -> list[InboxText]:
    """Texts that nobody has read yet, oldest first."""
    return [InboxText(**row) for row in await conn.fetch(SELECT_UNREAD, limit)]


MARK_READ = """
UPDATE survey.inbox_text x SET read_by = $2, read_at = $3
FROM survey.input i WHERE i.id = x.input_id AND x.input_id = $1 AND x.read_at IS NULL
RETURNING x.input_id, i.person_id, i.said, x.reason, i.arrived_at"""


async def mark_read(conn: Any, input_id: int, by: str, at: datetime) -> InboxText | None:
    """Somebody has read it, and this is what it says. None: no such text, or somebody was first."""
    row = await conn.fetchrow(MARK_READ, input_id, by, at)
    return InboxText(**row) if row else None
