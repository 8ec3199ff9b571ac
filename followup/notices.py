"""DOOR: what units, offices, leaders and residents are told, once per cause; and their receipts."""

from __future__ import annotations

from datetime import datetime

import asyncpg

from followup.refusals import NobodyAcknowledges, UnknownNotice, UnknownWayOfReceipt
from followup.store import events
from followup.store import notices as rows
from followup.store.events import EventRow
from followup.store.notices import NewNotice, NoticeRow

__all__ = ["NewNotice", "acknowledge", "owe", "standing", "stuck"]

HOW = ("desk", "call", "visit", "letter")
"""How whoever acknowledges knows of it: they read it, or a person told them."""


async def owe(conn: asyncpg.Connection, notice: NewNotice, *, now: datetime) -> int | None:
    """Owe a notice, within the caller's transaction. None if its recipient was told of this cause before."""
    return await rows.insert_notice(conn, notice, now)


async def acknowledge(
    conn: asyncpg.Connection, notice_id: int, *, by: str, now: datetime, how: str = "desk"
) -> NoticeRow:
    """The receipt (签收): who knows of it, since when, and how. The first one stands; once more changes nothing.

    Raises UnknownNotice, NobodyAcknowledges, UnknownWayOfReceipt.
    """
    if not by.strip():
        raise NobodyAcknowledges(notice=notice_id)
    if how not in HOW:
        raise UnknownWayOfReceipt(notice=notice_id, how=how, known=", ".join(HOW))
    async with conn.transaction():
        changed = await rows.acknowledge(conn, notice_id, now, by.strip(), how)
        notice = await rows.notice(conn, notice_id)
        if notice is None:
            raise UnknownNotice(notice=notice_id)
        if changed:
            await _event(conn, notice_id, by, how, now)
    return notice


async def _event(conn: asyncpg.Connection, notice_id: int, by: str, how: str, now: datetime) -> None:
    of_cases = await rows.of_cases(conn, [notice_id])
    detail = {"notice": notice_id, "how": how}
    await events.insert_events(
        conn,
        [
            EventRow(
                one.case_id, one.round, "notice_receipt", one.status, one.status, by, None, now,
                {**detail, "template": one.template, "recipient": one.recipient},
            )
            for one in of_cases
        ],
    )  # fmt: skip


async def standing(conn: asyncpg.Connection, cause: str, recipient: str) -> NoticeRow | None:
    """How a notice stands; None: it was never owed. An escalation reads its receipt here."""
    notice_id = await rows.notice_of_cause(conn, cause, recipient)
    return await rows.notice(conn, notice_id) if notice_id is not None else None


async def stuck(conn: asyncpg.Connection, centre: str, now: datetime, limit: int = 200) -> list[NoticeRow]:
    """For the supervisor's desk of a centre: what nobody could be told, and what nobody has acknowledged in time."""
    return await rows.notices(conn, None, False, True, now, limit, centre)
