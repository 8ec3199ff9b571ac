"""What cases tell for indicators, row by row: a day, an area, whose it was, and a code. Read as a whole: every closed case is
called back, and they are thousands, not millions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import asyncpg


@dataclass(frozen=True)
class CaseCode:
    """`question` of `source` got `code`; the day is that of the area. `whose`: cases of one person belong together."""

    source: str
    question: str
    code: str
    day: date
    area_code: str
    whose: int


SELECT_CODES = """
WITH called AS (
    SELECT b.*, c.area_code, coalesce(c.person_id, -c.id) AS whose, s.tz
    FROM followup.callback b JOIN followup.case_file c ON c.id = b.case_id JOIN survey.area s ON s.code = c.area_code
    WHERE c.centre_code = $1 AND b.status <> 'not_suitable'
), told AS (
    SELECT 'callback' AS source, 'reached' AS question,
           CASE WHEN status = 'pending' THEN 'waiting' WHEN verdict IN ('closed_unreached', 'wrong_person') THEN 'unreached'
                WHEN verdict = 'closed_unrated' THEN 'unrated' ELSE 'reached' END AS code,
           (created_at AT TIME ZONE tz)::date AS day, area_code, whose
    FROM called
    UNION ALL
    SELECT 'callback', q.id, answers -> q.id ->> 0, (settled_at AT TIME ZONE tz)::date, area_code, whose
    FROM called, unnest(ARRAY['C1', 'C2', 'C3']) AS q (id)
    WHERE status = 'settled' AND answers -> q.id ->> 0 IS NOT NULL
    UNION ALL
    SELECT 'handling', 'in_time', CASE WHEN r.reported_at <= a.due_at THEN 'in_time' ELSE 'late' END,
           (a.due_at AT TIME ZONE s.tz)::date, c.area_code, -c.id
    FROM followup.assignment a JOIN followup.case_file c ON c.id = a.case_id JOIN survey.area s ON s.code = c.area_code
    LEFT JOIN followup.result r ON r.case_id = a.case_id AND r.round = a.round
    WHERE c.centre_code = $1 AND a.role = 'lead' AND a.due_at IS NOT NULL AND (r.reported_at <= a.due_at OR a.due_at < $4)
)
SELECT source, question, code, day, area_code, whose FROM told
WHERE day BETWEEN $2 AND $3 AND source || '.' || question = ANY($5::text[])"""


async def codes(
    conn: asyncpg.Connection, centre: str, first: date, last: date, now: datetime, wanted: Sequence[str]
) -> list[CaseCode]:
    """Of the days `first` to `last`, of `wanted` as "callback.C2". Callbacks count on the day on which they became due, their
    answers on the day on which they were settled, rounds on the day on which their result was due; a round that is not due yet
    counts once its result is there."""
    rows = await conn.fetch(SELECT_CODES, centre, first, last, now, list(wanted))
    return [CaseCode(**row) for row in rows]
