"""DOOR: the life of a case up to its callback. Each verb decides with the table, then writes once.

All verbs raise UnknownCase, NotPossibleNow (the state does not allow it) and SomebodyWasFirst, and then write
nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import asyncpg

from followup import callbacks, moves
from followup.casework.lifecycle import Event
from followup.casework.limits import due_dates, limits
from followup.casework.working_time import working_time
from followup.categories import Category, categories
from followup.refusals import (
    NoResult,
    NotTheLead,
    SecondSignerMissing,
    UnknownCategory,
    UnknownGround,
    UnknownUnit,
    WordsWithNumbers,
)
from followup.registering import register_from_survey
from followup.store import assignments, cases, results, units
from followup.store import callbacks as callback_rows
from followup.store.cases import CaseRow, Step
from followup.store.results import ResultRow
from survey.ids import Tokens
from survey.masking import without_numbers
from survey.policies import packaged

__all__ = [
    "accept",
    "accept_result",
    "close_unsuitable",
    "dispatch",
    "register_from_survey",
    "report_result",
    "sign",
    "submit",
]


async def accept(
    conn: asyncpg.Connection, number: str, *, by: str, now: datetime, category: str | None = None
) -> None:
    """The centre takes the case on (受理). `category` corrects the first guess. Raises UnknownCategory."""
    async with conn.transaction():
        case = await moves.read(conn, number)
        status = moves.target(case, Event.ACCEPT)
        if category is not None:
            chosen = _category(case, category)
            await cases.classify(conn, case.id, chosen.code, chosen.duty_no, chosen.kind)
        await moves.write(conn, case, Event.ACCEPT, Step(status, case.round), by=by, at=now)


async def submit(conn: asyncpg.Connection, number: str, *, by: str, now: datetime) -> None:
    """The centre hands the case to the supervision office (呈报), which has a working day to dispatch it."""
    async with conn.transaction():
        case = await moves.read(conn, number)
        status = moves.target(case, Event.SUBMIT)
        due_at = limits().centre["dispatch"].due(now, working_time())
        await moves.write(conn, case, Event.SUBMIT, Step(status, case.round, due_at), by=by, at=now)


async def dispatch(
    conn: asyncpg.Connection,
    number: str,
    *,
    lead: str,
    assists: Sequence[str] = (),
    by: str,
    now: datetime,
) -> None:
    """The supervision office gives the case to one lead and any number of assisting units (交办).

    Raises UnknownUnit, naming those that are no units of the case's centre.
    """
    async with conn.transaction():
        case = await moves.read(conn, number)
        status = moves.target(case, Event.DISPATCH)
        await _check_units(conn, case, [lead, *assists])
        due = due_dates(case.kind, now, case.round)
        step = Step(status, case.round, due.sign_by, due.allowed_hours)
        await moves.write(conn, case, Event.DISPATCH, step, by=by, at=now, reason=f"lead {lead}")
        await assignments.assign(
            conn, case.id, case.round, lead=lead, assists=assists, at=now, due_at=due.handle_by
        )


async def sign(conn: asyncpg.Connection, number: str, *, by: str, now: datetime) -> None:
    """The lead signs for the case (签收); from now on its result is due. Raises NotTheLead."""
    async with conn.transaction():
        case = await moves.read(conn, number)
        status = moves.target(case, Event.SIGN)
        await _check_lead(conn, case, by)
        due_at = await assignments.sign_lead(conn, case.id, case.round, now)
        step = Step(status, case.round, due_at, case.limit_hours)
        await moves.write(conn, case, Event.SIGN, step, by=by, at=now)


async def report_result(
    conn: asyncpg.Connection, number: str, *, by: str, summary: str, claimed_contact: bool, now: datetime
) -> None:
    """The lead reports what was done (反馈); `summary` is what the resident will be told, in plain words.

    Raises NotTheLead, ReasonMissing for an empty summary, WordsWithNumbers.
    """
    async with conn.transaction():
        case = await moves.read(conn, number)
        status = moves.target(case, Event.SUBMIT_RESULT)
        words = moves.reason_in_words(case, Event.SUBMIT_RESULT, summary)
        if without_numbers(words) != words:
            raise WordsWithNumbers(number=number)
        await _check_lead(conn, case, by)
        step = Step(status, case.round, case.due_at, case.limit_hours)
        await moves.write(conn, case, Event.SUBMIT_RESULT, step, by=by, at=now, reason=words)
        await results.insert_result(
            conn, ResultRow(case.id, case.round, by, now, words, claimed_contact, accepted_at=None)
        )


async def accept_result(
    conn: asyncpg.Connection, number: str, *, by: str, now: datetime, tokens: Tokens, seed: int
) -> None:
    """The centre approves the result; its callback is owed from now on (待回访). Raises NoResult."""
    async with conn.transaction():
        case = await moves.read(conn, number)
        status = moves.target(case, Event.ACCEPT_RESULT)
        result = await _accepted(conn, case, now)
        step = Step(
            status, case.round, limits().centre["callback"].due(now, working_time()), case.limit_hours
        )
        await moves.write(conn, case, Event.ACCEPT_RESULT, step, by=by, at=now)
        await callbacks.schedule(
            conn, case, case.round, summary=result.result_summary, now=now, tokens=tokens, seed=seed
        )


async def close_unsuitable(
    conn: asyncpg.Connection, number: str, *, by: str, second_by: str, ground: str, reason: str, now: datetime
) -> None:
    """The centre approves the result, and nobody is called back, on a ground of the list and signed by two.

    Raises UnknownGround, ReasonMissing, SecondSignerMissing, NoResult.
    """
    event = Event.NOT_SUITABLE
    known = packaged("followup.policies", "not_suitable").body["grounds"]
    async with conn.transaction():
        case = await moves.read(conn, number)
        moves.target(case, Event.ACCEPT_RESULT)  # once people are being called, it is too late
        status = moves.target(case, event)
        if ground not in known:
            raise UnknownGround(number=number, ground=ground, known=", ".join(known))
        words = moves.reason_in_words(case, event, reason)
        if second_by.strip() in ("", by):
            raise SecondSignerMissing(number=number, event=event, by=by)
        await _accepted(conn, case, now)
        step = Step(status, case.round, ending=status, closed_at=now)
        await moves.write(
            conn, case, event, step, by=by, at=now, reason=f"{ground}: {words} ({second_by} signed too)"
        )
        await callback_rows.insert_not_suitable(
            conn, case.id, case.round, now, ground=ground, second_by=second_by, reason=words
        )


async def _accepted(conn: asyncpg.Connection, case: CaseRow, now: datetime) -> ResultRow:
    result = await results.accept_result(conn, case.id, case.round, now)
    if result is None:
        raise NoResult(number=case.number, round=case.round)
    return result


async def _check_units(conn: asyncpg.Connection, case: CaseRow, codes: Sequence[str]) -> None:
    unknown = sorted(set(codes) - await units.known_units(conn, case.centre_code, codes))
    if unknown:
        raise UnknownUnit(number=case.number, units=", ".join(unknown), centre=case.centre_code)


async def _check_lead(conn: asyncpg.Connection, case: CaseRow, by: str) -> None:
    lead = await assignments.lead_of(conn, case.id, case.round)
    if by != lead:
        raise NotTheLead(number=case.number, round=case.round, by=by, lead=lead or "nobody")


def _category(case: CaseRow, code: str) -> Category:
    try:
        return categories().of_code(code)
    except KeyError:
        known = ", ".join(category.code for category in categories().categories)
        raise UnknownCategory(number=case.number, category=code, known=known) from None
