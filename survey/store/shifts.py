"""Shifts: who works when, and what was done in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any


@dataclass(frozen=True)
class NewShift:
    """A shift of an account on a day of the area."""

    ref: str
    centre: str
    account_id: int
    day: date
    begins: time
    ends: time
    by: str
    at: datetime


LOCK_ACCOUNT = """
SELECT id FROM survey.account WHERE name = $1 AND disabled_at IS NULL FOR NO KEY UPDATE"""


async def lock_account(conn: Any, name: str) -> int | None:
    """Of a working account, while nobody else plans its shifts. None: there is none."""
    found: int | None = await conn.fetchval(LOCK_ACCOUNT, name)
    return found


SELECT_OVERLAPS = """
SELECT EXISTS (SELECT FROM survey.shift WHERE account_id = $1 AND day = $2 AND begins < $4 AND ends > $3 AND back_at IS NULL)"""


async def overlaps(conn: Any, account_id: int, day: date, begins: time, ends: time) -> bool:
    """Whether they work then already."""
    return bool(await conn.fetchval(SELECT_OVERLAPS, account_id, day, begins, ends))


INSERT_SHIFT = """
INSERT INTO survey.shift (ref, centre_code, account_id, day, begins, ends, put_by, put_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"""


async def put(conn: Any, shifts: Sequence[NewShift]) -> None:
    """All of them."""
    rows = [(s.ref, s.centre, s.account_id, s.day, s.begins, s.ends, s.by, s.at) for s in shifts]
    await conn.executemany(INSERT_SHIFT, rows)


TAKE_BACK = """
UPDATE survey.shift SET back_by = $3, back_at = $4 WHERE centre_code = $1 AND ref = $2 AND back_at IS NULL RETURNING id"""


async def take_back(conn: Any, centre: str, ref: str, by: str, at: datetime) -> bool:
    """False: there is none, or it was taken back before."""
    return await conn.fetchval(TAKE_BACK, centre, ref, by, at) is not None


@dataclass(frozen=True)
class ShiftRow:
    """A planned shift. `calls`: how many calls its holder made in it so far."""

    ref: str
    name: str
    called: str
    day: date
    begins: time
    ends: time
    put_by: str
    calls: int


SELECT_SHIFTS = """
SELECT s.ref, a.name, a.called, s.day, s.begins, s.ends, s.put_by,
       (SELECT count(*) FROM survey.attempt t
        WHERE t.operator = a.name AND t.day = s.day AND t.counts
          AND (t.dialing_at AT TIME ZONE $4)::time BETWEEN s.begins AND s.ends)::int AS calls
FROM survey.shift s JOIN survey.account a ON a.id = s.account_id
WHERE s.centre_code = $1 AND s.day BETWEEN $2 AND $3 AND s.back_at IS NULL
ORDER BY s.day, s.begins, a.name"""


async def planned(conn: Any, centre: str, first: date, last: date, tz: str) -> list[ShiftRow]:
    """The shifts of some days that stand, in their order; `tz`: of the area."""
    return [ShiftRow(**row) for row in await conn.fetch(SELECT_SHIFTS, centre, first, last, tz)]
