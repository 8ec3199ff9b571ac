"""Planned campaigns: the document, the state and its history, and when the service looks at them again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

INSERT_DRAFT = """
INSERT INTO survey.campaign
    (centre_code, code, name_zh, purpose, questionnaire_id, modes, seed, opens_at, closes_at, status, kind, document,
     document_sha256, partials_count, daily_target, has_seats, has_budget, links, mode_delays,
     machine_detection, converts, weight, operator_dialling, hours, answer_quotas, pre_notice)
VALUES ($1, $2, $3, 'survey', $4, $5, $6, $7, $8, 'draft', $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
        $21, $22, $23, $24)
ON CONFLICT (centre_code, code) DO UPDATE
SET name_zh = excluded.name_zh, questionnaire_id = excluded.questionnaire_id, modes = excluded.modes, seed = excluded.seed,
    opens_at = excluded.opens_at, closes_at = excluded.closes_at, kind = excluded.kind, document = excluded.document,
    document_sha256 = excluded.document_sha256, partials_count = excluded.partials_count,
    daily_target = excluded.daily_target, has_seats = excluded.has_seats, has_budget = excluded.has_budget,
    links = excluded.links, mode_delays = excluded.mode_delays, machine_detection = excluded.machine_detection,
    converts = excluded.converts, weight = excluded.weight, operator_dialling = excluded.operator_dialling,
    hours = excluded.hours, answer_quotas = excluded.answer_quotas, pre_notice = excluded.pre_notice
WHERE survey.campaign.status = 'draft'
RETURNING id"""


@dataclass(frozen=True)
class Draft:
    """A campaign as it is created from its document."""

    centre_code: str
    code: str
    name_zh: str
    questionnaire_id: int
    modes: tuple[str, ...]
    seed: int
    opens_at: datetime
    closes_at: datetime
    kind: str
    document: dict[str, Any]
    document_sha256: str
    partials_count: bool
    daily_target: int | None
    has_seats: bool
    has_budget: bool
    links: bool
    mode_delays: dict[str, float]
    machine_detection: str | None
    converts: bool
    weight: float
    operator_dialling: str
    hours: dict[str, Any] | None
    answer_quotas: dict[str, Any]
    pre_notice: bool


async def put_draft(conn: Any, draft: Draft) -> int | None:
    """The id; a draft of this code is written anew. None: there is a campaign of this code that is no draft any more."""
    values = (
        draft.centre_code,
        draft.code,
        draft.name_zh,
        draft.questionnaire_id,
        list(draft.modes),
        draft.seed,
        draft.opens_at,
        draft.closes_at,
        draft.kind,
        draft.document,
        draft.document_sha256,
        draft.partials_count,
        draft.daily_target,
        draft.has_seats,
        draft.has_budget,
        draft.links,
        draft.mode_delays,
        draft.machine_detection,
        draft.converts,
        draft.weight,
        draft.operator_dialling,
        draft.hours,
        draft.answer_quotas,
        draft.pre_notice,
    )
    made: int | None = await conn.fetchval(INSERT_DRAFT, *values)
    return made


SELECT_PLANNED = """
SELECT c.id, c.centre_code, c.code, c.name_zh, c.kind, c.status, c.questionnaire_id, c.modes, c.seed, c.opens_at, c.closes_at,
       c.document, c.draw, c.daily_target, c.has_seats, c.links, c.look_at, a.tz
FROM survey.campaign c JOIN survey.centre z ON z.code = c.centre_code JOIN survey.area a ON a.code = z.area_code
WHERE c.centre_code = $1 AND c.code = $2"""

LOCK_PLANNED = """
SELECT c.id, c.centre_code, c.code, c.name_zh, c.kind, c.status, c.questionnaire_id, c.modes, c.seed, c.opens_at, c.closes_at,
       c.document, c.draw, c.daily_target, c.has_seats, c.links, c.look_at, a.tz
FROM survey.campaign c JOIN survey.centre z ON z.code = c.centre_code JOIN survey.area a ON a.code = z.area_code
WHERE c.centre_code = $1 AND c.code = $2 FOR UPDATE OF c"""

LIST_PLANNED = """
SELECT c.id, c.centre_code, c.code, c.name_zh, c.kind, c.status, c.questionnaire_id, c.modes, c.seed, c.opens_at, c.closes_at,
       c.document, c.draw, c.daily_target, c.has_seats, c.links, c.look_at, a.tz
FROM survey.campaign c JOIN survey.centre z ON z.code = c.centre_code JOIN survey.area a ON a.code = z.area_code
WHERE c.centre_code = $1 ORDER BY c.opens_at DESC, c.code LIMIT $2"""

LOCK_TO_LOOK_AT = """
SELECT c.id, c.centre_code, c.code, c.name_zh, c.kind, c.status, c.questionnaire_id, c.modes, c.seed, c.opens_at, c.closes_at,
       c.document, c.draw, c.daily_target, c.has_seats, c.links, c.look_at, a.tz
FROM survey.campaign c JOIN survey.centre z ON z.code = c.centre_code JOIN survey.area a ON a.code = z.area_code
WHERE c.look_at <= $1 ORDER BY c.look_at, c.id LIMIT 1 FOR UPDATE OF c SKIP LOCKED"""


@dataclass(frozen=True)
class Planned:
    """A campaign with its document; `document` is None for those that the service opens by itself."""

    id: int
    centre_code: str
    code: str
    name_zh: str
    kind: str
    status: str
    questionnaire_id: int
    modes: list[str]
    seed: int
    opens_at: datetime
    closes_at: datetime | None
    document: dict[str, Any] | None
    draw: dict[str, Any]
    daily_target: int | None
    has_seats: bool
    links: bool
    look_at: datetime | None
    tz: str


async def planned(conn: Any, centre: str, code: str) -> Planned | None:
    """A campaign by its code."""
    row = await conn.fetchrow(SELECT_PLANNED, centre, code)
    return Planned(**row) if row is not None else None


async def lock_planned(conn: Any, centre: str, code: str) -> Planned | None:
    """The same, locked until the transaction ends."""
    row = await conn.fetchrow(LOCK_PLANNED, centre, code)
    return Planned(**row) if row is not None else None


async def listed(conn: Any, centre: str, limit: int) -> list[Planned]:
    """The centre's campaigns, the newest first."""
    return [Planned(**row) for row in await conn.fetch(LIST_PLANNED, centre, limit)]


SELECT_CODES = """
SELECT id::text AS id, centre_code, code FROM survey.campaign"""


async def codes_by_id(conn: Any, centre: str | None = None) -> dict[str, str]:
    """The codes of campaigns by their ids, of one centre or of all."""
    rows = await conn.fetch(SELECT_CODES)
    return {row["id"]: row["code"] for row in rows if centre in (None, row["centre_code"])}


async def next_to_look_at(conn: Any, now: datetime) -> Planned | None:
    """A campaign whose look is due and that nobody else looks at, locked until the transaction ends."""
    row = await conn.fetchrow(LOCK_TO_LOOK_AT, now)
    return Planned(**row) if row is not None else None


MOVE = """
WITH moved AS (
    UPDATE survey.campaign SET status = $4, look_at = $8 WHERE id = $1 AND status = $3 RETURNING id
)
INSERT INTO survey.campaign_event (campaign_id, at, event, from_status, to_status, by_whom, why)
SELECT id, $2, $5, $3, $4, $6, $7 FROM moved RETURNING true"""


@dataclass(frozen=True)
class Moved:
    """One move of a campaign. `look_at`: when the service looks at it next, None never."""

    campaign_id: int
    event: str
    leaves: str
    enters: str
    by: str
    why: str
    look_at: datetime | None


async def move(conn: Any, moved: Moved, at: datetime) -> bool:
    """Leave the named state for the next, with the event. False: it was no longer in that state."""
    m = moved
    row = await conn.fetchval(MOVE, m.campaign_id, at, m.leaves, m.enters, m.event, m.by, m.why, m.look_at)
    return bool(row)


PAUSE_AT_ONCE = """
WITH moved AS (
    UPDATE survey.campaign SET status = 'paused', look_at = $2
    WHERE id IN (SELECT id FROM survey.campaign WHERE id = ANY($1::bigint[]) AND status = 'running' FOR UPDATE SKIP LOCKED)
    RETURNING id
)
INSERT INTO survey.campaign_event (campaign_id, at, event, from_status, to_status, by_whom, why)
SELECT id, $2, 'pause', 'running', 'paused', 'service', $3 FROM moved"""
"""One that is being looked at is left to that: whoever claims holds units, for which it may be waiting."""


async def pause_at_once(conn: Any, campaigns: Sequence[int], why: str, at: datetime) -> None:
    """running -> paused, in the middle of a claim; they are looked at next, which recalls what lies at the carrier."""
    await conn.execute(PAUSE_AT_ONCE, list(campaigns), at, why)


NOTE_CREATED = """
INSERT INTO survey.campaign_event (campaign_id, at, event, from_status, to_status, by_whom, why)
VALUES ($1, $2, 'create', NULL, 'draft', $3, $4)"""


async def note_created(conn: Any, campaign: int, at: datetime, by: str, why: str) -> None:
    """The first line of a campaign's history, or that its draft was written anew."""
    await conn.execute(NOTE_CREATED, campaign, at, by, why)


SELECT_EVENTS = """
SELECT at, event, from_status, to_status, by_whom, why FROM survey.campaign_event WHERE campaign_id = $1 ORDER BY id"""


@dataclass(frozen=True)
class EventRow:
    """A line of a campaign's history."""

    at: datetime
    event: str
    from_status: str | None
    to_status: str
    by_whom: str
    why: str


async def events(conn: Any, campaign: int) -> list[EventRow]:
    """What happened to a campaign, the oldest first."""
    return [EventRow(**row) for row in await conn.fetch(SELECT_EVENTS, campaign)]


LOOK_AGAIN = """
UPDATE survey.campaign SET look_at = $2 WHERE id = $1"""


async def look_again(conn: Any, campaign: int, at: datetime | None) -> None:
    """When the service looks at it next; None: not any more."""
    await conn.execute(LOOK_AGAIN, campaign, at)


COUNT_OPEN = """
SELECT count(*) FILTER (WHERE u.status = 'waiting')::int AS waiting,
       count(*) FILTER (WHERE u.status = 'in_contact')::int AS in_contact
FROM survey.sample_unit u WHERE u.campaign_id = $1"""


async def open_units(conn: Any, campaign: int) -> tuple[int, int]:
    """(waiting, in contact)."""
    row = await conn.fetchrow(COUNT_OPEN, campaign)
    return row["waiting"], row["in_contact"]


SELECT_GOING_SINCE = """
SELECT max(at) FROM survey.campaign_event WHERE campaign_id = $1 AND to_status = 'running'"""


async def going_since(conn: Any, campaign: int) -> datetime | None:
    """When it was last set going."""
    moment: datetime | None = await conn.fetchval(SELECT_GOING_SINCE, campaign)
    return moment


SELECT_OUTCOMES = """
SELECT count(*)::int AS n, coalesce(a.disposition, '') AS code
FROM survey.attempt a JOIN survey.sample_unit u ON u.id = a.unit_id
WHERE u.campaign_id = $1 AND a.dialing_at >= $2 AND a.counts AND NOT a.inbound GROUP BY a.disposition"""


async def outcomes(conn: Any, campaign: int, since: datetime) -> dict[str, int]:
    """How many attempts that were dialled since then, and count, came to each code; '' are those under way."""
    return {row["code"]: row["n"] for row in await conn.fetch(SELECT_OUTCOMES, campaign, since)}


NEXT_DUE = """
SELECT min(due_at) FROM survey.sample_unit WHERE campaign_id = $1 AND status = 'waiting'"""


async def next_due(conn: Any, campaign: int) -> datetime | None:
    """When the next of those who wait falls due."""
    moment: datetime | None = await conn.fetchval(NEXT_DUE, campaign)
    return moment


COUNT_DRAWN = """
SELECT count(*)::int AS drawn, count(released_at)::int AS released FROM survey.drawn_unit WHERE campaign_id = $1"""


async def sizes(conn: Any, campaign: int) -> tuple[int, int]:
    """(people drawn, of them released)."""
    row = await conn.fetchrow(COUNT_DRAWN, campaign)
    return row["drawn"], row["released"]
