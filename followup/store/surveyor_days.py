"""To what a surveyor's calls came, in how many hours, and whether their appointments were kept, as of a cut-off. Reads only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg

from survey.periods import Period

SELECT_OUTCOMES = """
SELECT DISTINCT ON (a.operator, a.unit_id) a.operator AS staff_no,
       CASE WHEN a.ended_at <= $4 THEN a.disposition END AS disposition
FROM survey.attempt a JOIN survey.sample_unit u ON u.id = a.unit_id
WHERE u.centre_code = $1 AND a.operator IS NOT NULL AND a.day BETWEEN $2 AND $3 AND a.dialing_at <= $4 AND a.counts
  AND a.purpose = 'survey'
ORDER BY a.operator, a.unit_id, a.id DESC"""


async def outcomes(
    conn: asyncpg.Connection, centre_code: str, period: Period, cut_off: datetime
) -> dict[str, dict[str, int]]:
    """{staff number: {code: people}}: to what their last call of each person came; calls that are not over are left out."""
    rows = await conn.fetch(SELECT_OUTCOMES, centre_code, period.first, period.last, cut_off)
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        if row["disposition"] is not None:
            codes = found.setdefault(row["staff_no"], {})
            codes[row["disposition"]] = codes.get(row["disposition"], 0) + 1
    return found


SELECT_HOURS = """
SELECT d.operator AS staff_no, extract(epoch FROM sum(d.until - d.since))::float8 / 3600 AS hours
FROM (SELECT a.operator, a.day, min(a.dialing_at) AS since,
             max(least(coalesce(a.ended_at, a.dialing_at), $4, s.dial_until)) AS until
      FROM survey.attempt a JOIN survey.sample_unit u ON u.id = a.unit_id
      LEFT JOIN survey.call_sheet_line l ON l.attempt_id = a.id LEFT JOIN survey.call_sheet s ON s.id = l.sheet_id
      WHERE u.centre_code = $1 AND a.operator IS NOT NULL AND a.day BETWEEN $2 AND $3 AND a.dialing_at <= $4
      GROUP BY a.operator, a.day) d
GROUP BY d.operator"""


async def hours(
    conn: asyncpg.Connection, centre_code: str, period: Period, cut_off: datetime
) -> Mapping[str, float]:
    """{staff number: hours}: from the first call of a day to the end of the last, day by day; of calls from paper, whose
    results may be keyed in a day later, to when they could be dialled last."""
    rows = await conn.fetch(SELECT_HOURS, centre_code, period.first, period.last, cut_off)
    return {row["staff_no"]: row["hours"] for row in rows}


@dataclass(frozen=True)
class Appointments:
    """Agreed by one surveyor: `due`: those whose time was up in the period; `kept`: of these."""

    due: int
    kept: int


SELECT_APPOINTMENTS = """
SELECT p.staff_no, count(*)::int AS due, (count(*) FILTER (WHERE p.kept))::int AS kept
FROM (SELECT a.operator AS staff_no,
             EXISTS (SELECT FROM survey.attempt l
                     WHERE l.unit_id = a.unit_id AND l.id > a.id AND NOT l.inbound AND l.dialing_at >= a.appointment_at
                       AND l.dialing_at <= a.appointment_at + $5) AS kept
      FROM survey.attempt a JOIN survey.sample_unit u ON u.id = a.unit_id JOIN survey.area z ON z.code = u.area_code
      WHERE u.centre_code = $1 AND a.operator IS NOT NULL AND a.ended_at <= $4 AND a.appointment_at + $5 <= $4
        AND ((a.appointment_at + $5) AT TIME ZONE z.tz)::date BETWEEN $2 AND $3
        AND NOT EXISTS (SELECT FROM survey.unit_event e
                        WHERE e.unit_id = a.unit_id AND e.at > a.ended_at AND e.at < a.appointment_at
                          AND starts_with(e.why, 'appointment moved'))) p
GROUP BY p.staff_no"""


async def appointments(
    conn: asyncpg.Connection, centre_code: str, period: Period, cut_off: datetime, within: timedelta
) -> dict[str, Appointments]:
    """By who agreed on them. Kept: the person was called, by anybody, at the moment or up to `within` after it; then its time is
    up, so that each belongs to one period and is decided in it. One that was moved is nobody's promise any more."""
    rows = await conn.fetch(SELECT_APPOINTMENTS, centre_code, period.first, period.last, cut_off, within)
    return {row["staff_no"]: Appointments(row["due"], row["kept"]) for row in rows}
