"""What the residents of each village have raised, and what became of it by a moment. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import asyncpg

from survey.periods import Period


@dataclass(frozen=True)
class VillageCase:
    """A matter that was raised in a period. `person`: who raised it, None where nobody may know; never printed.
    `state`: at the cut-off, the archive left out. `called`: a callback was due by then; `reached`, `solved`: of the
    last that is settled. `quotable`: named, and about nobody's conduct, so that its result may be shown to anybody."""

    number: str
    person: int | None
    category: str
    village: str | None
    village_zh: str | None
    village_en: str | None
    township: str | None
    township_zh: str | None
    township_en: str | None
    state: str
    called: bool
    reached: bool
    solved: str | None
    result: str | None
    quotable: bool


SELECT_VILLAGE_CASES = """
SELECT c.number, c.person_id AS person, c.category,
       v.code AS village, v.name_zh AS village_zh, v.name_en AS village_en,
       t.code AS township, t.name_zh AS township_zh, t.name_en AS township_en,
       coalesce(
           (SELECT e.to_status FROM followup.case_event e
            WHERE e.case_id = c.id AND e.at <= $4 AND e.to_status <> 'archived' ORDER BY e.id DESC LIMIT 1),
           CASE WHEN c.closed_at <= $4 THEN c.ending END, 'registered') AS state,
       EXISTS (SELECT FROM followup.callback d
               WHERE d.case_id = c.id AND d.created_at <= $4 AND d.status <> 'not_suitable') AS called,
       coalesce(b.reached, false) AS reached, b.solved,
       (SELECT r.result_summary FROM followup.result r
        WHERE r.case_id = c.id AND r.accepted_at <= $4 ORDER BY r.round DESC LIMIT 1) AS result,
       c.anonymity = 'named' AND c.criticised_unit IS NULL AND c.duty_no <> 3
           AND NOT coalesce(p.criticised_centre, false) AS quotable
FROM followup.case_file c
JOIN survey.area a ON a.code = c.area_code
LEFT JOIN survey.area v ON v.code = left(c.area_code, 12) AND v.level = 'village'
LEFT JOIN survey.area t ON t.code = left(c.area_code, 9) AND t.level = 'township'
LEFT JOIN followup.appeal p ON p.case_id = c.id
LEFT JOIN LATERAL (
    SELECT k.verdict NOT IN ('closed_unreached', 'wrong_person', 'closed_unrated') AS reached, k.answers -> 'C2' ->> 0 AS solved
    FROM followup.callback k WHERE k.case_id = c.id AND k.settled_at <= $4 ORDER BY k.round DESC LIMIT 1) b ON true
WHERE c.centre_code = $1 AND c.received_at <= $4 AND (c.received_at AT TIME ZONE a.tz)::date BETWEEN $2 AND $3
ORDER BY c.number"""


async def village_cases(
    conn: asyncpg.Connection, centre_code: str, period: Period, cut_off: datetime
) -> list[VillageCase]:
    """Every matter that was raised in the period, by number, as it stood at the cut-off."""
    rows = await conn.fetch(SELECT_VILLAGE_CASES, centre_code, period.first, period.last, cut_off)
    return [VillageCase(**row) for row in rows]
