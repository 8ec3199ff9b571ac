"""From finished callbacks to verdicts: the first rating stays, a flag waits for a person's decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from followup import clocks, revisiting, suspecting, verifying
from followup.casework import decision_clock, lifecycle, states
from followup.casework.verdict import Verdict, verdict
from followup.casework.working_time import WorkingTime
from followup.store import callbacks as rows
from followup.store import cases, events
from followup.store.callbacks import PendingCallback, Settlement
from followup.store.cases import CaseRow, Step
from followup.store.events import EventRow
from survey.field.dispositions import disposition
from survey.ids import Tokens
from survey.interviewing import Finished
from survey.policies import packaged

RESULT_ITEMS = ("C1", "C2", "C3", "C5", "C6", "C7")
WORDS = "C5"
IS_IT_THEM = {"CT": "C0"}
"""Whether a trusted person is the one that was named counts as whether the resident is the one that reported."""
NOT_RATED = ("closed_unreached", "wrong_person", "closed_unrated")
REFUSED = "R"
ANSWER_ROUND = 0
"""The callback about a direct answer comes before the first round, which a unit begins."""


@dataclass(frozen=True)
class Settled:
    """How many callbacks got their rating or ending, and how many of them were flagged."""

    settled: int = 0
    flagged: int = 0


async def settle(
    conn: asyncpg.Connection, finished: Sequence[Finished], *, now: datetime, tokens: Tokens
) -> Settled:
    """Settle the callbacks behind finished units, within the caller's transaction.

    A callback that has its rating keeps it, whatever arrives later; a unit that belongs to no callback is
    left alone. A flag by text brings a person's call, which is owed from this very write on.
    """
    pending = await rows.lock_for_units(conn, [one.unit_ref for one in finished])
    offices = {code: await clocks.office(conn, code) for code in {one.centre_code for one in finished}}
    settled = flagged = 0
    for one in finished:
        callback = pending.get(one.unit_ref)
        if callback is None or callback.callback_status != "pending":
            continue
        judged = judge(one, claimed_contact=callback.claimed_contact)
        office = offices[one.centre_code]
        if not await rows.settle(conn, _settlement(callback.id, one, judged, now, office)):
            continue
        await _move_case(conn, callback, one, judged, now, office)
        if judged.flagged and verifying.is_brought_by(one.mode):
            await verifying.owe(conn, callback, one, now=now, tokens=tokens)
        if suspecting.is_brought_by(judged.reasons):
            await suspecting.open_(conn, callback, one, now=now, office=office)
        settled += 1
        flagged += judged.flagged
    return Settled(settled, flagged)


def judge(finished: Finished, *, claimed_contact: bool) -> Verdict:
    """The verdict on what a contact came to.

    Who was told the result or said something about it was reached; so was who refused to hear it, which is
    "no rating". Everybody else was not.
    """
    codes = {IS_IT_THEM.get(question, question): code for question, (code, _) in finished.answers.items()}
    heard = finished.told_at is not None or any(item in finished.answers for item in RESULT_ITEMS)
    refused = disposition(finished.disposition).group == REFUSED
    return verdict(codes, claimed_contact=claimed_contact, reached=heard or refused)


def _settlement(
    callback_id: int, finished: Finished, judged: Verdict, now: datetime, office: WorkingTime
) -> Settlement:
    since = _waits_since(finished, judged, now)
    waits = decision_clock.waiting(since, since, office) if since else None
    return Settlement(
        callback_id=callback_id,
        settled_at=now,
        interview_id=finished.interview_id,
        mode=finished.mode,
        reached=judged.verdict not in NOT_RATED,
        told_at=finished.told_at,
        told_text=finished.told_text,
        answers={question: list(given) for question, given in finished.answers.items()},
        words=finished.answers.get(WORDS, (None, None))[1],
        verdict_line=judged.line,
        verdict=judged.verdict,
        reasons=judged.reasons,
        flagged=judged.flagged,
        counted_as=judged.counted_as,
        answer_real=finished.arrived_real,
        decision_due_at=waits.goes_on_at if waits else None,
        decision_post=waits.post if waits else None,
        waits_since=since,
    )


def _waits_since(finished: Finished, judged: Verdict, now: datetime) -> datetime | None:
    """From when a decision can be expected: after a flag by text first a person calls, if they get through."""
    if not judged.flagged:
        return None
    return decision_clock.verified_by(now) if verifying.is_brought_by(finished.mode) else now


async def _move_case(
    conn: asyncpg.Connection,
    callback: PendingCallback,
    finished: Finished,
    judged: Verdict,
    now: datetime,
    office: WorkingTime,
) -> None:
    """The case follows its verdict, unless it has left the wait for this callback in another way."""
    event = lifecycle.event_of(judged)
    status = lifecycle.target(callback.case_status, event, callback.case_round)
    if callback.round == ANSWER_ROUND:
        await _say_of_answer(conn, callback, event, finished, judged, now)
    if status is None or callback.case_round != callback.round:
        return
    step = Step(
        status,
        callback.round,
        due_at=states.due(status, now, office),
        ending=judged.ending,
        closed_at=now if judged.ending else None,
    )
    if await cases.advance(conn, callback.case_id, [callback.case_status], callback.round, step):
        reason = ", ".join(judged.reasons) or f"verdict line {judged.line}"
        await events.insert_events(
            conn,
            [
                EventRow(
                    callback.case_id,
                    callback.round,
                    event,
                    callback.case_status,
                    status,
                    "callback",
                    reason,
                    now,
                    _proof(finished, judged),
                )
            ],
        )
        await revisiting.plan(conn, callback, judged.ending, now=now)


async def _say_of_answer(
    conn: asyncpg.Connection,
    callback: PendingCallback,
    event: str,
    finished: Finished,
    judged: Verdict,
    now: datetime,
) -> None:
    """What came of the callback about a direct answer. It moves nothing: a flag waits for the supervisor's word."""
    stays = callback.case_status
    reason = ", ".join(judged.reasons) or f"verdict line {judged.line}"
    proof = _proof(finished, judged)
    row = EventRow(callback.case_id, ANSWER_ROUND, event, stays, stays, "callback", reason, now, proof)
    await events.insert_events(conn, [row])


def _proof(finished: Finished, judged: Verdict) -> dict[str, object]:
    """From what the verdict followed, and by which table."""
    return {
        "line": judged.line,
        "verdict": judged.verdict,
        "reasons": list(judged.reasons),
        "answers": {question: code for question, (code, _) in finished.answers.items() if code},
        "mode": finished.mode,
        "policy_version": packaged("followup.casework", "verdict").version,
    }


async def left_no_number(
    conn: asyncpg.Connection, callback_id: int, case: CaseRow, round_: int, now: datetime
) -> None:
    """Nobody can be called about this result: over without a rating, which is an ending of its own (domain.md row 21a)."""
    judged = verdict({}, claimed_contact=False, reached=True)
    await rows.settle(conn, _unrated(callback_id, judged, now))
    status = lifecycle.target("callback_pending", lifecycle.event_of(judged), round_)
    assert status is not None  # a row of the table
    step = Step(status, round_, ending=judged.ending, closed_at=now)
    if await cases.advance(conn, case.id, ["callback_pending"], round_, step):
        event = lifecycle.event_of(judged)
        why = "the resident left no number"
        row = EventRow(case.id, round_, event, "callback_pending", status, "callback", why, now)
        await events.insert_events(conn, [row])


def _unrated(callback_id: int, judged: Verdict, now: datetime) -> Settlement:
    return Settlement(
        callback_id=callback_id,
        settled_at=now,
        interview_id=None,
        mode=None,
        reached=False,
        told_at=None,
        told_text=None,
        answers={},
        words=None,
        verdict_line=judged.line,
        verdict=judged.verdict,
        reasons=(),
        flagged=False,
        counted_as=judged.counted_as,
        answer_real=None,
        decision_due_at=None,
        decision_post=None,
        waits_since=None,
    )
