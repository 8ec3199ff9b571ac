"""Calls in which an operator is connected when the person answers: how many are under way, who takes them, when they end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

LOCK_PACE = """
SELECT next_at FROM survey.linked_pace FOR UPDATE"""

KEEP_PACE = """
UPDATE survey.linked_pace SET next_at = $1"""


async def lock_pace(conn: Any) -> datetime:
    """When calls may be placed for operators again; held until the transaction ends, so two ticks place none for the same."""
    moment: datetime = await conn.fetchval(LOCK_PACE)
    return moment


async def keep_pace(conn: Any, next_at: datetime) -> None:
    """Nothing is placed for operators before `next_at`."""
    await conn.execute(KEEP_PACE, next_at)


SELECT_STANDING = """
SELECT (SELECT count(*)::int FROM survey.linked_operator o
        WHERE o.state = 'ready' AND NOT o.resting
          AND NOT EXISTS (SELECT FROM survey.attempt b WHERE b.operator = o.operator AND b.status <> 'ended')) AS free,
       count(*)::int AS under_way, (count(*) FILTER (WHERE c.operator_dialling = 'progressive'))::int AS promised
FROM survey.attempt a JOIN survey.sample_unit u ON u.id = a.unit_id JOIN survey.campaign c ON c.id = u.campaign_id
WHERE a.linked AND a.status <> 'ended' AND a.operator IS NULL"""


@dataclass(frozen=True)
class Standing:
    """Operators who wait, and calls under way that none has taken; `promised`: those of progressive campaigns, each of which must
    find somebody."""

    free: int
    under_way: int
    promised: int


async def standing(conn: Any) -> Standing:
    """As it is now. A statement of its own: one that waits for the lock would see the calls as they were before."""
    return Standing(**await conn.fetchrow(SELECT_STANDING))


SELECT_EXPERIENCE = """
WITH lately AS (
    SELECT a.answered_at
    FROM survey.attempt a JOIN survey.sample_unit u ON u.id = a.unit_id JOIN survey.campaign c ON c.id = u.campaign_id
    WHERE a.linked AND a.status = 'ended' AND a.sid IS NOT NULL AND c.operator_dialling = 'predictive'
    ORDER BY a.ended_at DESC LIMIT $2
), today AS (
    SELECT a.answered_at, a.disposition
    FROM survey.attempt a JOIN survey.sample_unit u ON u.id = a.unit_id JOIN survey.campaign c ON c.id = u.campaign_id
    JOIN survey.area r ON r.code = u.area_code
    WHERE a.linked AND a.dialing_at > $1::timestamptz - interval '1 day' AND a.sid IS NOT NULL
      AND c.operator_dialling = 'predictive' AND a.day = ($1 AT TIME ZONE r.tz)::date
)
SELECT (SELECT count(*)::int FROM lately) AS calls, (SELECT count(answered_at)::int FROM lately) AS answered_lately,
       (SELECT count(answered_at)::int FROM today) AS answered,
       (SELECT count(*)::int FROM today WHERE disposition = 'abandoned') AS abandoned"""


@dataclass(frozen=True)
class Experience:
    """Of predictive campaigns: the last calls that ended and those of them that were answered; the day's answered calls, and
    those of them that found nobody free."""

    calls: int
    answered_lately: int
    answered: int
    abandoned: int


async def experience(conn: Any, now: datetime, window: int) -> Experience:
    """What the rule for predictive dialling goes by. `window`: how many calls back."""
    return Experience(**await conn.fetchrow(SELECT_EXPERIENCE, now, window))


SELECT_CAMPAIGNS = """
SELECT id FROM survey.campaign WHERE status = 'running' AND operator_dialling <> ALL($1::text[]) ORDER BY id"""


async def campaigns_but(conn: Any, dialling: Sequence[str]) -> list[int]:
    """Campaigns that run and whose operators come to their calls in another way than these."""
    return [row["id"] for row in await conn.fetch(SELECT_CAMPAIGNS, list(dialling))]


TAKEN = """
UPDATE survey.attempt SET operator = $2, check_at = $3 WHERE id = $1 AND operator IS NULL AND status = 'answered'"""


async def taken(conn: Any, attempt_id: int, operator: str, check_at: datetime) -> None:
    """The attempt is this operator's; the carrier is asked about the line at `check_at`."""
    await conn.execute(TAKEN, attempt_id, operator, check_at)


LINE_OVER = """
UPDATE survey.attempt SET line_over_at = $3, end_line_at = NULL, sid = coalesce(sid, $2)
WHERE id = $1 AND line_over_at IS NULL AND (sid IS NULL OR sid = $2)
RETURNING id"""


async def line_over(conn: Any, attempt_id: int, sid: str, now: datetime) -> bool:
    """The person's line is over. False: that was known, or it is another line."""
    return bool(await conn.fetchval(LINE_OVER, attempt_id, sid, now))


END_LINE = """
UPDATE survey.attempt SET end_line_at = CASE WHEN operator IS NULL THEN $3::timestamptz ELSE $2::timestamptz END
WHERE id = $1 AND status = 'ended' AND sid IS NOT NULL AND line_over_at IS NULL"""


async def end_line(conn: Any, attempt_id: int, now: datetime, later: datetime) -> None:
    """The attempt is over and the line not: the carrier is asked to end it: now, or `later` while a sentence is said."""
    await conn.execute(END_LINE, attempt_id, now, later)


LINES_TO_END = """
UPDATE survey.attempt SET end_line_at = $2 WHERE end_line_at <= $1 RETURNING ref, sid"""


async def lines_to_end(conn: Any, now: datetime, again: datetime) -> list[tuple[str, str]]:
    """(reference, carrier's id) of lines to be ended now; each again at `again`, should the carrier not hear."""
    return [(row["ref"], row["sid"]) for row in await conn.fetch(LINES_TO_END, now, again)]
