"""Reading: one callback whole, from the unit's result to what was said, with the case around it; its recordings and its number.

The file itself is read without a trace; a recording and a number leave one, with the reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg

from followup import moves, routes
from followup.casework.routing import Sight, Viewer
from followup.reading import CasePassport, passport
from followup.refusals import CaseRefusal, UnknownCase
from followup.store import assignments, callback_parts, dossiers, units
from followup.store.callback_parts import Attempt
from followup.store.results import ResultRow
from followup.store.rounds import CallbackRow
from survey.access import recording_hearing
from survey.access.number_reading import Shown, read_number
from survey.access.recording_hearing import Heard
from survey.access.refusals import NoReason, RecordingGone
from survey.channels.base import Caller
from survey.ground import Ground
from survey.store import recording_reads
from survey.store.recording_reads import Recorded
from survey.transcripts import Conversation, read_conversations


class NoCallback(CaseRefusal):
    """There was no callback in this round."""


class NotInFull(CaseRefusal):
    """Who raised this and what was said is for the office that handles it."""


@dataclass(frozen=True)
class CallbackFile:
    """One callback. `conversations`: what was said, contact by contact, and `recordings`, where whoever looks may read the words
    as they were said; `others`: the rounds of the case in which residents were called back."""

    passport: CasePassport
    sight: Sight
    area_zh: str
    unit_zh: str
    callback: CallbackRow
    result: ResultRow | None
    attempts: Sequence[Attempt]
    conversations: Sequence[Conversation]
    recordings: Sequence[Recorded]
    others: Sequence[int]


async def file_of(
    conn: asyncpg.Connection, centre: str, number: str, round_: int, viewer: Viewer
) -> CallbackFile:
    """Raises UnknownCase, NoCallback, NotForTheseEyes."""
    whole = await _seen(conn, centre, number, viewer)
    case, sight = whole.passport.case, whole.sight
    callback = next((one for one in whole.passport.callbacks if one.round == round_), None)
    if callback is None:
        raise NoCallback()
    attempts = await callback_parts.attempts_of(conn, case.id, round_)
    spoken: list[Conversation] = []
    recorded: list[Recorded] = []
    if sight.original:
        found = await read_conversations(conn, sorted({one.contact_id for one in attempts}))
        spoken = [found[contact] for contact in sorted(found)]
        recorded = await _recordings(conn, case.id, round_)
    lead = await assignments.lead_of(conn, case.id, round_)
    names = {one.code: one.name_zh for one in await units.units_of(conn, case.centre_code)}
    result = next((one for one in whole.passport.results if one.round == round_), None)
    return CallbackFile(
        passport=whole.passport,
        sight=sight,
        area_zh=await dossiers.area_name(conn, case.area_code),
        unit_zh=names.get(lead or "", lead or "-"),
        callback=callback,
        result=result,
        attempts=attempts,
        conversations=spoken,
        recordings=recorded,
        others=[one.round for one in whole.passport.callbacks if one.round != round_],
    )


async def hear(
    ground: Ground, carrier: Caller, centre: str, number: str, round_: int, viewer: Viewer, which: str, *, staff: str, reason: str
) -> tuple[int, Heard]:  # fmt: skip
    """A recording by its place in the file, and that place. Raises UnknownCase, NotForTheseEyes, NotInFull, RecordingGone, and
    what `survey.access.recording_hearing.hear` raises."""
    async with ground.pool.acquire() as conn:
        seen = await _seen(conn, centre, number, viewer)
        if not seen.sight.original:
            raise NotInFull()
        recorded = await _recordings(conn, seen.passport.case.id, round_)
    place = next((n for n, _ in enumerate(recorded, start=1) if str(n) == which), None)
    if place is None:
        raise RecordingGone
    heard = await recording_hearing.hear(ground, carrier, staff, recorded[place - 1].sid, reason)
    return place, heard


async def number_of(
    ground: Ground, centre: str, number: str, round_: int, viewer: Viewer, *, staff: str, reason: str
) -> Shown:
    """The resident's number. Raises UnknownCase, NoCallback, NotForTheseEyes, NotInFull, NoReason, NotPermitted."""
    if not reason.strip():
        raise NoReason
    async with ground.pool.acquire() as conn, conn.transaction():
        seen = await _seen(conn, centre, number, viewer)
        if not seen.sight.reporter:
            raise NotInFull()
        found = await callback_parts.whose(conn, seen.passport.case.id, round_)
        if found is None:
            raise NoCallback()
        why = f"回访 callback {number} {round_}: {reason.strip()}"
        return await read_number(ground, conn, staff, found.person_id, found.area_code, why)


@dataclass(frozen=True)
class _Seen:
    passport: CasePassport
    sight: Sight


async def _seen(conn: asyncpg.Connection, centre: str, number: str, viewer: Viewer) -> _Seen:
    case = await moves.read(conn, number)
    if case.centre_code != centre:
        raise UnknownCase(number=number)
    return _Seen(await passport(conn, number), await routes.sight(conn, case, viewer))


async def _recordings(conn: asyncpg.Connection, case_id: int, round_: int) -> list[Recorded]:
    held = await callback_parts.interviews_of(conn, case_id, round_)
    return [one for interview in held for one in await recording_reads.of_interview(conn, interview)]
