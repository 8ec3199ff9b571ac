"""The counted answers are what a count of all answers gives, whatever happened to them and in whatever order."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from itertools import chain
from random import Random

import asyncpg
import pytest
from answer_ledger import CENTRE, DAY, TOWNS, Ledger, at

from survey import counting
from survey.store import rollup
from survey.store.rollup import Pending, Wrong

QUESTIONS = ("Q1", "Q3")
CODES = ("1", "2", "3", "dk")
WEIGHTS = (0.5, 1.0, 2.25)
STEPS = 60
OFTEN = 0.5
"""A change that is forgotten is seen before the next one makes its day be counted again."""


async def _something(ledger: Ledger, dice: Random) -> str:
    """One thing that happens to answers; what it was."""
    if not ledger.interviews or dice.random() < 0.15:
        unit = await ledger.unit(dice.choice(TOWNS), dice.choice(WEIGHTS), dice.choice(("daily", "poll")))
        await ledger.interview(unit, dice.choice(("voice", "text")))
        return "new"
    interview = dice.choice(list(ledger.interviews.values()))
    what = dice.choice(("answer",) * 6 + ("again", "judge", "judge", "forget", "weigh", "opt_out", "form"))
    if what == "answer":
        code, day, hour = dice.choice(CODES), dice.randrange(6), dice.choice((0, 7, 8, 15, 16, 23))
        await ledger.answer(interview, dice.choice(QUESTIONS), code, at(day, hour))
    elif what == "form":
        await ledger.answer(interview, "Q1", dice.choice(CODES), at(dice.randrange(6)), "web")
    elif what == "again":
        await ledger.interview(interview.unit, "operator", interview if dice.random() < 0.7 else None)
    elif what == "judge":
        await ledger.judge(interview, dice.choice(("void", "void", "pass")))
    elif what == "forget":
        await ledger.forget(interview)
    elif what == "weigh":
        await ledger.weigh(interview.unit, dice.choice(WEIGHTS))
    else:
        await ledger.opt_out(interview.unit)
    return what


@pytest.mark.parametrize("seed", range(8))
async def test_whatever_happens_the_counts_are_those_of_the_answers(ledger: Ledger, seed: int) -> None:
    dice, happened = Random(seed), []
    for _ in range(STEPS):
        happened.append(await _something(ledger, dice))
        if dice.random() < OFTEN:
            await counting.refresh(ledger.conn)
            assert await ledger.kept() == ledger.counts(), happened
    await counting.refresh(ledger.conn)
    assert await ledger.kept() == ledger.counts(), happened
    assert await counting.check(ledger.conn) == counting.Checked(None, Pending(0, False))


async def test_only_days_on_which_something_changed_are_counted_again(ledger: Ledger) -> None:
    for day in range(4):
        await ledger.answer(await ledger.interview(await ledger.unit()), "Q1", "1", at(day))
    assert await counting.refresh(ledger.conn) == [DAY + timedelta(days=n) for n in (3, 2, 1, 0)]
    assert await counting.refresh(ledger.conn) == []
    await ledger.answer(await ledger.interview(ledger.units[1]), "Q1", "2", at(3))
    assert await counting.refresh(ledger.conn) == [DAY + timedelta(days=n) for n in (3, 1)]
    assert len(await counting.refresh(ledger.conn, everything=True)) == 4


async def test_the_day_is_the_residents_own(ledger: Ledger) -> None:
    interview = await ledger.interview(await ledger.unit())
    await ledger.answer(interview, "Q1", "1", at(0, 0, 5))  # 16:05 of the day before in UTC
    assert await counting.refresh(ledger.conn) == [DAY]


async def test_an_answer_that_is_being_given_while_the_days_are_counted_is_not_lost(
    ledger: Ledger, pool: asyncpg.Pool
) -> None:
    interview = await ledger.interview(await ledger.unit())
    async with pool.acquire() as other:
        transaction = other.transaction()
        await transaction.start()
        await Ledger(other, interviews=ledger.interviews).answer(interview, "Q1", "1", at(0))
        assert await counting.refresh(ledger.conn) == []  # nobody waits for anybody
        await transaction.commit()
    assert await rollup.pending(ledger.conn) == Pending(0, True)
    assert await counting.refresh(ledger.conn) == [DAY]
    assert [n for n, *_ in (await ledger.kept()).values()] == [1]


async def test_two_who_count_at_once_count_once(ledger: Ledger, pool: asyncpg.Pool) -> None:
    for day in range(6):
        await ledger.answer(await ledger.interview(await ledger.unit()), "Q1", "1", at(day))

    async def one() -> list[date]:
        async with pool.acquire() as conn:
            return await counting.refresh(conn)

    days = await asyncio.gather(one(), one(), one())
    assert sorted(chain.from_iterable(days)) == [DAY + timedelta(days=n) for n in range(6)]
    assert await ledger.kept() == ledger.counts()


async def test_a_check_names_the_first_day_that_is_not_what_the_answers_give(ledger: Ledger) -> None:
    for day in range(3):
        await ledger.answer(await ledger.interview(await ledger.unit()), "Q1", "1", at(day))
    await counting.refresh(ledger.conn)
    spoilt = "UPDATE survey.answer_rollup SET n = ARRAY[2] WHERE day > $1"
    await ledger.conn.execute(spoilt, DAY)
    wrong = Wrong(DAY + timedelta(days=1), CENTRE, "Q1", TOWNS[0], "1", answers=1, counted=2)
    assert (await counting.check(ledger.conn)).wrong == wrong
    await ledger.conn.execute("DELETE FROM survey.answer_rollup WHERE day = $1", DAY)
    assert (await counting.check(ledger.conn)).wrong == Wrong(DAY, CENTRE, "Q1", TOWNS[0], "1", 1, 0)


async def test_what_is_not_counted_yet_is_late_and_not_wrong(ledger: Ledger) -> None:
    await ledger.answer(await ledger.interview(await ledger.unit()), "Q1", "1", at(0))
    assert await counting.check(ledger.conn) == counting.Checked(None, Pending(0, True))
    assert await rollup.pending(ledger.conn) == Pending(0, True)  # a check changes nothing
