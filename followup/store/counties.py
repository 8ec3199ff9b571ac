"""The counties of a city, each with the centre that asks its residents. Reads only."""

from dataclasses import dataclass

import asyncpg


@dataclass(frozen=True)
class County:
    """`centre`: code of its centre; `city_zh`, `city_en`: names of the city that it lies in."""

    code: str
    centre: str
    name_zh: str
    name_en: str
    city_zh: str
    city_en: str


SELECT_COUNTIES = """
SELECT a.code, c.code AS centre, a.name_zh, a.name_en, y.name_zh AS city_zh, y.name_en AS city_en
FROM survey.area y
JOIN survey.area a ON starts_with(a.code, y.code) AND a.level = 'county'
JOIN survey.centre c ON c.area_code = a.code
WHERE y.level = 'city' AND starts_with((SELECT area_code FROM survey.centre WHERE code = $1), y.code)
ORDER BY a.code"""


async def of_city(conn: asyncpg.Connection, centre_code: str) -> list[County]:
    """Those of the city that a centre lies in, in the order of their codes."""
    return [County(**row) for row in await conn.fetch(SELECT_COUNTIES, centre_code)]
