"""Frozen questionnaires, campaigns, and the lists that samples are drawn from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

INSERT_QUESTIONNAIRE = """
INSERT INTO survey.questionnaire (code, version, sha256, body, frozen_at)
VALUES ($1, $2, $3, $4, $5) ON CONFLICT (code, version) DO NOTHING"""

SELECT_QUESTIONNAIRE_ID = """
SELECT id, sha256 FROM survey.questionnaire WHERE code = $1 AND version = $2"""


class ChangedWhenFrozen(Exception):
    """A questionnaire was changed without raising its version. Raise `version` in its file: interviews pin what was asked."""


async def freeze(conn: Any, code: str, version: int, sha256: str, body: object, at: datetime) -> int:
    """The id of this version, stored now if it was not yet. Raises ChangedWhenFrozen."""
    await conn.execute(INSERT_QUESTIONNAIRE, code, version, sha256, body, at)
    row = await conn.fetchrow(SELECT_QUESTIONNAIRE_ID, code, version)
    if row["sha256"] != sha256:
        raise ChangedWhenFrozen(f"{code} version {version}: {ChangedWhenFrozen.__doc__}")
    found: int = row["id"]
    return found


SELECT_QUESTIONNAIRES = """
SELECT id, body FROM survey.questionnaire ORDER BY id"""


async def questionnaires(conn: Any) -> dict[int, Any]:
    """The body of every frozen version by its id."""
    return {row["id"]: row["body"] for row in await conn.fetch(SELECT_QUESTIONNAIRES)}


INSERT_CAMPAIGN = """
INSERT INTO survey.campaign
    (centre_code, code, name_zh, purpose, questionnaire_id, modes, seed, opens_at, closes_at, draw, links, draw_number, kind)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, ($10::jsonb ->> 'number')::bigint,
        CASE $4 WHEN 'case' THEN 'standing' ELSE 'daily' END)
ON CONFLICT (centre_code, code) DO NOTHING RETURNING id"""

SELECT_CAMPAIGN_ID = """
SELECT id FROM survey.campaign WHERE centre_code = $1 AND code = $2"""


@dataclass(frozen=True)
class NewCampaign:
    """A campaign to be opened; `closes_at` None is one that stands. `links`: its texts carry a link to the web form."""

    centre_code: str
    code: str
    name_zh: str
    purpose: str
    questionnaire_id: int
    modes: tuple[str, ...]
    seed: int
    opens_at: datetime
    closes_at: datetime | None
    draw: dict[str, object]
    links: bool = False


async def open_campaign(conn: Any, new: NewCampaign) -> tuple[int, bool]:
    """(id, whether it was opened just now)."""
    values = (
        new.centre_code,
        new.code,
        new.name_zh,
        new.purpose,
        new.questionnaire_id,
        list(new.modes),
        new.seed,
    )
    made = await conn.fetchval(INSERT_CAMPAIGN, *values, new.opens_at, new.closes_at, new.draw, new.links)
    if made is not None:
        return made, True
    return await conn.fetchval(SELECT_CAMPAIGN_ID, new.centre_code, new.code), False


ASK_ANEW = """
WITH newer AS (
    UPDATE survey.campaign c SET questionnaire_id = n.id FROM survey.questionnaire o, survey.questionnaire n
    WHERE c.id = $1 AND o.id = c.questionnaire_id AND n.id = $2 AND o.code = n.code AND o.version < n.version
    RETURNING c.id, c.status, format('%s version %s -> %s', o.code, o.version, n.version) AS why
)
INSERT INTO survey.campaign_event (campaign_id, at, event, from_status, to_status, by_whom, why)
SELECT id, $3, 'questionnaire', status, status, 'service', why FROM newer"""


async def ask_anew(conn: Any, campaign: int, questionnaire: int, at: datetime) -> None:
    """From now on a campaign asks by this version of its questionnaire, if it is a later one. A dialogue keeps the version it was
    begun with."""
    await conn.execute(ASK_ANEW, campaign, questionnaire, at)


CLOSE_ENDED_WAVES = """
UPDATE survey.campaign SET status = 'closed'
WHERE status = 'running' AND closes_at <= $1 AND document IS NULL RETURNING id"""


async def close_ended_waves(conn: Any, now: datetime) -> list[int]:
    """Daily campaigns whose day has just ended. Planned ones are closed when they are looked at."""
    return [row["id"] for row in await conn.fetch(CLOSE_ENDED_WAVES, now)]


INSERT_BATCH = """
INSERT INTO survey.import_batch
    (centre_code, kind, file_name, sha256, brought_by, reason, ground, imported_at, rows_read, rows_kept, rows_refused,
     rows_merged)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT (centre_code, kind, sha256) DO NOTHING RETURNING id"""

INSERT_REFUSALS = """
INSERT INTO survey.import_refusal (batch_id, line, field, reason)
SELECT $1, t.line, t.field, t.reason FROM unnest($2::int[], $3::text[], $4::text[]) AS t(line, field, reason)"""


async def record_batch(
    conn: Any, values: Sequence[object], refusals: Sequence[tuple[int, str, str]]
) -> int | None:
    """The batch's id, or None when this very file was brought before."""
    batch: int | None = await conn.fetchval(INSERT_BATCH, *values)
    if batch is not None:
        lines, fields, reasons = zip(*refusals, strict=True) if refusals else ((), (), ())
        await conn.execute(INSERT_REFUSALS, batch, list(lines), list(fields), list(reasons))
    return batch


SELECT_ATTRIBUTES = """
SELECT DISTINCT jsonb_object_keys(attributes) AS name FROM survey.frame_entry WHERE centre_code = $1 ORDER BY 1"""


async def attributes_of_list(conn: Any, centre: str) -> list[str]:
    """The further columns that the centre's list has."""
    return [row["name"] for row in await conn.fetch(SELECT_ATTRIBUTES, centre)]


CLAIM_DUTY = """
INSERT INTO survey.daily_duty (centre_code, duty, day, done_at)
VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING true"""


async def claim_duty(conn: Any, centre: str, duty: str, day: date, at: datetime) -> bool:
    """True for whoever does this day's duty; false for everybody after."""
    return bool(await conn.fetchval(CLAIM_DUTY, centre, duty, day, at))


SELECT_DAYS_OF_DUTY = """
SELECT day FROM survey.daily_duty WHERE centre_code = $1 AND duty = $2"""


async def days_of_duty(conn: Any, centre: str, duty: str) -> frozenset[date]:
    """Days of which a duty was done."""
    return frozenset(row["day"] for row in await conn.fetch(SELECT_DAYS_OF_DUTY, centre, duty))


SELECT_FIRST_DUTY = """
SELECT min(day) FROM survey.daily_duty WHERE centre_code = $1 AND duty = ANY($2)"""


async def first_duty(conn: Any, centre: str, duties: Sequence[str]) -> date | None:
    """The first day of which any of these duties was done."""
    found: date | None = await conn.fetchval(SELECT_FIRST_DUTY, centre, list(duties))
    return found


SELECT_TIME_ZONE = """
SELECT a.tz FROM survey.centre z JOIN survey.area a ON a.code = z.area_code WHERE z.code = $1"""


async def time_zone(conn: Any, centre: str) -> str:
    """IANA name of the centre's zone."""
    zone: str = await conn.fetchval(SELECT_TIME_ZONE, centre)
    return zone


SELECT_DAILY_ROUNDS = """
SELECT r.centre_code, a.tz,
       (SELECT p.body FROM survey.policy p
        WHERE p.key = 'daily_programme' AND p.centre_code = r.centre_code AND p.valid_from <= $2
        ORDER BY p.valid_from DESC, p.version DESC LIMIT 1) AS programme
FROM survey.daily_round r JOIN survey.centre z ON z.code = r.centre_code JOIN survey.area a ON a.code = z.area_code
WHERE r.next_at <= $1 ORDER BY r.centre_code"""


async def daily_rounds(conn: Any, now: datetime) -> list[tuple[str, str, dict[str, Any] | None]]:
    """(centre, time zone, programme in force) of every centre whose list is due."""
    rows = await conn.fetch(SELECT_DAILY_ROUNDS, now, now.date())
    return [(row["centre_code"], row["tz"], row["programme"]) for row in rows]


NEXT_DAILY_ROUND = """
INSERT INTO survey.daily_round (centre_code, next_at) VALUES ($1, $2)
ON CONFLICT (centre_code) DO UPDATE SET next_at = greatest(survey.daily_round.next_at, excluded.next_at)"""


async def next_daily_round(conn: Any, centre: str, at: datetime) -> None:
    """This centre's list is built at `at` and not before."""
    await conn.execute(NEXT_DAILY_ROUND, centre, at)


INSERT_POLICY = """
INSERT INTO survey.policy (key, centre_code, version, valid_from, body) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (key, centre_code, version) DO NOTHING"""


async def set_policy(conn: Any, key: str, centre: str, version: int, valid_from: date, body: object) -> None:
    """A policy row; a version that stands is never changed."""
    await conn.execute(INSERT_POLICY, key, centre, version, valid_from, body)
