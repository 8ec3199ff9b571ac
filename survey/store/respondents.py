"""Answers that count, person by person: what calibrated weights are made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

SELECT_RESPONDENTS = """
SELECT s.unit_id, min(a.code) AS area, min(s.weight) AS weight,
       array_agg(s.question_id ORDER BY s.question_id) AS questions, array_agg(s.code ORDER BY s.question_id) AS codes
FROM survey.standing_unit_answers($1, $2) s
LEFT JOIN survey.area a ON starts_with(s.area_code, a.code) AND a.level = $6
WHERE s.centre_code = $3 AND s.campaign_id = ANY($4::bigint[]) AND s.question_id = ANY($5::text[])
GROUP BY s.unit_id ORDER BY s.unit_id"""


@dataclass(frozen=True)
class Respondent:
    """What one person answered, {question: code}; `area`: of the level that was asked for, None where they live in none."""

    area: str | None
    weight: float
    codes: dict[str, str]


async def respondents(
    conn: Any,
    first: date,
    last: date,
    centre: str,
    campaigns: Sequence[int],
    questions: Sequence[str],
    level: str,
) -> list[Respondent]:
    """Everybody who answered one of these questions in these days, in the order of their units."""
    rows = await conn.fetch(SELECT_RESPONDENTS, first, last, centre, list(campaigns), list(questions), level)
    return [
        Respondent(row["area"], row["weight"], dict(zip(row["questions"], row["codes"], strict=True)))
        for row in rows
    ]
