"""When each channel may be handed its next batch. The row's lock also keeps two ticks from dialling at once."""

from datetime import datetime
from typing import Any

LOCK_PACE = """
SELECT next_at FROM survey.pace WHERE channel = $1 FOR UPDATE"""

SET_PACE = """
UPDATE survey.pace SET next_at = $2 WHERE channel = $1"""


async def may_hand_over(conn: Any, channel: str, now: datetime) -> bool:
    """True once per batch moment; held until the transaction ends."""
    next_at: datetime = await conn.fetchval(LOCK_PACE, channel)
    return next_at <= now


async def next_batch_at(conn: Any, channel: str, at: datetime) -> None:
    """Nothing more is handed to this channel before `at`."""
    await conn.execute(SET_PACE, channel, at)
