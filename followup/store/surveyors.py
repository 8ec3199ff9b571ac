"""What surveyors did in a period, by staff number: counts of work, never of what residents answered. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import asyncpg

from survey.field.dispositions import dispositions
from survey.periods import Period


@dataclass(frozen=True)
class SurveyorRow:
    """`dials`: calls made; `contacts`: of these, in which a person was spoken to; `refusals`: of the contacts.

    `completes`, `callbacks`: surveys and callbacks to the end; `registrations`: appeals taken in and not turned away; `heard`:
    interviews that somebody checked, `void`: of these found void; those that were checked because they looked suspicious are in
    neither: they were not drawn, and say nothing of the others.
    """

    staff_no: str
    dials: int
    contacts: int
    refusals: int
    completes: int
    callbacks: int
    registrations: int
    heard: int
    void: int


SELECT_SURVEYORS = """
WITH calls AS (
    SELECT a.operator, a.id, a.contact_id, CASE WHEN a.ended_at <= $4 THEN a.disposition END AS disposition, a.purpose
    FROM survey.attempt a JOIN survey.sample_unit u ON u.id = a.unit_id
    WHERE u.centre_code = $1 AND a.operator IS NOT NULL AND a.day BETWEEN $2 AND $3 AND a.dialing_at <= $4 AND a.counts
), held AS (
    SELECT c.operator, i.id, c.purpose,
           (SELECT t.verdict FROM survey.audit_item t WHERE t.interview_id = i.id AND t.verdict IS NOT NULL AND t.at <= $4
            ORDER BY t.id DESC LIMIT 1) AS verdict,
           EXISTS (SELECT FROM survey.quality_pick p WHERE p.interview_id = i.id AND NOT p.by_lot) AS suspicious
    FROM calls c JOIN survey.interview i ON i.contact_id = c.contact_id
    WHERE i.mode = 'operator' AND i.status = 'complete' AND i.ended_at <= $4
), taken_in AS (
    SELECT regexp_replace(f.first_handler, '^.*-', '') AS operator, count(*)::int AS n
    FROM followup.case_file f JOIN survey.centre k ON k.code = f.centre_code JOIN survey.area z ON z.code = k.area_code
    WHERE f.centre_code = $1 AND f.first_handler IS NOT NULL AND f.received_at <= $4
      AND (SELECT e.to_status FROM followup.case_event e
           WHERE e.case_id = f.id AND e.at <= $4 AND e.from_status IS DISTINCT FROM e.to_status
           ORDER BY e.seq DESC LIMIT 1) IS DISTINCT FROM 'not_accepted'
      AND (f.received_at AT TIME ZONE z.tz)::date BETWEEN $2 AND $3
      AND (f.first_handler LIKE '调查员-%' OR f.first_handler ~ '^[0-9]+$' OR f.first_handler IN (SELECT operator FROM calls))
    GROUP BY 1
), by_calls AS (
    SELECT operator, count(*)::int AS dials, (count(*) FILTER (WHERE disposition = ANY ($5::text[])))::int AS contacts,
           (count(*) FILTER (WHERE disposition = ANY ($6::text[])))::int AS refusals
    FROM calls GROUP BY operator
), by_held AS (
    SELECT operator, (count(*) FILTER (WHERE purpose = 'survey' AND verdict IS DISTINCT FROM 'void'))::int AS completes,
           (count(*) FILTER (WHERE purpose = 'case'))::int AS callbacks,
           (count(verdict) FILTER (WHERE NOT suspicious))::int AS heard,
           (count(*) FILTER (WHERE verdict = 'void' AND NOT suspicious))::int AS void
    FROM held GROUP BY operator
)
SELECT operator AS staff_no, coalesce(c.dials, 0) AS dials, coalesce(c.contacts, 0) AS contacts,
       coalesce(c.refusals, 0) AS refusals, coalesce(h.completes, 0) AS completes,
       coalesce(h.callbacks, 0) AS callbacks, coalesce(t.n, 0) AS registrations, coalesce(h.heard, 0) AS heard,
       coalesce(h.void, 0) AS void
FROM by_calls c LEFT JOIN by_held h USING (operator) FULL JOIN taken_in t USING (operator)
ORDER BY operator"""
"""Whoever made a call, and whoever took in an appeal as a surveyor. Others take them in too: supervisors, the centre itself."""


async def surveyors(
    conn: asyncpg.Connection, centre_code: str, period: Period, cut_off: datetime
) -> list[SurveyorRow]:
    """By staff number; calls, verdicts and cases as they stood at the cut-off, whatever became of them later."""
    spoken = [one.code for one in dispositions().values() if one.group in ("I", "P", "R", "O")]
    refused = [one.code for one in dispositions().values() if one.group == "R"]
    rows = await conn.fetch(
        SELECT_SURVEYORS, centre_code, period.first, period.last, cut_off, spoken, refused
    )
    return [SurveyorRow(**row) for row in rows]
