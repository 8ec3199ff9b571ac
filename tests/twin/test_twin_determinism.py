"""The same seed makes the same day, whatever the order in which things at one instant are asked for."""

import re
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException
from twin_service import AGE, OPEN, POLICE, SAFETY, Params, Script, aloud, gather, goodbye, record

from survey.twin.limits import Rate

LIST = [f"+86154{i % 5}{i:07d}" for i in range(60)]
TEXT = "平安建设调查(3题):您感觉当地安全吗?1安全2比较安全3不太安全4不安全。回数字,0人工,退订回T"
OFFER = "转人工请按0,再听一遍请按星号,不想再接到调查请按9。"
NEXT = "您对当地公安工作满意吗?1满意2基本满意3不满意4没打过交道"


def by_voice(path: str, params: Params) -> str:
    step = int(path.rsplit("/", 1)[1])
    offer = OFFER if step == 0 else ""
    return gather(offer + [SAFETY, POLICE, AGE][step], f"/voice/{step + 1}") if step < 3 else goodbye()


def service(path: str, params: Params) -> str:
    if path.startswith("/voice"):
        return by_voice(path, params)
    return (
        f"<Response><Message>{NEXT}</Message></Response>"
        if re.match(r"\d", params["Body"])
        else "<Response/>"
    )


def by_speech(path: str, params: Params) -> str:
    """Two questions that may be answered aloud, and an open one that is recorded."""
    step = int(path.rsplit("/", 1)[1])
    if step < 2:
        return aloud(OFFER + [SAFETY, POLICE][step], f"/voice/{step + 1}")
    reports = 'recordingStatusCallback="/recording" transcribeCallback="/transcript"'
    return record(OPEN, "/voice/3", reports) if step == 2 else goodbye()


async def text(bench, number: str) -> None:
    """Send the first question; the few numbers that no text reaches are left out."""
    try:
        await bench.text(number, TEXT)
    except TwilioRestException as refused:
        assert refused.code == 21612


async def a_day(bench, numbers: list[str], by: Script) -> list[Any]:
    """Everybody is called twice and texted once; the ledger without what depends on the order of creation."""
    bench.service.script = lambda path, params: by(path, params) if "voice" in path else service(path, params)
    bench.carrier.rate = Rate(1000.0)
    for _ in range(2):
        for number in numbers:
            await bench.call(number)
        await bench.clock.run(minutes=20)
    for number in numbers:
        await text(bench, number)
    await bench.clock.run_out()
    ledger = await bench.ledger()
    return sorted(
        (json_of(row) for kind in ("calls", "texts", "opt_outs") for row in ledger[kind]),
    )


def json_of(row: dict[str, Any]) -> str:
    return repr(sorted(row.items()))


@pytest.mark.parametrize("by", [by_voice, by_speech])
async def test_the_order_of_requests_changes_nothing(bench, by):
    forwards = await a_day(bench, LIST, by)
    bench.carrier.ledger.calls.clear()
    bench.carrier.ledger.texts.clear()
    bench.carrier.ledger.opt_outs.clear()
    bench.carrier.residents.clear()
    bench.clock.turn_back()
    backwards = await a_day(bench, LIST[::-1], by)
    assert len(forwards) > 200
    assert forwards == backwards


async def test_a_town_does_a_bit_of_everything(bench):
    """Whims that a demo must show are there in a town of a few hundred."""
    bench.service.script = service
    numbers = [f"+86154{i % 10}{i:07d}" for i in range(400)]
    bench.carrier.rate = Rate(1000.0)
    for number in numbers:
        await bench.call(number)
        await text(bench, number)
    await bench.clock.run_out()
    ledger = await bench.ledger()
    keys = {key["kind"] for call in ledger["calls"] for key in call["keys"]}
    assert {"answer", "silence", "wrong", "again", "never", "person"} <= keys
    kinds = {text["kind"] for text in ledger["texts"] if text["direction"] == "in"}
    assert {"answer", "words", "contradictory", "nonsense", "ack", "help", "stop", "person", "late"} <= kinds
    assert {"completed", "busy", "no-answer", "failed"} <= {call["status"] for call in ledger["calls"]}
    errors = await bench.control("errors")
    assert errors == {"errors": [], "puzzled": []}


async def test_a_town_that_may_speak_does_a_bit_of_everything(bench):
    bench.service.script = by_speech
    bench.carrier.rate = Rate(1000.0)
    for i in range(400):
        await bench.call(f"+86154{i % 10}{i:07d}", status_callback=None)
    await bench.clock.run_out()
    calls = (await bench.ledger())["calls"]
    keys = [key for call in calls for key in call["keys"]]
    assert {"answer", "words", "silence", "wrong", "again", "never", "person"} <= {
        key["kind"] for key in keys
    }
    assert {key["kind"] for key in keys if key["speech"] is not None} >= {"words", "again", "never", "person"}
    told = [recording for call in calls for recording in call["recordings"]]
    assert {"open", "nothing", "silence"} <= {one["kind"] for one in told}
    assert {"silence", "#", "hangup"} <= {one["ended_by"] for one in told}
    transcripts = [one["transcript"] for one in told if one["sid"] is not None]
    assert {"completed", "failed"} == {one["status"] for one in transcripts}
    assert {one["kind"] for one in (*keys, *told)} & {"distress", "minor"} == set()
    assert await bench.control("errors") == {"errors": [], "puzzled": []}
