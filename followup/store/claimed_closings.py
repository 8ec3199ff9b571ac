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


SELECT_CLAIMED = """
SELECT c.id AS case_id, c.number, c.external_number, b.round, r.unit_code, r.proof,
    EXISTS (SELECT FROM followup.bridge AS g WHERE g.case_id = b.case_id AND g.round = b.round AND g.unit_code = r.unit_code
        AND g.seconds >= $2) AS bridged,
    b.mode, b.answers, b.words,
    b.verified_answers, a.dispatched_at, r.reported_at, b.settled_at, b.reasons
FROM followup.callback AS b
JOIN followup.case_file AS c ON c.id = b.case_id
JOIN followup.result AS r ON r.case_id = b.case_id AND r.round = b.round
JOIN followup.assignment AS a ON a.case_id = b.case_id AND a.round = b.round AND a.role = 'lead'
WHERE c.centre_code = $1 AND b.reached AND r.claimed_contact AND b.mode IS NOT NULL AND ($3::text IS NULL OR r.unit_code = $3)
ORDER BY b.settled_at, b.id"""


async def claimed_closings(
    conn: asyncpg.Connection, centre_code: str, proof_seconds: int, unit: str | None = None
) -> list[ClaimedClosing]:
    """All of a centre, or of one unit of it, in the order in which their callbacks came in. `proof_seconds`: the shortest call
    that proves contact."""
    rows = await conn.fetch(SELECT_CLAIMED, centre_code, proof_seconds, unit)
    return [ClaimedClosing(**{**row, "reasons": tuple(row["reasons"])}) for row in rows]
