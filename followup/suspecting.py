"""DOOR: closings whose contact the resident denies (待核实): the evidence side by side, the unit's answer, the decision.

Until two people have decided, a closing is "to be verified" and nothing worse, in every notice, event and figure.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import asyncpg

from followup import moves, notices, telling
from followup.casework.limits import Span
from followup.casework.working_time import WorkingTime
from followup.evidence import gather
from followup.notices import NewNotice
from followup.refusals import NoSuspicion, NotTheClosingUnit, SecondSignerMissing, StillAsked, UnknownFinding
from followup.store import events
from followup.store import suspicions as rows
from followup.store.callbacks import PendingCallback
from followup.store.cases import CaseRow
from followup.store.events import EventRow
from followup.store.suspicions import NewSuspicion, SuspicionRow
from survey.interviewing import Finished
from survey.masking import without_numbers
from survey.policies import packaged

__all__ = ["FINDINGS", "answer", "decide", "is_brought_by", "mind", "of_case", "open_"]

DENIED = "not_contacted"
FINDINGS = ("false_closing", "cleared")


def is_brought_by(reasons: tuple[str, ...]) -> bool:
    """Whether a verdict for these reasons puts a closing in doubt."""
    return DENIED in reasons


async def open_(
    conn: asyncpg.Connection, callback: PendingCallback, said: Finished, *, now: datetime, office: WorkingTime
) -> None:
    """The resident denies the contact that the unit claims: keep the evidence, and ask the unit, within the caller's
    transaction; once a round. `office`: the centre's working time."""
    assert callback.unit_code is not None  # nobody claims a contact without a result
    within, reminder = _span("answer_within"), _span("remind_after")
    due_at = within.due(now, office)
    remind_at = reminder.due(now, office)
    new = NewSuspicion(
        callback.case_id,
        callback.round,
        callback.unit_code,
        await gather(conn, callback, said),
        now,
        remind_at if remind_at < due_at else None,
        due_at,
    )
    if not await rows.insert(conn, new):
        return
    await _note(conn, callback.case_id, callback.round, "suspected", "callback", None, now)
    await _tell_unit(
        conn, callback.case_id, callback.number, callback.round, new.unit_code, due_at, "asked", now
    )


async def answer(conn: asyncpg.Connection, number: str, *, by: str, words: str, now: datetime) -> None:
    """The unit's own word on a closing in doubt (申辩), also a late one while nobody has decided.

    Raises UnknownCase, NoSuspicion, NotTheClosingUnit, ReasonMissing.
    """
    async with conn.transaction():
        case, doubt = await _waiting(conn, number)
        if by != doubt.unit_code:
            raise NotTheClosingUnit(number=number, by=by, unit=doubt.unit_code)
        said = without_numbers(moves.reason_in_words(case, "answer", words))
        if not await rows.answer(conn, doubt.id, now, by, said):
            raise NoSuspicion(number=number)
        await _note(conn, case.id, doubt.round, "suspicion_answered", by, said, now)


async def decide(
    conn: asyncpg.Connection,
    number: str,
    *,
    finding: str,
    by: str,
    second_by: str,
    reason: str,
    now: datetime,
) -> None:
    """Two people find that the closing was false (虚假办结), or clear the unit of it; once. Not before the unit has answered or
    let its day pass.

    Raises UnknownCase, UnknownFinding, NoSuspicion, StillAsked, ReasonMissing, SecondSignerMissing.
    """
    async with conn.transaction():
        case, doubt = await _waiting(conn, number)
        if finding not in FINDINGS:
            raise UnknownFinding(number=number, finding=finding, known=", ".join(FINDINGS))
        if doubt.state == "asked" and now < doubt.answer_due_at:
            raise StillAsked(number=number, until=telling.hour(doubt.answer_due_at))
        words = moves.reason_in_words(case, finding, reason)
        if second_by.strip() in ("", by.strip()):
            raise SecondSignerMissing(number=number, event=finding, by=by)
        if not await rows.decide(conn, doubt.id, finding, now, by, second_by, words):
            raise NoSuspicion(number=number)
        event = finding if finding == "false_closing" else "suspicion_cleared"
        # in the round that runs now: what follows from it (accountability) is about the case as it is
        about = {"second_by": second_by, "about_round": str(doubt.round)}
        await _note(conn, case.id, case.round, event, by, words, now, **about)
        facts = {"number": number, "round": str(doubt.round), "why": words}
        cause = f"suspicion:{number}:{doubt.round}:decided"
        notice = NewNotice(cause, f"unit:{doubt.unit_code}", f"suspicion_{finding}", facts, case.id)
        await notices.owe(conn, notice, now=now)


async def mind(conn: asyncpg.Connection, now: datetime) -> int:
    """Remind units whose day is passing, and note those that let it pass; how many. Nothing is decided by itself."""
    async with conn.transaction():
        minded = 0
        for doubt in await rows.take_reminders(conn, now):
            await _tell_unit(
                conn,
                doubt.case_id,
                doubt.number,
                doubt.round,
                doubt.unit_code,
                doubt.answer_due_at,
                "reminder",
                now,
            )
            minded += 1
        for doubt in await rows.take_silent(conn, now):
            await _note(conn, doubt.case_id, doubt.round, "suspicion_unanswered", "system", None, now)
            minded += 1
    return minded


async def of_case(conn: asyncpg.Connection, case_id: int) -> list[SuspicionRow]:
    """Closings of a case that are or were in doubt, by round, with what the verification call said beside the rest."""
    found = await rows.of_case(conn, case_id)
    return [
        replace(one, evidence={**one.evidence, "verification": one.verified}) if one.verified else one
        for one in found
    ]


async def _waiting(conn: asyncpg.Connection, number: str) -> tuple[CaseRow, SuspicionRow]:
    case = await moves.read(conn, number)
    waiting = [one for one in await rows.of_case(conn, case.id) if one.decided_at is None]
    if not waiting:
        raise NoSuspicion(number=number)
    return case, waiting[-1]


async def _tell_unit(
    conn: asyncpg.Connection,
    case_id: int,
    number: str,
    round_: int,
    unit: str,
    due_at: datetime,
    step: str,
    now: datetime,
) -> None:
    facts = {"number": number, "round": str(round_), "until": telling.hour(due_at)}
    cause = f"suspicion:{number}:{round_}:{step}"
    await notices.owe(conn, NewNotice(cause, f"unit:{unit}", f"suspicion_{step}", facts, case_id), now=now)


async def _note(
    conn: asyncpg.Connection,
    case_id: int,
    round_: int,
    event: str,
    by: str,
    reason: str | None,
    now: datetime,
    **detail: str,
) -> None:
    status = await rows.status_of_case(conn, case_id)
    row = EventRow(case_id, round_, event, status, status, by, reason, now, detail or None)
    await events.insert_events(conn, [row])


def _span(name: str) -> Span:
    return Span.model_validate(packaged("followup.policies", "suspicion").body[name])
