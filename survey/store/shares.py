"""Limits of accounts, numbers and campaigns inside those of a channel, and whose turn it is among campaigns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

SELECT_SHARES = """
SELECT kind, name, channel, rate, burst_s, lines, tokens, filled_at FROM survey.share
WHERE channel = $1 OR $1 IS NULL ORDER BY kind, name, channel"""


@dataclass(frozen=True)
class ShareRow:
    """A limit as it stands; its migration says what the columns mean."""

    kind: str
    name: str
    channel: str
    rate: float | None
    burst_s: float
    lines: int | None
    tokens: float
    filled_at: datetime


async def rows(conn: Any, channel: str | None) -> list[ShareRow]:
    """The limits of this channel; None: of all."""
    return [ShareRow(**row) for row in await conn.fetch(SELECT_SHARES, channel)]


LINES_BY = """
SELECT a.caller, u.campaign_id::text AS campaign, count(*)::int AS n
FROM survey.attempt a JOIN survey.sample_unit u ON u.id = a.unit_id
WHERE (a.mode = $1 OR a.linked AND $1 = 'voice')
  AND a.status IN ('dialing', 'unknown', 'accepted', 'ringing', 'answered') GROUP BY 1, 2"""


async def lines_by(conn: Any, channel: str) -> list[tuple[str | None, str, int]]:
    """(number, campaign, calls under way)."""
    return [(row["caller"], row["campaign"], row["n"]) for row in await conn.fetch(LINES_BY, channel)]


SET_TOKENS = """
UPDATE survey.share s SET tokens = t.tokens, filled_at = t.filled_at
FROM unnest($2::text[], $3::text[], $4::float8[], $5::timestamptz[]) AS t(kind, name, tokens, filled_at)
WHERE s.channel = $1 AND s.kind = t.kind AND s.name = t.name"""


async def keep(conn: Any, channel: str, left: Sequence[tuple[str, str, float, datetime]]) -> None:
    """(kind, name, tokens, as of when) after a batch."""
    kinds, names, tokens, moments = zip(*left, strict=True) if left else ((), (), (), ())
    await conn.execute(SET_TOKENS, channel, list(kinds), list(names), list(tokens), list(moments))


ADJUST = """
INSERT INTO survey.share (kind, name, channel, rate, burst_s, lines)
VALUES ($1, $2, $3, $4, coalesce($5, 2), nullif($6::int, 0))
ON CONFLICT (kind, name, channel) DO UPDATE
SET rate = coalesce($4, survey.share.rate), burst_s = coalesce($5, survey.share.burst_s),
    lines = CASE WHEN $6::int IS NULL THEN survey.share.lines ELSE nullif($6, 0) END"""


async def adjust(
    conn: Any,
    kind: str,
    name: str,
    channel: str,
    *,
    rate: float | None = None,
    burst_s: float | None = None,
    lines: int | None = None,
) -> None:
    """Limit an account, a number or a campaign, from the next tick on. `lines` 0: no limit."""
    await conn.execute(ADJUST, kind, name, channel, rate, burst_s, lines)


FORGET = """
DELETE FROM survey.share WHERE kind = $1 AND name = $2 AND channel = $3"""


async def forget(conn: Any, kind: str, name: str, channel: str) -> None:
    """No limit of its own any more."""
    await conn.execute(FORGET, kind, name, channel)


SEED = """
INSERT INTO survey.share (kind, name, channel, rate)
SELECT t.kind, t.name, t.channel, t.rate
FROM unnest($1::text[], $2::text[], $3::text[], $4::float8[]) AS t(kind, name, channel, rate)
ON CONFLICT (kind, name, channel) DO NOTHING"""


async def seed(conn: Any, limits: Sequence[tuple[str, str, str, float]]) -> None:
    """(kind, name, channel, rate) of the settings, where nobody has said otherwise."""
    kinds, names, channels, rates = zip(*limits, strict=True) if limits else ((), (), (), ())
    await conn.execute(SEED, list(kinds), list(names), list(channels), list(rates))


SELECT_TURNS = """
SELECT campaign_id, passed FROM survey.campaign_turn WHERE channel = $1 AND campaign_id = ANY($2::bigint[])"""

SET_TURNS = """
WITH channel AS (UPDATE survey.pace SET turn = $2 WHERE channel = $1)
INSERT INTO survey.campaign_turn (channel, campaign_id, passed)
SELECT $1, t.id, t.passed FROM unnest($3::bigint[], $4::float8[]) AS t(id, passed)
ON CONFLICT (channel, campaign_id) DO UPDATE SET passed = excluded.passed"""


async def turns(conn: Any, channel: str, campaigns: Sequence[int]) -> dict[int, float]:
    """The turn of each campaign's next unit; new campaigns are missing."""
    rows = await conn.fetch(SELECT_TURNS, channel, list(campaigns))
    return {row["campaign_id"]: row["passed"] for row in rows}


async def keep_turns(conn: Any, channel: str, now: float, passed: Mapping[int, float]) -> None:
    """The turns after a batch."""
    await conn.execute(SET_TURNS, channel, now, list(passed), list(passed.values()))
