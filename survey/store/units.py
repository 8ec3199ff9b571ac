"""Sample units: put in, every change with its event, and how many stand where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from survey.store.waking import tell_workers

INSERT_UNITS = """
INSERT INTO survey.sample_unit
    (ref, centre_code, campaign_id, person_id, area_code, external_key, prn, base_weight, facts, next_mode, due_at,
     released_at, cells, stratum, replicate_no, not_by, modes, hours)
SELECT t.ref, $1, $2, t.person_id, t.area_code, t.external_key, t.prn, t.base_weight, t.facts, t.next_mode, t.due_at, $3,
       t.cells, t.stratum, t.replicate_no, t.not_by,
       string_to_array(t.modes, ' '), t.hours
FROM unnest($4::text[], $5::bigint[], $6::text[], $7::text[], $8::float8[], $9::float8[], $10::jsonb[], $11::text[],
            $12::timestamptz[], $13::jsonb[], $14::text[], $15::int[], $16::text[], $17::text[],
            $18::jsonb[])
     AS t(ref, person_id, area_code, external_key, prn, base_weight, facts, next_mode, due_at, cells, stratum, replicate_no,
          not_by, modes, hours)
ON CONFLICT (campaign_id, external_key) DO NOTHING RETURNING id, ref"""


@dataclass(frozen=True)
class NewUnit:
    """A person to be asked once in a campaign. `not_by`: the operator who must not ask them; `modes` and
    `hours`: their own, where the campaign's do not suit them."""

    ref: str
    person_id: int
    area_code: str
    external_key: str
    prn: float
    base_weight: float
    facts: dict[str, str]
    next_mode: str
    due_at: datetime
    cells: dict[str, str] = field(default_factory=dict)
    stratum: str | None = None
    replicate_no: int | None = None
    not_by: str | None = None
    modes: Sequence[str] | None = None
    hours: dict[str, Any] | None = None


async def release(conn: Any, centre: str, campaign: int, at: datetime, units: Sequence[NewUnit]) -> list[str]:
    """Put units in; returns the references of those that were not there yet."""
    rows = await conn.fetch(
        INSERT_UNITS,
        centre,
        campaign,
        at,
        [u.ref for u in units],
        [u.person_id for u in units],
        [u.area_code for u in units],
        [u.external_key for u in units],
        [u.prn for u in units],
        [u.base_weight for u in units],
        [u.facts for u in units],
        [u.next_mode for u in units],
        [u.due_at for u in units],
        [u.cells for u in units],
        [u.stratum for u in units],
        [u.replicate_no for u in units],
        [u.not_by for u in units],
        [" ".join(u.modes) if u.modes else None for u in units],
        [u.hours for u in units],
    )
    await note(
        conn, [Change(row["id"], None, "waiting", "released", None, "not_attempted") for row in rows], at
    )
    await tell_workers(conn, (u.due_at for u in units), at)
    return [row["ref"] for row in rows]


TO_CONTACT = """
WITH moved AS (
    UPDATE survey.sample_unit
    SET status = 'in_contact', due_at = NULL, next_mode = NULL, appointment_at = NULL, version = version + 1
    WHERE id = ANY($2::bigint[]) AND status = 'waiting' RETURNING id, disposition
)
INSERT INTO survey.unit_event (unit_id, at, from_status, to_status, why, attempt_id, disposition)
SELECT m.id, $1, 'waiting', 'in_contact', $4, t.attempt_id, m.disposition
FROM unnest($2::bigint[], $3::bigint[]) AS t(unit_id, attempt_id) JOIN moved m ON m.id = t.unit_id"""

TO_WAITING = """
WITH moved AS (
    UPDATE survey.sample_unit u
    SET status = 'waiting', due_at = t.due_at, next_mode = t.mode, disposition = t.disposition, version = version + 1,
        appointment_at = CASE u.status WHEN 'in_contact' THEN t.promised ELSE u.appointment_at END
    FROM unnest($1::bigint[], $2::timestamptz[], $3::text[], $4::text[], $5::timestamptz[])
         AS t(id, due_at, mode, disposition, promised)
    WHERE u.id = t.id AND u.status IN ('in_contact', 'waiting') RETURNING u.id
), back AS (
    DELETE FROM survey.quota_seat s USING moved m WHERE s.unit_id = m.id AND s.filled_at IS NULL
    RETURNING s.campaign_id, s.quota, s.cell
), cells AS (
    UPDATE survey.quota_cell c SET held = c.held - n.seats
    FROM (SELECT campaign_id, quota, cell, count(*)::int AS seats FROM back GROUP BY 1, 2, 3) n
    WHERE c.campaign_id = n.campaign_id AND c.quota = n.quota AND c.cell = n.cell
)
SELECT id FROM moved"""
"""A contact that is over without an interview gives its seats back in the same statement."""

TO_DONE = """
WITH moved AS (
    UPDATE survey.sample_unit u
    SET status = 'done', due_at = NULL, next_mode = NULL, appointment_at = NULL, disposition = t.disposition, done_at = $1,
        version = version + 1
    FROM unnest($2::bigint[], $3::text[]) AS t(id, disposition)
    WHERE u.id = t.id AND u.status IN ('in_contact', 'waiting') RETURNING u.id, u.campaign_id, u.disposition
), counted AS (
    SELECT m.id, m.disposition = 'complete' OR (m.disposition = 'partial' AND c.partials_count) AS counts
    FROM moved m JOIN survey.campaign c ON c.id = m.campaign_id
), back AS (
    DELETE FROM survey.quota_seat s USING counted m WHERE s.unit_id = m.id AND NOT m.counts AND s.filled_at IS NULL
    RETURNING s.campaign_id, s.quota, s.cell, 0 AS filled
), taken AS (
    UPDATE survey.quota_seat s SET filled_at = $1 FROM counted m WHERE s.unit_id = m.id AND m.counts AND s.filled_at IS NULL
    RETURNING s.campaign_id, s.quota, s.cell, 1 AS filled
), cells AS (
    UPDATE survey.quota_cell c SET held = c.held - n.seats, filled = c.filled + n.filled
    FROM (SELECT campaign_id, quota, cell, count(*)::int AS seats, sum(filled)::int AS filled
          FROM (SELECT campaign_id, quota, cell, filled FROM back
                UNION ALL SELECT campaign_id, quota, cell, filled FROM taken) both_kinds
          GROUP BY 1, 2, 3) n
    WHERE c.campaign_id = n.campaign_id AND c.quota = n.quota AND c.cell = n.cell
)
SELECT id FROM moved"""
"""An interview that counts fills the seats that were held for it; any other end gives them back."""


@dataclass(frozen=True)
class Change:
    """One line of a unit's history."""

    unit_id: int
    from_status: str | None
    to_status: str
    why: str
    attempt_id: int | None
    disposition: str


async def to_contact(conn: Any, attempt_of: Mapping[int, int], mode: str, at: datetime) -> None:
    """waiting -> in_contact, each unit in the attempt that it is given to; `mode` is how they are contacted."""
    await conn.execute(TO_CONTACT, at, list(attempt_of), list(attempt_of.values()), mode)


@dataclass(frozen=True)
class Later:
    """A unit that is to be tried by `mode` from `due_at` on. `promised`: the appointment agreed in the contact; one that is only
    put off stands."""

    change: Change
    due_at: datetime
    mode: str
    promised: datetime | None = None


async def to_waiting(conn: Any, later: Sequence[Later], at: datetime) -> None:
    """in_contact or waiting -> waiting, each for its own moment."""
    if not later:
        return
    columns = (
        [one.change.unit_id for one in later],
        [one.due_at for one in later],
        [one.mode for one in later],
        [one.change.disposition for one in later],
        [one.promised for one in later],
    )
    moved = {row["id"] for row in await conn.fetch(TO_WAITING, *columns)}
    await note(conn, [one.change for one in later if one.change.unit_id in moved], at)
    await tell_workers(conn, (one.due_at for one in later), at)


async def to_done(conn: Any, change: Change, at: datetime) -> bool:
    """in_contact or waiting -> done, with the final code. False: it was done already."""
    moved = await conn.fetch(TO_DONE, at, [change.unit_id], [change.disposition])
    if moved:
        await note(conn, [change], at)
    return bool(moved)


INSERT_EVENTS = """
INSERT INTO survey.unit_event (unit_id, at, from_status, to_status, why, attempt_id, disposition)
SELECT t.unit_id, $1, t.from_status, t.to_status, t.why, t.attempt_id, t.disposition
FROM unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::text[])
     AS t(unit_id, from_status, to_status, why, attempt_id, disposition)"""


async def note(conn: Any, changes: Sequence[Change], at: datetime) -> None:
    """Append the history of several units."""
    await conn.execute(
        INSERT_EVENTS,
        at,
        [c.unit_id for c in changes],
        [c.from_status for c in changes],
        [c.to_status for c in changes],
        [c.why for c in changes],
        [c.attempt_id for c in changes],
        [c.disposition for c in changes],
    )


SELECT_WAITING_OF_CAMPAIGNS = """
SELECT id, disposition FROM survey.sample_unit
WHERE campaign_id = ANY($1::bigint[]) AND status = 'waiting' ORDER BY id FOR UPDATE"""


async def waiting_of(conn: Any, campaigns: Sequence[int]) -> list[tuple[int, str]]:
    """(unit, disposition so far) of those never to be tried again because their wave has ended; locked against dialling."""
    rows = await conn.fetch(SELECT_WAITING_OF_CAMPAIGNS, list(campaigns))
    return [(row["id"], row["disposition"]) for row in rows]


SELECT_SETTING = """
SELECT c.centre_code, c.modes, a.tz, p.birth_year, p.landline
FROM survey.campaign c, survey.person p, survey.area a
WHERE c.id = $1 AND p.id = $2 AND a.code = $3"""


@dataclass(frozen=True)
class Setting:
    """What the first step of a person in a campaign depends on."""

    centre_code: str
    modes: list[str]
    tz: str
    birth_year: int | None
    landline: bool


async def setting(conn: Any, campaign: int, person: int, area: str) -> Setting:
    """How and where this person may be asked in this campaign."""
    return Setting(**await conn.fetchrow(SELECT_SETTING, campaign, person, area))


COUNT_CODES = """
SELECT disposition, count(*)::int AS units FROM survey.sample_unit WHERE campaign_id = $1 GROUP BY disposition"""


async def codes(conn: Any, campaign: int) -> dict[str, int]:
    """How many released units of a campaign have each code; they sum to the released sample."""
    return {row["disposition"]: row["units"] for row in await conn.fetch(COUNT_CODES, campaign)}
