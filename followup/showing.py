"""DOOR: pictures by which a unit shows what it has done (佐证照片). Added while it handles the case; never altered."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

import asyncpg

from followup import moves
from followup.casework.lifecycle import Event
from followup.pictures import cleaned
from followup.refusals import CaseRefusal, NotItsCase
from followup.store import assignments, pictures
from followup.store.events import EventRow, insert_events
from followup.store.pictures import PictureLine, Shown
from survey.ids import Tokens

__all__ = ["PictureLine", "Shown", "TooManyPictures", "add", "of_case", "picture"]

PICTURE = "picture"
picture = pictures.picture


class TooManyPictures(CaseRefusal):
    """{number}号事项这一轮已有{most}张照片。Case {number} has {most} pictures in this round, which is all it may."""


async def of_case(conn: asyncpg.Connection, number: str) -> list[PictureLine]:
    """The pictures of a case that are kept, oldest first. Raises UnknownCase."""
    found = await pictures.pictures_of(conn, (await moves.read(conn, number)).id)
    return [one for one in found if one.forgotten_at is None]


async def add(
    conn: asyncpg.Connection,
    number: str,
    *,
    unit: str,
    data: bytes,
    most: int,
    most_bytes: int,
    now: datetime,
    tokens: Tokens,
) -> bool:
    """A unit that has the round adds a picture, at most `most` of `most_bytes`. False: the round has the same already.

    Raises UnknownCase, NotPossibleNow unless the case is being handled, NotItsCase, TooManyPictures, NotAPicture,
    PictureTooLarge.
    """
    one = cleaned(data, most=most_bytes)
    async with conn.transaction():
        case = await moves.read_still(conn, number)
        moves.target(case, Event.SUBMIT_RESULT)
        if not any(
            each.unit_code == unit and each.round == case.round and each.role != "former"
            for each in await assignments.assignments_of(conn, case.id)
        ):
            raise NotItsCase(number=number, round=case.round, unit=unit)
        here = [each for each in await pictures.pictures_of(conn, case.id) if each.round == case.round]
        if len(here) >= most:
            raise TooManyPictures(number=number, most=most)
        digest, ref = sha256(one.data), tokens()
        kept = await pictures.insert(
            conn, ref, case.id, case.round, unit, kind=one.kind, sha256=digest.digest(), width=one.width,
            height=one.height, data=one.data, at=now,
        )  # fmt: skip
        if kept:
            detail = {"ref": ref, "sha256": digest.hexdigest(), "kind": one.kind}
            row = EventRow(case.id, case.round, PICTURE, case.status, case.status, unit, None, now, detail)
            await insert_events(conn, [row])
        return kept
