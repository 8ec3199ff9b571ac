"""DOOR. Whoever rang back, or wrote outside of any survey, to one operator, with what is known of them.

A text becomes a handover when somebody takes it, so that all that waits for a person is in one queue, taken and resolved alike.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from survey import handing
from survey.access.number_reading import masked
from survey.desk_policy import desk_policy
from survey.ground import Ground
from survey.handing import BACK_CHECK, HandoverRefusal, Raised
from survey.handover_policy import handover_policy
from survey.store import caller_files, contact_notes, desk, handovers, inbound_calls, inbox_texts, people
from survey.store.caller_files import Waits, Wrote
from survey.store.contact_notes import ContactNote
from survey.store.desk import PastContact
from survey.store.handovers import HandoverRow
from survey.store.inbound_calls import LastContact

WROTE: Final = "wrote"
"""Why it waits for a person: a text outside of any thread."""
LOOKED_AT: Final = 20
"""Texts that are looked at for one request: the first may be taken by somebody else at this moment."""
NO_CONTACT: Final = 0


@dataclass(frozen=True)
class CallerFile:
    """Who waits for the operator. `number` with its middle hidden; "": nobody whom we know, and all but `handover` is empty.
    `last`: what we last wanted of them; `closed`: the scopes that they want no more of."""

    handover: HandoverRow
    number: str = ""
    lang: str = "zh"
    unlinked: bool = False
    last: LastContact | None = None
    waits: tuple[Waits, ...] = ()
    wrote: tuple[Wrote, ...] = ()
    history: tuple[PastContact, ...] = ()
    notes: tuple[ContactNote, ...] = ()
    closed: frozenset[str] = frozenset()


async def waiting(ground: Ground, centre: str) -> int:
    """How many wait that nobody has taken, calls and texts together."""
    async with ground.pool.acquire() as conn:
        return (await handovers.waiting(conn, centre)).waiting + await caller_files.unread(conn)


async def take_next(ground: Ground, centre: str, by: str) -> str | None:
    """The reference of whoever comes next, taken by `by`: danger first, then one that `by` has already, then by due time. None:
    nobody waits."""
    rows = [row for row in await handing.queue(ground, centre) if row.reason != BACK_CHECK]
    free = [row for row in rows if row.status == "waiting"]
    mine = [row.ref for row in rows if row.status == "taken" and row.taken_by == by]
    for row in (row for row in free if row.urgent):
        if await _take(ground, row.ref, by):
            return row.ref
    if mine:
        return mine[0]
    text_due, ref = await _first_text(ground), None
    for row in (row for row in free if not row.urgent):
        if text_due is not None and text_due < row.due_at:
            break
        if await _take(ground, row.ref, by):
            return row.ref
    if text_due is not None:
        ref = await _take_text(ground, by)
    return ref


async def _take(ground: Ground, ref: str, by: str) -> bool:
    """With what the same person wrote, which is read now. False: somebody was first."""
    try:
        await handing.take(ground, ref, by)
    except HandoverRefusal:
        return False
    async with ground.pool.acquire() as conn, conn.transaction():
        found = await handovers.whose(conn, ref, by)
        if found is not None and found.person_id is not None:
            await caller_files.read_all_of(conn, [found.person_id], by, ground.clock.now())
    return True


async def _first_text(ground: Ground) -> datetime | None:
    """Until when the oldest text that nobody has read must be taken care of."""
    async with ground.pool.acquire() as conn:
        texts = await inbox_texts.unread(conn, 1)
    return handover_policy().due(WROTE, False, texts[0].arrived_at) if texts else None


async def _take_text(ground: Ground, by: str) -> str | None:
    """The oldest unread text is a handover from now on, and `by` has it. Texts of the same person come with it."""
    now = ground.clock.now()
    async with ground.pool.acquire() as conn, conn.transaction():
        for one in await inbox_texts.unread(conn, LOOKED_AT):
            text = await inbox_texts.mark_read(conn, one.input_id, by, now)
            if text is None:
                continue
            if text.person_id is not None:
                await caller_files.read_all_of(conn, [text.person_id], by, now)
            due = handover_policy().due(WROTE, False, text.arrived_at)
            raised = Raised(text.person_id, None, WROTE, words=text.said, due_at=due)
            ref = await handing.raise_(ground, conn, raised)
            await handovers.take(conn, ref, by, now)
            return ref
    return None


async def file_of(ground: Ground, ref: str, by: str, centre: str) -> CallerFile:
    """What is known of whoever `by` has taken. Raises what `handing.held` raises."""
    now = ground.clock.now()
    since = now - timedelta(days=desk_policy().notes_days)
    async with ground.pool.acquire() as conn, conn.transaction():
        row, person_id = await handing.held(conn, ref, by)
        if person_id is None:
            return CallerFile(row)
        person = await caller_files.person(conn, person_id)
        return CallerFile(
            handover=row,
            number=masked(ground, person.number_cipher),
            lang=person.lang,
            unlinked=person.unlinked_at is not None,
            last=await _last(conn, person_id, centre),
            waits=tuple(await caller_files.waits(conn, person_id, centre)),
            wrote=tuple(await caller_files.wrote(conn, person_id, since, desk_policy().notes_shown)),
            history=tuple(await desk.past_contacts(conn, person_id, NO_CONTACT)),
            notes=tuple(await contact_notes.notes(conn, person_id, since, desk_policy().notes_shown)),
            closed=frozenset((await people.opt_outs(conn, [person_id])).get(person_id, set())),
        )


async def _last(conn: Any, person_id: int, centre: str) -> LastContact | None:
    """Of this centre: what another one wanted of them is not for its operators."""
    last = await inbound_calls.last_contact(conn, person_id)
    return last if last is not None and last.centre_code == centre else None
