"""Where units, offices and posts are told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import asyncpg


@dataclass(frozen=True)
class AddressRow:
    """A way to somebody; `shown` is what may be seen of the address."""

    id: int
    holder: str
    role: str
    channel: str
    shown: str
    set_at: datetime
    set_by: str
    address_id: int


SELECT_ADDRESSES = """
SELECT id, holder, role, channel, shown, set_at, set_by, address_id FROM followup.notice_address
WHERE centre_code = $1 AND removed_at IS NULL ORDER BY holder, role, channel"""


async def addresses(conn: asyncpg.Connection, centre_code: str) -> list[AddressRow]:
    """The address book of a centre."""
    return [AddressRow(**row) for row in await conn.fetch(SELECT_ADDRESSES, centre_code)]


SELECT_OF_HOLDER = """
SELECT id, holder, role, channel, shown, set_at, set_by, address_id FROM followup.notice_address
WHERE holder = $1 AND removed_at IS NULL ORDER BY role, channel"""


async def of_holder(conn: asyncpg.Connection, holder: str) -> list[AddressRow]:
    """The ways to one unit, office or post."""
    return [AddressRow(**row) for row in await conn.fetch(SELECT_OF_HOLDER, holder)]


SELECT_TELEPHONE = """
SELECT s.cipher FROM followup.notice_address a JOIN survey.staff_address s ON s.id = a.address_id
WHERE a.holder = $1 AND a.channel = 'text' AND a.removed_at IS NULL AND s.cipher IS NOT NULL
ORDER BY a.role = 'liaison' DESC LIMIT 1"""


async def sealed_telephone(conn: asyncpg.Connection, holder: str) -> bytes | None:
    """The telephone of a unit's liaison, or of its leader, sealed; None: none is known."""
    cipher: bytes | None = await conn.fetchval(SELECT_TELEPHONE, holder)
    return cipher


REMOVE = """
UPDATE followup.notice_address SET removed_at = $4
WHERE holder = $1 AND role = $2 AND channel = $3 AND removed_at IS NULL RETURNING address_id"""


async def remove(conn: asyncpg.Connection, holder: str, role: str, channel: str, at: datetime) -> int | None:
    """The sealed address that is not used any more; None: there was none."""
    address_id: int | None = await conn.fetchval(REMOVE, holder, role, channel, at)
    return address_id


INSERT_ADDRESS = """
INSERT INTO followup.notice_address (holder, centre_code, role, channel, address_id, shown, set_at, set_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"""


async def insert(
    conn: asyncpg.Connection,
    holder: str,
    centre_code: str,
    role: str,
    channel: str,
    address_id: int,
    shown: str,
    at: datetime,
    by: str,
) -> None:
    """A new way."""
    await conn.execute(INSERT_ADDRESS, holder, centre_code, role, channel, address_id, shown, at, by)


@dataclass(frozen=True)
class Resident:
    """The person behind a case, as far as telling them goes; `scopes`: what they said they do not want."""

    person_id: int
    lang: str
    birth_year: int | None
    landline: bool
    unlinked: bool
    tz: str
    no_texts: bool
    contact_from: object
    contact_until: object
    scopes: list[str]


SELECT_RESIDENT = """
SELECT p.id AS person_id, p.lang, p.birth_year, p.landline, p.unlinked_at IS NOT NULL AS unlinked, a.tz,
       coalesce(l.no_texts, false) AS no_texts, l.contact_from, l.contact_until,
       ARRAY(SELECT o.scope FROM survey.opt_out o WHERE o.person_id = p.id ORDER BY o.scope) AS scopes
FROM followup.case_file c JOIN survey.area a ON a.code = c.area_code
LEFT JOIN followup.appeal l ON l.case_id = c.id
JOIN survey.person p ON p.id = coalesce(l.trusted_person_id, c.person_id)
WHERE c.number = $1"""


async def resident(conn: asyncpg.Connection, number: str) -> Resident | None:
    """Whoever is to be told about a case: the resident, or the person whom they trust. None: nobody is known."""
    row = await conn.fetchrow(SELECT_RESIDENT, number)
    return Resident(**row) if row else None


SELECT_CENTRE_OF_UNIT = "SELECT centre_code FROM followup.unit WHERE code = $1"


async def centre_of_unit(conn: asyncpg.Connection, code: str) -> str | None:
    """The centre whose unit this is."""
    centre: str | None = await conn.fetchval(SELECT_CENTRE_OF_UNIT, code)
    return centre


SELECT_CENTRE_OF_CASE = "SELECT centre_code FROM followup.case_file WHERE number = $1"


async def centre_of_case(conn: asyncpg.Connection, number: str) -> str | None:
    """The centre that has this case."""
    centre: str | None = await conn.fetchval(SELECT_CENTRE_OF_CASE, number)
    return centre


SELECT_CENTRE_NAMES = """
SELECT short_zh, name_zh, name_en FROM survey.centre WHERE code = $1"""


@dataclass(frozen=True)
class CentreNames:
    """How a centre is called."""

    short_zh: str
    name_zh: str
    name_en: str


async def centre_names(conn: asyncpg.Connection, code: str) -> CentreNames | None:
    """None: there is no such centre."""
    row = await conn.fetchrow(SELECT_CENTRE_NAMES, code)
    return CentreNames(**row) if row else None
