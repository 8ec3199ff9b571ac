"""Draws of finished interviews for checking, what was picked, and what a person found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from survey.field.auditing import Verdict
from survey.field.quality import Checked, Held, Pick

LOCK_CENTRE = """
SELECT z.tz FROM survey.centre k JOIN survey.area z ON z.code = k.area_code WHERE k.code = $1 FOR NO KEY UPDATE OF k"""


async def lock_centre(conn: Any, centre: str) -> str | None:
    """Its time zone, while nobody else draws for it. None: there is no such centre."""
    zone: str | None = await conn.fetchval(LOCK_CENTRE, centre)
    return zone


SELECT_ZONE = """
SELECT z.tz FROM survey.centre k JOIN survey.area z ON z.code = k.area_code WHERE k.code = $1"""


async def zone_of(conn: Any, centre: str) -> str | None:
    """Its time zone. None: there is no such centre."""
    zone: str | None = await conn.fetchval(SELECT_ZONE, centre)
    return zone


SELECT_LAST_DAY = """
SELECT max(last_day) FROM survey.quality_draw WHERE centre_code = $1"""


async def last_day(conn: Any, centre: str) -> date | None:
    """Up to which day interviews were drawn."""
    found: date | None = await conn.fetchval(SELECT_LAST_DAY, centre)
    return found


SELECT_FIRST_ENDED = """
SELECT i.ended_at FROM survey.interview i JOIN survey.sample_unit u ON u.id = i.unit_id
WHERE u.centre_code = $1 AND i.status IN ('complete', 'partial') AND i.ended_at IS NOT NULL
ORDER BY i.ended_at LIMIT 1"""


async def first_ended(conn: Any, centre: str) -> datetime | None:
    """When the first finished interview ended."""
    found: datetime | None = await conn.fetchval(SELECT_FIRST_ENDED, centre)
    return found


SELECT_HELD = """
SELECT i.ref, a.operator, h.mode, i.questionnaire_id || ':' || h.mode AS kind,
       extract(epoch FROM i.ended_at - i.opened_at)::float AS seconds, n.answers, n.missing, n.codes, n.at_once
FROM survey.interview i
JOIN survey.sample_unit u ON u.id = i.unit_id
CROSS JOIN LATERAL (
    SELECT max(t.operator) FILTER (WHERE i.mode = 'operator') AS operator,
           coalesce(bool_or(EXISTS (SELECT FROM survey.call_sheet_line s WHERE s.attempt_id = t.id)), false) AS paper
    FROM survey.attempt t WHERE t.contact_id = i.contact_id) a
CROSS JOIN LATERAL (SELECT CASE WHEN a.paper THEN 'paper' ELSE i.mode END AS mode) h
CROSS JOIN LATERAL (
    SELECT count(*)::int AS answers, (count(*) FILTER (WHERE l.code IN ('dk', 'refused', 'no_answer')))::int AS missing,
           (count(DISTINCT l.code) FILTER (WHERE l.code NOT IN ('dk', 'refused', 'no_answer')))::int AS codes,
           coalesce(max(l.at_once), 0)::int AS at_once
    FROM (SELECT DISTINCT ON (w.question_id) w.code,
                 count(*) OVER (PARTITION BY date_trunc('second', w.at)) AS at_once
          FROM survey.answer w WHERE w.interview_id = i.id ORDER BY w.question_id, w.revision DESC) l) n
WHERE u.centre_code = $1 AND i.ended_at >= $2 AND i.ended_at < $3 AND i.status IN ('complete', 'partial')
  AND n.answers > 0
  AND NOT EXISTS (SELECT FROM survey.quality_pick p WHERE p.interview_id = i.id)
ORDER BY i.id"""


async def held(conn: Any, centre: str, since: datetime, until: datetime) -> list[Held]:
    """The finished interviews of a centre that ended from `since` to before `until`; those whose answers were forgotten are
    left out, they cannot be checked."""
    return [Held(**row) for row in await conn.fetch(SELECT_HELD, centre, since, until)]


INSERT_DRAW = """
INSERT INTO survey.quality_draw (centre_code, first_day, last_day, seed, policy_version, interviews, drawn_by, drawn_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id"""

INSERT_PICKS = """
INSERT INTO survey.quality_pick (interview_id, draw_id, position, stratum, of_stratum, by_lot, ring, findings)
SELECT i.id, $1, p.position, p.stratum, p.of_stratum, p.by_lot, p.ring,
       CASE WHEN p.findings = '' THEN '{}' ELSE string_to_array(p.findings, ',') END
FROM unnest($2::text[], $3::int[], $4::text[], $5::int[], $6::boolean[], $7::boolean[], $8::text[])
     AS p (ref, position, stratum, of_stratum, by_lot, ring, findings)
JOIN survey.interview i ON i.ref = p.ref"""


@dataclass(frozen=True)
class NewDraw:
    """The interviews of some days, and by what they were drawn."""

    centre: str
    first: date
    last: date
    seed: int
    policy_version: int
    interviews: int
    by: str
    at: datetime


async def keep_draw(conn: Any, draw: NewDraw, picks: Sequence[Pick]) -> None:
    """A draw with what was picked, in the order of the picks."""
    made = await conn.fetchval(
        INSERT_DRAW,
        draw.centre,
        draw.first,
        draw.last,
        draw.seed,
        draw.policy_version,
        draw.interviews,
        draw.by,
        draw.at,
    )
    await conn.execute(
        INSERT_PICKS,
        made,
        [one.ref for one in picks],
        list(range(len(picks))),
        [one.stratum for one in picks],
        [one.of for one in picks],
        [one.by_lot for one in picks],
        [one.ring for one in picks],
        [",".join(one.findings) for one in picks],
    )


@dataclass(frozen=True)
class Waiting:
    """A pick without a verdict. `rung`: a back-check call was asked for; `rung_at`: somebody has made it."""

    ref: str
    mode: str
    campaign: str
    area_zh: str
    area_en: str
    ended_at: datetime
    by_lot: bool
    ring: bool
    findings: tuple[str, ...]
    recorded: bool
    rung: bool
    rung_at: datetime | None


SELECT_WAITING = """
SELECT i.ref, i.mode, c.name_zh AS campaign, z.name_zh AS area_zh, z.name_en AS area_en, i.ended_at, p.by_lot, p.ring,
       p.findings,
       EXISTS (SELECT FROM survey.recording r WHERE r.interview_id = i.id AND r.deleted_at IS NULL) AS recorded,
       EXISTS (SELECT FROM survey.handover h WHERE h.interview_id = i.id AND h.reason = 'back_check') AS rung,
       (SELECT max(h.resolved_at) FROM survey.handover h WHERE h.interview_id = i.id AND h.reason = 'back_check') AS rung_at
FROM survey.quality_pick p
JOIN survey.quality_draw d ON d.id = p.draw_id
JOIN survey.interview i ON i.id = p.interview_id
JOIN survey.sample_unit u ON u.id = i.unit_id
JOIN survey.campaign c ON c.id = u.campaign_id
JOIN survey.area z ON z.code = u.area_code
WHERE d.centre_code = $1 AND p.aside_at IS NULL
  AND NOT EXISTS (SELECT FROM survey.audit_item t WHERE t.interview_id = p.interview_id)
ORDER BY p.by_lot, d.id, p.position LIMIT $2"""


async def waiting(conn: Any, centre: str, most: int) -> list[Waiting]:
    """What waits for a verdict: the suspicious first, then by lot, the oldest draw first."""
    rows = await conn.fetch(SELECT_WAITING, centre, most)
    return [Waiting(**{**row, "findings": tuple(row["findings"])}) for row in rows]


SELECT_CHECKED = """
SELECT d.id::text AS round, p.stratum, p.of_stratum AS of,
       (SELECT t.verdict FROM survey.audit_item t WHERE t.interview_id = p.interview_id ORDER BY t.id DESC LIMIT 1) AS verdict
FROM survey.quality_pick p JOIN survey.quality_draw d ON d.id = p.draw_id
WHERE d.centre_code = $1 AND p.by_lot AND d.last_day >= $2 AND d.first_day <= $3"""


async def checked(conn: Any, centre: str, first: date, last: date) -> list[Checked]:
    """What was drawn by lot in draws that reach into these days, each with the verdict that stands."""
    return [Checked(**row) for row in await conn.fetch(SELECT_CHECKED, centre, first, last)]


@dataclass(frozen=True)
class File:
    """One picked interview. `operator`: who held it; `person_id` is for doors alone, and is never shown."""

    id: int
    ref: str
    person_id: int
    area_code: str
    tz: str
    questionnaire_id: int
    facts: dict[str, Any]
    mode: str
    purpose: str
    campaign: str
    area_zh: str
    area_en: str
    status: str
    opened_at: datetime
    ended_at: datetime
    operator: str | None
    by_lot: bool
    ring: bool
    findings: tuple[str, ...]
    of_stratum: int
    aside_at: datetime | None
    aside_by: str | None
    aside_why: str | None


SELECT_FILE = """
SELECT i.id, i.ref, u.person_id, u.area_code, z.tz, i.questionnaire_id, u.facts, i.mode, c.purpose, c.name_zh AS campaign,
       z.name_zh AS area_zh, z.name_en AS area_en, i.status, i.opened_at, i.ended_at,
       (SELECT max(t.operator) FROM survey.attempt t WHERE t.contact_id = i.contact_id) AS operator,
       p.by_lot, p.ring, p.findings, p.of_stratum, p.aside_at, p.aside_by, p.aside_why
FROM survey.quality_pick p
JOIN survey.quality_draw d ON d.id = p.draw_id
JOIN survey.interview i ON i.id = p.interview_id
JOIN survey.sample_unit u ON u.id = i.unit_id
JOIN survey.campaign c ON c.id = u.campaign_id
JOIN survey.area z ON z.code = u.area_code
WHERE d.centre_code = $1 AND i.ref = $2"""


async def file_of(conn: Any, centre: str, ref: str) -> File | None:
    """A pick of the centre by the interview's reference."""
    row = await conn.fetchrow(SELECT_FILE, centre, ref)
    return File(**{**row, "findings": tuple(row["findings"])}) if row else None


@dataclass(frozen=True)
class TimedAnswer:
    """An answer as it stands, and when it was given. `revision` above 1: it was changed."""

    question_id: str
    revision: int
    code: str | None
    words: str | None
    at: datetime


SELECT_TIMED = """
SELECT DISTINCT ON (question_id) question_id, revision, code, words, at FROM survey.answer WHERE interview_id = $1
ORDER BY question_id, revision DESC"""


async def timed_answers(conn: Any, interview_id: int) -> list[TimedAnswer]:
    """In the order in which they were given."""
    rows = [TimedAnswer(**row) for row in await conn.fetch(SELECT_TIMED, interview_id)]
    return sorted(rows, key=lambda one: one.at)


@dataclass(frozen=True)
class Said:
    """A verdict as it was given."""

    at: datetime
    by_whom: str
    method: str
    verdict: Verdict
    why: str


SELECT_SAID = """
SELECT at, by_whom, method, verdict, why FROM survey.audit_item WHERE interview_id = $1 ORDER BY id"""


async def said(conn: Any, interview_id: int) -> list[Said]:
    """Every verdict on an interview, the oldest first; the last one stands."""
    return [Said(**row) for row in await conn.fetch(SELECT_SAID, interview_id)]


@dataclass(frozen=True)
class Rung:
    """A back-check call: asked for, made by `resolved_by` with what came of it."""

    raised_at: datetime
    taken_by: str | None
    resolved_by: str | None
    resolved_at: datetime | None
    resolution: str | None


SELECT_RUNG = """
SELECT raised_at, taken_by, resolved_by, resolved_at, resolution FROM survey.handover
WHERE interview_id = $1 AND reason = 'back_check' ORDER BY id"""


async def rung(conn: Any, interview_id: int) -> list[Rung]:
    """The back-check calls of an interview, the oldest first."""
    return [Rung(**row) for row in await conn.fetch(SELECT_RUNG, interview_id)]


SET_ASIDE = """
UPDATE survey.quality_pick p SET aside_at = $2, aside_by = $3, aside_why = $4
WHERE p.interview_id = $1 AND p.aside_at IS NULL
  AND NOT EXISTS (SELECT FROM survey.audit_item t WHERE t.interview_id = p.interview_id)
RETURNING p.interview_id"""


async def set_aside(conn: Any, interview_id: int, at: datetime, by: str, why: str) -> bool:
    """It cannot be checked, and waits no more. False: there is a verdict, or it was set aside before."""
    return await conn.fetchval(SET_ASIDE, interview_id, at, by, why) is not None


LOCK_PICK = """
SELECT interview_id FROM survey.quality_pick WHERE interview_id = $1 FOR UPDATE"""


async def lock_pick(conn: Any, interview_id: int) -> None:
    """One after the other: verdicts, and calls that are asked for."""
    await conn.fetchval(LOCK_PICK, interview_id)
