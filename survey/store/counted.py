"""Reading the counted answers, and what a table of them is divided by."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

SELECT_CENTRE = """
SELECT z.code, z.name_zh, z.name_en, z.area_code, a.tz
FROM survey.centre z JOIN survey.area a ON a.code = z.area_code WHERE z.code = $1"""


@dataclass(frozen=True)
class CentreRow:
    """A centre, the area it is for, and the zone of its days."""

    code: str
    name_zh: str
    name_en: str
    area_code: str
    tz: str


async def centre(conn: Any, code: str) -> CentreRow | None:
    """None: there is none of this code."""
    row = await conn.fetchrow(SELECT_CENTRE, code)
    return None if row is None else CentreRow(**row)


SELECT_AREAS = """
SELECT code, name_zh, name_en FROM survey.area WHERE starts_with(code, $1) AND level = $2 ORDER BY code"""


@dataclass(frozen=True)
class AreaRow:
    """An area of the level that was asked for."""

    code: str
    name_zh: str
    name_en: str


async def areas(conn: Any, below: str, level: str) -> list[AreaRow]:
    """Areas of a level within an area, by code."""
    return [AreaRow(**row) for row in await conn.fetch(SELECT_AREAS, below, level)]


SELECT_CAMPAIGNS = """
SELECT c.id, c.code, c.kind, q.code AS questionnaire,
       c.answer_quotas <> '{}' OR EXISTS (
           SELECT FROM survey.quota_cell l WHERE l.campaign_id = c.id AND l.quota NOT IN ('total', 'day')) AS quota
FROM survey.campaign c JOIN survey.questionnaire q ON q.id = c.questionnaire_id
WHERE c.centre_code = $1 AND c.purpose = 'survey' AND q.code = ANY($2::text[]) ORDER BY c.id"""


@dataclass(frozen=True)
class CampaignRow:
    """A campaign that asked one of these questionnaires; `quota`: its sample has quotas."""

    id: int
    code: str
    kind: str
    questionnaire: str
    quota: bool


async def campaigns(conn: Any, centre: str, questionnaires: Sequence[str]) -> list[CampaignRow]:
    """Survey campaigns of a centre."""
    return [CampaignRow(**row) for row in await conn.fetch(SELECT_CAMPAIGNS, centre, list(questionnaires))]


SELECT_COUNTS = """
SELECT day, question_id, areas, codes, n, w, w2 FROM survey.answer_rollup
WHERE day = ANY($1::date[]) AND centre_code = $2 AND campaign_id = ANY($3::bigint[]) AND question_id = ANY($4::text[])"""


@dataclass(frozen=True)
class CountsRow:
    """Counts of a day and a question, entry by entry: area, code, answers, sum of their weights and of the squares."""

    day: date
    question_id: str
    areas: list[str]
    codes: list[str]
    n: list[int]
    w: list[float]
    w2: list[float]


async def counts(
    conn: Any, days: Sequence[date], centre: str, campaigns: Sequence[int], questions: Sequence[str]
) -> list[CountsRow]:
    """A question of a day has a row for each campaign and mode."""
    rows = await conn.fetch(SELECT_COUNTS, list(days), centre, list(campaigns), list(questions))
    return [CountsRow(*row) for row in rows]
