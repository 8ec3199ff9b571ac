"""Work that waits at the carrier: calls at the account's pace, texts at their number's, cancelled or expired on the way."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException
from twin_service import MONDAY, OURS, SID, TOKEN, named

from survey.twin.limits import Rate
from survey.twin.serve import Options

PEOPLE = [f"+861540000051{i}" for i in range(10)]
LI = PEOPLE[0]


@pytest.fixture
def options(service: Any) -> Options:
    return Options(
        account_sid=SID, auth_token=TOKEN, token="control", seed=7,
        calls_per_second=0.2, segments_per_second=0.2, queue_s=40.0,
    )  # fmt: skip


def seconds(moment: str | None) -> float | None:
    """After the beginning of the test."""
    return (datetime.fromisoformat(moment) - MONDAY).total_seconds() if moment else None


async def test_calls_beyond_the_pace_are_taken_and_dialled_one_after_the_other(bench):
    sids = {}
    for number in PEOPLE[:4]:
        bench.plant(number, answers=["busy"])
        sids[number] = (await bench.call(number)).sid
    await bench.clock.run(seconds=4)
    assert [(await bench.twilio.calls(sid).fetch_async()).status for sid in sids.values()] == ["queued"] * 4
    await bench.clock.run_out()
    calls = (await bench.ledger())["calls"]
    assert [(call["to"], seconds(call["left_queue_at"])) for call in calls] == list(
        zip(PEOPLE, (0, 5, 10, 15), strict=False)
    )
    shown = [await bench.twilio.calls(sid).fetch_async() for sid in sids.values()]
    assert [(call.status, call.queue_time) for call in shown] == [
        ("busy", "0"), ("busy", "5000"), ("busy", "10000"), ("busy", "15000"),
    ]  # fmt: skip


async def test_a_call_cancelled_in_the_queue_rings_nobody_and_takes_no_turn(bench):
    first, second, third = [await bench.call(number) for number in PEOPLE[:3]]
    cancelled = await bench.twilio.calls(second.sid).update_async(status="canceled")
    assert cancelled.status == "canceled"
    await bench.clock.run_out()
    calls = {call["sid"]: call for call in (await bench.ledger())["calls"]}
    assert calls[second.sid]["status"] == "canceled"
    assert (
        calls[second.sid]["rang"],
        calls[second.sid]["rang_from"],
        calls[second.sid]["left_queue_at"],
    ) == (0, None, None)
    assert [seconds(calls[sid]["left_queue_at"]) for sid in (first.sid, third.sid)] == [0, 5]
    assert [p["CallSid"] for p in bench.service.at("/status") if p["CallStatus"] == "canceled"] == [
        second.sid
    ]


async def test_a_full_queue_refuses_calls_with_429_and_texts_with_their_own_code(bench):
    for number in PEOPLE[:9]:  # one is under way, eight wait
        await bench.call(number)
        await bench.text(number, "您好")
    with pytest.raises(TwilioRestException) as call:
        await bench.call(PEOPLE[9])
    with pytest.raises(TwilioRestException) as text:
        await bench.text(PEOPLE[9], "您好")
    assert (call.value.status, call.value.code) == (429, 20429)
    assert (text.value.status, text.value.code) == (429, 21611)
    await bench.clock.run(seconds=10)
    assert (await bench.call(PEOPLE[9])).status == "queued"


async def test_texts_leave_the_queue_by_their_segments(bench):
    for number, parts in zip(PEOPLE, (1, 3, 1, 1), strict=False):
        bench.plant(number, text_temper="ignores")
        await bench.text(number, "好" * (60 if parts == 1 else 180))
    await bench.clock.run_out()
    texts = (await bench.ledger())["texts"]
    assert [(text["segments"], seconds(text["left_queue_at"])) for text in texts] == [
        (1, 0),
        (3, 5),
        (1, 20),
        (1, 25),
    ]
    assert all(text["delivered_at"] > text["sent_at"] > text["at"] for text in texts)


async def test_a_text_that_waits_longer_than_it_is_valid_fails_and_is_never_delivered(bench):
    bench.plant(LI, text_temper="ignores")
    for _ in range(3):
        await bench.text(LI, "先")
    late = await bench.text(LI, "晚了", validity_period=8, status_callback=f"{bench.service.url}/status")
    await bench.clock.run_out()
    shown = await bench.twilio.messages(late.sid).fetch_async()
    assert (shown.status, shown.error_code) == ("failed", 30036)
    assert [(p["MessageStatus"], p["ErrorCode"]) for p in bench.service.at("/status")] == [
        ("failed", "30036")
    ]
    entry = (await bench.ledger())["texts"][-1]
    assert (seconds(entry["expires_at"]), entry["sent_at"], entry["delivered_at"], entry["delivered"]) == (
        8,
        None,
        None,
        "no",
    )
    assert bench.carrier.resident(LI).texts == 3


async def test_a_text_that_waits_can_be_cancelled_and_one_that_has_gone_cannot(bench):
    bench.plant(LI, text_temper="ignores")
    gone, waits = await bench.text(LI, "先"), await bench.text(LI, "后")
    await bench.clock.run(seconds=0)
    assert (await bench.twilio.messages(waits.sid).update_async(status="canceled")).status == "canceled"
    with pytest.raises(TwilioRestException) as refused:
        await bench.twilio.messages(gone.sid).update_async(status="canceled")
    assert (refused.value.status, refused.value.code) == (409, 30409)
    await bench.clock.run_out()
    assert named((await bench.ledger())["texts"], "body", "status") == [
        ("先", "delivered"),
        ("后", "canceled"),
    ]


async def test_a_scheduled_text_joins_the_queue_when_its_time_has_come(bench):
    bench.plant(LI, text_temper="ignores")
    at = bench.clock.now() + timedelta(hours=1)
    service = {"messaging_service_sid": "MG" + "1" * 32, "schedule_type": "fixed", "send_at": at}
    for _ in range(2):
        await bench.text(LI, "到时", validity_period=60, **service)
    await bench.clock.run_out()
    texts = (await bench.ledger())["texts"]
    assert [seconds(text["left_queue_at"]) for text in texts] == [3600, 3605]
    assert [text["status"] for text in texts] == ["delivered", "delivered"]


class TestWithoutAQueue:
    @pytest.fixture
    def options(self, options: Options) -> Options:
        return replace(options, queue_s=None)

    async def test_a_call_that_comes_too_fast_is_refused_and_a_text_goes_at_once(self, bench):
        await bench.call(PEOPLE[0])
        with pytest.raises(TwilioRestException) as refused:
            await bench.call(PEOPLE[1])
        assert (refused.value.status, refused.value.code) == (429, 20429)
        for number in PEOPLE[:3]:
            bench.plant(number, text_temper="ignores")
            await bench.text(number, "您好")
        await bench.clock.run_out()
        assert [seconds(text["sent_at"]) for text in (await bench.ledger())["texts"]] == [5, 5, 5]

    async def test_a_text_valid_for_less_than_it_takes_to_send_fails(self, bench):
        bench.plant(LI, text_temper="ignores")
        await bench.text(LI, "您好", validity_period=4)
        await bench.clock.run_out()
        assert named((await bench.ledger())["texts"], "status", "error_code") == [("failed", 30036)]


@pytest.mark.parametrize("period", ["0", "36001", "一小时"])
async def test_a_validity_period_that_twilio_would_not_take(bench, period):
    form = {"To": LI, "From": OURS, "Body": "您好", "ValidityPeriod": period}
    status, body, _ = await bench.raw("POST", "Messages.json", data=form)
    assert (status, body["code"]) == (400, 20001)


def test_more_tokens_than_the_bucket_holds_are_owed():
    rate = Rate(1.0)
    assert rate.take(MONDAY, 12) == 0  # a full bucket of five lets it go, and seven are owed
    assert rate.take(MONDAY) == 8
    assert rate.take(MONDAY + timedelta(seconds=7)) == 1
    assert rate.take(MONDAY + timedelta(seconds=8)) == 0
