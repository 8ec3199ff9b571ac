"""What came in and what was handled in a period, for the weekly report of a centre. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import asyncpg

from survey.periods import Period


@dataclass(frozen=True)
class AppealLine:
    """An appeal that was received in a period. `repeats`: of an earlier one."""

    kind: str
    category: str
    duty_no: int
    source: str
    area_code: str
    area_zh: str
    area_en: str
    repeats: bool


SELECT_APPEALS = """
SELECT c.kind, c.category, c.duty_no, c.source, c.area_code, a.name_zh AS area_zh, a.name_en AS area_en,
       p.repeat_of IS NOT NULL AS repeats
FROM followup.case_file c
JOIN survey.area a ON a.code = c.area_code
LEFT JOIN followup.appeal p ON p.case_id = c.id
WHERE c.centre_code = $1 AND c.source <> 'import' AND c.received_at <= $4
  AND (c.received_at AT TIME ZONE a.tz)::date BETWEEN $2 AND $3
ORDER BY c.number"""


async def appeals(
    conn: asyncpg.Connection, centre_code: str, period: Period, cut_off: datetime
) -> list[AppealLine]:
    """Everything but what other platforms have closed, by number."""
    rows = await conn.fetch(SELECT_APPEALS, centre_code, period.first, period.last, cut_off)
    return [AppealLine(**row) for row in rows]


@dataclass(frozen=True)
class Counted:
    """So many of one code."""

    code: str
    n: int


SELECT_REFUSED = """
SELECT n.ground AS code, count(*)::int AS n
FROM followup.not_accepted n JOIN followup.case_file c ON c.id = n.case_id JOIN survey.area a ON a.code = c.area_code
WHERE c.centre_code = $1 AND n.at <= $4 AND (n.at AT TIME ZONE a.tz)::date BETWEEN $2 AND $3
GROUP BY n.ground ORDER BY n DESC, code"""


async def refused(
    conn: asyncpg.Connection, centre_code: str, period: Period, cut_off: datetime
) -> list[Counted]:
    """Appeals that were not accepted, by ground."""
    rows = await conn.fetch(SELECT_REFUSED, centre_code, period.first, period.last, cut_off)
    return [Counted(**row) for row in rows]


SELECT_EVENTS = """
SELECT e.event AS code, count(*)::int AS n
FROM followup.case_event e JOIN followup.case_file c ON c.id = e.case_id JOIN survey.area a ON a.code = c.area_code
WHERE c.centre_code = $1 AND e.at <= $4 AND (e.at AT TIME ZONE a.tz)::date BETWEEN $2 AND $3
GROUP BY e.event ORDER BY e.event"""


async def events(
    conn: asyncpg.Connection, centre_code: str, period: Period, cut_off: datetime
) -> dict[str, int]:
    """{event: how often} of all cases of a centre."""
    rows = await conn.fetch(SELECT_EVENTS, centre_code, period.first, period.last, cut_off)
    return {row["code"]: row["n"] for row in rows}


@dataclass(frozen=True)
class UnitRounds:
    """Rounds that a unit led and whose result was due in a period: reported in time, late (reported late, or still not)."""

    unit_code: str
    unit_zh: str
    in_time: int
    late: int


SELECT_UNITS = """
SELECT a.unit_code, n.name_zh AS unit_zh, (count(*) FILTER (WHERE r.reported_at <= a.due_at))::int AS in_time,
       (count(*) FILTER (WHERE r.reported_at IS NULL OR r.reported_at > a.due_at))::int AS late
FROM followup.assignment a JOIN followup.case_file c ON c.id = a.case_id JOIN survey.area z ON z.code = c.area_code
JOIN followup.unit n ON n.code = a.unit_code
LEFT JOIN followup.result r ON r.case_id = a.case_id AND r.round = a.round AND r.reported_at <= $4
WHERE c.centre_code = $1 AND a.role = 'lead' AND (r.reported_at <= a.due_at OR a.due_at < $4)
  AND (a.due_at AT TIME ZONE z.tz)::date BETWEEN $2 AND $3
GROUP BY a.unit_code, n.name_zh ORDER BY count(*) DESC, a.unit_code"""


async def unit_rounds(
    conn: asyncpg.Connection, centre_code: str, period: Period, cut_off: datetime
) -> list[UnitRounds]:
    """By unit, the one with most rounds first."""
    rows = await conn.fetch(SELECT_UNITS, centre_code, period.first, period.last, cut_off)
    return [UnitRounds(**row) for row in rows]


@dataclass(frozen=True)
class ColourLine:
    """An open case and its colour at a moment."""

    number: str
    colour: str
    round: int
    unit_zh: str
    title: str


SELECT_COLOURS = """
SELECT c.number, k.to_colour AS colour, k.round, coalesce(n.name_zh, '') AS unit_zh, coalesce(p.title, '') AS title
FROM followup.case_file c
JOIN LATERAL (SELECT h.to_colour, h.round FROM followup.colour_change h WHERE h.case_id = c.id AND h.at <= $2
              ORDER BY h.id DESC LIMIT 1) k ON k.to_colour IS NOT NULL
LEFT JOIN followup.appeal p ON p.case_id = c.id
LEFT JOIN followup.assignment s ON s.case_id = c.id AND s.round = k.round AND s.role = 'lead'
LEFT JOIN followup.unit n ON n.code = s.unit_code
WHERE c.centre_code = $1 AND c.received_at <= $2 AND (c.closed_at IS NULL OR c.closed_at > $2)
ORDER BY c.number"""


async def colours(conn: asyncpg.Connection, centre_code: str, cut_off: datetime) -> list[ColourLine]:
    """Open cases that have a colour at `cut_off`, by number."""
    return [ColourLine(**row) for row in await conn.fetch(SELECT_COLOURS, centre_code, cut_off)]


@dataclass(frozen=True)
class Suspected:
    """Closings in doubt that came up in a period, and what they were found to be by then."""

    opened: int
    found_false: int
    cleared: int


COUNT_SUSPECTED = """
SELECT count(*)::int AS opened,
       (count(*) FILTER (WHERE s.state = 'false_closing' AND s.decided_at <= $4))::int AS found_false,
       (count(*) FILTER (WHERE s.state = 'cleared' AND s.decided_at <= $4))::int AS cleared
FROM followup.suspicion s JOIN followup.case_file c ON c.id = s.case_id JOIN survey.area a ON a.code = c.area_code
WHERE c.centre_code = $1 AND s.opened_at <= $4 AND (s.opened_at AT TIME ZONE a.tz)::date BETWEEN $2 AND $3"""


async def suspected(
    conn: asyncpg.Connection, centre_code: str, period: Period, cut_off: datetime
) -> Suspected:
    """Suspicions of a centre."""
    return Suspected(**await conn.fetchrow(COUNT_SUSPECTED, centre_code, period.first, period.last, cut_off))


SELECT_DOUBTED = """
SELECT s.unit_code AS code, count(*)::int AS n
FROM followup.suspicion s JOIN followup.case_file c ON c.id = s.case_id JOIN survey.area a ON a.code = c.area_code
WHERE c.centre_code = $1 AND s.state = 'false_closing' AND s.decided_at <= $4
  AND (s.decided_at AT TIME ZONE a.tz)::date BETWEEN $2 AND $3
GROUP BY s.unit_code ORDER BY s.unit_code"""


async def false_closings(
    conn: asyncpg.Connection, centre_code: str, period: Period, cut_off: datetime
) -> list[Counted]:
    """Closings that were found to be false in a period, by unit."""
    rows = await conn.fetch(SELECT_DOUBTED, centre_code, period.first, period.last, cut_off)
    return [Counted(**row) for row in rows]


@dataclass(frozen=True)
class Decided:
    """Cases that were sent out again by a decision of a period, and how many have a new result since."""

    sent: int
    reported: int


COUNT_DECIDED = """
SELECT count(*)::int AS sent, (count(r.case_id))::int AS reported
FROM followup.callback b JOIN followup.case_file c ON c.id = b.case_id JOIN survey.area a ON a.code = c.area_code
LEFT JOIN followup.result r ON r.case_id = b.case_id AND r.round = b.round + 1 AND r.reported_at <= $4
WHERE c.centre_code = $1 AND b.decision = 'redispatch' AND b.decided_at <= $4
  AND (b.decided_at AT TIME ZONE a.tz)::date BETWEEN $2 AND $3"""


async def decided(conn: asyncpg.Connection, centre_code: str, period: Period, cut_off: datetime) -> Decided:
    """Second rounds decided on in a period."""
    return Decided(**await conn.fetchrow(COUNT_DECIDED, centre_code, period.first, period.last, cut_off))


SELECT_MAJOR = """
SELECT m.class AS code, count(*)::int AS n
FROM followup.major_report m JOIN survey.centre k ON k.code = m.centre_code JOIN survey.area a ON a.code = k.area_code
WHERE m.centre_code = $1 AND m.raised_at <= $4 AND (m.raised_at AT TIME ZONE a.tz)::date BETWEEN $2 AND $3
GROUP BY m.class ORDER BY n DESC, code"""


async def majors(
    conn: asyncpg.Connection, centre_code: str, period: Period, cut_off: datetime
) -> list[Counted]:
    """Major incident reports raised in a period, by class."""
    rows = await conn.fetch(SELECT_MAJOR, centre_code, period.first, period.last, cut_off)
    return [Counted(**row) for row in rows]
