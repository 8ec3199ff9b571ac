"""How the resident of a case may be reached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

import asyncpg


@dataclass(frozen=True)
class ReachRow:
    """Whom to reach for a case, and what of it is safe. Times are local; both or neither is there."""

    person_id: int | None
    by_trusted: bool
    no_texts: bool
    contact_from: time | None
    contact_until: time | None
    first_handler: str | None


SELECT_REACH = """
SELECT coalesce(a.trusted_person_id, c.person_id) AS person_id, a.trusted_person_id IS NOT NULL AS by_trusted,
    coalesce(a.no_texts, false) AS no_texts, a.contact_from, a.contact_until, c.first_handler
FROM followup.case_file AS c LEFT JOIN followup.appeal AS a ON a.case_id = c.id
WHERE c.id = $1"""


async def reach_row(conn: asyncpg.Connection, case_id: int) -> ReachRow:
    """Of one case that exists."""
    return ReachRow(**await conn.fetchrow(SELECT_REACH, case_id))
