"""The rows of a tick and nothing else: what the schema itself costs, whoever fills it. One statement takes units and writes the
contact, the attempt, the interview and the event of each; another writes what the carrier said. No guard, no dialogue, no clock.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from survey.store import attempts

WRITE_ROWS = """
WITH due AS (
    SELECT u.id, u.person_id, u.disposition FROM survey.sample_unit u
    WHERE u.status = 'waiting' AND u.next_mode = 'voice' AND u.due_at <= $1
    ORDER BY u.due_at, u.prn LIMIT $2 FOR UPDATE SKIP LOCKED
), opened AS (
    INSERT INTO survey.contact (person_id, purpose, mode, opened_at)
    SELECT person_id, 'survey', 'voice', $1 FROM due RETURNING id, person_id
), dialled AS (
    INSERT INTO survey.attempt (ref, contact_id, person_id, unit_id, purpose, mode, status, dialing_at, lease_real, check_at,
                                day, day_part, recall_at)
    SELECT 'rows' || k.id, k.id, k.person_id, d.id, 'survey', 'voice', 'dialing', $1, $1, $1, $1::date, 'morning', $1
    FROM opened k JOIN due d USING (person_id) RETURNING id, contact_id, unit_id
), laid AS (
    INSERT INTO survey.interview (ref, contact_id, unit_id, position, questionnaire_id, mode, lang)
    SELECT 'rows' || id, contact_id, unit_id, 0, 1, 'voice', 'zh' FROM dialled
), moved AS (
    UPDATE survey.sample_unit u SET status = 'in_contact', due_at = NULL, next_mode = NULL, version = version + 1
    FROM due d WHERE u.id = d.id
), noted AS (
    INSERT INTO survey.unit_event (unit_id, at, from_status, to_status, why, attempt_id, disposition)
    SELECT unit_id, $1, 'waiting', 'in_contact', 'voice', id, 'not_attempted' FROM dialled
)
SELECT id FROM dialled"""


async def rows_tick(conn: Any, now: datetime, batch: int) -> int:
    """A batch of attempts, written and accepted. How many."""
    async with conn.transaction():
        ids = [row["id"] for row in await conn.fetch(WRITE_ROWS, now, batch)]
    await attempts.accepted(conn, [(one, f"rows{one}") for one in ids])
    return len(ids)
