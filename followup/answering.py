"""DOOR: questions that the centre answers itself (直接答复), and what follows when the answer was not enough."""

from __future__ import annotations

import hashlib
from datetime import datetime

import asyncpg

from followup import callbacks, explaining, moves, routes, verifying
from followup.casework.lifecycle import Event
from followup.casework.posts import supervises
from followup.casework.routing import CONDUCT_DUTY
from followup.intake_policy import intake_policy
from followup.refusals import (
    AlreadyDecided,
    AnswerIncomplete,
    NoDirectAnswer,
    OnlySupervisor,
    SecondSignerMissing,
    WordsWithNumbers,
)
from followup.settling import ANSWER_ROUND
from followup.store import callbacks as callback_rows
from followup.store import events, intake
from followup.store.cases import CaseRow, Step
from followup.store.events import EventRow
from followup.store.intake import DirectAnswer
from survey.ids import Tokens
from survey.masking import without_numbers

__all__ = ["ANSWER_ROUND", "answer", "is_sampled", "take_on", "uphold"]

UPHOLD = "uphold_answer"


async def answer(
    conn: asyncpg.Connection,
    number: str,
    *,
    words: str,
    by: str,
    now: datetime,
    tokens: Tokens,
    seed: int,
    knowledge_id: str = "",
    on_the_spot: bool = False,
) -> bool:
    """The centre answers; whether a callback asks the resident about it, which is so for a share of all.

    Raises NoDirectAnswer for kinds that a unit must handle, AnswerIncomplete, WordsWithNumbers.
    """
    async with conn.transaction():
        case = await moves.read(conn, number)
        status = moves.target(case, Event.ANSWER)
        said = " ".join(words.split())
        _check(case, said, knowledge_id.strip(), on_the_spot)
        await routes.check_people(conn, case, by)
        sampled = case.person_id is not None and is_sampled(tokens(), intake_policy().answer_sample_share)
        kept = DirectAnswer(case.id, said, knowledge_id.strip() or None, on_the_spot, sampled, by, now)
        await intake.insert_answer(conn, kept)
        detail = {
            "knowledge_id": kept.knowledge_id,
            "on_the_spot": on_the_spot,
            "sampled": sampled,
            "late": case.due_at is not None and now > case.due_at,
        }
        step = Step(status, case.round, ending=status, closed_at=now)
        await moves.write(conn, case, Event.ANSWER, step, by=by, at=now, reason=said, detail=detail)
        if sampled:
            await callbacks.schedule(
                conn, case, ANSWER_ROUND, summary=said, now=now, tokens=tokens, seed=seed
            )
        return sampled


def _check(case: CaseRow, said: str, knowledge_id: str, on_the_spot: bool) -> None:
    possible = intake_policy().direct_answers
    if case.kind not in possible or case.duty_no == CONDUCT_DUTY or case.criticised_unit is not None:
        raise NoDirectAnswer(number=case.number, kind=case.kind)
    needs = possible[case.kind]
    given = {
        "the answer in words (答复内容)": said,
        "the entry of the knowledge base (知识库条目)": knowledge_id or needs != "knowledge",
        "that it was solved on the spot (当场解决)": on_the_spot or needs != "on_the_spot",
    }
    lacking = [name for name, value in given.items() if not value]
    if lacking:
        raise AnswerIncomplete(number=case.number, fields=", ".join(lacking))
    if without_numbers(said) != said:
        raise WordsWithNumbers(number=case.number)


def is_sampled(lot: str, share: float) -> bool:
    """Whether an answer is among those that are asked about: so many of all. `lot`: a fresh token, so that nobody can
    know before they answer.
    """
    drawn = int.from_bytes(hashlib.sha256(lot.encode()).digest()[:8], "big")
    return drawn < share * 2**64


async def take_on(conn: asyncpg.Connection, number: str, *, by: str, reason: str, now: datetime) -> None:
    """The callback says that the answer was not enough: a supervisor puts the case on the normal way (row 21b).

    Raises OnlySupervisor, ReasonMissing, AlreadyDecided where no callback was flagged, and what moves raise.
    """
    async with conn.transaction():
        case = await moves.read(conn, number)
        status = moves.target(case, Event.ANSWER_FLAGGED)
        words = await _decide(conn, case, "redispatch", Event.ANSWER_FLAGGED, by, by, reason, now)
        step = Step(status, case.round)
        await moves.write(conn, case, Event.ANSWER_FLAGGED, step, by=by, at=now, reason=words)


async def uphold(
    conn: asyncpg.Connection, number: str, *, by: str, second_by: str, reason: str, now: datetime
) -> None:
    """The answer was flagged and stands all the same: two people sign why, and the resident is told.

    Raises OnlySupervisor, ReasonMissing, WordsWithNumbers, SecondSignerMissing, AlreadyDecided, UnknownCase, NotPossibleNow.
    """
    async with conn.transaction():
        case = await moves.read(conn, number)
        moves.target(case, Event.ANSWER_FLAGGED)  # possible exactly while the answer can still be overruled
        if second_by.strip() in ("", by.strip()):
            raise SecondSignerMissing(number=number, event=UPHOLD, by=by)
        words = await _decide(conn, case, "reject", UPHOLD, by, f"{by}, {second_by}", reason, now)
        case = await moves.read_still(conn, number)  # after its callback, in the order of the verdict
        detail = {"second_by": second_by}
        row = EventRow(case.id, case.round, UPHOLD, case.status, case.status, by, words, now, detail)
        await events.insert_events(conn, [row])
        await explaining.owe(
            conn, case, ground="answer_stands", words=words, by=by, second_by=second_by, now=now
        )


async def _decide(
    conn: asyncpg.Connection,
    case: CaseRow,
    decision: str,
    event: str,
    by: str,
    signed: str,
    reason: str,
    now: datetime,
) -> str:
    """Decide the flag of the answer's callback, once; the reason in words."""
    words = moves.reason_in_words(case, event, reason)
    if not supervises(by):
        raise OnlySupervisor(number=case.number, event=event, by=by)
    decided = await callback_rows.decide(conn, case.id, ANSWER_ROUND, decision, signed, now, words)
    if decided is None:
        raise AlreadyDecided(number=case.number, round=ANSWER_ROUND)
    if decided.verify_unit_ref is not None:
        await verifying.call_off(conn, decided.verify_unit_ref, now=now)
    return words
