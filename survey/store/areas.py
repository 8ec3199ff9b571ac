"""The tree of areas."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

SELECT_NAMES_BELOW = """
SELECT a.code, a.name_zh FROM survey.area a
JOIN survey.centre z ON z.code = $1 AND starts_with(a.code, z.area_code)
WHERE a.level IN ('county', 'township', 'village') ORDER BY a.code"""


async def names_below(conn: Any, centre: str) -> dict[str, str]:
    """{code: Chinese name} of the centre's county, its townships and villages; empty for an unknown centre."""
    return {row["code"]: row["name_zh"] for row in await conn.fetch(SELECT_NAMES_BELOW, centre)}


SELECT_TOWNSHIPS = """
SELECT a.code, a.name_zh, a.name_en
FROM survey.sample_unit u
JOIN survey.centre z ON z.code = u.centre_code
JOIN survey.area a ON starts_with(a.code, z.area_code) AND a.level = 'township'
WHERE u.id = $1 ORDER BY a.code"""


@dataclass(frozen=True)
class Township:
    """A township that a resident may choose."""

    code: str
    name_zh: str
    name_en: str


async def townships(conn: Any, unit_id: int) -> list[Township]:
    """The townships of the centre that asks."""
    return [Township(**row) for row in await conn.fetch(SELECT_TOWNSHIPS, unit_id)]


SELECT_CENTRE_AREA = """
SELECT area_code FROM survey.centre WHERE code = $1"""


async def centre_area(conn: Any, centre: str) -> str | None:
    """The area that a centre is for; None: there is no such centre."""
    code: str | None = await conn.fetchval(SELECT_CENTRE_AREA, centre)
    return code


SELECT_CENTRES = """
SELECT c.code, c.area_code, a.name_zh, a.name_en
FROM survey.centre c JOIN survey.area a ON a.code = c.area_code ORDER BY c.code"""


@dataclass(frozen=True)
class Centre:
    """A centre with the names of the county that it is for."""

    code: str
    area_code: str
    name_zh: str
    name_en: str


async def centres(conn: Any) -> list[Centre]:
    """All of them, in the order of their codes."""
    return [Centre(**row) for row in await conn.fetch(SELECT_CENTRES)]


SELECT_NAMES = """
SELECT code, name_zh, name_en FROM survey.area WHERE code = ANY($1::text[])"""


async def names_of(conn: Any, codes: Sequence[str]) -> dict[str, tuple[str, str]]:
    """{code: (Chinese name, English name)}."""
    rows = await conn.fetch(SELECT_NAMES, list(codes))
    return {row["code"]: (row["name_zh"], row["name_en"]) for row in rows}
