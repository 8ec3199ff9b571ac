"""The level at which a case is handled, and the units of its own area."""

from __future__ import annotations

import asyncpg

SELECT_LEVEL = "SELECT escalation_level FROM followup.case_file WHERE id = $1"


async def level_of(conn: asyncpg.Connection, case_id: int) -> int | None:
    """The level of a case; None until its clock was looked at for the first time."""
    level: int | None = await conn.fetchval(SELECT_LEVEL, case_id)
    return level


SELECT_AREA_LEVEL = "SELECT level FROM survey.area WHERE code = $1"


async def area_level(conn: asyncpg.Connection, code: str) -> str:
    """What kind of area this is: county, township, village, grid."""
    level: str = await conn.fetchval(SELECT_AREA_LEVEL, code)
    return level


SELECT_UNITS_AROUND = """
SELECT code FROM followup.unit
WHERE centre_code = $1 AND kind = $3 AND starts_with($2, area_code)
ORDER BY length(area_code) DESC, code"""


async def units_around(conn: asyncpg.Connection, centre_code: str, area_code: str, kind: str) -> list[str]:
    """Units of a kind that serve this area or one around it, the nearest first."""
    return [row["code"] for row in await conn.fetch(SELECT_UNITS_AROUND, centre_code, area_code, kind)]
