"""Whatever two people try with a new case, in whatever order: it has one duty, one leaf and one first handler, every
refusal carried explanation and time, and nothing is half-written.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Coroutine
from typing import Any

import asyncpg
import pytest
from followup_appeals import QUESTION, REVIEWER, SUPERVISOR, SURVEYOR, Says
from followup_county import at

from followup import answering, cases, chain_check, moves, refusing
from followup.casework import lifecycle
from followup.categories import categories
from followup.refusals import CaseRefusal
from followup.store import events, intake
from survey.store.pool import connection

Tokens = Callable[[], str]
Try = Callable[[asyncpg.Connection, str], Coroutine[Any, Any, Any]]
NOW = at("9 10:00")
TOLD = "这件事已经由法院立案,应由法院判决。"


def tries(tokens: Tokens) -> list[Try]:
    """Everything that people do with a case before a unit has it, well or badly."""

    def refuse(**fields: Any) -> Try:
        given = {
            "ground": "court",
            "explanation": TOLD,
            "told_at": at("9 09:50"),
            "by": SURVEYOR,
            "reviewed_by": REVIEWER,
            **fields,
        }
        return lambda conn, number: refusing.refuse(conn, number, **given, now=NOW)

    def answer(**fields: Any) -> Try:
        given = {"words": "带身份证到村委会", "knowledge_id": "K-021", "by": SURVEYOR, **fields}
        return lambda conn, number: answering.answer(conn, number, **given, now=NOW, tokens=tokens, seed=7)

    def accept(category: str | None) -> Try:
        return lambda conn, number: cases.accept(conn, number, by=REVIEWER, now=NOW, category=category)

    def reopen(by: str, reason: str) -> Try:
        return lambda conn, number: refusing.reopen(conn, number, by=by, reason=reason, now=NOW)

    return [
        refuse(),
        refuse(ground="petition", by=SUPERVISOR),
        refuse(explanation=""),
        refuse(told_at=None),
        refuse(reviewed_by=SURVEYOR),
        answer(),
        answer(knowledge_id=""),
        accept(None),
        accept("0106"),
        accept("01"),
        reopen(SUPERVISOR, "应受理"),
        reopen("督办员-0199", "应受理"),
        reopen(SURVEYOR, "应受理"),
        reopen(SUPERVISOR, ""),
        lambda conn, number: answering.take_on(conn, number, by=SUPERVISOR, reason="不满意", now=NOW),
    ]


async def check(conn: asyncpg.Connection, number: str) -> None:
    case = await moves.read(conn, number)
    leaf = categories().of_code(case.category)  # KeyError: no leaf
    assert (case.duty_no, case.kind) in {(leaf.duty_no, leaf.kind)}
    assert case.first_handler == "0103"
    told = await intake.not_accepted_of(conn, case.id)
    assert all(one.explanation and one.channel and one.told_at <= one.at for one in told)
    assert all(one.by != one.reviewed_by for one in told)
    history = await events.events_of(conn, case.id)
    assert len(told) == sum(one.event == "refuse" for one in history)
    assert len(await intake.answers_of(conn, case.id)) == sum(one.event == "answer" for one in history)
    status = None
    for event in history:
        assert event.from_status == status
        assert event.to_status == lifecycle.target(status, event.event, event.round)
        status = event.to_status
    assert status == case.status
    assert (case.ending is None) == (case.status in ("registered", "accepted"))
    assert (case.closed_at is None) == (case.ending is None)


async def attempt(conn: asyncpg.Connection, one: Try, number: str) -> bool:
    try:
        await one(conn, number)
    except CaseRefusal:
        return False
    return True


@pytest.mark.parametrize("seed", range(4))
async def test_two_people_in_any_order(
    conn: asyncpg.Connection, says: Says, tokens: Tokens, database: str, seed: int
) -> None:
    """Forty cases a seed; at each of six moments two people try something at once, over two connections."""
    dice = random.Random(seed)
    possible = tries(tokens)
    done = 0
    async with connection(database, application_name="the other") as other:
        for _ in range(40):
            number = (await says(appeal=QUESTION)).number
            for _ in range(6):
                first, second = dice.choice(possible), dice.choice(possible)
                both = await asyncio.gather(attempt(conn, first, number), attempt(other, second, number))
                done += sum(both)
            await check(conn, number)
    assert (await chain_check.check(conn)).faults == ()
    assert done > 40  # something must have happened, or nothing was tried
