"""Closings that claim contact and whose resident was reached, with all that bears on whether they are false."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg


@dataclass(frozen=True)
class ClaimedClosing:
    """One round's result and callback. `proof` is the result's own word; `bridged`: the centre's record of a call that was
    long enough. `answers` and `verified_answers` are [code, words] by question."""

    case_id: int
    number: str
    external_number: str | None
    round: int
    unit_code: str
    proof: str
    bridged: bool
    mode: str
    answers: dict[str, Any]
    words: str | None
    verified_answers: dict[str, Any] | None
    dispatched_at: datetime
    reported_at: datetime
    settled_at: datetime
    reasons: tuple[str, ...]


def _closings(which: str) -> str:
    """The statement that reads those for which a condition holds, in the order in which their callbacks came in."""
    return f"""
SELECT c.id AS case_id, c.number, c.external_number, b.round, r.unit_code, r.proof,
    EXISTS (SELECT FROM followup.bridge AS g WHERE g.case_id = b.case_id AND g.round = b.round AND g.unit_code = r.unit_code
        AND g.seconds >= $1) AS bridged,
    b.mode, b.answers, b.words,
    b.verified_answers, a.dispatched_at, r.reported_at, b.settled_at, b.reasons
FROM followup.callback AS b
JOIN followup.case_file AS c ON c.id = b.case_id
JOIN followup.result AS r ON r.case_id = b.case_id AND r.round = b.round
JOIN followup.assignment AS a ON a.case_id = b.case_id AND a.round = b.round AND a.role = 'lead'
WHERE b.reached AND r.claimed_contact AND b.mode IS NOT NULL AND {which}
ORDER BY b.settled_at, b.id"""  # noqa: S608  made of the constants below


OF_CENTRE = _closings("c.centre_code = $2")


async def of_centre(conn: asyncpg.Connection, centre_code: str, proof_seconds: int) -> list[ClaimedClosing]:
    """All of a centre, in the order in which their callbacks came in. `proof_seconds`: the shortest call that proves contact."""
    return _rows(await conn.fetch(OF_CENTRE, proof_seconds, centre_code))


SELECT_OF_CASE = """
SELECT b.id, b.round, b.unit_code, b.settled_at FROM followup.callback b
JOIN followup.result r ON r.case_id = b.case_id AND r.round = b.round
WHERE b.case_id = $1 AND b.reached AND b.mode IS NOT NULL AND r.claimed_contact ORDER BY b.round"""

UP_TO_ONE = f"""
WITH latest AS MATERIALIZED (
    SELECT b.id FROM followup.callback b JOIN followup.result r ON r.case_id = b.case_id AND r.round = b.round
    WHERE b.unit_code = $2 AND b.reached AND b.mode IS NOT NULL AND r.claimed_contact AND (b.settled_at, b.id) <= ($3, $4)
    ORDER BY b.settled_at DESC, b.id DESC LIMIT $5
)
{_closings("b.id IN (SELECT id FROM latest)")}"""  # noqa: S608  made of constants


async def of_case(
    conn: asyncpg.Connection, case_id: int, proof_seconds: int, before: int
) -> list[list[ClaimedClosing]]:
    """For each closing of a case: at most `before` of its unit whose callbacks came earlier, in their order, and last the one."""
    found = await conn.fetch(SELECT_OF_CASE, case_id)
    return [
        _rows(
            await conn.fetch(
                UP_TO_ONE, proof_seconds, one["unit_code"], one["settled_at"], one["id"], before + 1
            )
        )
        for one in found
    ]


def _rows(rows: list[asyncpg.Record]) -> list[ClaimedClosing]:
    return [ClaimedClosing(**{**row, "reasons": tuple(row["reasons"])}) for row in rows]
