"""DOOR: what units, offices, leaders and residents are told, once per cause."""

from __future__ import annotations

from datetime import datetime

import asyncpg

from followup.store import notices as rows
from followup.store.notices import NewNotice

__all__ = ["NewNotice", "owe"]


async def owe(conn: asyncpg.Connection, notice: NewNotice, *, now: datetime) -> int | None:
    """Owe a notice, within the caller's transaction. None if its recipient was told of this cause before."""
    return await rows.insert_notice(conn, notice, now)
