"""Rounds of a case as those who take it over read them: result beside answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import asyncpg


@dataclass(frozen=True)
class PastRoundRow:
    """A round that has a result. `reasons` and `words` are empty where its callback is not over."""

    round: int
    unit_code: str
    unit_zh: str
    reported_at: datetime
    result_summary: str
    claimed_contact: bool
    reasons: tuple[str, ...]
    words: str | None
    verify_outcome: str | None


SELECT_ROUNDS_BEFORE = """
SELECT r.round, r.unit_code, u.name_zh AS unit_zh, r.reported_at, r.result_summary, r.claimed_contact,
    coalesce(b.reasons, '{}') AS reasons, b.words, b.verify_outcome
FROM followup.result AS r
JOIN followup.unit AS u ON u.code = r.unit_code
LEFT JOIN followup.callback AS b ON b.case_id = r.case_id AND b.round = r.round
WHERE r.case_id = $1 ORDER BY r.round"""


async def rounds_before(conn: asyncpg.Connection, case_id: int) -> list[PastRoundRow]:
    """Every round of a case that has a result, oldest first."""
    found = await conn.fetch(SELECT_ROUNDS_BEFORE, case_id)
    return [PastRoundRow(**{**row, "reasons": tuple(row["reasons"])}) for row in found]
