"""What dissatisfied residents gave as their reason, for counting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import asyncpg


@dataclass(frozen=True)
class Complaint:
    """The reason of one resident in one case: their words, and what the verdict made of their answers."""

    unit_code: str | None
    words: str | None
    reasons: tuple[str, ...]


SELECT_COMPLAINTS = """
SELECT DISTINCT ON (b.case_id) r.unit_code, b.words, b.reasons
FROM followup.callback AS b
JOIN followup.case_file AS c ON c.id = b.case_id
LEFT JOIN followup.result AS r ON r.case_id = b.case_id AND r.round = b.round
WHERE c.centre_code = $1 AND left(c.category, 2) = $2 AND b.settled_at >= $3 AND b.case_id <> $4
  AND (b.flagged OR b.verdict IN ('closed_dissatisfied', 'closed_partly'))
ORDER BY b.case_id, b.round DESC"""


async def of_category(
    conn: asyncpg.Connection, centre_code: str, category: str, since: datetime, but: int
) -> list[Complaint]:
    """One for each case of the category in the centre whose resident was not content, without the case `but`."""
    found = await conn.fetch(SELECT_COMPLAINTS, centre_code, category, since, but)
    return [Complaint(**{**row, "reasons": tuple(row["reasons"])}) for row in found]
