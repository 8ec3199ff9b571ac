"""The call of a person that a flag by text brings, kept beside the callback that was flagged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg

LINK_VERIFICATION = """
UPDATE followup.callback SET verify_unit_ref = $2
WHERE id = $1 AND flagged AND verify_unit_ref IS NULL
RETURNING id"""


async def link(conn: asyncpg.Connection, callback_id: int, unit_ref: str) -> None:
    """The sample unit in survey through which the person is called."""
    await conn.fetchval(LINK_VERIFICATION, callback_id, unit_ref)


@dataclass(frozen=True)
class Verification:
    """How a verification call came out. `outcome` is survey's disposition; `answers` are [code, words] by
    question.
    """

    unit_ref: str
    at: datetime
    answers: dict[str, Any]
    mode: str | None
    interview_id: int | None
    outcome: str
    goes_on_at: datetime | None


KEEP_VERIFICATION = """
UPDATE followup.callback AS b
SET verified_at = $2, verified_answers = $3, verified_by_mode = $4, verify_outcome = $6,
    verified_by = (SELECT t.operator FROM survey.interview AS i
                   JOIN survey.attempt AS t ON t.contact_id = i.contact_id
                   WHERE i.id = $5 ORDER BY t.id DESC LIMIT 1),
    waits_since = least(b.waits_since, $2),
    decision_due_at = CASE WHEN b.decision_due_at IS NOT NULL AND $2 < b.waits_since THEN $7
                           ELSE b.decision_due_at END
WHERE b.verify_unit_ref = $1 AND b.verified_at IS NULL
RETURNING b.id"""


async def keep(conn: asyncpg.Connection, verification: Verification) -> bool:
    """Write what a verification call came to, once; the rating is not touched. A decision that waited for it
    is due from now on, and goes to the next post at `goes_on_at`.
    """
    v = verification
    kept = await conn.fetchval(
        KEEP_VERIFICATION, v.unit_ref, v.at, v.answers, v.mode, v.interview_id, v.outcome, v.goes_on_at
    )
    return kept is not None
