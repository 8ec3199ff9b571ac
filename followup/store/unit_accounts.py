"""Which account works for which unit, and what it did there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import asyncpg


@dataclass(frozen=True)
class OwnUnit:
    """The unit that an account works for; `area_code`: what the unit serves."""

    code: str
    name_zh: str
    area_code: str
    centre_code: str


SELECT_OWN_UNIT = """
SELECT u.code, u.name_zh, u.area_code, u.centre_code
FROM followup.unit_account l JOIN followup.unit u ON u.code = l.unit_code
JOIN survey.account a ON a.id = l.account_id
WHERE l.account_id = $1 AND u.centre_code = $2 AND a.employment = 'staff' AND a.disabled_at IS NULL"""


async def own_unit(conn: asyncpg.Connection, account_id: int, centre_code: str) -> OwnUnit | None:
    """The unit of this centre that the account works for; None: of none, or the account is a contractor's or disabled."""
    row = await conn.fetchrow(SELECT_OWN_UNIT, account_id, centre_code)
    return OwnUnit(**row) if row else None


SELECT_UNIT = """
SELECT code, name_zh, area_code, centre_code FROM followup.unit WHERE code = $1"""


async def unit(conn: asyncpg.Connection, code: str) -> OwnUnit | None:
    """A unit of any centre."""
    row = await conn.fetchrow(SELECT_UNIT, code)
    return OwnUnit(**row) if row else None


LINK = """
INSERT INTO followup.unit_account (account_id, unit_code, linked_at, linked_by) VALUES ($1, $2, $3, $4)
ON CONFLICT (account_id) DO UPDATE
SET unit_code = excluded.unit_code, linked_at = excluded.linked_at, linked_by = excluded.linked_by
WHERE followup.unit_account.unit_code <> excluded.unit_code
RETURNING account_id"""


async def link(conn: asyncpg.Connection, account_id: int, unit_code: str, at: datetime, by: str) -> bool:
    """The account works for this unit and no other; False: it did so before."""
    return await conn.fetchval(LINK, account_id, unit_code, at, by) is not None


UNLINK = """
DELETE FROM followup.unit_account WHERE account_id = $1 RETURNING unit_code"""


async def unlink(conn: asyncpg.Connection, account_id: int) -> str | None:
    """The account works for no unit any more; for which it did."""
    code: str | None = await conn.fetchval(UNLINK, account_id)
    return code


SELECT_LINKS = """
SELECT a.name, l.unit_code FROM followup.unit_account l JOIN survey.account a ON a.id = l.account_id"""


async def links(conn: asyncpg.Connection) -> dict[str, str]:
    """{name of the account: code of its unit}."""
    return {row["name"]: row["unit_code"] for row in await conn.fetch(SELECT_LINKS)}


INSERT_ACT = """
INSERT INTO followup.unit_act (account_id, unit_code, case_id, round, act, at) VALUES ($1, $2, $3, $4, $5, $6)"""


async def acted(
    conn: asyncpg.Connection,
    account_id: int,
    unit_code: str,
    case_id: int,
    round_: int,
    act: str,
    at: datetime,
) -> None:
    """Who of the unit did what."""
    await conn.execute(INSERT_ACT, account_id, unit_code, case_id, round_, act, at)
