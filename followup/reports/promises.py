"""Cases whose unit promised a date: told to the resident, unsolved until then, called back on that date."""

import asyncpg

COUNT_PROMISED = """
SELECT count(*)::int FROM followup.case_file
WHERE centre_code = $1 AND source = $2 AND status = 'promised' AND ending IS NULL"""


async def promised_cases(conn: asyncpg.Connection, centre_code: str, source: str) -> int:
    """How many cases of this source stand at a promise; they have no ending yet."""
    count: int = await conn.fetchval(COUNT_PROMISED, centre_code, source)
    return count
