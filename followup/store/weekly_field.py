"""What the field did for a centre in a period, for its weekly report: contacts, samples by final code, audits. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import asyncpg

from survey.field.dispositions import dispositions
from survey.fielding import VERIFICATION
from survey.periods import Period


@dataclass(frozen=True)
class FieldWeek:
    """`calls`: dialled, over all purposes; `numbers`: different people called; `invalid`: of these, found to be nobody's number;
    `answered`: calls that were picked up; `threads`: text invitations, `replied`: of these, with any reply; `completes`: surveys
    answered to the end; `audited`: of these, heard again by a person; `void`: found void."""

    calls: int
    numbers: int
    invalid: int
    answered: int
    inbound: int
    threads: int
    replied: int
    completes: int
    audited: int
    void: int


COUNT_FIELD = """
WITH own AS (
    SELECT a.*
    FROM survey.attempt a JOIN survey.sample_unit u ON u.id = a.unit_id
    WHERE u.centre_code = $1 AND a.day BETWEEN $2 AND $3 AND a.dialing_at <= $4 AND a.counts AND NOT a.inbound
), done AS (
    SELECT i.id, (SELECT t.verdict FROM survey.audit_item t WHERE t.interview_id = i.id AND t.at <= $4
                  ORDER BY t.id DESC LIMIT 1) AS verdict
    FROM survey.interview i
    JOIN survey.sample_unit u ON u.id = i.unit_id JOIN survey.campaign c ON c.id = u.campaign_id
    JOIN survey.area z ON z.code = u.area_code
    WHERE u.centre_code = $1 AND c.purpose = 'survey' AND i.status = 'complete' AND i.ended_at <= $4
      AND (i.ended_at AT TIME ZONE z.tz)::date BETWEEN $2 AND $3
)
SELECT (count(*) FILTER (WHERE mode IN ('voice', 'operator')))::int AS calls,
       (count(DISTINCT person_id) FILTER (WHERE mode IN ('voice', 'operator')))::int AS numbers,
       (count(DISTINCT person_id) FILTER (
           WHERE mode IN ('voice', 'operator') AND ended_at <= $4 AND disposition = ANY ($5::text[])))::int AS invalid,
       (count(*) FILTER (WHERE mode IN ('voice', 'operator') AND answered_at <= $4))::int AS answered,
       (SELECT count(*) FROM survey.inbound_call b JOIN survey.centre k ON k.code = b.centre_code
        JOIN survey.area z ON z.code = k.area_code
        WHERE b.centre_code = $1 AND b.began_at <= $4
          AND (b.began_at AT TIME ZONE z.tz)::date BETWEEN $2 AND $3)::int AS inbound,
       (count(DISTINCT contact_id) FILTER (WHERE mode = 'text'))::int AS threads,
       (count(DISTINCT contact_id) FILTER (WHERE mode = 'text' AND EXISTS (
           SELECT FROM survey.input n WHERE n.contact_id = own.contact_id AND n.channel = 'text' AND n.arrived_at <= $4)))::int
           AS replied,
       (SELECT count(*) FROM done)::int AS completes,
       (SELECT count(verdict) FROM done)::int AS audited,
       (SELECT count(*) FROM done WHERE verdict = 'void')::int AS void
FROM own"""
NOBODY = ("4.2", "4.3")
"""How AAPOR's numbers begin of attempts that found no number of a person: fax, no working number."""


async def field_week(
    conn: asyncpg.Connection, centre_code: str, period: Period, cut_off: datetime
) -> FieldWeek:
    """Counts of a centre; days are those of the area."""
    nobody = [one.code for one in dispositions().values() if one.aapor.startswith(NOBODY)]
    row = await conn.fetchrow(COUNT_FIELD, centre_code, period.first, period.last, cut_off, nobody)
    return FieldWeek(**row)


@dataclass(frozen=True)
class Sample:
    """Units of daily surveys and waves that were released in a period, by the code at which they stood."""

    disposition: str
    units: int


SELECT_SAMPLE = """
SELECT e.disposition, count(*)::int AS units
FROM survey.sample_unit u JOIN survey.campaign c ON c.id = u.campaign_id JOIN survey.area z ON z.code = u.area_code
CROSS JOIN LATERAL (SELECT e.disposition FROM survey.unit_event e WHERE e.unit_id = u.id AND e.at <= $4
                    ORDER BY e.id DESC LIMIT 1) e
WHERE u.centre_code = $1 AND c.purpose = 'survey' AND c.kind IN ('daily', 'wave') AND c.code <> $5
  AND u.released_at <= $4 AND (u.released_at AT TIME ZONE z.tz)::date BETWEEN $2 AND $3
GROUP BY e.disposition ORDER BY e.disposition"""


async def sample(
    conn: asyncpg.Connection, centre_code: str, period: Period, cut_off: datetime
) -> list[Sample]:
    """By the code at which a unit stood at the cut-off, by its history: what was tried afterwards does not move it."""
    rows = await conn.fetch(SELECT_SAMPLE, centre_code, period.first, period.last, cut_off, VERIFICATION.code)
    return [Sample(**row) for row in rows]


@dataclass(frozen=True)
class Poll:
    """A special poll in which somebody was asked what the perception survey asks."""

    code: str
    name_zh: str


SELECT_POLLS = """
SELECT DISTINCT c.code, c.name_zh
FROM survey.campaign c JOIN survey.questionnaire q ON q.id = c.questionnaire_id
JOIN survey.sample_unit u ON u.campaign_id = c.id JOIN survey.interview i ON i.unit_id = u.id
JOIN survey.area z ON z.code = u.area_code
WHERE c.centre_code = $1 AND c.kind = 'poll' AND q.code = 'perception' AND i.ended_at <= $4
  AND (i.ended_at AT TIME ZONE z.tz)::date BETWEEN $2 AND $3
ORDER BY c.code"""


async def polls(conn: asyncpg.Connection, centre_code: str, period: Period, cut_off: datetime) -> list[Poll]:
    """Special polls of the period, by code."""
    rows = await conn.fetch(SELECT_POLLS, centre_code, period.first, period.last, cut_off)
    return [Poll(**row) for row in rows]
