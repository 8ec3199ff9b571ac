"""How many cases had which colour, day by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import asyncpg

SELECT_COLOUR_DAYS = """
WITH lately AS MATERIALIZED (
    SELECT c.id, c.received_at, c.closed_at FROM followup.case_file c
    WHERE c.centre_code = $1 AND (c.closed_at IS NULL OR c.closed_at > $2::date::timestamp AT TIME ZONE $4)
), ends AS (
    SELECT d.day::date AS day, least((d.day + interval '1 day')::timestamp AT TIME ZONE $4, $5) AS at
    FROM generate_series($2::date::timestamp, $3::date::timestamp, interval '1 day') d (day)
)
SELECT e.day, k.to_colour AS colour, count(*)::int AS cases
FROM ends e
JOIN lately c ON c.received_at < e.at AND (c.closed_at IS NULL OR c.closed_at > e.at)
CROSS JOIN LATERAL (SELECT h.to_colour FROM followup.colour_change h WHERE h.case_id = c.id AND h.at < e.at
                    ORDER BY h.id DESC LIMIT 1) k
WHERE k.to_colour IS NOT NULL
GROUP BY e.day, k.to_colour ORDER BY e.day, k.to_colour"""


@dataclass(frozen=True)
class ColourDay:
    """Open cases of one colour at the end of a day."""

    day: date
    colour: str
    cases: int


async def colour_days(
    conn: asyncpg.Connection, centre_code: str, first: date, last: date, tz: str, now: datetime
) -> list[ColourDay]:
    """From the first day to the last, each at its end, or at `now` where it has not ended. A day without such
    cases has no row."""
    return [
        ColourDay(**row) for row in await conn.fetch(SELECT_COLOUR_DAYS, centre_code, first, last, tz, now)
    ]
