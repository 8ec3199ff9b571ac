"""Flags and objections that wait for a supervisor's decision, with what their list shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import asyncpg

SELECT_WAITING = """
WITH waits AS (
    SELECT b.case_id, b.round, 'flag' AS kind, b.settled_at AS since, b.reasons, b.words, b.decision_due_at, b.decision_post,
           CASE WHEN b.verify_unit_ref IS NOT NULL AND b.verified_at IS NULL AND b.waits_since > $2
                THEN b.waits_since END AS call_until
    FROM followup.callback b
    WHERE b.flagged AND b.decision IS NULL
    UNION ALL
    SELECT o.case_id, o.round, 'objection', o.objected_at, '{}', o.words, o.decision_due_at, o.decision_post, NULL
    FROM followup.objection o WHERE o.decision IS NULL
)
SELECT w.*, c.number, c.short_number, c.category, z.name_zh AS area_zh, z.name_en AS area_en, n.name_zh AS unit_zh,
       EXISTS (SELECT FROM followup.rejection_draft d
               WHERE d.case_id = w.case_id AND d.round = w.round AND d.outcome IS NULL) AS proposed,
       c.criticised_unit IS NOT NULL OR coalesce(p.criticised_centre, false) AS apart
FROM waits w
JOIN followup.case_file c ON c.id = w.case_id AND c.status = 'redispatch_review'
JOIN survey.area z ON z.code = c.area_code
LEFT JOIN followup.appeal p ON p.case_id = w.case_id
LEFT JOIN followup.assignment a ON a.case_id = w.case_id AND a.round = w.round AND a.role = 'lead'
LEFT JOIN followup.unit n ON n.code = a.unit_code
WHERE c.centre_code = $1 AND w.decision_post <> 'meeting'
ORDER BY w.call_until IS NOT NULL, w.decision_due_at NULLS LAST, w.since, w.case_id
LIMIT $3"""


@dataclass(frozen=True)
class WaitingDecision:
    """One of them. `call_until`: until then the call that was promised comes first; `proposed`: a rejection waits for its second
    signature; `apart`: somebody's office is the subject, so that its words are for the file alone, which asks who looks."""

    case_id: int
    round: int
    kind: str
    since: datetime
    reasons: tuple[str, ...]
    words: str | None
    decision_due_at: datetime | None
    decision_post: str | None
    call_until: datetime | None
    number: str
    short_number: str
    category: str
    area_zh: str
    area_en: str
    unit_zh: str | None
    proposed: bool
    apart: bool


async def waiting_decisions(
    conn: asyncpg.Connection, centre_code: str, now: datetime, limit: int
) -> list[WaitingDecision]:
    """Those that can be decided first, by when they go to the next post."""
    rows = await conn.fetch(SELECT_WAITING, centre_code, now, limit)
    return [WaitingDecision(**{**row, "reasons": tuple(row["reasons"])}) for row in rows]
