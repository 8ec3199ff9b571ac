"""Surveda's case (its issue 1798): a target of 25, a list of 5,000, and people who answer at once. It asked on and had 143.

Every text is answered the moment it is sent, by several workers at once; a third of the people refuse, so that seats come back.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from itertools import count

from doors_bench import LIUHE, Asked, Bench, at

from survey.dialing import dial_due
from survey.enrolling import NewPerson, enrol_persons
from survey.interviewing import take_text
from survey.store import quotas, units
from survey.store.units import NewUnit

TARGET, UNITS, WORKERS = 25, 5000, 6
ANSWERS = ("1", "1", "2,1")
"""Safe, satisfied, age and sex: a complete perception interview by text."""


async def people(bench: Bench) -> None:
    """5,000 people in a poll by text, all due now."""
    campaign = await bench.campaign("survey", "text", closes_at=at("11 20:30"))
    await bench.run("UPDATE survey.campaign SET kind = 'poll', has_seats = true WHERE id = $1", campaign)
    numbers = [f"+86154{n:08}" for n in range(UNITS)]
    async with bench.ground.pool.acquire() as conn:
        ids = await enrol_persons(conn, bench.ground.vault, [NewPerson(number) for number in numbers])
        await quotas.lay_cells(conn, campaign, [("total", "all", TARGET)])
        new = [
            NewUnit(
                bench.ground.tokens(),
                who,
                LIUHE,
                f"person:{who}",
                n / UNITS,
                1.0,
                {},
                "text",
                bench.clock.now(),
            )
            for n, who in enumerate(ids)
        ]
        await units.release(conn, "991721", campaign, bench.clock.now(), new)


async def test_twenty_five_are_wanted_and_twenty_five_are_had(bench: Bench) -> None:
    bench.clock.moment = at("9 10:00")
    await people(bench)
    sids, most_open = count(1), 0

    async def answers_at_once(asked: Asked) -> None:
        nonlocal most_open
        most_open = max(most_open, await bench.one("SELECT max(held + filled) FROM survey.quota_cell"))
        refuses = int(asked.number[-2:]) % 3 == 0
        for said in ("T",) if refuses else ANSWERS:
            await take_text(bench.ground, asked.number, f"SM-in-{next(sids)}", said, bench.real)

    bench.carrier.on_request = answers_at_once
    line = replace(bench.line, texts_per_second=100.0)
    for _ in range(12):
        await asyncio.gather(*(dial_due(bench.ground, line) for _ in range(WORKERS)))
        bench.later(minutes=16)

    codes = dict(
        await bench.rows("SELECT disposition, count(*)::int FROM survey.sample_unit GROUP BY 1")  # type: ignore[arg-type]
    )
    assert codes["complete"] == TARGET
    assert most_open == TARGET
    assert await bench.rows("SELECT target, held, filled FROM survey.quota_cell") == [(TARGET, 0, TARGET)]
    assert sum(codes.values()) == UNITS
    assert set(codes) == {"complete", "opted_out", "not_attempted"}
    assert await bench.one("SELECT count(*) FROM survey.attempt") == TARGET + codes["opted_out"]
