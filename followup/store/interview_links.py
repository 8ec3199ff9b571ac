"""Which survey interview became a case: kept apart from both, forgotten after a time, never twice."""

from __future__ import annotations

from datetime import datetime

import asyncpg

CLAIM_INTERVIEW = """
INSERT INTO followup.interview_case (interview_id, linked_at, forget_at) VALUES ($1, $2, $3)
ON CONFLICT (interview_id) DO NOTHING
RETURNING interview_id"""


async def claim(conn: asyncpg.Connection, interview_id: int, at: datetime, forget_at: datetime) -> bool:
    """Whether this interview may become a case, which it may once."""
    return await conn.fetchval(CLAIM_INTERVIEW, interview_id, at, forget_at) is not None


LINK_INTERVIEW = """
UPDATE followup.interview_case SET case_id = $2 WHERE interview_id = $1
RETURNING interview_id"""


async def link(conn: asyncpg.Connection, interview_id: int, case_id: int) -> None:
    """Say which case the claimed interview became."""
    await conn.fetchval(LINK_INTERVIEW, interview_id, case_id)


FORGET_LINKS = """
UPDATE followup.interview_case SET case_id = NULL WHERE case_id IS NOT NULL AND forget_at <= $1
RETURNING interview_id"""


async def forget(conn: asyncpg.Connection, now: datetime) -> int:
    """Forget the links that are due; how many. That an interview became some case stays known."""
    return len(await conn.fetch(FORGET_LINKS, now))


SELECT_NEXT_FORGET = """
SELECT min(forget_at) FROM followup.interview_case WHERE case_id IS NOT NULL"""


async def next_forget(conn: asyncpg.Connection) -> datetime | None:
    """When the next link is due to be forgotten."""
    due: datetime | None = await conn.fetchval(SELECT_NEXT_FORGET)
    return due


SELECT_OPERATOR = """
SELECT a.operator FROM survey.interview AS i JOIN survey.attempt AS a ON a.contact_id = i.contact_id
WHERE i.id = $1 AND a.operator IS NOT NULL ORDER BY a.id DESC LIMIT 1"""


async def operator_of(conn: asyncpg.Connection, interview_id: int) -> str | None:
    """Who held the interview; None: a machine (read from survey's tables)."""
    operator: str | None = await conn.fetchval(SELECT_OPERATOR, interview_id)
    return operator
