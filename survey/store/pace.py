"""The token bucket of each channel. The row's lock also keeps two ticks from dialling at once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

LOCK_PACE = """
SELECT p.next_at, p.rate, p.burst_s, p.batch_s, p.lines, p.tokens, p.filled_at, p.turn, p.tokens_each
FROM survey.pace p WHERE p.channel = $1 FOR UPDATE OF p"""

SELECT_OPEN = """
SELECT p.channel FROM survey.pace p
WHERE p.next_at <= $1 AND EXISTS (SELECT FROM survey.sample_unit u
                                  WHERE u.status = 'waiting' AND u.next_mode = p.channel AND u.due_at <= $1)
ORDER BY p.channel DESC"""


async def open_channels(conn: Any, now: datetime) -> list[str]:
    """Channels that may be handed work and have some, calls before texts. What they may take shows when they are locked."""
    return [row["channel"] for row in await conn.fetch(SELECT_OPEN, now)]


LINES_IN_USE = """
SELECT count(*)::int FROM survey.attempt
WHERE (mode = $1 OR linked AND $1 = 'voice') AND status IN ('dialing', 'unknown', 'accepted', 'ringing', 'answered')"""


@dataclass(frozen=True)
class Pace:
    """A channel as it stands; its migration says what the columns mean. `in_use`: lines, where they are limited."""

    next_at: datetime
    rate: float | None
    burst_s: float
    batch_s: float
    lines: int | None
    tokens: float
    filled_at: datetime
    turn: float
    tokens_each: float
    in_use: int


async def lock(conn: Any, channel: str) -> Pace:
    """The channel, held until the transaction ends. Lines are counted by a statement of their own: one that waits for the lock
    sees the calls as they were when it began to wait, without those of whoever held it."""
    row = await conn.fetchrow(LOCK_PACE, channel)
    limited = channel == "voice" and row["lines"] is not None
    return Pace(**row, in_use=await conn.fetchval(LINES_IN_USE, channel) if limited else 0)


SET_PACE = """
UPDATE survey.pace SET next_at = $2, tokens = $3, filled_at = $4, tokens_each = $5 WHERE channel = $1"""


async def keep(
    conn: Any, channel: str, next_at: datetime, tokens: float, filled_at: datetime, tokens_each: float
) -> None:
    """Nothing more is handed to this channel before `next_at`; so many tokens are left, and a usual one costs so many."""
    await conn.execute(SET_PACE, channel, next_at, tokens, filled_at, tokens_each)


ADJUST = """
UPDATE survey.pace SET rate = coalesce($2, rate), burst_s = coalesce($3, burst_s), batch_s = coalesce($4, batch_s),
       lines = CASE WHEN $5::int IS NULL THEN lines WHEN $5 = 0 THEN NULL ELSE $5 END, next_at = '1970-01-01Z'
WHERE channel = $1"""


async def adjust(
    conn: Any,
    channel: str,
    *,
    rate: float | None = None,
    burst_s: float | None = None,
    batch_s: float | None = None,
    lines: int | None = None,
) -> None:
    """Change what is given, from the next tick on. `lines` 0: no limit."""
    await conn.execute(ADJUST, channel, rate, burst_s, batch_s, lines)


SELECT_PACE = """
SELECT channel, rate, burst_s, batch_s, lines, tokens, next_at FROM survey.pace ORDER BY channel DESC"""


@dataclass(frozen=True)
class PaceRow:
    """A channel to be shown."""

    channel: str
    rate: float | None
    burst_s: float
    batch_s: float
    lines: int | None
    tokens: float
    next_at: datetime


async def rows(conn: Any) -> list[PaceRow]:
    """Every channel."""
    return [PaceRow(**row) for row in await conn.fetch(SELECT_PACE)]
