"""What must hold of every case at every moment, asked of the database."""

from __future__ import annotations

import asyncpg

from followup.casework.lifecycle import CLOSED, HELD, OPEN

TWO_LEADS = """
SELECT 'two leads in round ' || round FROM followup.assignment WHERE role = 'lead'
GROUP BY case_id, round HAVING count(*) > 1"""

WITHOUT_CLOCK = """
SELECT 'no clock runs in ' || status FROM followup.case_file
WHERE status = ANY($1) AND due_at IS NULL"""

HANDLED_BY_NOBODY = """
SELECT status || ' without a lead' FROM followup.case_file c
WHERE status = ANY($1) AND NOT EXISTS (SELECT FROM followup.assignment a
    WHERE a.case_id = c.id AND a.round = c.round AND a.role = 'lead')"""

SILENT_END = """
SELECT status || ' without a callback or a stated reason' FROM followup.case_file c
WHERE status = ANY($1)
  AND NOT EXISTS (SELECT FROM followup.callback b WHERE b.case_id = c.id AND b.round = c.round AND b.status <> 'pending')
  AND NOT EXISTS (SELECT FROM followup.case_event e WHERE e.case_id = c.id AND e.to_status = c.status AND e.reason <> '')"""

UNDECIDED = """
SELECT c.status || ': ' || w.waiting || ' wait for a decision' FROM followup.case_file c
CROSS JOIN LATERAL (SELECT
    (SELECT count(*) FROM followup.callback b WHERE b.case_id = c.id AND b.flagged AND b.decision IS NULL AND b.round > 0)
  + (SELECT count(*) FROM followup.objection o WHERE o.case_id = c.id AND o.decision IS NULL) AS waiting) AS w
WHERE w.waiting <> CASE WHEN c.status IN ('redispatch_review', 'adjudication') THEN 1 ELSE 0 END"""

DECISION_WITHOUT_CLOCK = """
SELECT 'a decision in ' || c.status || ' without a running clock' FROM followup.case_file c
WHERE c.status IN ('redispatch_review', 'adjudication') AND c.due_at IS NULL"""

BROKEN_STEP = """
SELECT 'event ' || event || ' begins where the one before did not end' FROM (
    SELECT event, from_status, lag(to_status) OVER (PARTITION BY case_id ORDER BY id) AS before
    FROM followup.case_event) AS steps
WHERE from_status IS DISTINCT FROM before"""

LAST_STEP = """
SELECT 'the case is ' || c.status || ', its last event says ' || e.to_status FROM followup.case_file c
JOIN LATERAL (SELECT to_status FROM followup.case_event WHERE case_id = c.id ORDER BY id DESC LIMIT 1) AS e ON true
WHERE e.to_status <> c.status"""

RATINGS = """
SELECT case_id, round, verdict, answers, settled_at FROM followup.callback
WHERE status = 'settled' AND verdict NOT IN ('wrong_person')"""


async def broken(conn: asyncpg.Connection) -> list[str]:
    """Everything that does not hold, as sentences."""
    handled = [
        state for state in OPEN if state not in ("registered", "accepted", "submitted", "redispatch_review")
    ]
    asked = (
        (TWO_LEADS, ()),
        (WITHOUT_CLOCK, ([*OPEN, *HELD],)),
        (HANDLED_BY_NOBODY, ([state for state in handled if state != "adjudication"],)),
        (SILENT_END, (list(CLOSED),)),
        (UNDECIDED, ()),
        (DECISION_WITHOUT_CLOCK, ()),
        (BROKEN_STEP, ()),
        (LAST_STEP, ()),
    )
    return [row[0] for statement, values in asked for row in await conn.fetch(statement, *values)]


async def ratings(conn: asyncpg.Connection) -> dict[tuple[int, int], tuple[object, ...]]:
    """The published rating of every round."""
    rows = await conn.fetch(RATINGS)
    return {
        (row["case_id"], row["round"]): (row["verdict"], str(row["answers"]), row["settled_at"])
        for row in rows
    }
