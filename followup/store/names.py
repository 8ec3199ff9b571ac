"""Sealed names of the people behind a case."""

from __future__ import annotations

from dataclasses import dataclass

import asyncpg

SELECT_NAMES = """
SELECT p.name_cipher, p.id = c.person_id AS own FROM followup.case_file AS c
LEFT JOIN followup.appeal AS a ON a.case_id = c.id
JOIN survey.person AS p ON p.id IN (c.person_id, a.trusted_person_id)
WHERE c.id = $1 AND p.name_cipher IS NOT NULL"""


@dataclass(frozen=True)
class SealedName:
    """`own`: the resident's; otherwise the trusted person's."""

    name_cipher: bytes
    own: bool


async def sealed_names(conn: asyncpg.Connection, case_id: int) -> list[SealedName]:
    """The names behind a case, as far as they are known (read from survey's tables)."""
    return [SealedName(**row) for row in await conn.fetch(SELECT_NAMES, case_id)]
