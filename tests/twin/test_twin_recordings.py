"""<Record>: what residents say after the beep, how it ends, and the webhooks that tell of it."""

from datetime import datetime
from email.utils import parsedate_to_datetime

import pytest
from twin_service import OPEN, REASON, SAFETY, Params, gather, goodbye, named, record

WANG = "+8615400000091"
LAMPS = "村口路灯不亮,晚上出门一片漆黑。"
BY_EVERY_CALL = {
    "AccountSid", "ApiVersion", "CallSid", "CallStatus", "Called", "Caller", "Direction", "From", "To",
}  # fmt: skip
REPORTS = 'recordingStatusCallback="/recording" transcribe="true" transcribeCallback="/transcript"'


def speaker(bench, **traits) -> str:
    return bench.plant(WANG, **({"temper": "patient", "answers": ["answered"], "problem": LAMPS} | traits))


def asked(prompt: str = OPEN, more: str = ""):
    return lambda path, params: record(prompt, "/voice/1", more) if path == "/voice/0" else goodbye()


async def a_call(bench) -> dict:
    await bench.call(WANG)
    await bench.clock.run_out()
    return (await bench.ledger())["calls"][-1]


def beside(params: Params) -> Params:
    return {name: value for name, value in params.items() if name not in BY_EVERY_CALL}


async def test_a_recording_from_the_beep_to_the_transcript(bench):
    speaker(bench)
    bench.service.script = asked(more=REPORTS)
    entry = await a_call(bench)

    [told] = entry["recordings"]
    account = f"{bench.base}/2010-04-01/Accounts/{bench.carrier.account.sid}"
    assert told == {
        "sid": told["sid"], "n": 0, "url_path": "/voice/1", "prompt": OPEN, "kind": "open", "words": LAMPS,
        "meant": LAMPS, "ended_by": "#", "digits": "#", "seconds": 4, "at": told["at"], "delivered": "yes",
        "requests": 1,
        "transcript": {
            "sid": told["transcript"]["sid"], "status": "completed", "text": LAMPS,
            "at": told["transcript"]["at"], "delivered": "yes", "requests": 1,
        },
    }  # fmt: skip
    url = f"{account}/Recordings/{told['sid']}"
    [action] = bench.service.at("/voice/1")
    assert action["CallStatus"] == "in-progress"
    assert beside(action) == {
        "Digits": "#", "RecordingDuration": "4", "RecordingSid": told["sid"], "RecordingUrl": url,
    }  # fmt: skip
    [report] = bench.service.at("/recording")
    started = parsedate_to_datetime(report.pop("RecordingStartTime"))
    assert 0 < (datetime.fromisoformat(told["at"]) - started).total_seconds() < 15
    assert report == {
        "AccountSid": bench.carrier.account.sid, "CallSid": entry["sid"], "ErrorCode": "0",
        "RecordingChannels": "1", "RecordingDuration": "4", "RecordingSid": told["sid"],
        "RecordingSource": "RecordVerb", "RecordingStatus": "completed", "RecordingTrack": "inbound",
        "RecordingUrl": url,
    }  # fmt: skip
    [transcript] = bench.service.at("/transcript")
    assert (transcript["CallSid"], transcript["CallStatus"]) == (entry["sid"], "completed")
    assert beside(transcript) == {
        "RecordingSid": told["sid"], "RecordingUrl": url, "TranscriptionSid": told["transcript"]["sid"],
        "TranscriptionStatus": "completed", "TranscriptionText": LAMPS, "TranscriptionType": "fast",
        "TranscriptionUrl": f"{url}/Transcriptions/{told['transcript']['sid']}",
    }  # fmt: skip
    assert entry["said"] == [OPEN, "谢谢您,再见。"]
    assert [path for path, _ in bench.service.received if not path.startswith("/status")] == [
        "/voice/0", "/voice/1", "/recording", "/transcript",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "seconds", "status"),
    [("路灯不亮", 1, "failed"), (LAMPS, 4, "completed"), ("路灯不亮。" * 130, 131, "failed")],
)
async def test_what_is_too_short_or_too_long_is_not_transcribed(bench, words, seconds, status):
    speaker(bench, problem=words)
    bench.service.script = lambda path, params: (
        record(OPEN, "/voice/1", REPORTS).replace('maxLength="60"', 'maxLength="300"')
        if path == "/voice/0"
        else goodbye()
    )
    [told] = (await a_call(bench))["recordings"]
    assert (told["words"], told["transcript"]["status"]) == (words, status)
    assert abs(told["seconds"] - seconds) <= 8
    [posted] = bench.service.at("/transcript")
    assert posted["TranscriptionText"] == (words if status == "completed" else "")


async def test_a_transcript_may_be_wanted_without_being_posted(bench):
    speaker(bench)
    bench.service.script = asked(more='transcribe="true"')
    [told] = (await a_call(bench))["recordings"]
    assert (told["transcript"]["text"], told["transcript"]["delivered"]) == (LAMPS, "no")
    assert bench.service.at("/transcript") == []


async def test_a_transcript_that_is_not_taken_is_a_warning(bench):
    speaker(bench)
    bench.service.script = asked(more='transcribeCallback="/transcript"')
    await bench.call(WANG, status_callback=None)
    while not bench.service.at("/voice/1"):
        await bench.clock.run(seconds=5)
    bench.service.fail = [404]
    await bench.clock.run_out()
    [told] = (await bench.ledger())["calls"][0]["recordings"]
    assert (told["transcript"]["status"], told["transcript"]["delivered"]) == ("completed", "no")
    errors = named((await bench.control("errors"))["errors"], "code", "message")
    assert errors == [(15003, "/transcript was answered 404")]


async def test_without_wishes_there_is_neither_report_nor_transcript(bench):
    speaker(bench)
    bench.service.script = asked()
    [told] = (await a_call(bench))["recordings"]
    assert told["transcript"] is None and told["words"] == LAMPS
    assert bench.service.at("/recording") == [] == bench.service.at("/transcript")


@pytest.mark.parametrize(
    ("ends", "ended_by", "digits"),
    [("waits", "silence", ""), ("key", "#", "#"), ("hangs_up", "hangup", "hangup")],
)
async def test_each_way_to_end_it(bench, ends, ended_by, digits):
    speaker(bench, record_ends=ends)
    bench.service.script = asked()
    entry = await a_call(bench)
    assert named(entry["recordings"], "ended_by", "words", "seconds") == [(ended_by, LAMPS, 4)]
    [action] = bench.service.at("/voice/1")
    assert (action["Digits"], action["RecordingDuration"]) == (digits, "4")


async def test_who_hangs_up_while_recording_is_posted_all_the_same(bench):
    speaker(bench, record_ends="hangs_up")
    bench.service.script = asked()
    entry = await a_call(bench)
    assert (entry["status"], entry["hung_up_by"], entry["said"]) == ("completed", "resident", [OPEN])
    [action] = bench.service.at("/voice/1")
    assert (action["CallStatus"], action["RecordingSid"]) == ("completed", entry["recordings"][0]["sid"])
    assert [path for path, _ in bench.service.received][-2:] == ["/voice/1", "/status"]
    assert entry["recordings"][0]["delivered"] == "yes"


async def test_silence_leaves_no_recording_and_goes_on_with_the_next_verb(bench):
    bench.plant(WANG, temper="silent", answers=["answered"])
    bench.service.script = asked(more=REPORTS)
    entry = await a_call(bench)
    [posted] = bench.service.at("/voice/1")
    assert beside(posted) == {}
    assert named(
        entry["recordings"], "sid", "words", "ended_by", "seconds", "kind", "url_path", "delivered", "requests"
    ) == [(None, None, "silence", 0, "silence", "/voice/1", "yes", 1)]  # fmt: skip
    assert bench.service.at("/recording") == [] == bench.service.at("/transcript")
    assert await bench.twilio.recordings.list_async() == []


async def test_silence_without_a_next_verb_ends_the_call(bench):
    bench.plant(WANG, temper="silent", answers=["answered"])
    document = f'<Response><Say>{OPEN}</Say><Record action="/voice/1"/></Response>'
    bench.service.script = lambda path, params: document
    entry = await a_call(bench)
    assert (entry["status"], bench.service.at("/voice/1")) == ("completed", [])
    assert named(entry["recordings"], "delivered", "requests") == [("no", 0)]


@pytest.mark.parametrize(
    ("temper", "digits", "kind"),
    [("person", "0", "person"), ("never_again", "9", "never"), ("again", "*", "again")],
)
async def test_a_reserved_key_ends_the_recording_where_it_is_one_of_its_keys(bench, temper, digits, kind):
    speaker(bench, voice_temper=temper)
    offer = "转人工请按0,再听一遍请按星号,不想再接到调查请按9。"
    bench.service.script = lambda path, params: (
        record(offer + OPEN, "/voice/1").replace('"#"', '"1234567890*#"') if path == "/voice/0" else goodbye()
    )
    entry = await a_call(bench)
    assert named(entry["recordings"], "digits", "ended_by", "kind", "words", "seconds") == [
        (digits, digits, kind, None, 1)
    ]
    assert bench.service.at("/voice/1")[0]["Digits"] == digits
    said = named((await bench.ledger())["opt_outs"], "number", "said", "via")
    assert said == ([(WANG, "9", entry["sid"])] if kind == "never" else [])


async def test_a_key_that_is_none_of_its_keys_does_nothing(bench):
    speaker(bench, voice_temper="person")
    bench.service.script = asked("转人工请按0。" + OPEN)
    assert named((await a_call(bench))["recordings"], "sid", "ended_by") == [(None, "silence")]


async def test_the_greatest_length_cuts_what_is_said(bench):
    speaker(bench, problem="路灯不亮" * 30)
    bench.service.script = lambda path, params: (
        record(OPEN, "/voice/1", REPORTS).replace('maxLength="60"', 'maxLength="10"')
        if path == "/voice/0"
        else goodbye()
    )
    [entry] = (await a_call(bench))["recordings"]
    assert (entry["ended_by"], entry["digits"]) == ("limit", "") and 7 <= entry["seconds"] <= 10
    assert entry["words"] == entry["meant"] == entry["transcript"]["text"]
    assert entry["words"] != "路灯不亮" * 30 and ("路灯不亮" * 30).startswith(entry["words"])


async def test_untrimmed_silence_counts(bench):
    seconds = {}
    for trim in ("trim-silence", "do-not-trim"):
        speaker(bench, record_ends="waits")
        bench.service.script = asked(more=f'trim="{trim}"')
        seconds[trim] = (await a_call(bench))["recordings"][0]["seconds"]
    assert seconds["do-not-trim"] >= seconds["trim-silence"] + 5


async def test_two_recordings_in_a_call_between_keys(bench):
    speaker(bench, opinions={"safety": "安全"})
    documents = [record(OPEN, "/voice/1"), gather(SAFETY, "/voice/2"), record(REASON, "/voice/3"), goodbye()]
    bench.service.script = lambda path, params: documents[int(path[-1])]
    entry = await a_call(bench)
    assert named(entry["recordings"], "n", "url_path", "kind") == [
        (0, "/voice/1", "open"),
        (1, "/voice/3", "open"),
    ]
    assert named(entry["keys"], "n", "url_path", "digits") == [(0, "/voice/2", "1")]
    assert len({recording["sid"] for recording in entry["recordings"]}) == 2


async def test_an_action_that_is_not_answered_ends_the_call_and_is_told(bench):
    speaker(bench)
    bench.service.script = asked()
    await bench.call(WANG, status_callback=None)
    await bench.clock.run(seconds=20)
    bench.service.fail = [500]
    await bench.clock.run_out()
    [entry] = (await bench.ledger())["calls"]
    assert entry["status"] == "completed"
    assert named(entry["recordings"], "words", "delivered", "requests") == [(LAMPS, "unknown", 1)]
    errors = named((await bench.control("errors"))["errors"], "code", "message")
    assert errors == [(11200, "/voice/1 was answered 500")]
