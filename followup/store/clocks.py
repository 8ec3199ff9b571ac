"""The clocks of cases: what they are read from, when to look next, and the history of colours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import asyncpg


@dataclass(frozen=True)
class ClockRow:
    """Everything that a case's clock depends on. `changes`: its events so far, as this was read.

    `entered_at`: when it came into its state; `changed_at`: when anything was last done to it. `lead`,
    `handle_by`: of this round, None before a dispatch. `urged`: levels that were urged in this round, as
    `party:against:level`. `failures`: callbacks that were decided against the unit, over all rounds.
    """

    case_id: int
    number: str
    centre_code: str
    status: str
    round: int
    due_at: datetime | None
    limit_hours: float | None
    received_at: datetime
    office: str | None
    sudden: bool
    escalation_level: int | None
    area_level: str
    tz: str
    entered_at: datetime
    changed_at: datetime
    lead: str | None
    lead_name: str | None
    handle_by: datetime | None
    extended: bool
    failures: int
    false_closing: bool
    waits_since: datetime | None
    called: bool
    urged: tuple[str, ...]
    changes: int
    colour: str | None
    since: datetime | None
    policy_version: int


SELECT_CLOCKS = """
SELECT c.id AS case_id, c.number, c.centre_code, c.status, c.round, c.due_at, c.limit_hours, c.received_at,
    c.office, c.sudden, c.escalation_level, a.level AS area_level, h.tz,
    coalesce(e.entered_at, c.received_at) AS entered_at,
    coalesce(e.changed_at, c.received_at) AS changed_at, l.unit_code AS lead, u.name_zh AS lead_name,
    l.due_at AS handle_by, coalesce(e.extended, false) AS extended, coalesce(e.failures, 0)::int AS failures,
    coalesce(e.false_closing, false) AS false_closing, w.waits_since, coalesce(t.called, false) AS called,
    coalesce(g.urged, '{}') AS urged, k.changes, k.colour, k.since,
    c.policy_version
FROM followup.case_clock AS k
JOIN followup.case_file AS c ON c.id = k.case_id
JOIN survey.area AS a ON a.code = c.area_code
JOIN survey.centre AS z ON z.code = c.centre_code
JOIN survey.area AS h ON h.code = z.area_code
LEFT JOIN followup.assignment AS l ON l.case_id = c.id AND l.round = c.round AND l.role = 'lead'
LEFT JOIN followup.unit AS u ON u.code = l.unit_code
LEFT JOIN LATERAL (
    SELECT max(at) FILTER (WHERE to_status = c.status AND from_status IS DISTINCT FROM to_status) AS entered_at,
        max(at) FILTER (WHERE event NOT IN ('colour', 'urge', 'enter_level')) AS changed_at,
        bool_or(event = 'extend' AND round = c.round) AS extended,
        count(*) FILTER (WHERE event IN ('redispatch', 'to_meeting')) AS failures,
        bool_or(event = 'false_closing' AND round = c.round) AS false_closing
    FROM followup.case_event WHERE case_id = c.id) AS e ON true
LEFT JOIN LATERAL (
    SELECT b.waits_since FROM followup.callback AS b
    WHERE b.case_id = c.id AND b.round = c.round AND b.flagged AND b.decision IS NULL) AS w ON true
LEFT JOIN LATERAL (
    SELECT true AS called FROM followup.callback AS b JOIN survey.sample_unit AS s ON s.ref = b.unit_ref
    WHERE b.case_id = c.id AND b.round = c.round
      AND (s.status = 'in_contact' OR s.disposition <> 'not_attempted')) AS t ON true
LEFT JOIN LATERAL (
    SELECT array_agg(party || ':' || against || ':' || level) AS urged FROM followup.urge AS g
    WHERE g.case_id = c.id AND g.round = c.round) AS g ON true
WHERE k.case_id = ANY($1::bigint[])
ORDER BY k.case_id"""


async def clocks_of(conn: asyncpg.Connection, case_ids: Sequence[int]) -> list[ClockRow]:
    """The clocks of these cases, by id."""
    rows = await conn.fetch(SELECT_CLOCKS, list(case_ids))
    return [ClockRow(**{**row, "urged": tuple(row["urged"])}) for row in rows]


SELECT_DUE_CLOCKS = """
SELECT case_id FROM followup.case_clock WHERE look_at <= $1 ORDER BY look_at, case_id LIMIT $2"""


async def due_clocks(conn: asyncpg.Connection, now: datetime, limit: int) -> list[int]:
    """Cases whose clock must be looked at by `now`, those that have waited longest first."""
    return [row["case_id"] for row in await conn.fetch(SELECT_DUE_CLOCKS, now, limit)]


LOOKED = """
UPDATE followup.case_clock AS k
SET look_at = t.look_at, colour = t.colour, since = t.since, changes = k.changes + 1
FROM unnest($1::bigint[], $2::int[], $3::timestamptz[], $4::text[], $5::timestamptz[])
    AS t (case_id, changes, look_at, colour, since)
WHERE k.case_id = t.case_id AND k.changes = t.changes
RETURNING k.case_id"""


@dataclass(frozen=True)
class Looked:
    """What a look leaves: when to look next, and the colour since when. `changes`: as the look has read it."""

    case_id: int
    changes: int
    look_at: datetime | None
    colour: str | None
    since: datetime | None


async def looked(conn: asyncpg.Connection, looks: Sequence[Looked]) -> set[int]:
    """Put clocks to their next look; the cases to which nothing has happened since they were read, by another
    look neither.
    """
    rows = await conn.fetch(
        LOOKED,
        [one.case_id for one in looks],
        [one.changes for one in looks],
        [one.look_at for one in looks],
        [one.colour for one in looks],
        [one.since for one in looks],
    )
    return {row["case_id"] for row in rows}


INSERT_COLOUR_CHANGE = """
INSERT INTO followup.colour_change (case_id, round, from_colour, to_colour, grounds, at, policy_version)
VALUES ($1, $2, $3, $4, $5, $6, $7)"""


@dataclass(frozen=True)
class ColourChange:
    """A colour became another at a moment, on these grounds."""

    case_id: int
    round: int
    from_colour: str | None
    to_colour: str | None
    grounds: tuple[str, ...]
    at: datetime
    policy_version: int


async def insert_colour_change(conn: asyncpg.Connection, change: ColourChange) -> None:
    """Write one row of the history."""
    await conn.execute(
        INSERT_COLOUR_CHANGE,
        change.case_id,
        change.round,
        change.from_colour,
        change.to_colour,
        list(change.grounds),
        change.at,
        change.policy_version,
    )


SELECT_COLOUR_CHANGES = """
SELECT case_id, round, from_colour, to_colour, grounds, at, policy_version
FROM followup.colour_change WHERE case_id = $1 ORDER BY id"""


async def colour_changes(conn: asyncpg.Connection, case_id: int) -> list[ColourChange]:
    """The colours that a case has had, oldest first."""
    rows = await conn.fetch(SELECT_COLOUR_CHANGES, case_id)
    return [ColourChange(**{**row, "grounds": tuple(row["grounds"])}) for row in rows]


SET_LEVEL = """
UPDATE followup.case_file SET escalation_level = $3
WHERE id = $1 AND escalation_level IS NOT DISTINCT FROM $2
RETURNING id"""


async def set_level(conn: asyncpg.Connection, case_id: int, leaves: int | None, level: int) -> bool:
    """The level at which a case is handled; False if it is not where it was read."""
    return await conn.fetchval(SET_LEVEL, case_id, leaves, level) is not None


SELECT_CALENDAR = """
SELECT a.tz, coalesce(d.days, '{}') AS days, coalesce(d.working, '{}') AS working
FROM survey.centre AS z JOIN survey.area AS a ON a.code = z.area_code
LEFT JOIN LATERAL (
    SELECT array_agg(o.day) AS days, array_agg(o.working) AS working
    FROM (SELECT DISTINCT ON (day) day, working FROM followup.work_calendar
          WHERE centre_code IN (z.code, '*') ORDER BY day, centre_code = z.code DESC) AS o) AS d ON true
WHERE z.code = $1"""


@dataclass(frozen=True)
class CalendarRow:
    """A centre's zone, and the days on which it does not follow the packaged calendar."""

    tz: str
    days: tuple[date, ...]
    working: tuple[bool, ...]


async def calendar_of(conn: asyncpg.Connection, centre_code: str) -> CalendarRow | None:
    """The calendar of a centre; None for an unknown one."""
    row = await conn.fetchrow(SELECT_CALENDAR, centre_code)
    return CalendarRow(row["tz"], tuple(row["days"]), tuple(row["working"])) if row else None


SELECT_DAYS_SET = """
SELECT DISTINCT ON (day) day, working, reason, set_by, set_at FROM followup.work_calendar
WHERE centre_code IN ($1, '*') ORDER BY day, centre_code = $1 DESC"""


@dataclass(frozen=True)
class DayRow:
    """A day that somebody set, and why."""

    day: date
    working: bool
    reason: str
    set_by: str
    set_at: datetime


async def days_set(conn: asyncpg.Connection, centre_code: str) -> list[DayRow]:
    """The days that a centre does not take from the packaged calendar, in order."""
    return [DayRow(**row) for row in await conn.fetch(SELECT_DAYS_SET, centre_code)]


SET_DAY = """
INSERT INTO followup.work_calendar (centre_code, day, working, reason, set_by, set_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (centre_code, day) DO UPDATE
SET working = excluded.working, reason = excluded.reason, set_by = excluded.set_by, set_at = excluded.set_at"""


async def set_day(
    conn: asyncpg.Connection, centre_code: str, day: date, working: bool, reason: str, by: str, at: datetime
) -> None:
    """Whether a day is worked on."""
    await conn.execute(SET_DAY, centre_code, day, working, reason, by, at)


LOOK_AT_ALL = """
UPDATE followup.case_clock AS k SET look_at = least(k.look_at, $2), changes = k.changes + 1
FROM followup.case_file AS c
WHERE c.id = k.case_id AND k.look_at IS NOT NULL AND ($1 = '*' OR c.centre_code = $1)"""


async def look_at_all(conn: asyncpg.Connection, centre_code: str, at: datetime) -> None:
    """Every running clock of a centre is looked at again: its calendar has changed."""
    await conn.execute(LOOK_AT_ALL, centre_code, at)
