"""Used by the door `cases`: what the centre makes of a result. A callback, a promise, an opinion answered, no callback."""

from __future__ import annotations

from datetime import datetime

import asyncpg

from followup import callbacks, moves, telling
from followup.casework import guards
from followup.casework.guards import Rule
from followup.casework.lifecycle import Event
from followup.casework.states import states
from followup.move_refusals import PromiseNotAhead
from followup.refusals import NoResult, NotPossibleNow, SecondSignerMissing, SomebodyWasFirst, UnknownGround
from followup.store import callbacks as callback_rows
from followup.store import endings, results
from followup.store.cases import CaseRow, Step
from followup.store.results import ResultRow
from survey.fielding import withdraw as withdraw_unit
from survey.ids import Tokens
from survey.policies import packaged

CALLED = "callback_pending"
AT_ONCE = 200
"""Promises that one turn of the job keeps."""


async def accept_result(
    conn: asyncpg.Connection, number: str, *, by: str, now: datetime, tokens: Tokens, seed: int
) -> None:
    """The centre approves the result; its callback is owed from now on (待回访). Raises NoResult."""
    async with conn.transaction():
        case = await moves.read(conn, number)
        status = moves.target(case, Event.ACCEPT_RESULT)
        await _call_back(conn, case, Event.ACCEPT_RESULT, status, by=by, now=now, tokens=tokens, seed=seed)


async def _call_back(
    conn: asyncpg.Connection,
    case: CaseRow,
    event: Event,
    status: str,
    *,
    by: str,
    now: datetime,
    tokens: Tokens,
    seed: int,
) -> None:
    result = await _accepted(conn, case, now)
    step = Step(status, case.round, limit_hours=case.limit_hours)
    await moves.write(conn, case, event, step, by=by, at=now, detail={"version": result.version})
    await callbacks.schedule(
        conn, case, case.round, summary=result.result_summary, now=now, tokens=tokens, seed=seed
    )


async def promise(
    conn: asyncpg.Connection, number: str, *, until: datetime, words: str, by: str, now: datetime
) -> None:
    """It will be done, by a date (已承诺): the resident is told, and called back on it; unsolved until then.

    Raises PromiseNotAhead, ReasonMissing, WordsWithNumbers by whoever told the result.
    """
    async with conn.transaction():
        case = await moves.read(conn, number)
        status = moves.target(case, Event.PROMISE)
        if guards.promising(until, now) is Rule.PROMISE_NOT_AHEAD:
            raise PromiseNotAhead(
                number=number, until=telling.hour(until), days=states().promise_days_at_most
            )
        said = moves.reason_in_words(case, Event.PROMISE, words)
        step = Step(status, case.round, until, case.limit_hours)
        await moves.write(
            conn, case, Event.PROMISE, step, by=by, at=now, reason=said, detail={"until": until.isoformat()}
        )
        await telling.resident(
            conn, case, "promised", once=str(case.round), now=now, until=telling.day(until), words=said
        )


async def promise_due(
    conn: asyncpg.Connection, number: str, *, now: datetime, tokens: Tokens, seed: int, by: str = "system"
) -> None:
    """The promised date has come: the resident is called back. Raises PromiseNotDue, NoResult."""
    async with conn.transaction():
        case = await moves.read(conn, number)
        status = moves.target(case, Event.PROMISE_DUE)
        moves.check(case, guards.keeping_promise(await moves.facts(conn, case), now))
        await _call_back(conn, case, Event.PROMISE_DUE, status, by=by, now=now, tokens=tokens, seed=seed)


async def keep_promises(conn: asyncpg.Connection, *, now: datetime, tokens: Tokens, seed: int) -> int:
    """Call back about every promise whose date has come; how many. Run twice, it finds nothing the second time."""
    kept = 0
    for number in await endings.promises_due(conn, now, AT_ONCE):
        try:
            await promise_due(conn, number, now=now, tokens=tokens, seed=seed)
            kept += 1
        except (NotPossibleNow, SomebodyWasFirst):
            continue  # another worker, or the resident who withdrew
    return kept


async def adopt(conn: asyncpg.Connection, number: str, *, explanation: str, by: str, now: datetime) -> None:
    """The opinion or suggestion is adopted (采纳), and the person told how. Raises NotAnOpinion, ReasonMissing."""
    await _answer_opinion(conn, number, Event.ADOPT, explanation, by, now)


async def adopt_partly(
    conn: asyncpg.Connection, number: str, *, explanation: str, by: str, now: datetime
) -> None:
    """It is adopted in part (部分采纳), and the person told which. Raises NotAnOpinion, ReasonMissing."""
    await _answer_opinion(conn, number, Event.ADOPT_PARTLY, explanation, by, now)


async def not_adopt(
    conn: asyncpg.Connection, number: str, *, explanation: str, by: str, now: datetime
) -> None:
    """It is not adopted (不采纳), and the person told why. Raises NotAnOpinion, ReasonMissing."""
    await _answer_opinion(conn, number, Event.NOT_ADOPT, explanation, by, now)


async def _answer_opinion(
    conn: asyncpg.Connection, number: str, event: Event, explanation: str, by: str, now: datetime
) -> None:
    async with conn.transaction():
        case = await moves.read(conn, number)
        status = moves.target(case, event)
        moves.check(case, guards.adopting(await moves.facts(conn, case)), kind=case.kind)
        words = moves.reason_in_words(case, event, explanation)
        step = Step(status, case.round, ending=status, closed_at=now)
        await moves.write(conn, case, event, step, by=by, at=now, reason=words)
        await telling.resident(conn, case, status, once=str(case.round), now=now, words=words)


async def close_unsuitable(
    conn: asyncpg.Connection, number: str, *, by: str, second_by: str, ground: str, reason: str, now: datetime
) -> None:
    """Nobody is called back about the result, on a ground of the list and signed by two; a callback that waits is
    called off.

    Raises UnknownGround, ReasonMissing, SecondSignerMissing, NoResult.
    """
    event = Event.NOT_SUITABLE
    known = packaged("followup.policies", "not_suitable").body["grounds"]
    async with conn.transaction():
        case = await moves.read(conn, number)
        status = moves.target(case, event)
        if ground not in known:
            raise UnknownGround(number=number, ground=ground, known=", ".join(known))
        words = moves.reason_in_words(case, event, reason)
        if second_by.strip() in ("", by.strip()):
            raise SecondSignerMissing(number=number, event=event, by=by)
        step = Step(status, case.round, ending=status, closed_at=now)
        detail = {"ground": ground, "signed_by": [by, second_by]}
        signed = f"{ground}: {words} ({second_by} signed too)"
        if case.status == CALLED:  # before the case, as the verdict does: nobody waits for the other
            await _call_off(conn, case, ground=ground, second_by=second_by, reason=words, now=now)
        await moves.write(conn, case, event, step, by=by, at=now, reason=signed, detail=detail)
        if case.status != CALLED:
            await _accepted(conn, case, now)
            await callback_rows.insert_not_suitable(
                conn, case.id, case.round, now, ground=ground, second_by=second_by, reason=words
            )


async def _call_off(
    conn: asyncpg.Connection, case: CaseRow, *, ground: str, second_by: str, reason: str, now: datetime
) -> None:
    unit_ref = await endings.make_unsuitable(
        conn, case.id, case.round, ground=ground, second_by=second_by, reason=reason, at=now
    )
    if unit_ref is None:  # it was answered a moment ago, and the verdict moves the case
        raise SomebodyWasFirst(number=case.number, status=case.status, round=case.round)
    if unit_ref:
        await withdraw_unit(conn, unit_ref, now=now)


async def _accepted(conn: asyncpg.Connection, case: CaseRow, now: datetime) -> ResultRow:
    result = await results.accept_result(conn, case.id, case.round, now)
    if result is None:
        raise NoResult(number=case.number, round=case.round)
    return result
