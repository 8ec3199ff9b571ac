"""Each fault by itself, with a share of one."""

import asyncio
from datetime import datetime

import pytest
from twin_service import OPEN, gather, goodbye, named, record

from survey.twin.faults import USUAL, Faults, parse_faults

WANG = "+8615400000061"
PROMPT = "您感觉安全吗?安全请按1,不安全请按4。"
FOUR = ["initiated", "ringing", "answered", "completed"]


def test_faults_from_the_command_line():
    assert parse_faults("off", 1) == parse_faults("", 1) == parse_faults("{}", 1) == Faults(seed=1)
    assert parse_faults("on", 1) == Faults(seed=1, **USUAL)
    assert parse_faults('{"text_loss": 0.5}', 1).text_loss == 0.5
    with pytest.raises(ValueError, match="unknown fault 'flood'"):
        parse_faults('{"flood": 1}', 1)
    with pytest.raises(ValueError, match="wants a share between 0 and 1, not 2"):
        parse_faults('{"text_loss": 2}', 1)


def test_who_is_hit_is_a_hash_and_its_share_is_kept():
    faults = Faults(seed=3, status_loss=0.1)
    hits = [faults.hit("status_loss", number, "completed") for number in range(5000)]
    assert hits == [faults.hit("status_loss", number, "completed") for number in range(5000)]
    assert 430 <= sum(hits) <= 570


async def a_call(bench):
    bench.plant(WANG, temper="patient", answers=["answered"], opinions={"safety": "安全"})
    bench.service.script = lambda path, params: (
        gather(PROMPT, "/voice/1") if path == "/voice/0" else goodbye()
    )
    await bench.call(WANG, events=FOUR)
    await bench.clock.run_out()
    return [number for _, number in bench.service.statuses()]


@pytest.mark.parametrize("faults", ['{"status_repeat": 1}'])
async def test_repeated_statuses(bench):
    assert sorted(await a_call(bench)) == ["0", "0", "1", "1", "2", "2", "3", "3"]


@pytest.mark.parametrize("faults", ['{"status_loss": 1}'])
async def test_lost_statuses_are_never_sent_but_can_be_fetched(bench):
    assert await a_call(bench) == []
    [call] = await bench.twilio.calls.list_async()
    assert call.status == "completed"


@pytest.mark.parametrize("faults", ['{"status_reorder": 0.5}', '{"status_delay": 0.5}'])
async def test_statuses_out_of_order_and_late_all_arrive(bench):
    arrived = await a_call(bench)
    assert sorted(arrived) == ["0", "1", "2", "3"] != arrived


@pytest.mark.parametrize("faults", ['{"gather_response_lost": 1}'])
async def test_a_lost_response_brings_the_same_key_again(bench):
    await a_call(bench)
    first, second = bench.service.at("/voice/1")
    assert first == second and first["Digits"] == "1"
    [entry] = (await bench.ledger())["calls"]
    assert named(entry["keys"], "digits", "requests", "delivered") == [("1", 2, "yes")]


async def a_recording(bench):
    """What was recorded in a call, and all requests but those for documents without it."""
    bench.plant(WANG, temper="patient", answers=["answered"], problem="村口路灯不亮,晚上一片漆黑。")
    reports = 'recordingStatusCallback="/recording" transcribeCallback="/transcript"'
    bench.service.script = lambda path, params: (
        record(OPEN, "/voice/1", reports) if path == "/voice/0" else goodbye()
    )
    await bench.call(WANG, status_callback=None)
    await bench.clock.run_out()
    [entry] = (await bench.ledger())["calls"][-1]["recordings"]
    return entry, [path for path, _ in bench.service.received][1:]


@pytest.mark.parametrize("faults", ['{"recording_repeat": 1}'])
async def test_webhooks_of_a_recording_come_twice(bench):
    entry, paths = await a_recording(bench)
    assert sorted(paths) == ["/recording", "/recording", "/transcript", "/voice/1", "/voice/1"]
    first, second = bench.service.at("/voice/1")
    assert first == second and first["RecordingSid"] == entry["sid"]
    assert (entry["delivered"], entry["requests"]) == ("yes", 2)


@pytest.mark.parametrize("faults", ['{"transcript_delay": 1}'])
async def test_a_transcript_comes_late(bench):
    entry, paths = await a_recording(bench)
    assert paths == ["/voice/1", "/recording", "/transcript"]
    ended, came = (datetime.fromisoformat(at) for at in (entry["at"], entry["transcript"]["at"]))
    assert 1800 <= (came - ended).total_seconds() <= 7200 + 600 + 60


@pytest.mark.parametrize("faults", ['{"transcript_loss": 1}'])
async def test_a_lost_transcript_never_comes(bench):
    entry, paths = await a_recording(bench)
    assert paths == ["/voice/1", "/recording"]
    transcript = entry["transcript"]
    assert (transcript["status"], transcript["delivered"], transcript["requests"]) == ("completed", "no", 0)
    assert await bench.control("errors") == {"errors": [], "puzzled": []}


@pytest.mark.parametrize("faults", ['{"text_repeat": 1}'])
async def test_a_text_comes_twice_with_one_sid(bench):
    assert len({p["MessageSid"] for p in await texts_of(bench)}) == 1
    assert len(bench.service.at("/text")) == 2


@pytest.mark.parametrize("faults", ['{"text_loss": 1}'])
async def test_a_lost_text_is_never_sent_but_listed(bench):
    assert await texts_of(bench) == []
    [inbound] = await bench.twilio.messages.list_async(to="+8615400000000")
    assert inbound.body == "1"
    [entry] = [text for text in (await bench.ledger())["texts"] if text["direction"] == "in"]
    assert (entry["delivered"], entry["requests"]) == ("no", 0)


async def texts_of(bench):
    bench.plant(WANG, text_temper="digits", opinions={"safety": "安全"})
    bench.service.script = lambda path, params: "<Response/>"
    await bench.text(WANG, "您感觉安全吗?1安全2比较安全3不太安全4不安全")
    await bench.clock.run_out()
    return bench.service.at("/text")


@pytest.mark.parametrize("faults", ['{"api_5xx": 1}'])
async def test_a_5xx_creates_nothing(bench):
    form = {"To": WANG, "From": "+8615400000000", "Url": f"{bench.service.url}/voice/0"}
    status, body, _ = await bench.raw("POST", "Calls.json", data=form)
    assert (status, body["code"]) == (503, 20503)
    assert (await bench.ledger())["calls"] == []


@pytest.mark.parametrize("faults", ['{"hang_after_create": 1}'])
async def test_a_hanging_request_has_made_the_call(bench):
    bench.plant(WANG, answers=["busy"])
    form = {"To": WANG, "From": "+8615400000000", "Url": f"{bench.service.url}/voice/0"}
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await bench.raw("POST", "Calls.json", data=form)
    await bench.clock.run_out()
    [call] = await bench.twilio.calls.list_async()
    assert (call.to, call.status) == (WANG, "busy")
