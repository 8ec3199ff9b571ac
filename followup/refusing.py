"""DOOR: appeals that are not accepted (不予受理): explained, told, signed by two; and opened again by a supervisor."""

from __future__ import annotations

from datetime import datetime

import asyncpg

from followup import moves, routes
from followup.casework.lifecycle import Event
from followup.casework.posts import supervises
from followup.not_accepted import grounds
from followup.refusals import (
    NotTold,
    OnlySupervisor,
    OwnDecision,
    RefusalIncomplete,
    ReviewerIsSurveyor,
    UnknownRefusalGround,
)
from followup.store import intake
from followup.store.cases import CaseRow, Step
from followup.store.intake import NotAccepted
from survey.masking import without_numbers

__all__ = ["refuse", "reopen"]


async def refuse(
    conn: asyncpg.Connection,
    number: str,
    *,
    ground: str,
    explanation: str,
    told_at: datetime | None,
    by: str,
    reviewed_by: str,
    now: datetime,
    channel: str = "",
) -> None:
    """The centre does not take the case on. `explanation`: what the resident was told, and `told_at` when.

    `channel`: whom to ask instead, by default the ground's. Raises RefusalIncomplete, which names all that is
    missing, UnknownRefusalGround, ReviewerIsSurveyor, NotTold, NotForTheseEyes, and what moves raise.
    """
    async with conn.transaction():
        case = await moves.read(conn, number)
        status = moves.target(case, Event.REFUSE)
        words = without_numbers(" ".join(explanation.split()))
        told = _told(case, ground, words, told_at, reviewed_by, now)
        _check_reviewer(case, by, reviewed_by)
        await routes.check_people(conn, case, by, reviewed_by)
        to_ask = channel.strip() or grounds()[ground].channel.zh
        kept = NotAccepted(case.id, ground, words, to_ask, told, by, reviewed_by, now)
        await intake.insert_not_accepted(conn, kept)
        detail = {
            "ground": ground,
            "explanation": words,
            "channel": to_ask,
            "told_at": told.isoformat(),
            "reviewed_by": reviewed_by,
        }
        step = Step(status, case.round, ending=status, closed_at=now)
        await moves.write(conn, case, Event.REFUSE, step, by=by, at=now, reason=words, detail=detail)


def _told(
    case: CaseRow, ground: str, words: str, told_at: datetime | None, reviewed_by: str, now: datetime
) -> datetime:
    given = {
        "a ground (理由)": ground.strip(),
        "the explanation given (解释)": words,
        "when the resident was told (告知时间)": told_at,
        "a reviewer (审核人)": reviewed_by.strip(),
    }
    lacking = [name for name, value in given.items() if not value]
    if lacking:
        raise RefusalIncomplete(number=case.number, fields=", ".join(lacking))
    if ground not in grounds():
        raise UnknownRefusalGround(number=case.number, ground=ground, known=", ".join(grounds()))
    assert told_at is not None  # or it would be lacking
    if not case.received_at <= told_at <= now:
        raise NotTold(number=case.number, told_at=told_at.isoformat())
    return told_at


def _check_reviewer(case: CaseRow, by: str, reviewed_by: str) -> None:
    """Two people decide, and whoever took the appeal in is not the one who reviews it."""
    if reviewed_by.strip() in (by.strip(), case.first_handler):
        raise ReviewerIsSurveyor(number=case.number, reviewer=reviewed_by)


async def reopen(conn: asyncpg.Connection, number: str, *, by: str, reason: str, now: datetime) -> None:
    """A supervisor finds that the case should have been accepted: it is registered again, and keeps its history.

    Raises OnlySupervisor, OwnDecision, NotForTheseEyes, ReasonMissing, and what moves raise.
    """
    async with conn.transaction():
        case = await moves.read(conn, number)
        status = moves.target(case, Event.REOPEN)
        words = moves.reason_in_words(case, Event.REOPEN, reason)
        if not supervises(by):
            raise OnlySupervisor(number=number, event=Event.REOPEN, by=by)
        await routes.check_people(conn, case, by)
        (*_, last) = await intake.not_accepted_of(conn, case.id)
        if by.strip() in (last.by.strip(), last.reviewed_by.strip()):
            raise OwnDecision(number=number, by=by)
        await moves.write(conn, case, Event.REOPEN, Step(status, case.round), by=by, at=now, reason=words)
