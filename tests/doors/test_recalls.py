"""What lies at the carrier when its hour is over is had back, and asked for until the carrier has heard it."""

from __future__ import annotations

import pytest
from doors_bench import Bench, Resident, at
from test_what_is_owed import owed

from survey import dialing
from survey.recalling import recall


async def handed_over(bench: Bench, *names: str) -> list[Resident]:
    """Calls handed to the carrier at ten, and not heard of since."""
    called = [await bench.resident(name) for name in names]
    for one in called:
        await bench.survey(one, "voice")
    assert await dialing.dial_due(bench.ground, bench.line) == len(called)
    return called


async def recall_at(bench: Bench) -> object:
    return await bench.one("SELECT recall_at FROM survey.attempt")


async def test_a_recall_that_is_not_heard_is_repeated_until_it_is(bench: Bench) -> None:
    (li_na,) = await handed_over(bench, "李娜")
    assert await recall_at(bench) == at("9 12:00")

    bench.clock.moment = at("9 12:00")
    bench.carrier.away = True
    assert await recall(bench.ground, bench.carrier) == 0
    assert (await owed(bench))["recall"] == at("9 12:01")
    bench.clock.moment = at("9 12:01")
    assert await recall(bench.ground, bench.carrier) == 0
    assert (await owed(bench))["recall"] == at("9 12:02")

    bench.clock.moment = at("9 12:02")
    bench.carrier.away = False
    assert await recall(bench.ground, bench.carrier) == 1
    assert bench.carrier.cancelled == [await bench.sid(li_na)]
    assert "recall" not in await owed(bench)


async def test_it_is_not_repeated_once_the_attempt_is_over(bench: Bench) -> None:
    (li_na,) = await handed_over(bench, "李娜")
    bench.clock.moment = at("9 12:00")
    bench.carrier.away = True
    assert await recall(bench.ground, bench.carrier) == 0
    ref, sid = await bench.attempt_ref(li_na), await bench.sid(li_na)
    assert await dialing.record_progress(bench.ground, ref, sid, "no_answer", None, {})

    bench.clock.moment = at("9 12:01")
    bench.carrier.away = False
    assert "recall" not in await owed(bench)
    assert await recall(bench.ground, bench.carrier) == 0
    assert bench.carrier.cancelled == []


async def test_who_has_begun_to_talk_meanwhile_is_let_talk(bench: Bench) -> None:
    (li_na,) = await handed_over(bench, "李娜")
    bench.clock.moment = at("9 12:00")
    bench.carrier.away = True
    assert await recall(bench.ground, bench.carrier) == 0
    ref, sid = await bench.attempt_ref(li_na), await bench.sid(li_na)
    assert await dialing.record_progress(bench.ground, ref, sid, "in_progress", None, {})

    bench.clock.moment = at("9 12:01")
    bench.carrier.away = False
    assert await recall(bench.ground, bench.carrier) == 0
    assert bench.carrier.cancelled == []


async def test_a_process_that_dies_while_it_asks_leaves_the_recall_to_the_next(bench: Bench) -> None:
    (li_na,) = await handed_over(bench, "李娜")
    bench.clock.moment = at("9 12:00")

    async def die(sid: str) -> bool:
        raise RuntimeError

    there, bench.carrier.cancel_call = bench.carrier.cancel_call, die  # type: ignore[method-assign]
    with pytest.raises(RuntimeError):
        await recall(bench.ground, bench.carrier)
    bench.carrier.cancel_call = there  # type: ignore[method-assign]

    bench.clock.moment = at("9 12:01")
    assert await recall(bench.ground, bench.carrier) == 1
    assert bench.carrier.cancelled == [await bench.sid(li_na)]
