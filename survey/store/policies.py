"""Versions of policies as rows: which one is in force for a centre on a day."""

from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class PolicyRow:
    """One version of one policy. `centre_code`: `*` where it is that of every centre."""

    centre_code: str
    version: int
    valid_from: date
    body: dict[str, Any]


SELECT_IN_FORCE = """
SELECT centre_code, version, valid_from, body FROM survey.policy
WHERE key = $1 AND centre_code IN ($2, '*') AND valid_from <= $3
ORDER BY centre_code = $2 DESC, valid_from DESC, version DESC LIMIT 1"""


async def in_force(conn: Any, key: str, centre_code: str, day: date) -> PolicyRow | None:
    """The newest version that is valid on this day, the centre's own before that of every centre."""
    row = await conn.fetchrow(SELECT_IN_FORCE, key, centre_code, day)
    return PolicyRow(**row) if row else None
