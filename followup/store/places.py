"""Where a centre is, and the names of the areas in it (read from survey's tables)."""

from __future__ import annotations

from dataclasses import dataclass

import asyncpg


@dataclass(frozen=True)
class CentrePlace:
    """The county of a centre and its time zone."""

    code: str
    area_code: str
    tz: str


SELECT_CENTRE_PLACE = """
SELECT c.code, c.area_code, a.tz FROM survey.centre AS c JOIN survey.area AS a ON a.code = c.area_code
WHERE c.code = $1"""


async def centre_place(conn: asyncpg.Connection, centre_code: str) -> CentrePlace | None:
    """Where a centre is; None for an unknown one."""
    row = await conn.fetchrow(SELECT_CENTRE_PLACE, centre_code)
    return CentrePlace(**row) if row else None


SELECT_AREA_NAMES = """
SELECT code, name_zh FROM survey.area
WHERE starts_with(code, $1) AND level IN ('county', 'township', 'village')
ORDER BY code"""


async def area_names(conn: asyncpg.Connection, within: str) -> dict[str, str]:
    """Code to Chinese name of a county, its townships and villages."""
    return {row["code"]: row["name_zh"] for row in await conn.fetch(SELECT_AREA_NAMES, within)}


SELECT_IS_AREA = """
SELECT EXISTS (SELECT FROM survey.area WHERE code = $1 AND starts_with(code, $2))"""


async def is_area_within(conn: asyncpg.Connection, code: str, within: str) -> bool:
    """Whether there is such an area in, or as, another."""
    found: bool = await conn.fetchval(SELECT_IS_AREA, code, within)
    return found


SELECT_AREA_NAME = "SELECT name_zh FROM survey.area WHERE code = $1"


async def area_name(conn: asyncpg.Connection, code: str) -> str:
    """The Chinese name of an area that is there."""
    name: str = await conn.fetchval(SELECT_AREA_NAME, code)
    return name
