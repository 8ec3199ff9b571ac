"""Answers as they stand, and their deletion, which is an act on record. They are written with the input that gave them
(`survey.store.inputs`)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

SELECT_ANSWERS = """
WITH RECURSIVE chain (interview_id, part_id, back) AS (
    SELECT i.id, i.id, 0 FROM survey.interview i WHERE i.id = ANY($1::bigint[])
    UNION ALL
    SELECT c.interview_id, i.continues_id, c.back + 1
    FROM chain c JOIN survey.interview i ON i.id = c.part_id WHERE i.continues_id IS NOT NULL
)
SELECT DISTINCT ON (c.interview_id, a.question_id) c.interview_id, a.question_id, a.code, a.words, a.recording
FROM chain c JOIN survey.answer a ON a.interview_id = c.part_id
ORDER BY c.interview_id, a.question_id, c.back, a.revision DESC"""


async def of_interviews(
    conn: Any, interview_ids: Sequence[int]
) -> dict[int, dict[str, tuple[str | None, str | None]]]:
    """{interview: {question: (code, words)}}: the latest revision of each, and what was answered in the interviews that
    it goes on from."""
    found: dict[int, dict[str, tuple[str | None, str | None]]] = {}
    for row in await conn.fetch(SELECT_ANSWERS, list(interview_ids)):
        found.setdefault(row["interview_id"], {})[row["question_id"]] = (row["code"], row["words"])
    return found


SELECT_CHAIN = """
WITH RECURSIVE chain (id, continues_id) AS (
    SELECT id, continues_id FROM survey.interview WHERE id = $1
    UNION ALL
    SELECT i.id, i.continues_id FROM chain c JOIN survey.interview i ON i.id = c.continues_id
)
SELECT array_agg(id) FROM chain"""

DELETE_ANSWERS = """
WITH gone AS (DELETE FROM survey.answer WHERE interview_id = ANY($1::bigint[]) RETURNING 1)
SELECT count(*)::int FROM gone"""

BLANK_INPUTS = """
WITH gone AS (
    UPDATE survey.input SET said = '', reply = CASE WHEN channel = 'operator' THEN '' ELSE reply END
    WHERE interview_id = ANY($1::bigint[]) AND said <> '' RETURNING 1)
SELECT count(*)::int FROM gone"""

CLEAR_STATES = """
UPDATE survey.interview SET state = NULL
WHERE id = ANY($1::bigint[]) AND (id <> $2 OR ended_at IS NOT NULL)"""

DELETE_RECORDINGS = """
UPDATE survey.recording
SET deleted_at = $2, delete_at = $2, words = NULL, written_by = NULL, written_at = NULL
WHERE interview_id = ANY($1::bigint[]) AND deleted_at IS NULL"""

BLANK_HANDOVERS = """
UPDATE survey.handover SET words = NULL, recording = NULL
WHERE interview_id = ANY($1::bigint[]) AND NOT urgent"""

FORGET_CELLS = """
UPDATE survey.sample_unit u SET cells = u.cells - ARRAY(SELECT jsonb_object_keys(c.answer_quotas))
FROM survey.interview i, survey.campaign c
WHERE i.id = $1 AND u.id = i.unit_id AND c.id = u.campaign_id AND c.answer_quotas <> '{}'"""

INSERT_FORGOTTEN = """
INSERT INTO survey.forgotten (interview_id, at, reason, answers, inputs) VALUES ($1, $2, $3, $4, $5)"""


async def forget(conn: Any, interview_id: int, at: datetime, reason: str) -> None:
    """Delete everything that was said in an interview and in those that it goes on from. That it was done, and how much
    it was, stays on record."""
    chain = await conn.fetchval(SELECT_CHAIN, interview_id)
    answers = await conn.fetchval(DELETE_ANSWERS, chain)
    inputs = await conn.fetchval(BLANK_INPUTS, chain)
    await conn.execute(CLEAR_STATES, chain, interview_id)
    await conn.execute(DELETE_RECORDINGS, chain, at)
    await conn.execute(BLANK_HANDOVERS, chain)
    await conn.execute(FORGET_CELLS, interview_id)
    await conn.execute(INSERT_FORGOTTEN, interview_id, at, reason, answers, inputs)
