"""Which form of an operator's desk became which case, so that a form sent twice is one case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import asyncpg

CLAIM_FORM = """
INSERT INTO followup.desk_appeal (form, staff, at) VALUES ($1, $2, $3) ON CONFLICT (form) DO NOTHING RETURNING form"""


async def claim(conn: asyncpg.Connection, form: str, staff: str, at: datetime) -> bool:
    """Whether this form is new. The same form at the same moment waits for the first to be done."""
    return await conn.fetchval(CLAIM_FORM, form, staff, at) is not None


KEEP_CASE = """
UPDATE followup.desk_appeal SET case_id = $2 WHERE form = $1 AND case_id IS NULL"""


async def became(conn: asyncpg.Connection, form: str, case_id: int) -> None:
    """Which case the claimed form became."""
    await conn.execute(KEEP_CASE, form, case_id)


SELECT_CASE_OF_FORM = """
SELECT c.number, c.short_number, c.query_code FROM followup.desk_appeal d JOIN followup.case_file c ON c.id = d.case_id
WHERE d.form = $1 AND d.staff = $2"""


@dataclass(frozen=True)
class RegisteredBefore:
    """The case that a form became."""

    number: str
    short_number: str
    query_code: str


async def case_of(conn: asyncpg.Connection, form: str, staff: str) -> RegisteredBefore | None:
    """None: no form of this member of the staff."""
    row = await conn.fetchrow(SELECT_CASE_OF_FORM, form, staff)
    return RegisteredBefore(**row) if row else None
