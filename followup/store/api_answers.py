"""Answers that were given under an Idempotency-Key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg


@dataclass(frozen=True)
class AnswerRow:
    """What was asked, as a fingerprint, and what was answered."""

    fingerprint: bytes
    status: int | None
    body: Any


BEGIN_ANSWER = """
INSERT INTO followup.api_answer (key_id, idempotency_key, fingerprint, at) VALUES ($1, $2, $3, $4)
ON CONFLICT (key_id, idempotency_key) DO NOTHING
RETURNING key_id"""


async def begin(
    conn: asyncpg.Connection, key_id: int, idempotency_key: str, fingerprint: bytes, at: datetime
) -> bool:
    """Whether this request is the first of its key; waits for one that is being answered.

    In the transaction of the effect, so that both are there or neither.
    """
    return await conn.fetchval(BEGIN_ANSWER, key_id, idempotency_key, fingerprint, at) is not None


SELECT_ANSWER = """
SELECT fingerprint, status, body FROM followup.api_answer WHERE key_id = $1 AND idempotency_key = $2"""


async def answer_of(conn: asyncpg.Connection, key_id: int, idempotency_key: str) -> AnswerRow | None:
    """What was answered under this key."""
    row = await conn.fetchrow(SELECT_ANSWER, key_id, idempotency_key)
    return AnswerRow(**row) if row else None


KEEP_ANSWER = """
UPDATE followup.api_answer SET status = $3, body = $4 WHERE key_id = $1 AND idempotency_key = $2"""


async def keep(conn: asyncpg.Connection, key_id: int, idempotency_key: str, status: int, body: Any) -> None:
    """What was answered."""
    await conn.execute(KEEP_ANSWER, key_id, idempotency_key, status, body)


FORGET = "DELETE FROM followup.api_answer WHERE key_id = $1 AND at < $2"


async def forget(conn: asyncpg.Connection, key_id: int, before: datetime) -> None:
    """Answers of this key that are too old to be asked for again."""
    await conn.execute(FORGET, key_id, before)
