"""Responsible units: who handles cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass

import asyncpg


@dataclass(frozen=True)
class UnitRow:
    """A responsible unit (承办单位) of a centre; `area_code` is the county or township it serves.

    `parent_code`: the unit it belongs to, as a police station to the bureau.
    """

    code: str
    centre_code: str
    name_zh: str
    kind: str
    area_code: str
    parent_code: str | None = None


INSERT_UNITS = """
INSERT INTO followup.unit (code, centre_code, name_zh, kind, area_code, parent_code)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
ON CONFLICT (code) DO NOTHING
RETURNING code"""


async def insert_units(conn: asyncpg.Connection, units: Sequence[UnitRow]) -> int:
    """Write units that are not there yet; how many were new."""
    if not units:
        return 0
    columns = [list(column) for column in zip(*(astuple(u) for u in units), strict=True)]
    return len(await conn.fetch(INSERT_UNITS, *columns))


SELECT_UNITS = """
SELECT code, centre_code, name_zh, kind, area_code, parent_code
FROM followup.unit WHERE centre_code = $1 ORDER BY code"""


async def units_of(conn: asyncpg.Connection, centre_code: str) -> list[UnitRow]:
    """All units of one centre, by code."""
    return [UnitRow(**row) for row in await conn.fetch(SELECT_UNITS, centre_code)]


SELECT_UNIT_CODES = "SELECT code FROM followup.unit WHERE centre_code = $1 AND code = ANY($2::text[])"


async def known_units(conn: asyncpg.Connection, centre_code: str, codes: Sequence[str]) -> set[str]:
    """Those of `codes` that are units of this centre."""
    return {row["code"] for row in await conn.fetch(SELECT_UNIT_CODES, centre_code, list(codes))}


SELECT_UNITS_OF_PLACE = """
SELECT code, centre_code, name_zh, kind, area_code, parent_code
FROM followup.unit WHERE centre_code = $1 AND starts_with($2, area_code) ORDER BY area_code, code"""


async def units_of_place(conn: asyncpg.Connection, centre_code: str, area_code: str) -> list[UnitRow]:
    """Units of a centre that serve a place: those of the county, of its township, of its village."""
    return [UnitRow(**row) for row in await conn.fetch(SELECT_UNITS_OF_PLACE, centre_code, area_code)]
