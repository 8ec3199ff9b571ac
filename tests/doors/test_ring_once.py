"""Nobody is rung twice: an attempt stands in the database before the carrier is asked, whatever happens then."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from doors_bench import Asked, Bench, heard

from survey import dialing, interviewing
from survey.channels.base import Accepted, CarrierAway, Placed, Progress, Refused, Throttled, Unknown


async def test_the_attempt_is_committed_as_dialing_before_the_carrier_is_asked(bench: Bench) -> None:
    li_na = await bench.resident("李娜")
    unit = await bench.survey(li_na, "voice")
    seen: list[tuple[object, ...]] = []

    async def look(asked: Asked) -> None:
        seen.extend(await bench.rows("SELECT status, sid, lease_real FROM survey.attempt"))
        seen.append((await bench.unit_is(unit),))

    bench.carrier.on_request = look
    assert await dialing.dial_due(bench.ground, bench.line) == 1
    assert seen == [("dialing", None, bench.real + timedelta(seconds=12)), ("in_contact, not_attempted",)]
    assert await bench.rows("SELECT status, sid, lease_real FROM survey.attempt") == [
        ("accepted", "CA00000000000000000000000000000001", None)
    ]
    ref = await bench.attempt_ref(li_na)
    assert bench.carrier.asked == [
        Asked(
            li_na.number,
            "",
            (
                f"https://minyi.example/twilio/voice/{ref}/0#rc=5&rp=all&ct=2000&rt=8000",
                f"https://minyi.example/twilio/status/{ref}#rc=5&rp=all&ct=2000&rt=8000",
            ),
        )
    ]


@pytest.mark.parametrize("mode", ["voice", "text"])
async def test_no_answer_from_the_carrier_leaves_it_unknown_and_asks_what_became_of_it(
    bench: Bench, mode: str
) -> None:
    wang_fang, zhang_wei = await bench.resident("王芳"), await bench.resident("张伟")
    await bench.survey(wang_fang, mode)
    bench.carrier.answers[wang_fang.number] = Unknown("no answer from the carrier: TimeoutError")
    await dialing.dial_due(bench.ground, bench.line)
    assert await bench.attempts(wang_fang) == [f"{mode} unknown"]

    someone_else = Progress("XX1", zhang_wei.number, "queued", None, bench.clock.now())
    found = Progress("XX2", wang_fang.number, "queued", None, bench.clock.now() + timedelta(seconds=1))
    before = Progress("XX0", wang_fang.number, "queued", None, bench.clock.now() - timedelta(seconds=45))
    bench.carrier.calls = bench.carrier.texts = [someone_else, found, before]
    assert await dialing.reconcile(bench.ground, bench.line) == 1
    assert await bench.attempts(wang_fang) == [f"{mode} accepted"]
    assert await bench.sid(wang_fang) == "XX2"
    assert await dialing.reconcile(bench.ground, bench.line) == 0
    assert bench.carrier.numbers() == [wang_fang.number]


async def test_a_call_the_carrier_does_not_list_is_looked_for_again_and_then_costs_no_attempt(
    bench: Bench,
) -> None:
    wang_fang = await bench.resident("王芳")
    unit = await bench.survey(wang_fang, "voice")
    bench.carrier.answers[wang_fang.number] = Unknown("no answer from the carrier: TimeoutError")
    await dialing.dial_due(bench.ground, bench.line)

    bench.later(seconds=10)
    assert await dialing.reconcile(bench.ground, bench.line) == 1
    assert await bench.attempts(wang_fang) == ["voice unknown"]
    bench.later(seconds=10)
    assert await dialing.reconcile(bench.ground, bench.line) == 0  # not before a minute has passed
    bench.later(seconds=40)
    assert await dialing.reconcile(bench.ground, bench.line) == 1
    assert await bench.attempts(wang_fang) == ["voice ended technical"]
    assert await bench.one("SELECT counts FROM survey.attempt") is False
    assert await bench.unit_is(unit) == "waiting, technical, voice"
    assert (await bench.unit(unit))["due_at"] >= bench.clock.now() + timedelta(minutes=9)


async def test_while_the_carrier_is_away_it_is_asked_once_a_minute_and_nothing_is_decided(
    bench: Bench,
) -> None:
    wang_fang = await bench.resident("王芳")
    await bench.survey(wang_fang, "voice")
    bench.carrier.answers[wang_fang.number] = Unknown("no answer from the carrier: TimeoutError")
    await dialing.dial_due(bench.ground, bench.line)
    lists = 0

    async def away() -> None:
        nonlocal lists
        lists += 1
        raise CarrierAway("the carrier answered 503")

    bench.carrier.on_list = away
    bench.later(seconds=60)
    for _ in range(3):
        assert await dialing.reconcile(bench.ground, bench.line) == 0
    bench.later(seconds=60)
    assert await dialing.reconcile(bench.ground, bench.line) == 0
    assert (lists, await bench.attempts(wang_fang)) == (2, ["voice unknown"])

    bench.carrier.on_list = None
    bench.later(seconds=60)
    assert await dialing.reconcile(bench.ground, bench.line) == 1
    assert await bench.attempts(wang_fang) == ["voice ended technical"]


async def test_a_process_that_dies_while_it_asks_leaves_dialing_which_is_reconciled_after_its_lease(
    bench: Bench,
) -> None:
    wang_fang = await bench.resident("王芳")
    await bench.survey(wang_fang, "voice")
    asking = asyncio.Event()

    async def hang() -> Placed:
        asking.set()
        await asyncio.Event().wait()
        raise AssertionError("this carrier never answers")

    bench.carrier.answers[wang_fang.number] = hang
    dying = asyncio.create_task(dialing.dial_due(bench.ground, bench.line))
    await asking.wait()
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    assert await bench.attempts(wang_fang) == ["voice dialing"]

    bench.later(minutes=5)
    assert await dialing.dial_due(bench.ground, bench.line) == 0
    assert await dialing.reconcile(bench.ground, bench.line) == 0  # its worker may still be alive
    bench.real += timedelta(seconds=13)
    bench.carrier.calls = [
        Progress("CA7", wang_fang.number, "no_answer", None, bench.clock.now() - timedelta(minutes=5))
    ]
    assert await dialing.reconcile(bench.ground, bench.line) == 1
    assert await bench.attempts(wang_fang) == ["voice ended no_answer"]
    assert bench.carrier.numbers() == [wang_fang.number]


async def test_a_call_answered_while_its_fate_was_being_asked_goes_on(bench: Bench) -> None:
    """The webhook of an unknown call arrives while the carrier, which does not list it yet, is asked about it."""
    wang_fang = await bench.resident("王芳")
    await bench.survey(wang_fang, "voice")
    bench.carrier.answers[wang_fang.number] = Unknown("no answer from the carrier: TimeoutError")
    await dialing.dial_due(bench.ground, bench.line)
    ref = await bench.attempt_ref(wang_fang)

    async def answer() -> None:
        await interviewing.take_call(bench.ground, ref, "CA9", 0, heard(None), bench.real)

    bench.carrier.on_list = answer
    bench.later(minutes=2)
    await dialing.reconcile(bench.ground, bench.line)
    assert await bench.attempts(wang_fang) == ["voice answered"]
    assert await bench.one("SELECT status FROM survey.interview") == "open"


@pytest.mark.parametrize(
    ("answer", "unit_after", "attempt_after", "counts"),
    [
        (Throttled(30.0), "waiting, technical, voice", "voice ended technical", False),
        (
            Refused("refused_by_carrier", 20003),
            "waiting, technical, voice",
            "voice ended technical",
            False,
        ),
        (Refused("unassigned", 21211), "done, unassigned", "voice ended unassigned", True),
    ],
)
async def test_a_call_the_carrier_does_not_take(
    bench: Bench, answer: Placed, unit_after: str, attempt_after: str, counts: bool
) -> None:
    zhao_min = await bench.resident("赵敏")
    unit = await bench.survey(zhao_min, "voice")
    bench.carrier.answers[zhao_min.number] = answer
    await dialing.dial_due(bench.ground, bench.line)
    assert await bench.unit_is(unit) == unit_after
    assert await bench.attempts(zhao_min) == [attempt_after]
    assert await bench.one("SELECT counts FROM survey.attempt") is counts
    assert await bench.one("SELECT count(*) FROM survey.contact WHERE closed_at IS NULL") == 0


async def test_a_person_whom_the_carrier_has_blocked_for_us_gets_no_text_and_no_survey_any_more(
    bench: Bench,
) -> None:
    sun_li = await bench.resident("孙丽")
    unit = await bench.survey(sun_li, "text")
    bench.carrier.answers[sun_li.number] = Refused("opted_out", 21610, opted_out=True)
    await dialing.dial_due(bench.ground, bench.line)
    assert await bench.opt_outs(sun_li) == {"survey": "carrier", "text_channel": "carrier"}
    assert await bench.unit_is(unit) == "done, opted_out"


async def test_a_case_of_a_person_whom_the_carrier_has_blocked_is_told_by_a_call(bench: Bench) -> None:
    sun_li = await bench.resident("孙丽")
    unit = await bench.case(sun_li, "text voice")
    bench.carrier.answers[sun_li.number] = Refused("opted_out", 21610, opted_out=True)
    await dialing.dial_due(bench.ground, bench.line)
    assert await bench.opt_outs(sun_li) == {"survey": "carrier", "text_channel": "carrier"}
    assert await bench.unit_is(unit) == "waiting, opted_out, voice"


async def test_a_text_that_fails_because_the_person_blocked_us_is_the_same_when_a_webhook_says_so(
    bench: Bench,
) -> None:
    sun_li = await bench.resident("孙丽")
    unit = await bench.survey(sun_li, "text")
    await dialing.dial_due(bench.ground, bench.line)
    ref, sid = await bench.attempt_ref(sun_li), await bench.sid(sun_li)
    assert await dialing.record_progress(bench.ground, ref, sid, "opted_out", 21610, {})
    assert await bench.opt_outs(sun_li) == {"survey": "carrier", "text_channel": "carrier"}
    assert await bench.unit_is(unit) == "done, opted_out"


async def test_a_call_without_a_final_word_is_asked_about_and_ended(bench: Bench) -> None:
    wang_fang = await bench.resident("王芳")
    await bench.survey(wang_fang, "voice")
    await dialing.dial_due(bench.ground, bench.line)
    bench.later(minutes=14)
    assert await dialing.check_silent(bench.ground, bench.line) == 0
    bench.later(minutes=1)
    bench.carrier.calls = [Progress(await bench.sid(wang_fang), wang_fang.number, "ringing", None, None)]
    assert await dialing.check_silent(bench.ground, bench.line) == 1
    assert await bench.attempts(wang_fang) == ["voice ringing"]
    assert await dialing.check_silent(bench.ground, bench.line) == 0  # asked again only in five minutes
    bench.later(minutes=5)
    bench.carrier.calls = [Progress(await bench.sid(wang_fang), wang_fang.number, "busy", None, None)]
    assert await dialing.check_silent(bench.ground, bench.line) == 1
    assert await bench.attempts(wang_fang) == ["voice ended busy"]


@pytest.mark.parametrize("mode", ["voice", "text"])
async def test_a_carrier_that_is_away_is_asked_about_one_and_not_about_all(bench: Bench, mode: str) -> None:
    """Where it takes every request and answers none, each costs its whole time limit."""
    silent = [await bench.resident(name) for name in ("王芳", "张伟", "李娜")]
    for resident in silent:
        await bench.survey(resident, mode)
    for _ in silent:
        await dialing.dial_due(bench.ground, bench.line)
    asked: list[str] = []

    async def away(sid: str) -> Progress | None:
        asked.append(sid)
        raise CarrierAway("no answer from the carrier: TimeoutError")

    bench.carrier.look_up_call = bench.carrier.look_up_text = away  # type: ignore[method-assign]
    if mode == "voice":
        bench.later(minutes=15)
        assert await dialing.check_silent(bench.ground, bench.line) == 3
        assert await dialing.check_silent(bench.ground, bench.line) == 0
        bench.later(minutes=5)
        assert await dialing.check_silent(bench.ground, bench.line) == 3
        assert len(asked) == 2
    else:
        bench.later(hours=72)
        assert await dialing.expire_threads(bench.ground, bench.line) == 3
        assert len(asked) == 1
        assert [await bench.attempts(resident) for resident in silent] == [["text ended text_no_receipt"]] * 3


async def test_the_answer_that_comes_before_the_carriers_own_reply_is_not_undone_by_it(bench: Bench) -> None:
    """A phone can be picked up before the request that rang it has returned."""
    wang_fang = await bench.resident("王芳")
    await bench.survey(wang_fang, "voice")

    async def pick_up_at_once() -> Placed:
        ref = await bench.attempt_ref(wang_fang)
        await interviewing.take_call(bench.ground, ref, "CA5", 0, heard(None), bench.real)
        return Accepted("CA5")

    bench.carrier.answers[wang_fang.number] = pick_up_at_once
    await dialing.dial_due(bench.ground, bench.line)
    assert await bench.attempts(wang_fang) == ["voice answered"]
