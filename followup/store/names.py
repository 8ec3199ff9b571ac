"""Sealed names of the people behind a case."""

from __future__ import annotations

from collections.abc import Sequence
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


SELECT_NAMES_OF_CASES = """
SELECT c.id AS case_id, p.name_cipher FROM followup.case_file AS c
LEFT JOIN followup.appeal AS a ON a.case_id = c.id
JOIN survey.person AS p ON p.id IN (c.person_id, a.trusted_person_id)
WHERE c.id = ANY($1::bigint[]) AND p.name_cipher IS NOT NULL"""


async def sealed_names_of(conn: asyncpg.Connection, case_ids: Sequence[int]) -> list[tuple[int, bytes]]:
    """The names behind many cases, each with the case that it is behind."""
    rows = await conn.fetch(SELECT_NAMES_OF_CASES, list(case_ids))
    return [(row["case_id"], row["name_cipher"]) for row in rows]
