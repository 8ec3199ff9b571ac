"""DOOR: the level at which a case is handled (分级办理, domain.md R34): where it enters, who leads there, raising it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import asyncpg

from followup import moves
from followup.casework.escalation import HIGHEST, entry_level, level, next_level
from followup.refusals import SomebodyWasFirst
from followup.store import clocks, events, levels
from followup.store.cases import CaseRow
from followup.store.events import EventRow
from followup.time_refusals import NotHigher, TopLevel

__all__ = ["Hint", "hint", "raise_level"]

EVENT = "raise_level"


@dataclass(frozen=True)
class Hint:
    """Who leads at the level of a case: `units` are codes, the nearest first; none at the county, where the
    category tells the department. `sudden`: the case skipped the levels below.
    """

    level: int
    zh: str
    en: str
    units: tuple[str, ...]
    sudden: bool


async def hint(conn: asyncpg.Connection, number: str) -> Hint:
    """To whom the level of a case points. Raises UnknownCase."""
    case = await moves.read(conn, number)
    number_ = await _level(conn, case)
    here = level(number_)
    codes = await levels.units_around(conn, case.centre_code, case.area_code, here.unit) if here.unit else []
    return Hint(number_, here.zh, here.en, tuple(codes), case.sudden)


async def raise_level(
    conn: asyncpg.Connection, number: str, *, by: str, reason: str, now: datetime, to: int | None = None
) -> int:
    """Handle a case at a higher level from now on (提级): the next, or `to`. The level.

    Raises UnknownCase, ReasonMissing, TopLevel, NotHigher, SomebodyWasFirst.
    """
    async with conn.transaction():
        case = await moves.read(conn, number)
        words = moves.reason_in_words(case, EVENT, reason)
        here = await _level(conn, case)
        up = next_level(here)
        if up is None:
            raise TopLevel(number=number)
        reached = up if to is None else to
        if not here < reached <= HIGHEST:
            raise NotHigher(number=number, level=here, name=level(here).en)
        if not await clocks.set_level(conn, case.id, await levels.level_of(conn, case.id), reached):
            raise SomebodyWasFirst(number=number, status=case.status, round=case.round)
        detail = {"from": here, "to": reached}
        row = EventRow(case.id, case.round, EVENT, case.status, case.status, by, words, now, detail)
        await events.insert_events(conn, [row])
    return reached


async def _level(conn: asyncpg.Connection, case: CaseRow) -> int:
    """The level that stands, or where a case enters that nobody has looked at yet."""
    stands = await levels.level_of(conn, case.id)
    if stands is not None:
        return stands
    return entry_level(await levels.area_level(conn, case.area_code), sudden=case.sudden)
