"""What a centre did in a period, for its score: counts of its own work by a moment. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import asyncpg

from survey.field.dispositions import dispositions
from survey.periods import Period


@dataclass(frozen=True)
class SurveyWork:
    """`numbers`: people called or written to for surveys, `spoken`: of these, with whom somebody spoke; `days` with
    calls, `spread`: of these, in as many parts of the day as asked; `completes`: interviews held, `heard`: of these
    listened to, `sound`: of these not found void; `released`: sample units, `final`: of these done with."""

    numbers: int
    spoken: int
    days: int
    spread: int
    completes: int
    heard: int
    sound: int
    released: int
    final: int


COUNT_SURVEY = """
WITH own AS (
    SELECT a.person_id, a.day, a.day_part, a.disposition, a.mode
    FROM survey.attempt a JOIN survey.sample_unit u ON u.id = a.unit_id
    WHERE u.centre_code = $1 AND a.purpose = 'survey' AND a.day BETWEEN $2 AND $3 AND a.dialing_at <= $4
      AND a.counts AND NOT a.inbound
), by_day AS (
    SELECT day, count(DISTINCT day_part) AS parts FROM own WHERE mode IN ('voice', 'operator') GROUP BY day
), held AS (
    SELECT i.id, (SELECT t.verdict FROM survey.audit_item t WHERE t.interview_id = i.id AND t.at <= $4
                  ORDER BY t.id DESC LIMIT 1) AS verdict
    FROM survey.interview i
    JOIN survey.sample_unit u ON u.id = i.unit_id JOIN survey.campaign c ON c.id = u.campaign_id
    JOIN survey.area z ON z.code = u.area_code
    WHERE u.centre_code = $1 AND c.purpose = 'survey' AND i.status = 'complete' AND i.ended_at <= $4
      AND (i.ended_at AT TIME ZONE z.tz)::date BETWEEN $2 AND $3
), sample AS (
    SELECT (SELECT e.to_status FROM survey.unit_event e WHERE e.unit_id = u.id AND e.at <= $4
            ORDER BY e.id DESC LIMIT 1) AS stands
    FROM survey.sample_unit u JOIN survey.campaign c ON c.id = u.campaign_id JOIN survey.area z ON z.code = u.area_code
    WHERE u.centre_code = $1 AND c.purpose = 'survey' AND u.released_at <= $4
      AND (u.released_at AT TIME ZONE z.tz)::date BETWEEN $2 AND $3
)
SELECT (SELECT count(DISTINCT person_id) FROM own)::int AS numbers,
       (SELECT count(DISTINCT person_id) FROM own WHERE disposition = ANY ($5::text[]))::int AS spoken,
       (SELECT count(*) FROM by_day)::int AS days,
       (SELECT count(*) FROM by_day WHERE parts >= $6)::int AS spread,
       (SELECT count(*) FROM held WHERE verdict IS DISTINCT FROM 'void')::int AS completes,
       (SELECT count(verdict) FROM held)::int AS heard,
       (SELECT count(*) FROM held WHERE verdict <> 'void')::int AS sound,
       (SELECT count(*) FROM sample)::int AS released,
       (SELECT count(*) FROM sample WHERE stands = 'done')::int AS final"""


async def survey_work(
    conn: asyncpg.Connection, centre_code: str, period: Period, cut_off: datetime, parts_of_day: int
) -> SurveyWork:
    """Counts of a centre; days are those of the area."""
    spoken = [one.code for one in dispositions().values() if one.group in ("I", "P", "R", "O")]
    row = await conn.fetchrow(
        COUNT_SURVEY, centre_code, period.first, period.last, cut_off, spoken, parts_of_day
    )
    return SurveyWork(**row)


@dataclass(frozen=True)
class Step:
    """A state that a case entered in the period, and when it left it; None: not by the cut-off."""

    state: str
    since: datetime
    until: datetime | None


SELECT_STEPS = """
SELECT e.to_status AS state, e.at AS since,
       (SELECT min(n.at) FROM followup.case_event n
        WHERE n.case_id = e.case_id AND n.id > e.id AND n.at <= $4 AND n.to_status <> e.to_status) AS until
FROM followup.case_event e JOIN followup.case_file c ON c.id = e.case_id JOIN survey.area z ON z.code = c.area_code
WHERE c.centre_code = $1 AND e.to_status = ANY ($5::text[]) AND e.from_status IS DISTINCT FROM e.to_status AND e.at <= $4
  AND (e.at AT TIME ZONE z.tz)::date BETWEEN $2 AND $3
ORDER BY e.id"""
STEPS = ("registered", "accepted", "submitted")


async def steps(conn: asyncpg.Connection, centre_code: str, period: Period, cut_off: datetime) -> list[Step]:
    """The centre's and the office's own steps, in the order in which they began."""
    rows = await conn.fetch(SELECT_STEPS, centre_code, period.first, period.last, cut_off, list(STEPS))
    return [Step(**row) for row in rows]


@dataclass(frozen=True)
class CaseWork:
    """`accepted`: appeals, `kept`: of these in the category that they were registered in; `dispatched`: first
    dispatches, `returned`: of these, whose unit was found to be the wrong one; `callbacks`: whose limit has passed,
    `asked`: of these tried before it; `majors`: major reports, `acknowledged`: of these at the first level; `met`:
    cases put to the meeting, `decided`: of these decided on."""

    accepted: int
    kept: int
    dispatched: int
    returned: int
    callbacks: int
    asked: int
    majors: int
    acknowledged: int
    met: int
    decided: int


COUNT_CASES = """
WITH happened AS (
    SELECT e.id, e.case_id, e.event, e.at, c.category
    FROM followup.case_event e JOIN followup.case_file c ON c.id = e.case_id JOIN survey.area z ON z.code = c.area_code
    WHERE c.centre_code = $1 AND e.at <= $4 AND (e.at AT TIME ZONE z.tz)::date BETWEEN $2 AND $3
), accepted AS (
    SELECT h.category = (SELECT r.detail ->> 'category' FROM followup.case_event r
                         WHERE r.case_id = h.case_id AND r.event = 'register' ORDER BY r.id LIMIT 1) AS kept
    FROM happened h WHERE h.event = 'accept'
), first_sent AS (
    SELECT a.case_id, EXISTS (SELECT FROM followup.case_return t WHERE t.case_id = a.case_id AND t.round = 1
                              AND t.decision IN ('allowed', 'joint') AND t.decided_at <= $4) AS returned
    FROM followup.assignment a JOIN followup.case_file c ON c.id = a.case_id JOIN survey.area z ON z.code = c.area_code
    WHERE c.centre_code = $1 AND a.round = 1 AND a.role = 'lead' AND a.dispatched_at <= $4
      AND (a.dispatched_at AT TIME ZONE z.tz)::date BETWEEN $2 AND $3
), called AS (
    SELECT b.due_at, (SELECT min(t.dialing_at) FROM survey.attempt t JOIN survey.sample_unit u ON u.id = t.unit_id
                      WHERE u.ref = b.unit_ref AND t.counts) AS tried_at, b.settled_at
    FROM followup.callback b JOIN followup.case_file c ON c.id = b.case_id JOIN survey.area z ON z.code = c.area_code
    WHERE c.centre_code = $1 AND b.status <> 'not_suitable' AND b.due_at <= $4
      AND (b.created_at AT TIME ZONE z.tz)::date BETWEEN $2 AND $3
), major AS (
    SELECT EXISTS (SELECT FROM followup.major_step s WHERE s.report_id = m.id AND s.level = 1 AND s.ack_at <= $4
                   AND NOT EXISTS (SELECT FROM followup.major_step n WHERE n.report_id = m.id AND n.level > 1
                                   AND n.sent_at < s.ack_at)) AS acknowledged
    FROM followup.major_report m JOIN survey.centre k ON k.code = m.centre_code JOIN survey.area z ON z.code = k.area_code
    WHERE m.centre_code = $1 AND m.raised_at <= $4 AND (m.raised_at AT TIME ZONE z.tz)::date BETWEEN $2 AND $3
      AND NOT (m.state = 'false_alarm' AND m.closed_at <= $4)
), met AS (
    SELECT EXISTS (SELECT FROM followup.case_event n WHERE n.case_id = h.case_id AND n.id > h.id AND n.at <= $4
                   AND n.event IN ('meeting_dispatch', 'meeting_explain')) AS decided
    FROM happened h WHERE h.event = 'to_meeting'
)
SELECT (SELECT count(*) FROM accepted)::int AS accepted, (SELECT count(*) FROM accepted WHERE kept)::int AS kept,
       (SELECT count(*) FROM first_sent)::int AS dispatched, (SELECT count(*) FROM first_sent WHERE returned)::int AS returned,
       (SELECT count(*) FROM called)::int AS callbacks,
       (SELECT count(*) FROM called WHERE coalesce(tried_at, settled_at) <= due_at)::int AS asked,
       (SELECT count(*) FROM major)::int AS majors, (SELECT count(*) FROM major WHERE acknowledged)::int AS acknowledged,
       (SELECT count(*) FROM met)::int AS met, (SELECT count(*) FROM met WHERE decided)::int AS decided"""


async def case_work(
    conn: asyncpg.Connection, centre_code: str, period: Period, cut_off: datetime
) -> CaseWork:
    """Counts of a centre; days are those of the area."""
    return CaseWork(**await conn.fetchrow(COUNT_CASES, centre_code, period.first, period.last, cut_off))


SELECT_WEEKS = """
SELECT r.last_day, (r.issued_at AT TIME ZONE z.tz)::date AS issued
FROM followup.issued_report r JOIN survey.centre k ON k.code = r.centre_code JOIN survey.area z ON z.code = k.area_code
WHERE r.centre_code = $1 AND r.kind = 'weekly' AND r.supersedes IS NULL AND r.last_day - r.first_day = 6 AND r.issued_at <= $2"""


async def weeks_issued(conn: asyncpg.Connection, centre_code: str, cut_off: datetime) -> dict[date, date]:
    """{last day of a week: day on which its report was issued}."""
    rows = await conn.fetch(SELECT_WEEKS, centre_code, cut_off)
    return {row["last_day"]: row["issued"] for row in rows}


COUNT_SEALED = """
SELECT count(*)::int AS days, count(s.day)::int AS sealed
FROM (SELECT DISTINCT (e.at AT TIME ZONE z.tz)::date AS day
      FROM followup.case_event e JOIN followup.case_file c ON c.id = e.case_id
      JOIN survey.centre k ON k.code = c.centre_code JOIN survey.area z ON z.code = k.area_code
      WHERE c.centre_code = $1 AND e.at <= $4::timestamptz - interval '1 day'
        AND (e.at AT TIME ZONE z.tz)::date BETWEEN $2 AND $3) d
LEFT JOIN followup.sealed_day s ON s.centre_code = $1 AND s.day = d.day AND s.sealed_at <= $4"""


async def sealed(
    conn: asyncpg.Connection, centre_code: str, period: Period, cut_off: datetime
) -> tuple[int, int]:
    """(days with events, of these sealed). The last day is left out: it is sealed after it."""
    row = await conn.fetchrow(COUNT_SEALED, centre_code, period.first, period.last, cut_off)
    return row["days"], row["sealed"]
