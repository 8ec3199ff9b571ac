"""What holds for one person alone: an operator who must not ask them, modes and hours that are safe."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from doors_bench import FIXED, LIUHE, Bench, Resident, at

from survey import dialing, fielding, operating
from survey.dialogue.inputs import Choice

FACTS = {"case_short": "0037", "result": FIXED, "query_code": "K7Q2M9XA"}


async def owed(bench: Bench, person: Resident, campaign_by: str = "text voice", **own: Any) -> str:
    """`person` is put in for a callback by the door; the unit's reference."""
    campaign = await bench.campaign("case", campaign_by)
    async with bench.ground.pool.acquire() as conn:
        ref = await fielding.put_in(
            conn,
            campaign_id=campaign,
            person_id=person.id,
            area_code=LIUHE,
            external_key=f"case:{person.id}",
            facts=FACTS,
            earliest=bench.clock.now(),
            ref=bench.ground.tokens(),
            prn=0.0,
            **own,
        )
    assert ref is not None
    return ref


async def test_whoever_took_it_in_does_not_call_back(bench: Bench) -> None:
    """1021 registered the appeal: it never comes to their desk, and comes to the next."""
    wang_fang = await bench.resident("王芳")
    ref = await owed(bench, wang_fang, "operator", not_by="1021")
    bench.clock.moment = (await bench.unit(ref))["due_at"]
    assert await operating.next_task(bench.ground, "1021") is None
    assert await bench.unit_is(ref) == "waiting, not_attempted, operator"
    task = await operating.next_task(bench.ground, "1022")
    assert task is not None and task.purpose == "case"
    assert await operating.next_task(bench.ground, "1021") is None


async def test_an_appointment_is_kept_by_another_too(bench: Bench) -> None:
    wang_fang = await bench.resident("王芳")
    ref = await owed(bench, wang_fang, "operator", not_by="1021")
    bench.clock.moment = (await bench.unit(ref))["due_at"]
    task = await operating.next_task(bench.ground, "1022")
    assert task is not None
    await operating.answered(bench.ground, task.ref, "1022")
    await operating.later(bench.ground, task.ref, "1022", at("9 16:00"), heard="下午四点")
    await operating.hang_up(bench.ground, task.ref)
    bench.clock.moment = at("9 16:00")
    assert await operating.next_task(bench.ground, "1021") is None
    again = await operating.next_task(bench.ground, "1023")
    assert again is not None


async def test_others_before_them_in_the_queue_hold_nobody_up(bench: Bench) -> None:
    wang_fang, li_qiang = await bench.resident("王芳"), await bench.resident("李强")
    first = await owed(bench, wang_fang, "operator", not_by="1021")
    second = await owed(bench, li_qiang, "operator")
    bench.clock.moment = max((await bench.unit(first))["due_at"], (await bench.unit(second))["due_at"])
    task = await operating.next_task(bench.ground, "1021")
    assert task is not None
    assert await bench.unit_is(second) == "in_contact, not_attempted"


@pytest.mark.parametrize("modes", [["voice"], ["operator"]])
async def test_who_must_get_no_text_never_does(bench: Bench, modes: Sequence[str]) -> None:
    """Also not after a fault of ours, which costs no attempt."""
    wang_fang = await bench.resident("王芳")
    ref = await owed(bench, wang_fang, "text voice", modes=modes)
    seen = set()
    for _ in range(8):
        unit = await bench.unit(ref)
        if unit["status"] == "done":
            break
        seen.add(unit["next_mode"])
        bench.clock.moment = unit["due_at"]
        if modes == ["operator"]:
            task = await operating.next_task(bench.ground, "1022")
            assert task is not None
            await operating.unanswered(bench.ground, task.ref, "no_answer")
            continue
        assert await dialing.dial_due(bench.ground, bench.line) == 1
        ref_of_call, sid = await bench.attempt_ref(wang_fang), await bench.sid(wang_fang)
        outcome = "failed" if len(bench.carrier.asked) == 1 else "no_answer"
        await dialing.record_progress(bench.ground, ref_of_call, sid, outcome, None, {})
    assert seen == set(modes)
    assert all(asked.body == "" for asked in bench.carrier.asked)


async def test_safe_hours_hold_for_every_attempt(bench: Bench) -> None:
    """Only between ten and half past eleven, when nobody else is at home."""
    wang_fang = await bench.resident("王芳")
    hours = {"windows": ["10:00-11:30"], "weekdays": []}
    ref = await owed(bench, wang_fang, "voice", hours=hours)
    moments = []
    for _ in range(3):
        unit = await bench.unit(ref)
        moments.append(unit["due_at"])
        bench.clock.moment = unit["due_at"]
        assert await dialing.dial_due(bench.ground, bench.line) == 1
        await dialing.record_progress(
            bench.ground,
            await bench.attempt_ref(wang_fang),
            await bench.sid(wang_fang),
            "no_answer",
            None,
            {},
        )
    assert len({moment.date() for moment in moments}) == 3
    local = [(moment.hour + 8, moment.minute) for moment in moments]
    assert all((10, 0) <= one < (11, 30) for one in local), local


async def test_nobody_picks_up_five_attempts_over_days_and_parts(bench: Bench) -> None:
    """A text, then calls, until the callback is "not reached": never fewer than three, on two days, in two parts."""
    wang_fang = await bench.resident("王芳")
    ref = await owed(bench, wang_fang)
    while (unit := await bench.unit(ref))["status"] != "done":
        if unit["status"] == "in_contact":  # the text waits for its reply
            bench.clock.moment = await bench.one(
                "SELECT expires_at FROM survey.contact WHERE closed_at IS NULL"
            )
            await dialing.expire_threads(bench.ground, bench.line)
            continue
        bench.clock.moment = unit["due_at"]
        assert await dialing.dial_due(bench.ground, bench.line) == 1
        outcome = "delivered" if unit["next_mode"] == "text" else "no_answer"
        await dialing.record_progress(
            bench.ground, await bench.attempt_ref(wang_fang), await bench.sid(wang_fang), outcome, None, {}
        )
    tried = await bench.rows("SELECT mode, day, day_part FROM survey.attempt ORDER BY id")
    assert [mode for mode, _, _ in tried] == ["text", "voice", "voice", "voice", "voice"]
    calls = tried[1:]
    assert len({day for _, day, _ in calls}) >= 2
    assert len({part for _, _, part in calls}) >= 2
    assert await bench.unit_is(ref) == "done, text_no_reply"  # which is not reached


async def test_a_callback_answered_twice_has_one_effect_and_a_clear_message(bench: Bench) -> None:
    wang_fang = await bench.resident("王芳")
    await owed(bench, wang_fang, "operator")
    bench.clock.moment = await bench.one("SELECT due_at FROM survey.sample_unit")
    task = await operating.next_task(bench.ground, "1022")
    assert task is not None
    reply = await operating.answered(bench.ground, task.ref, "1022")
    while not reply.over:
        reply = await operating.say(bench.ground, task.ref, "1022", Choice("1"))
    with pytest.raises(operating.NoSuchAttempt, match="no question is being asked"):
        await operating.say(bench.ground, task.ref, "1022", Choice("3"))
    await operating.hang_up(bench.ground, task.ref)
    with pytest.raises(operating.NoSuchAttempt, match="not under way"):
        await operating.say(bench.ground, task.ref, "1022", Choice("3"))
    assert await bench.announced() == [("interview_finished", "complete")]
    assert (await bench.answers(wang_fang))["C3"] == "1"
