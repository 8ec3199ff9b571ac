"""DOOR: a rejection by two people, each at their own desk: one proposes it, another signs it or sends it back.

On a page each signature is that of whoever is signed in. At a terminal (`reject_by_name`) one person types both names; where
there are accounts, each must be that of another one that may decide.
"""

from __future__ import annotations

from datetime import datetime

import asyncpg

from followup import callbacks, deciding, explaining, moves, routes
from followup.casework.lifecycle import Event
from followup.casework.posts import signed_as
from followup.deciding import Decided
from followup.refusals import AlreadyProposed, NotAnAccount, NothingProposed, SecondSignerMissing
from followup.store import rejection_drafts as rows
from followup.store.cases import CaseRow
from followup.store.events import EventRow, insert_events
from followup.store.rejection_drafts import RejectionDraft
from survey.access.acting import NoActor, actor

__all__ = ["RejectionDraft", "propose", "reject_by_name", "send_back", "sign", "waiting"]

waiting = rows.waiting


async def propose(
    conn: asyncpg.Connection, number: str, *, by: str, ground: str, reason: str, now: datetime
) -> None:
    """The flag does not hold, on a ground of policy `rejection`, in words that the resident will be told. Nothing moves yet, and
    the clock of the decision goes on.

    Raises AlreadyProposed, and what `callbacks.reject` raises but for the second signature.
    """
    async with conn.transaction():
        case = await moves.read_still(conn, number)
        moves.target(case, Event.REJECT)
        words = moves.reason_in_words(case, Event.REJECT, reason)
        explaining.check(case, ground, words)
        await routes.check_people(conn, case, by)
        await deciding.called_first(conn, case, now)
        if not await rows.propose(conn, case.id, case.round, RejectionDraft(ground, words, by, now)):
            raise AlreadyProposed(number=number)
        await _note(conn, case, "rejection_proposed", by, words, now, ground)


async def sign(conn: asyncpg.Connection, number: str, *, by: str, now: datetime) -> Decided:
    """The second person agrees: the case is closed with the explanation that was proposed.

    Raises NothingProposed, SecondSignerMissing, and what `callbacks.reject` raises; then the proposal still waits.
    """
    async with conn.transaction():
        case = await moves.read_still(conn, number)
        await routes.check_people(conn, case, by)
        draft = await rows.waiting(conn, case.id, case.round)
        if draft is None:
            raise NothingProposed(number=number)
        if draft.proposed_by == by:
            raise SecondSignerMissing(number=number, event=Event.REJECT, by=by)
        await rows.end(conn, case.id, case.round, "signed", by, now)
        return await callbacks.reject(
            conn, number, by=draft.proposed_by, second_by=by, ground=draft.ground, reason=draft.words, now=now
        )


async def send_back(conn: asyncpg.Connection, number: str, *, by: str, reason: str, now: datetime) -> None:
    """The second person does not agree, or the first takes it back: the flag waits as before.

    Raises NothingProposed, ReasonMissing.
    """
    async with conn.transaction():
        case = await moves.read_still(conn, number)
        await routes.check_people(conn, case, by)
        words = moves.reason_in_words(case, "send_back", reason)
        draft = await rows.end(conn, case.id, case.round, "sent_back", by, now)
        if draft is None:
            raise NothingProposed(number=number)
        await _note(conn, case, "rejection_sent_back", by, words, now, draft.ground)


async def reject_by_name(
    conn: asyncpg.Connection, number: str, *, by: str, second_by: str, ground: str, reason: str, now: datetime
) -> Decided:
    """Both signatures at once, as typed. Raises NotAnAccount, and what `callbacks.reject` raises."""
    async with conn.transaction():
        case = await moves.read(conn, number)
        first, second = await _signer(conn, case, by), await _signer(conn, case, second_by)
        return await callbacks.reject(
            conn, number, by=first, second_by=second, ground=ground, reason=reason, now=now
        )


async def _signer(conn: asyncpg.Connection, case: CaseRow, by: str) -> str:
    try:
        account = await actor(conn, by, "cases.decide", case.area_code)
    except NoActor:
        raise NotAnAccount(number=case.number, by=by.strip() or "-") from None
    return signed_as(account.name, {one.role for one in account.grants}) if account else by


async def _note(
    conn: asyncpg.Connection, case: CaseRow, event: str, by: str, words: str, now: datetime, ground: str
) -> None:
    row = EventRow(case.id, case.round, event, case.status, case.status, by, words, now, {"ground": ground})
    await insert_events(conn, [row])
