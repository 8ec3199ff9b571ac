"""Numbers and query codes for new cases."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import asyncpg

from followup.casework.numbering import QUERY_BYTES, case_number, query_code
from followup.refusals import UnknownCentre
from followup.store import cases, places
from survey.ids import Tokens


@dataclass(frozen=True)
class Minted:
    """What a new case is called: in full, as the resident hears it, and to ask for it without a phone."""

    number: str
    short_number: str
    query_code: str


async def mint(
    conn: asyncpg.Connection, centre_code: str, now: datetime, tokens: Tokens, count: int = 1
) -> list[Minted]:
    """`count` new names in the series of the centre's local day. Raises UnknownCentre."""
    place = await places.centre_place(conn, centre_code)
    if place is None:
        raise UnknownCentre(centre=centre_code)
    day = now.astimezone(ZoneInfo(place.tz)).date()
    minted = []
    for serial in await cases.take_serials(conn, centre_code, day, count):
        number = case_number(centre_code, day, serial)
        code = query_code(hashlib.sha256(tokens().encode()).digest()[:QUERY_BYTES])
        minted.append(Minted(str(number), number.short, code))
    return minted
