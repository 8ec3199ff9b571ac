"""A campaign that calls from five to eight in the evening, on Mondays and Fridays, and contacts nobody at any other time."""

from __future__ import annotations

from typing import Any

import pytest
from doors_bench import CENTRE, Bench, at
from test_planned_campaigns import listed, look, started, written

from survey import appointing, campaigning, dialing, operating
from survey.field.emptiness import Reason
from survey.interviewing import take_text

EVENINGS = {"hours": ["17:00-20:00"], "weekdays": ["mon", "fri"]}


async def evenings(bench: Bench, mode: str, **instead: Any) -> None:
    """Twelve people of such a campaign, drawn and released on Monday morning."""
    bench.clock.moment = at("9 08:30")
    await listed(bench, 12)
    await bench.run("UPDATE survey.person SET birth_year = 1990")  # old people get no texts
    sample = {"size": 12, "replicate": 6}
    await started(bench, written(**{"modes": [mode], "sample": sample, "targets": {}} | EVENINGS | instead))
    await look(bench)


async def due_at(bench: Bench) -> list[Any]:
    rows = await bench.rows("SELECT DISTINCT due_at FROM survey.sample_unit ORDER BY 1")
    return [moment for (moment,) in rows]


async def make_all_due(bench: Bench) -> None:
    await bench.run("UPDATE survey.sample_unit SET due_at = $1", bench.clock.now())


async def test_everybody_is_first_tried_in_the_evening_of_a_monday_and_it_ends_on_friday_at_eight(
    bench: Bench,
) -> None:
    await evenings(bench, "voice", closes=at("14 12:00").date())
    moments = await due_at(bench)
    assert len(moments) > 1
    assert all(at("9 17:00") <= moment < at("9 20:00") for moment in moments)
    assert await bench.one("SELECT closes_at FROM survey.campaign") == at("13 20:00")


@pytest.mark.parametrize("mode", ["voice", "text"])
@pytest.mark.parametrize(
    ("now", "opens"), [("9 10:00", "9 17:00"), ("9 20:00", "13 17:00"), ("10 18:00", "13 17:00")]
)
async def test_whoever_falls_due_at_another_time_waits_for_the_next_window(
    bench: Bench, mode: str, now: str, opens: str
) -> None:
    await evenings(bench, mode)
    bench.clock.moment = at(now)
    await make_all_due(bench)
    assert await dialing.dial_due(bench.ground, bench.line) == 0
    assert await due_at(bench) == [at(opens)]
    bench.clock.moment = at(opens)
    assert await dialing.dial_due(bench.ground, bench.line) > 0


async def test_what_the_carrier_has_not_begun_is_had_back_when_the_own_window_closes(bench: Bench) -> None:
    await evenings(bench, "voice")
    bench.clock.moment = at("9 19:59")
    await make_all_due(bench)
    assert await dialing.dial_due(bench.ground, bench.line) > 0
    assert await bench.rows("SELECT DISTINCT recall_at FROM survey.attempt") == [(at("9 20:00"),)]


async def test_no_answer_on_friday_is_tried_again_on_monday_evening(bench: Bench) -> None:
    await evenings(bench, "operator", closes=at("24 12:00").date())
    bench.clock.moment = at("13 19:00")
    await make_all_due(bench)
    task = await operating.next_task(bench.ground, "1021")
    assert task is not None
    await operating.unanswered(bench.ground, task.ref, "no_answer")
    again = await bench.one("SELECT due_at FROM survey.sample_unit WHERE disposition = 'no_answer'")
    assert at("16 17:00") <= again < at("16 20:00")


async def test_no_number_is_shown_after_the_own_window(bench: Bench) -> None:
    await evenings(bench, "operator")
    bench.clock.moment = at("9 19:58")
    await make_all_due(bench)
    task = await operating.next_task(bench.ground, "1021")
    assert task is not None
    bench.later(minutes=2)
    with pytest.raises(operating.MayNotCall):
        await operating.show_number(bench.ground, task.ref, "1021", "call")
    assert await operating.next_task(bench.ground, "1021") is None
    state = await campaigning.state(bench.ground, CENTRE, "night-noise")
    assert state.empty == (Reason("outside_hours", at("13 17:00")),)


async def test_an_appointment_lies_in_the_own_window_or_is_not_made(bench: Bench) -> None:
    await evenings(bench, "operator")
    bench.clock.moment = at("9 18:00")
    await make_all_due(bench)
    task = await operating.next_task(bench.ground, "1021")
    assert task is not None
    await operating.show_number(bench.ground, task.ref, "1021", "call")
    await operating.answered(bench.ground, task.ref, "1021")
    with pytest.raises(appointing.NotThen) as refused:
        await operating.later(bench.ground, task.ref, "1021", at("10 10:00"))
    assert (refused.value.why, refused.value.opens) == ("outside_hours", at("13 17:00"))
    await operating.later(bench.ground, task.ref, "1021", at("13 18:15"))
    await operating.hang_up(bench.ground, task.ref)
    unit = await bench.one("SELECT ref FROM survey.sample_unit WHERE appointment_at = $1", at("13 18:15"))
    with pytest.raises(appointing.NotThen):
        await appointing.move(bench.ground, unit, at("13 16:00"), by="张督导")


async def test_whoever_asks_for_a_person_by_day_is_told_of_the_evening(bench: Bench) -> None:
    """In the thread of a text that was answered on the next morning."""
    await evenings(bench, "text")
    bench.clock.moment = at("9 18:00")
    await make_all_due(bench)
    await dialing.dial_due(bench.ground, bench.line)
    number = bench.carrier.asked[0].number
    bench.clock.moment = at("9 21:30")
    reply = await take_text(bench.ground, number, "SM1", "0", bench.real)
    assert reply.body == "【遂澜民调中心】现在没有值班人员,我们周五下午5点给您回电话。"
