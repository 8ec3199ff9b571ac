"""Versions of policies as rows: which one is in force for a centre on a day."""

from __future__ import annotations

import asyncpg

from survey.store.policies import PolicyRow, in_force

__all__ = ["PolicyRow", "in_force", "keep_version", "version"]

SELECT_VERSION = """
SELECT centre_code, version, valid_from, body FROM survey.policy
WHERE key = $1 AND centre_code IN ($2, '*') AND version = $3 ORDER BY centre_code = $2 DESC LIMIT 1"""


async def version(conn: asyncpg.Connection, key: str, centre_code: str, number: int) -> PolicyRow | None:
    """One version of a policy, the centre's own before that of every centre."""
    row = await conn.fetchrow(SELECT_VERSION, key, centre_code, number)
    return PolicyRow(**row) if row else None


KEEP_VERSION = "UPDATE followup.case_file SET policy_version = $2 WHERE id = $1"


async def keep_version(conn: asyncpg.Connection, case_id: int, version: int) -> None:
    """Note under which version of `limits` a round was dispatched."""
    await conn.execute(KEEP_VERSION, case_id, version)
