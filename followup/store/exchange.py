"""What other systems read: cases in the order of their changes, from a cursor on. A cursor is the id of an event."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

LOOKS, PAUSE_S = 25, 0.02
"""How often, and after how many real seconds, running transactions are looked at again before a page stays empty."""


@dataclass(frozen=True)
class ExchangeCase:
    """A case as another system may see it. `changed`: the event by which it was changed last."""

    changed: int
    id: int
    number: str
    external_number: str | None
    source: str
    status: str
    ending: str | None
    round: int
    category: str
    duty_no: int
    kind: str
    area_code: str
    urgency: str
    sudden: bool
    anonymity: str
    criticised_unit: str | None
    content: str
    received_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    lead: str | None
    assists: Sequence[str]


SELECT_HORIZON = """
SELECT coalesce((SELECT max(id) FROM followup.case_event), 0) AS newest,
    pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS oldest_running,
    pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS next_one"""


async def horizon(conn: asyncpg.Connection, looks: int = LOOKS) -> int:
    """The newest event before which none can come any more, as every transaction that was running when it was seen has ended.

    Ids are given out before they are committed: whoever reads "greater than last" without this loses those that come late. 0
    while something runs on for long: then nothing is told yet, and nothing is lost.
    """
    first = await conn.fetchrow(SELECT_HORIZON)
    seen = first
    for _ in range(looks):
        if seen["oldest_running"] >= first["next_one"]:
            return int(first["newest"])
        await asyncio.sleep(PAUSE_S)
        seen = await conn.fetchrow(SELECT_HORIZON)
    return int(first["newest"]) if seen["oldest_running"] >= first["next_one"] else 0


SELECT_CHANGED = """
SELECT e.id AS changed, c.id, c.number, c.external_number, c.source, c.status, c.ending, c.round, c.category, c.duty_no, c.kind,
    c.area_code, c.urgency, c.sudden, c.anonymity, c.criticised_unit, c.content, c.received_at, c.due_at, c.closed_at,
    (SELECT a.unit_code FROM followup.assignment a
     WHERE a.case_id = c.id AND a.round = c.round AND a.role = 'lead') AS lead,
    ARRAY(SELECT a.unit_code FROM followup.assignment a
          WHERE a.case_id = c.id AND a.round = c.round AND a.role = 'assist' ORDER BY 1) AS assists
FROM followup.case_event e JOIN followup.case_file c ON c.id = e.case_id
WHERE e.id > $3 AND e.id <= $4 AND c.centre_code = $1
  AND NOT EXISTS (SELECT FROM followup.case_event later
                  WHERE later.case_id = c.id AND later.id > e.id AND later.id <= $4)
  AND ($2::text IS NULL OR c.criticised_unit IS DISTINCT FROM $2
       AND EXISTS (SELECT FROM followup.assignment a WHERE a.case_id = c.id AND a.unit_code = $2))
ORDER BY e.id LIMIT $5"""


async def changed(
    conn: asyncpg.Connection, centre_code: str, unit_code: str | None, since: int, until: int, limit: int
) -> list[ExchangeCase]:
    """Cases of a centre, or those of one unit in it, in the order of their last change, each once."""
    rows = await conn.fetch(SELECT_CHANGED, centre_code, unit_code, since, until, limit)
    return [ExchangeCase(**row) for row in rows]


SELECT_ONE = """
SELECT 0::bigint AS changed, c.id, c.number, c.external_number, c.source, c.status, c.ending, c.round, c.category, c.duty_no,
    c.kind, c.area_code, c.urgency, c.sudden, c.anonymity, c.criticised_unit, c.content, c.received_at, c.due_at, c.closed_at,
    (SELECT a.unit_code FROM followup.assignment a
     WHERE a.case_id = c.id AND a.round = c.round AND a.role = 'lead') AS lead,
    ARRAY(SELECT a.unit_code FROM followup.assignment a
          WHERE a.case_id = c.id AND a.round = c.round AND a.role = 'assist' ORDER BY 1) AS assists
FROM followup.case_file c
WHERE c.centre_code = $1 AND (c.number = $3 OR c.query_code = $3)
  AND ($2::text IS NULL OR c.criticised_unit IS DISTINCT FROM $2
       AND EXISTS (SELECT FROM followup.assignment a WHERE a.case_id = c.id AND a.unit_code = $2))"""


async def one(
    conn: asyncpg.Connection, centre_code: str, unit_code: str | None, name: str
) -> ExchangeCase | None:
    """The case with this number or query code, if this centre and unit may see it."""
    row = await conn.fetchrow(SELECT_ONE, centre_code, unit_code, name)
    return ExchangeCase(**row) if row else None


@dataclass(frozen=True)
class SettledCallback:
    """A callback whose verdict is drawn. `event`: the one by which it was."""

    event: int
    case_id: int
    number: str
    external_number: str | None
    round: int
    unit: str | None
    verdict: str
    counted_as: str | None
    flagged: bool
    reasons: Sequence[str]
    mode: str | None
    settled_at: datetime
    decision: str | None


SELECT_SETTLED = """
SELECT e.id AS event, c.id AS case_id, c.number, c.external_number, k.round,
    (SELECT a.unit_code FROM followup.assignment a
     WHERE a.case_id = c.id AND a.round = k.round AND a.role = 'lead') AS unit,
    k.verdict, k.counted_as, k.flagged, k.reasons, k.mode, k.settled_at, k.decision
FROM followup.case_event e
JOIN followup.case_file c ON c.id = e.case_id
JOIN followup.callback k ON k.case_id = e.case_id AND k.round = e.round
WHERE e.id > $3 AND e.id <= $4 AND e.event LIKE 'callback\\_%' AND k.settled_at IS NOT NULL AND k.verdict IS NOT NULL
  AND c.centre_code = $1
  AND ($2::text IS NULL OR c.criticised_unit IS DISTINCT FROM $2
       AND EXISTS (SELECT FROM followup.assignment a
                   WHERE a.case_id = c.id AND a.round = k.round AND a.unit_code = $2))
ORDER BY e.id LIMIT $5"""


async def settled(
    conn: asyncpg.Connection, centre_code: str, unit_code: str | None, since: int, until: int, limit: int
) -> list[SettledCallback]:
    """Verdicts of a centre, or of the rounds in which one unit worked, in the order in which they were drawn."""
    rows = await conn.fetch(SELECT_SETTLED, centre_code, unit_code, since, until, limit)
    return [SettledCallback(**row) for row in rows]


@dataclass(frozen=True)
class ExportedRow:
    """A case that another platform brought, and what its resident said."""

    changed: int
    id: int
    external_number: str
    number: str
    unit: str | None
    status: str
    ending: str | None
    round: int
    result_told: str | None
    verdict: str | None
    counted_as: str | None
    called_back_at: datetime | None
    dispatched_again: bool


SELECT_EXPORT = """
SELECT e.id AS changed, c.id, c.external_number, c.number,
    (SELECT a.unit_code FROM followup.assignment a
     WHERE a.case_id = c.id AND a.round = c.round AND a.role = 'lead') AS unit,
    c.status, c.ending, c.round, k.told_text AS result_told, k.verdict, k.counted_as, k.settled_at AS called_back_at,
    c.round > 1 AS dispatched_again
FROM followup.case_event e JOIN followup.case_file c ON c.id = e.case_id
LEFT JOIN LATERAL (SELECT told_text, verdict, counted_as, settled_at FROM followup.callback
                   WHERE case_id = c.id AND settled_at IS NOT NULL ORDER BY round DESC LIMIT 1) k ON true
WHERE e.id > $2 AND e.id <= $3 AND c.centre_code = $1 AND c.source = 'import' AND c.external_number IS NOT NULL
  AND NOT EXISTS (SELECT FROM followup.case_event later
                  WHERE later.case_id = c.id AND later.id > e.id AND later.id <= $3)
ORDER BY e.id LIMIT $4"""


async def exported(
    conn: asyncpg.Connection, centre_code: str, since: int, until: int, limit: int
) -> list[ExportedRow]:
    """Cases that were brought to this centre, in the order of their last change."""
    return [ExportedRow(**row) for row in await conn.fetch(SELECT_EXPORT, centre_code, since, until, limit)]
