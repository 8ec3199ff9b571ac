"""Reading the carrier's list of texts to us, for those whose webhook was lost on the way."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

POLLED_UNTIL = """
SELECT since FROM survey.text_poll"""

POLLED = """
INSERT INTO survey.text_poll (since, next_at) VALUES ($1, $2)
ON CONFLICT (single) DO UPDATE SET since = excluded.since, next_at = excluded.next_at"""


async def polled_until(conn: Any) -> datetime:
    """Up to when the carrier's list of texts to us has been read."""
    moment: datetime = await conn.fetchval(POLLED_UNTIL)
    return moment


async def polled(conn: Any, until: datetime, next_at: datetime) -> None:
    """The carrier's list has been read up to `until`; read it again at `next_at`."""
    await conn.execute(POLLED, until, next_at)


SOONEST_CONTACT = """
SELECT least((SELECT min(n.due_at) FROM survey.campaign c
              CROSS JOIN LATERAL (SELECT u.due_at FROM survey.sample_unit u
                                  WHERE u.campaign_id = c.id AND u.status = 'waiting'
                                  ORDER BY u.due_at LIMIT 1) n
              WHERE c.status = 'running'),
             (SELECT min(look_at) FROM survey.campaign),
             (SELECT min(next_at) FROM survey.daily_round))"""


async def soonest_contact(conn: Any) -> datetime | None:
    """When somebody may be contacted next, by what is known now: who waits, and what is released or drawn."""
    moment: datetime | None = await conn.fetchval(SOONEST_CONTACT)
    return moment


NOT_TAKEN = """
SELECT t.sid FROM unnest($1::text[]) AS t(sid)
WHERE NOT EXISTS (SELECT FROM survey.input i WHERE i.message_sid = t.sid)"""


async def not_taken(conn: Any, sids: Sequence[str]) -> set[str]:
    """Those of the listed texts that never came to us."""
    return {row["sid"] for row in await conn.fetch(NOT_TAKEN, list(sids))}
