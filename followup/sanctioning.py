"""DOOR: sanctions on townships and villages (黄牌警告、重点管理、一票否决): imposed and lifted, on a chain by place (R54).

What a sanction does to the stars is worked out when a monthly summary is made; see followup/assessment/stars.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import get_args

import asyncpg

from followup.assessment.star_policy import Level, packaged_stars, star_policy
from followup.sanction_refusals import (
    DecidedByThoseConcerned,
    EndsBeforeItBegins,
    LiftedAlready,
    LiftedBeforeItBegan,
    NobodyConcerned,
    NoSuchPlace,
    NumberInSanction,
    SanctionReasonMissing,
    UnknownSanction,
    UnknownSanctionNumber,
)
from followup.store import sanctions as rows
from followup.store.sanctions import SanctionRow
from survey.masking import without_numbers

__all__ = ["SanctionRow", "impose", "lift", "sanctions"]


async def impose(
    conn: asyncpg.Connection,
    centre: str,
    area: str,
    *,
    kind: str,
    what: str,
    from_day: date,
    to_day: date | None,
    concerned: Sequence[str],
    by: str,
    reason: str,
    now: datetime,
) -> SanctionRow:
    """Put a sanction on record, in force from a day to a day, or until it is lifted.

    Raises NoSuchPlace, UnknownSanction, SanctionReasonMissing, NobodyConcerned, NumberInSanction, DecidedByThoseConcerned,
    EndsBeforeItBegins.
    """
    known = star_policy().sanctions
    if kind not in known:
        raise UnknownSanction(
            kind=kind, known=", ".join(f"{key} {one.words.zh}" for key, one in known.items())
        )
    happened, why, who = _plain(what), _plain(reason), _plain(by)
    if not (happened and why and who):
        raise SanctionReasonMissing(area=area)
    named = tuple(dict.fromkeys(name for one in concerned if (name := _plain(one))))
    if not named:
        raise NobodyConcerned(area=area)
    _no_number(area, happened, why, who, *named)
    if to_day is not None and to_day < from_day:
        raise EndsBeforeItBegins(area=area, first=from_day, to=to_day)
    async with conn.transaction():
        if await rows.level_of_place(conn, centre, area) not in get_args(Level):
            raise NoSuchPlace(area=area, centre=centre)
        await _not_their_own(conn, area, who, named)
        seq = await rows.insert_sanction(
            conn, centre=centre, area=area, kind=kind, lifts=None, what=happened, from_day=from_day, to_day=to_day,
            concerned=named, by=who, reason=why, at=now, policy_version=packaged_stars().version,
        )  # fmt: skip
        return await _one(conn, centre, f"{area}-{seq}", now)


async def lift(
    conn: asyncpg.Connection, centre: str, number: str, *, from_day: date, by: str, reason: str, now: datetime
) -> SanctionRow:
    """From a day on a sanction is in force no more; it stays on record. No star comes back by it.

    Raises UnknownSanctionNumber, LiftedAlready, LiftedBeforeItBegan, SanctionReasonMissing, NumberInSanction,
    DecidedByThoseConcerned.
    """
    why, who = _plain(reason), _plain(by)
    async with conn.transaction():
        old = await _one(conn, centre, number, now)
        if not (why and who):
            raise SanctionReasonMissing(area=old.area_code)
        _no_number(old.area_code, why, who)
        if old.lifted_from is not None:
            raise LiftedAlready(number=number, day=old.lifted_from)
        if from_day < old.from_day:
            raise LiftedBeforeItBegan(number=number, first=old.from_day, day=from_day)
        await _not_their_own(conn, old.area_code, who, old.concerned)
        try:
            async with conn.transaction():
                await rows.insert_sanction(
                    conn, centre=centre, area=old.area_code, kind=old.kind, lifts=old.seq, what=None, from_day=from_day,
                    to_day=None, concerned=old.concerned, by=who, reason=why, at=now, policy_version=packaged_stars().version,
                )  # fmt: skip
        except asyncpg.UniqueViolationError:
            raise LiftedAlready(number=number, day=from_day) from None
        return await _one(conn, centre, number, now)


async def sanctions(conn: asyncpg.Connection, centre: str, now: datetime) -> Sequence[SanctionRow]:
    """All of a centre, by place, the oldest first; those that are over too."""
    return await rows.sanctions(conn, centre, now)


async def _one(conn: asyncpg.Connection, centre: str, number: str, now: datetime) -> SanctionRow:
    for row in await rows.sanctions(conn, centre, now):
        if row.number == number:
            return row
    raise UnknownSanctionNumber(number=number, centre=centre)


async def _not_their_own(conn: asyncpg.Connection, area: str, who: str, concerned: Sequence[str]) -> None:
    if who in concerned or await rows.is_of_the_place(conn, area, who):
        raise DecidedByThoseConcerned(by=who, area=area)


def _no_number(area: str, *words: str) -> None:
    """All of it is printed."""
    if any(without_numbers(one) != one for one in words):
        raise NumberInSanction(area=area)


def _plain(words: str) -> str:
    return " ".join(words.split())
