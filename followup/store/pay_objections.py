"""Objections of surveyors to the pay of a month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import asyncpg

RAISE = """
INSERT INTO followup.pay_objection (centre_code, staff_no, month, words, raised_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (centre_code, staff_no, month) WHERE decision IS NULL DO NOTHING RETURNING id"""


async def raise_(
    conn: asyncpg.Connection, centre: str, staff: str, month: date, words: str, at: datetime
) -> bool:
    """False: one of this month waits already."""
    return await conn.fetchval(RAISE, centre, staff, month, words, at) is not None


DECIDE = """
UPDATE followup.pay_objection SET decision = $4, reason = $5, decided_by = $6, decided_account = $8, decided_at = $7
WHERE centre_code = $1 AND staff_no = $2 AND month = $3 AND decision IS NULL RETURNING id"""


async def decide(
    conn: asyncpg.Connection, centre: str, staff: str, month: date, decision: str, reason: str, by: str, at: datetime,
    account: int | None,
) -> bool:  # fmt: skip
    """False: none waits. `account`: that of who decides, where there is one."""
    return await conn.fetchval(DECIDE, centre, staff, month, decision, reason, by, at, account) is not None


@dataclass(frozen=True)
class ObjectionToPay:
    """One objection. `decision`: changed or stands; None: it waits."""

    staff_no: str
    month: date
    words: str
    raised_at: datetime
    decision: str | None
    reason: str | None
    decided_by: str | None


SELECT_OBJECTIONS = """
SELECT staff_no, month, words, raised_at, decision, reason, decided_by FROM followup.pay_objection
WHERE centre_code = $1 ORDER BY id"""


async def objections(conn: asyncpg.Connection, centre: str) -> list[ObjectionToPay]:
    """All of a centre, the oldest first."""
    return [ObjectionToPay(**row) for row in await conn.fetch(SELECT_OBJECTIONS, centre)]
