"""Rejections that one person has proposed and a second one is yet to sign."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import asyncpg


@dataclass(frozen=True)
class RejectionDraft:
    """What was proposed, by whom and when."""

    ground: str
    words: str
    proposed_by: str
    proposed_at: datetime


PROPOSE = """
INSERT INTO followup.rejection_draft (case_id, round, ground, words, proposed_by, proposed_at)
VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (case_id, round) WHERE outcome IS NULL DO NOTHING RETURNING id"""


async def propose(conn: asyncpg.Connection, case_id: int, round_: int, new: RejectionDraft) -> bool:
    """Keep it; False where one waits already."""
    values = (case_id, round_, new.ground, new.words, new.proposed_by, new.proposed_at)
    return await conn.fetchval(PROPOSE, *values) is not None


SELECT_OPEN = """
SELECT ground, words, proposed_by, proposed_at FROM followup.rejection_draft
WHERE case_id = $1 AND round = $2 AND outcome IS NULL"""


async def waiting(conn: asyncpg.Connection, case_id: int, round_: int) -> RejectionDraft | None:
    """The one that waits for its second signature."""
    row = await conn.fetchrow(SELECT_OPEN, case_id, round_)
    return RejectionDraft(**row) if row else None


END = """
UPDATE followup.rejection_draft SET outcome = $3, ended_by = $4, ended_at = $5
WHERE case_id = $1 AND round = $2 AND outcome IS NULL
RETURNING ground, words, proposed_by, proposed_at"""


async def end(
    conn: asyncpg.Connection, case_id: int, round_: int, outcome: str, by: str, at: datetime
) -> RejectionDraft | None:
    """Nothing waits any more; what did, None where nothing did."""
    row = await conn.fetchrow(END, case_id, round_, outcome, by, at)
    return RejectionDraft(**row) if row else None
