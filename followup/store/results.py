"""What a unit reported, and what the centre lets the resident be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import asyncpg


@dataclass(frozen=True)
class ResultRow:
    """The result of one round. `result_summary` is told to the resident word for word.

    `version`: how often it was reported; `proof`: what stands for the contact with the resident, `claimed` being
    the unit's word. `actions`, `evidence` and `resident_view` are for the centre.
    """

    case_id: int
    round: int
    unit_code: str
    reported_at: datetime
    result_summary: str
    claimed_contact: bool
    accepted_at: datetime | None
    version: int = 1
    contact_at: datetime | None = None
    contact_way: str | None = None
    proof: str = "none"
    actions: str | None = None
    evidence: tuple[str, ...] = ()
    resident_view: str | None = None
    parts_overridden: str | None = None
    returned_at: datetime | None = None
    returned_reason: str | None = None


INSERT_RESULT = """
INSERT INTO followup.result
    (case_id, round, unit_code, reported_at, result_summary, claimed_contact, accepted_at, contact_at,
     contact_way, proof, actions, evidence, resident_view, parts_overridden)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
ON CONFLICT (case_id, round) DO UPDATE
SET unit_code = excluded.unit_code, reported_at = excluded.reported_at, result_summary = excluded.result_summary,
    claimed_contact = excluded.claimed_contact, contact_at = excluded.contact_at,
    contact_way = excluded.contact_way, proof = excluded.proof, actions = excluded.actions,
    evidence = excluded.evidence, resident_view = excluded.resident_view,
    parts_overridden = excluded.parts_overridden, version = followup.result.version + 1, returned_at = NULL,
    returned_reason = NULL
WHERE followup.result.returned_at IS NOT NULL
RETURNING version"""


async def insert_result(conn: asyncpg.Connection, result: ResultRow) -> int | None:
    """Write the result of a round; which version it is. None where one stands that was not returned."""
    version: int | None = await conn.fetchval(
        INSERT_RESULT,
        result.case_id,
        result.round,
        result.unit_code,
        result.reported_at,
        result.result_summary,
        result.claimed_contact,
        result.accepted_at,
        result.contact_at,
        result.contact_way,
        result.proof,
        result.actions,
        list(result.evidence),
        result.resident_view,
        result.parts_overridden,
    )
    return version


RETURN_RESULT = """
UPDATE followup.result SET returned_at = $3, returned_reason = $4
WHERE case_id = $1 AND round = $2 AND accepted_at IS NULL AND returned_at IS NULL
RETURNING version"""


async def return_result(
    conn: asyncpg.Connection, case_id: int, round_: int, at: datetime, reason: str
) -> int | None:
    """The result goes back to be completed (退回补充); its version, None if none waits."""
    version: int | None = await conn.fetchval(RETURN_RESULT, case_id, round_, at, reason)
    return version


ACCEPT_RESULT = """
UPDATE followup.result SET accepted_at = $3
WHERE case_id = $1 AND round = $2 AND accepted_at IS NULL AND returned_at IS NULL
RETURNING case_id, round, unit_code, reported_at, result_summary, claimed_contact, accepted_at, version,
    contact_at, contact_way, proof, actions, evidence, resident_view, parts_overridden, returned_at,
    returned_reason"""


async def accept_result(
    conn: asyncpg.Connection, case_id: int, round_: int, at: datetime
) -> ResultRow | None:
    """The centre approved the result; None if there is none that waits."""
    row = await conn.fetchrow(ACCEPT_RESULT, case_id, round_, at)
    return _result(row) if row else None


SELECT_RESULTS = """
SELECT case_id, round, unit_code, reported_at, result_summary, claimed_contact, accepted_at, version,
    contact_at, contact_way, proof, actions, evidence, resident_view, parts_overridden, returned_at,
    returned_reason
FROM followup.result WHERE case_id = $1 ORDER BY round"""


async def results_of(conn: asyncpg.Connection, case_id: int) -> list[ResultRow]:
    """The results of all rounds of a case."""
    return [_result(row) for row in await conn.fetch(SELECT_RESULTS, case_id)]


def _result(row: asyncpg.Record) -> ResultRow:
    return ResultRow(**{**row, "evidence": tuple(row["evidence"])})


SELECT_LAST_CONTACT = """
SELECT greatest(
    (SELECT max(contact_at) FROM followup.result WHERE case_id = $1 AND claimed_contact),
    (SELECT max(ended_at) FROM followup.bridge WHERE case_id = $1 AND seconds > 0))"""


async def last_contact(conn: asyncpg.Connection, case_id: int) -> datetime | None:
    """When a unit last spoke with the resident, by its own word or by a masked call of ours."""
    at: datetime | None = await conn.fetchval(SELECT_LAST_CONTACT, case_id)
    return at


SELECT_CLAIM = "SELECT claimed_contact FROM followup.result WHERE case_id = $1 AND round = $2"


async def claims_contact(conn: asyncpg.Connection, case_id: int, round_: int) -> bool:
    """Whether the unit says that it contacted the resident; False where it has reported nothing."""
    return bool(await conn.fetchval(SELECT_CLAIM, case_id, round_))
