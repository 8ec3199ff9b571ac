"""What lies on the desks of the case side in a rehearsal: open cases as its actors find them.

A case is on a desk only if its last event lies before the moment of looking: what happens at that very moment
may or may not be committed yet, and a rehearsal must not depend on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg

from survey.vault import Vault


@dataclass(frozen=True)
class DeskCase:
    """An open case. `key` names it in draws: the same in every run, whatever number the case was given.

    Of a flagged one: `waits_since` is from when the decision waits, `verified_answers` what the verification
    call heard, `being_called` whether an operator is about to call, calls, or has just done so.
    """

    key: str
    phone: str
    number: str
    short_number: str
    centre_code: str
    status: str
    source: str
    round: int
    category: str
    content: str
    area_code: str
    lead: str | None
    signed_at: datetime | None
    waits_since: datetime | None
    verified_answers: dict[str, Any] | None
    claimed_contact: bool
    being_called: bool


SELECT_DESK = """
SELECT c.number, c.short_number, c.centre_code, c.status, c.source, c.round, c.category, c.content,
    c.area_code, c.external_number, p.number_cipher, a.unit_code AS lead, a.signed_at,
    b.waits_since, b.verified_answers,
    coalesce(r.claimed_contact, false) AS claimed_contact,
    v.id IS NOT NULL AND (v.status = 'in_contact' OR coalesce(v.due_at <= $2, false)
        OR (SELECT max(w.at) FROM survey.unit_event AS w WHERE w.unit_id = v.id) >= $2) AS being_called
FROM followup.case_file AS c
JOIN survey.person AS p ON p.id = c.person_id
LEFT JOIN followup.assignment AS a ON a.case_id = c.id AND a.round = c.round AND a.role = 'lead'
LEFT JOIN followup.callback AS b
    ON b.case_id = c.id AND b.round = c.round AND b.flagged AND b.decision IS NULL
LEFT JOIN survey.sample_unit AS v ON v.ref = b.verify_unit_ref
LEFT JOIN followup.result AS r ON r.case_id = c.id AND r.round = c.round
WHERE c.ending IS NULL AND c.status = ANY($1::text[])
    AND (SELECT max(e.at) FROM followup.case_event AS e WHERE e.case_id = c.id) < $2
ORDER BY c.number"""


async def on_desk(
    conn: asyncpg.Connection, vault: Vault, statuses: list[str], before: datetime
) -> list[DeskCase]:
    """Cases in these states since before a moment, by number."""
    return [_desk_case(vault, row) for row in await conn.fetch(SELECT_DESK, statuses, before)]


def _desk_case(vault: Vault, row: asyncpg.Record) -> DeskCase:
    fields = dict(row)
    phone = vault.open(fields.pop("number_cipher"))
    return DeskCase(key=fields.pop("external_number") or phone, phone=phone, **fields)


@dataclass(frozen=True)
class ImportedCase:
    """A case that another platform closed, as its resident knows it."""

    key: str
    phone: str
    short_number: str
    unit_code: str


SELECT_IMPORTED = """
SELECT c.external_number AS key, c.short_number, r.unit_code, p.number_cipher
FROM followup.case_file AS c
JOIN survey.person AS p ON p.id = c.person_id
JOIN followup.result AS r ON r.case_id = c.id AND r.round = 1
WHERE c.source = 'import'
ORDER BY c.number"""


async def imported(conn: asyncpg.Connection, vault: Vault) -> list[ImportedCase]:
    """All imported cases, by number."""
    rows = [dict(row) for row in await conn.fetch(SELECT_IMPORTED)]
    return [ImportedCase(phone=vault.open(row.pop("number_cipher")), **row) for row in rows]


@dataclass(frozen=True)
class Flagged:
    """A flagged callback of an imported case's first round."""

    key: str
    flagged_at: datetime


SELECT_FIRST_FLAGS = """
SELECT c.external_number AS key, b.settled_at AS flagged_at
FROM followup.callback AS b JOIN followup.case_file AS c ON c.id = b.case_id
WHERE c.source = 'import' AND b.round = 1 AND b.flagged AND b.settled_at < $1
ORDER BY b.settled_at, c.external_number LIMIT 1"""


async def first_flagged(conn: asyncpg.Connection, before: datetime) -> Flagged | None:
    """The first imported case that was ever flagged, decided or not; of one moment, the lowest number."""
    row = await conn.fetchrow(SELECT_FIRST_FLAGS, before)
    return Flagged(**row) if row else None
