"""Our numbers at the carrier: which of them work, from which of them a person was called, and why one rests."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

KEEP = """
INSERT INTO survey.caller (number, account, position, rate, going_since, look_at)
SELECT t.number, t.account, t.position, t.rate, $5, $5
FROM unnest($1::text[], $2::text[], $3::int[], $4::float8[]) AS t(number, account, position, rate)
ON CONFLICT (number) DO UPDATE
SET account = excluded.account, position = excluded.position, rate = excluded.rate, configured = true
WHERE (survey.caller.account, survey.caller.position, survey.caller.rate, survey.caller.configured)
   <> (excluded.account, excluded.position, excluded.rate, true)"""

DROP_OTHERS = """
UPDATE survey.caller SET configured = false WHERE configured AND number <> ALL($1::text[])"""


async def keep(conn: Any, numbers: Sequence[tuple[str, str, float]], now: datetime) -> None:
    """(number, account, calls a second) as the settings have them, in their order; others are not called from any more."""
    names = [number for number, _, _ in numbers]
    accounts, rates = [account for _, account, _ in numbers], [rate for _, _, rate in numbers]
    await conn.execute(KEEP, names, accounts, list(range(len(names))), rates, now)
    await conn.execute(DROP_OTHERS, names)


SELECT_CALLERS = """
SELECT number, account, rate, paused_at, paused_why, going_since, look_at
FROM survey.caller WHERE configured ORDER BY position"""


@dataclass(frozen=True)
class CallerRow:
    """One of our numbers as it stands; its migration says what the columns mean."""

    number: str
    account: str
    rate: float
    paused_at: datetime | None
    paused_why: str | None
    going_since: datetime
    look_at: datetime


async def rows(conn: Any) -> list[CallerRow]:
    """Every number that the settings name, in their order."""
    return [CallerRow(**row) for row in await conn.fetch(SELECT_CALLERS)]


SELECT_LAST = """
SELECT DISTINCT ON (person_id) person_id, caller FROM survey.attempt
WHERE person_id = ANY($1::bigint[]) AND caller IS NOT NULL ORDER BY person_id, dialing_at DESC, id DESC"""


async def last_of(conn: Any, persons: Sequence[int]) -> dict[int, str]:
    """The number that each person was contacted from last; those who never were are missing."""
    return {row["person_id"]: row["caller"] for row in await conn.fetch(SELECT_LAST, list(persons))}


COUNT_OUTCOMES = """
SELECT coalesce(disposition, '') AS code, count(*)::int AS n FROM survey.attempt
WHERE caller = $1 AND dialing_at >= $2 AND counts AND NOT inbound GROUP BY 1
UNION ALL
SELECT 'complaint', count(*)::int FROM survey.caller_event WHERE number = $1 AND event = 'complaint' AND at >= $2"""


async def outcomes(conn: Any, number: str, since: datetime) -> dict[str, int]:
    """How many attempts from this number, dialled since then, came to each code ('': under way), and its complaints."""
    return {row["code"]: row["n"] for row in await conn.fetch(COUNT_OUTCOMES, number, since)}


LOOK_AGAIN = """
UPDATE survey.caller SET look_at = $2 WHERE number = $1"""


async def look_again(conn: Any, number: str, at: datetime) -> None:
    """When its health is looked at next."""
    await conn.execute(LOOK_AGAIN, number, at)


PAUSE = """
WITH moved AS (
    UPDATE survey.caller SET paused_at = $2, paused_why = $4 WHERE number = $1 AND paused_at IS NULL RETURNING number
)
INSERT INTO survey.caller_event (number, at, event, by_whom, why) SELECT number, $2, 'paused', $3, $4 FROM moved
RETURNING true"""

RESUME = """
WITH moved AS (
    UPDATE survey.caller SET paused_at = NULL, paused_why = NULL, going_since = $2, look_at = $2
    WHERE number = $1 AND paused_at IS NOT NULL RETURNING number
)
INSERT INTO survey.caller_event (number, at, event, by_whom, why) SELECT number, $2, 'resumed', $3, $4 FROM moved
RETURNING true"""

COMPLAIN = """
INSERT INTO survey.caller_event (number, at, event, by_whom, why)
SELECT number, $2, 'complaint', $3, $4 FROM survey.caller WHERE number = $1 RETURNING true"""


async def pause(conn: Any, number: str, at: datetime, by: str, why: str) -> bool:
    """working -> paused. False: it rests already, or is none of ours."""
    return bool(await conn.fetchval(PAUSE, number, at, by, why))


async def resume(conn: Any, number: str, at: datetime, by: str, why: str) -> bool:
    """paused -> working; its health is counted anew from now on. False: it works, or is none of ours."""
    return bool(await conn.fetchval(RESUME, number, at, by, why))


async def complain(conn: Any, number: str, at: datetime, by: str, why: str) -> bool:
    """Put down a complaint about calls from this number. False: it is none of ours."""
    return bool(await conn.fetchval(COMPLAIN, number, at, by, why))
