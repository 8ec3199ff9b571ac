"""DOOR. Texts that came outside of a thread: shown to a person, and read once."""

from datetime import datetime
from typing import Any

from survey.store import inbox_texts
from survey.store.inbox_texts import InboxText

__all__ = ["InboxText", "take", "unread"]


async def unread(conn: Any, *, limit: int = 100) -> list[InboxText]:
    """What nobody has read yet, oldest first."""
    return await inbox_texts.unread(conn, limit)


async def take(conn: Any, input_id: int, *, by: str, now: datetime) -> InboxText | None:
    """Read one, in the caller's transaction, which does what it asks for. None: it is not there, or somebody was first."""
    return await inbox_texts.mark_read(conn, input_id, by, now)
