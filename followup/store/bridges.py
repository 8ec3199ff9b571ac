"""Masked calls between a unit and a resident."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import asyncpg


@dataclass(frozen=True)
class BridgeRow:
    """One masked call. `seconds`: for which both were connected; None while it is not over."""

    ref: str
    case_id: int
    round: int
    unit_code: str
    requested_at: datetime
    expires_at: datetime
    begun_at: datetime | None
    ended_at: datetime | None
    seconds: int | None


INSERT_BRIDGE = """
INSERT INTO followup.bridge (ref, case_id, round, unit_code, requested_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6)
RETURNING ref"""


async def insert_bridge(
    conn: asyncpg.Connection,
    ref: str,
    case_id: int,
    round_: int,
    unit: str,
    at: datetime,
    expires_at: datetime,
) -> None:
    """A call that may be begun once until it expires."""
    await conn.fetchval(INSERT_BRIDGE, ref, case_id, round_, unit, at, expires_at)


SELECT_BRIDGE = """
SELECT ref, case_id, round, unit_code, requested_at, expires_at, begun_at, ended_at, seconds
FROM followup.bridge WHERE ref = $1"""


async def bridge_of(conn: asyncpg.Connection, ref: str) -> BridgeRow | None:
    """One call by its reference."""
    row = await conn.fetchrow(SELECT_BRIDGE, ref)
    return BridgeRow(**row) if row else None


BEGIN_BRIDGE = """
UPDATE followup.bridge SET begun_at = $2 WHERE ref = $1 AND begun_at IS NULL AND expires_at > $2
RETURNING ref"""


async def begin(conn: asyncpg.Connection, ref: str, at: datetime) -> bool:
    """Use the call up; False if it was used, or has expired."""
    return await conn.fetchval(BEGIN_BRIDGE, ref, at) is not None


END_BRIDGE = """
UPDATE followup.bridge SET ended_at = $2, seconds = $3 WHERE ref = $1 AND begun_at <= $2 AND ended_at IS NULL
RETURNING ref"""


async def end(conn: asyncpg.Connection, ref: str, at: datetime, seconds: int) -> bool:
    """The call is over; False if it was over, or never began."""
    return await conn.fetchval(END_BRIDGE, ref, at, seconds) is not None


SELECT_PROOF = """
SELECT ended_at FROM followup.bridge
WHERE case_id = $1 AND round = $2 AND unit_code = $3 AND seconds >= $4 ORDER BY ended_at DESC LIMIT 1"""


async def proof(
    conn: asyncpg.Connection, case_id: int, round_: int, unit: str, seconds: int
) -> datetime | None:
    """When a unit last spoke with the resident in this round for so long; None: it did not."""
    ended_at: datetime | None = await conn.fetchval(SELECT_PROOF, case_id, round_, unit, seconds)
    return ended_at


@dataclass(frozen=True)
class CallRow:
    """A masked call that a unit asked for. `outcome`: what came of it, None while it goes on."""

    requested_at: datetime
    outcome: str | None
    seconds: int | None


SELECT_CALLS = """
SELECT b.requested_at, m.outcome, m.seconds
FROM followup.bridge b JOIN survey.masked_call m ON m.ref = b.ref
WHERE b.case_id = $1 AND b.round = $2 AND b.unit_code = $3 ORDER BY b.requested_at, b.ref"""


async def calls(conn: asyncpg.Connection, case_id: int, round_: int, unit: str) -> list[CallRow]:
    """Those of a unit in a round, in their order."""
    return [CallRow(**row) for row in await conn.fetch(SELECT_CALLS, case_id, round_, unit)]


IS_ON_THE_TELEPHONE = """
SELECT EXISTS (SELECT FROM followup.bridge b JOIN survey.masked_call m ON m.ref = b.ref
               WHERE b.unit_code = $1 AND m.state <> 'over')"""


async def is_on_the_telephone(conn: asyncpg.Connection, unit: str) -> bool:
    """Whether a masked call of this unit is under way, about whatever case: it has one telephone."""
    busy: bool = await conn.fetchval(IS_ON_THE_TELEPHONE, unit)
    return busy
