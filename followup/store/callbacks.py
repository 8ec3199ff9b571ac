"""The satisfaction call owed for every result, its first rating, and what was decided on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg

INSERT_CALLBACK = """
INSERT INTO followup.callback (case_id, round, unit_ref, status, created_at, due_at, unit_code)
VALUES ($1, $2, $3, 'pending', $4, $5, (SELECT unit_code FROM followup.result WHERE case_id = $1 AND round = $2))
ON CONFLICT (case_id, round) DO NOTHING
RETURNING id"""


async def insert_callback(
    conn: asyncpg.Connection,
    case_id: int,
    round_: int,
    unit_ref: str | None,
    at: datetime,
    due_at: datetime | None = None,
) -> int | None:
    """The callback of a round, to be made by `due_at`; None if it is there already."""
    inserted: int | None = await conn.fetchval(INSERT_CALLBACK, case_id, round_, unit_ref, at, due_at)
    return inserted


LINK_UNIT = "UPDATE followup.callback SET unit_ref = $2 WHERE id = $1 AND unit_ref IS NULL RETURNING id"


async def link_unit(conn: asyncpg.Connection, callback_id: int, unit_ref: str) -> None:
    """The sample unit in survey through which the person is reached."""
    await conn.fetchval(LINK_UNIT, callback_id, unit_ref)


INSERT_NOT_SUITABLE = """
INSERT INTO followup.callback
    (case_id, round, status, created_at, reasons, decided_by, decision_reason, decided_at)
VALUES ($1, $2, 'not_suitable', $3, ARRAY[$4], $5, $6, $3)
ON CONFLICT (case_id, round) DO NOTHING
RETURNING id"""


async def insert_not_suitable(
    conn: asyncpg.Connection,
    case_id: int,
    round_: int,
    at: datetime,
    ground: str,
    second_by: str,
    reason: str,
) -> int | None:
    """No callback for this result, on a ground that the policy names and a second person signed."""
    inserted: int | None = await conn.fetchval(
        INSERT_NOT_SUITABLE, case_id, round_, at, ground, second_by, reason
    )
    return inserted


SELECT_PRN = "SELECT prn FROM survey.person WHERE id = $1"


async def permanent_random_number(conn: asyncpg.Connection, person_id: int) -> float:
    """The person's permanent random number (statistics.md §2), which orders people who are due at once."""
    prn: float = await conn.fetchval(SELECT_PRN, person_id)
    return prn


@dataclass(frozen=True)
class PendingCallback:
    """A callback as `settle` needs it: with its case, what the unit claims, and how its person is drawn.

    `unit_code`: whose result it is about.
    """

    id: int
    case_id: int
    number: str
    category: str
    unit_code: str | None
    round: int
    case_round: int
    case_status: str
    callback_status: str
    claimed_contact: bool
    unit_ref: str | None
    prn: float
    seed: int


SELECT_FOR_UNITS = """
SELECT b.id, b.case_id, c.number, c.category, r.unit_code, b.round, c.round AS case_round, c.status AS case_status,
    b.status AS callback_status, coalesce(r.claimed_contact, false) AS claimed_contact, b.unit_ref,
    u.prn, s.seed
FROM followup.callback AS b
JOIN followup.case_file AS c ON c.id = b.case_id
JOIN survey.sample_unit AS u ON u.ref = b.unit_ref
JOIN survey.campaign AS s ON s.id = u.campaign_id
LEFT JOIN followup.result AS r ON r.case_id = b.case_id AND r.round = b.round
WHERE b.unit_ref = ANY($1::text[])
ORDER BY b.id
FOR UPDATE OF b"""


async def lock_for_units(conn: asyncpg.Connection, unit_refs: Sequence[str]) -> dict[str, PendingCallback]:
    """The callbacks behind these sample units, by reference, locked until the transaction ends."""
    rows = [PendingCallback(**row) for row in await conn.fetch(SELECT_FOR_UNITS, list(unit_refs))]
    return {row.unit_ref: row for row in rows if row.unit_ref}


@dataclass(frozen=True)
class Settlement:
    """What one finished contact makes of its callback."""

    callback_id: int
    settled_at: datetime
    interview_id: int | None
    mode: str | None
    reached: bool
    told_at: datetime | None
    told_text: str | None
    answers: dict[str, Any] | None
    words: str | None
    verdict_line: int
    verdict: str
    reasons: tuple[str, ...]
    flagged: bool
    counted_as: str
    answer_real: datetime | None
    decision_due_at: datetime | None
    decision_post: str | None
    waits_since: datetime | None


SETTLE = """
UPDATE followup.callback AS b
SET status = 'settled', settled_at = $2, interview_id = $3, mode = $4, reached = $5, told_at = $6,
    told_text = $7, answers = $8, words = $9, verdict_line = $10, verdict = $11, reasons = $12, flagged = $13,
    counted_as = $14, answer_real = $15, decision_due_at = $16, decision_post = $17,
    waits_since = $18
WHERE b.id = $1 AND b.status = 'pending'
RETURNING b.id"""


async def settle(conn: asyncpg.Connection, settlement: Settlement) -> bool:
    """Write the first rating; False if there is one already, which is never changed."""
    s = settlement
    settled = await conn.fetchval(
        SETTLE,
        s.callback_id,
        s.settled_at,
        s.interview_id,
        s.mode,
        s.reached,
        s.told_at,
        s.told_text,
        s.answers,
        s.words,
        s.verdict_line,
        s.verdict,
        list(s.reasons),
        s.flagged,
        s.counted_as,
        s.answer_real,
        s.decision_due_at,
        s.decision_post,
        s.waits_since,
    )
    return settled is not None


STAMP_FLAGGED = """
UPDATE followup.callback SET flagged_real = $1
WHERE flagged AND flagged_real IS NULL
RETURNING id"""


async def stamp_flagged(conn: asyncpg.Connection, real_now: datetime) -> int:
    """Note the real time at which flags were found committed; how many had none yet."""
    return len(await conn.fetch(STAMP_FLAGGED, real_now))


DECIDE = """
UPDATE followup.callback
SET decision = $3, decided_by = $4, decided_at = $5, decision_reason = $6, decision_due_at = NULL
WHERE case_id = $1 AND round = $2 AND flagged AND decision IS NULL
RETURNING id, verify_unit_ref"""


@dataclass(frozen=True)
class DecidedCallback:
    """A callback whose flag was just decided on. `verify_unit_ref`: the verification call it brought, if any."""

    id: int
    verify_unit_ref: str | None


async def decide(
    conn: asyncpg.Connection, case_id: int, round_: int, decision: str, by: str, at: datetime, reason: str
) -> DecidedCallback | None:
    """Write the decision on a flagged callback, once; None if there is no flag that waits."""
    row = await conn.fetchrow(DECIDE, case_id, round_, decision, by, at, reason)
    return DecidedCallback(**row) if row else None
