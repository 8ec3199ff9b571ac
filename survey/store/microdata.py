"""Exports of microdata on record, and the rows that they are made of."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

ASK = """
INSERT INTO survey.microdata_export (ref, centre_code, campaign, formats, asked_by, reason, asked_at, period)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"""


async def ask(
    conn: Any,
    ref: str,
    centre: str,
    campaign: str | None,
    formats: Sequence[str],
    by: str,
    reason: str,
    at: datetime,
    period: str | None,
) -> None:
    """Owe an export."""
    await conn.execute(ASK, ref, centre, campaign, list(formats), by, reason, at, period)


@dataclass(frozen=True)
class ExportRow:
    """An export as it stands."""

    ref: str
    centre_code: str
    campaign: str | None
    period: str | None
    formats: list[str]
    asked_by: str
    reason: str
    asked_at: datetime
    state: str
    rule: int | None
    rows: int | None
    coarsened: int | None
    left_out: int | None
    files: Mapping[str, str] | None
    failure: str | None
    done_at: datetime | None


TAKE = """
UPDATE survey.microdata_export SET state = 'writing', lease_real = $2, tries = tries + 1
WHERE id = (SELECT id FROM survey.microdata_export
            WHERE (state = 'wanted' OR state = 'writing' AND lease_real < $1) AND ($3::text IS NULL OR ref = $3)
            ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING ref, centre_code, campaign, period, formats, asked_by, reason, asked_at, state, rule, rows, coarsened, left_out, files,
          failure, done_at"""


async def take(
    conn: Any, real_now: datetime, lease_real: datetime, ref: str | None = None
) -> ExportRow | None:
    """wanted -> writing: the next one, or this one; one that a dead worker was writing is taken again."""
    row = await conn.fetchrow(TAKE, real_now, lease_real, ref)
    return ExportRow(**row) if row else None


GIVE_UP = """
UPDATE survey.microdata_export
SET state = 'failed', lease_real = NULL, done_at = $3,
    failure = 'whoever was writing it died, ' || tries || ' times; ask for it again, with fewer formats where memory is short'
WHERE state = 'writing' AND lease_real < $1 AND tries >= $2"""


async def give_up(conn: Any, real_now: datetime, most_tries: int, at: datetime) -> None:
    """writing -> failed: exports that whoever took them has died of too often."""
    await conn.execute(GIVE_UP, real_now, most_tries, at)


DONE = """
UPDATE survey.microdata_export
SET state = 'done', lease_real = NULL, rule = $2, rows = $3, coarsened = $4, left_out = $5, files = $6, done_at = $7
WHERE ref = $1 AND state = 'writing'"""


async def done(
    conn: Any,
    ref: str,
    rule: int,
    rows: int,
    coarsened: int,
    left_out: int,
    files: Mapping[str, str],
    at: datetime,
) -> None:
    """writing -> done."""
    await conn.execute(DONE, ref, rule, rows, coarsened, left_out, dict(files), at)


FAILED = """
UPDATE survey.microdata_export SET state = 'failed', lease_real = NULL, failure = $2, done_at = $3
WHERE ref = $1 AND state = 'writing' RETURNING id"""


async def failed(conn: Any, ref: str, why: str, at: datetime) -> bool:
    """writing -> failed. False: it is done, or has failed, already."""
    return await conn.fetchval(FAILED, ref, why, at) is not None


SELECT_EXPORTS = """
SELECT ref, centre_code, campaign, period, formats, asked_by, reason, asked_at, state, rule, rows, coarsened, left_out, files,
       failure, done_at
FROM survey.microdata_export WHERE centre_code = $1 ORDER BY id"""


async def exports(conn: Any, centre: str) -> list[ExportRow]:
    """All of a centre, the oldest first."""
    return [ExportRow(**row) for row in await conn.fetch(SELECT_EXPORTS, centre)]


@dataclass(frozen=True)
class CampaignRow:
    """What an export has to know of its campaign."""

    id: int
    name_zh: str
    purpose: str
    kind: str
    questionnaire: Any
    county: str
    tz: str
    units: int


SELECT_CAMPAIGN = """
SELECT c.id, c.name_zh, c.purpose, c.kind, q.body AS questionnaire, k.area_code AS county, z.tz,
       (SELECT count(*) FROM survey.sample_unit u WHERE u.campaign_id = c.id)::int AS units
FROM survey.campaign c JOIN survey.questionnaire q ON q.id = c.questionnaire_id JOIN survey.centre k ON k.code = c.centre_code
JOIN survey.area z ON z.code = k.area_code
WHERE c.centre_code = $1 AND c.code = $2"""


async def campaign(conn: Any, centre: str, code: str) -> CampaignRow | None:
    """None: the centre has none of that code."""
    row = await conn.fetchrow(SELECT_CAMPAIGN, centre, code)
    return CampaignRow(**row) if row else None


SELECT_CAMPAIGNS = """
SELECT c.id, q.body -> 'title' ->> 'zh' AS name_zh, c.purpose, c.kind, q.body AS questionnaire, k.area_code AS county, z.tz,
       (SELECT count(*) FROM survey.sample_unit u WHERE u.campaign_id = c.id)::int AS units
FROM survey.campaign c JOIN survey.questionnaire q ON q.id = c.questionnaire_id JOIN survey.centre k ON k.code = c.centre_code
JOIN survey.area z ON z.code = k.area_code
WHERE c.centre_code = $1 AND c.purpose = 'survey' AND c.kind = ANY($2::text[]) AND q.code = $3 ORDER BY q.version, c.id"""


async def campaigns(conn: Any, centre: str, kinds: Sequence[str], questionnaire: str) -> list[CampaignRow]:
    """Those of these kinds that ask a questionnaire; the newest version of it comes last."""
    return [
        CampaignRow(**row) for row in await conn.fetch(SELECT_CAMPAIGNS, centre, list(kinds), questionnaire)
    ]


SELECT_UNITS = """
SELECT u.person_id, u.area_code, u.stratum, u.disposition, u.base_weight, i.mode, (u.done_at AT TIME ZONE $2)::date AS done_on,
       coalesce(a.codes, '{}'::jsonb) AS codes
FROM survey.sample_unit u
LEFT JOIN LATERAL (
    SELECT i.id, i.mode FROM survey.interview i
    WHERE i.unit_id = u.id AND NOT EXISTS (SELECT FROM survey.void_interview v WHERE v.id = i.id)
    ORDER BY i.status = 'complete' DESC, i.id DESC LIMIT 1) i ON true
LEFT JOIN LATERAL (
    SELECT jsonb_object_agg(s.question_id, s.code) AS codes
    FROM (SELECT DISTINCT ON (b.question_id) b.question_id, b.code
          FROM survey.answer b JOIN survey.interview j ON j.id = b.interview_id
          WHERE j.unit_id = u.id AND b.code IS NOT NULL
            AND NOT EXISTS (SELECT FROM survey.void_interview v WHERE v.id = j.id)
          ORDER BY b.question_id, b.interview_id DESC, b.revision DESC) s) a ON true
WHERE u.campaign_id = $1 ORDER BY u.id"""


async def units(conn: Any, campaign_id: int, tz: str, block: int) -> AsyncIterator[list[Any]]:
    """Rows of all units in blocks, through a cursor; inside a transaction."""
    cursor = await conn.cursor(SELECT_UNITS, campaign_id, tz)
    while rows := await cursor.fetch(block):
        yield rows


SELECT_UNITS_OF_DAYS = """
WITH said AS MATERIALIZED (
    SELECT s.unit_id, jsonb_object_agg(s.question_id, s.code) AS codes
    FROM survey.standing_unit_answers($3, $4) s WHERE s.campaign_id = ANY($1::bigint[]) GROUP BY s.unit_id
)
SELECT u.person_id, u.area_code, u.stratum, u.disposition, u.base_weight, i.mode, (u.done_at AT TIME ZONE $2)::date AS done_on,
       coalesce(a.codes, '{}'::jsonb) AS codes
FROM survey.sample_unit u
LEFT JOIN said a ON a.unit_id = u.id
LEFT JOIN LATERAL (
    SELECT i.mode FROM survey.interview i
    WHERE i.unit_id = u.id AND NOT EXISTS (SELECT FROM survey.void_interview v WHERE v.id = i.id)
    ORDER BY i.status = 'complete' DESC, i.id DESC LIMIT 1) i ON true
WHERE u.campaign_id = ANY($1::bigint[]) AND (a.unit_id IS NOT NULL
      OR u.done_at >= $3::date::timestamp AT TIME ZONE $2 AND u.done_at < ($4::date + 1)::timestamp AT TIME ZONE $2)
ORDER BY u.id"""


async def units_of_days(
    conn: Any, campaigns: Sequence[int], tz: str, first: date, last: date, block: int
) -> AsyncIterator[list[Any]]:
    """Rows of units that ended in these days or answered in them, with the answers that reports count in them; as `units`."""
    cursor = await conn.cursor(SELECT_UNITS_OF_DAYS, list(campaigns), tz, first, last)
    while rows := await cursor.fetch(block):
        yield rows
