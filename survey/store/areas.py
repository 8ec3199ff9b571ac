"""The tree of areas."""

from typing import Any

SELECT_NAMES_BELOW = """
SELECT a.code, a.name_zh FROM survey.area a
JOIN survey.centre z ON z.code = $1 AND starts_with(a.code, z.area_code)
WHERE a.level IN ('county', 'township', 'village') ORDER BY a.code"""


async def names_below(conn: Any, centre: str) -> dict[str, str]:
    """{code: Chinese name} of the centre's county, its townships and villages; empty for an unknown centre."""
    return {row["code"]: row["name_zh"] for row in await conn.fetch(SELECT_NAMES_BELOW, centre)}
