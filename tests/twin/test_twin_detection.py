"""Machine detection as it is asked for: before the first document or beside it, mostly right, and never unasked."""

from collections import Counter

import pytest
from twin_service import SAFETY, gather, goodbye

from survey.twin.detecting import verdict
from survey.twin.orders import Detection
from survey.twin.person import meet, plant
from survey.twin.town import town

LI = "+8615400000701"


def to_one_question(bench, **traits):
    bench.plant(LI, temper="patient", opinions={"safety": "安全"}, **{"answers": ["answered"]} | traits)
    bench.service.script = lambda path, params: (
        gather(SAFETY, "/voice/1") if path == "/voice/0" else goodbye() if path == "/voice/1" else ""
    )


async def test_who_answered_is_told_with_the_first_request_after_some_seconds_of_silence(bench):
    to_one_question(bench)
    plain = await bench.call(LI)
    await bench.clock.run_out()
    asked = await bench.call(LI, machine_detection="Enable")
    await bench.clock.run_out()
    first, second = bench.service.at("/voice/0")
    assert "AnsweredBy" not in first
    assert second["AnsweredBy"] == "human" and 2000 <= int(second["MachineDetectionDuration"]) <= 5000
    fetched = [(await bench.twilio.calls(call.sid).fetch_async()).answered_by for call in (plain, asked)]
    assert fetched == [None, "human"]
    seconds = [int(p["CallDuration"]) for p in bench.service.at("/status") if p["CallStatus"] == "completed"]
    assert seconds[1] > seconds[0]


async def test_a_machine_is_known_at_once_or_at_the_end_of_its_greeting(bench):
    to_one_question(bench, answers=["machine"])
    for mode in ("Enable", "DetectMessageEnd"):
        await bench.call(LI, machine_detection=mode)
        await bench.clock.run_out()
    start, end = bench.service.at("/voice/0")
    assert start["AnsweredBy"] == "machine_start"
    assert end["AnsweredBy"] in ("machine_end_beep", "machine_end_silence", "machine_end_other")
    assert int(start["MachineDetectionDuration"]) <= 6000 <= int(end["MachineDetectionDuration"])


async def test_a_person_taken_for_a_machine_still_presses_keys(bench):
    to_one_question(bench, detected_as="machine")
    await bench.call(LI, machine_detection="Enable")
    await bench.clock.run_out()
    [entry] = (await bench.ledger())["calls"]
    assert (entry["detected"], entry["answered_by"]) == ("machine_start", "human")
    assert [key["digits"] for key in entry["keys"]] == ["1"]


async def test_in_the_background_the_call_begins_at_once_and_the_result_is_posted(bench):
    to_one_question(bench)
    await bench.call(
        LI,
        machine_detection="Enable",
        async_amd="true",
        async_amd_status_callback=f"{bench.service.url}/status/amd",
    )
    await bench.clock.run_out()
    assert "AnsweredBy" not in bench.service.at("/voice/0")[0]
    [result] = bench.service.at("/status/amd")
    [entry] = (await bench.ledger())["calls"]
    assert result == {
        "AccountSid": entry["account"], "CallSid": entry["sid"], "AnsweredBy": "human",
        "MachineDetectionDuration": result["MachineDetectionDuration"],
    }  # fmt: skip


async def test_a_call_that_is_over_before_gets_no_result(bench):
    to_one_question(bench, detected_as="machine")
    bench.service.script = lambda path, params: "<Response><Hangup/></Response>"
    await bench.call(
        LI, machine_detection="DetectMessageEnd", async_amd="true",
        async_amd_status_callback=f"{bench.service.url}/status/amd", status_callback=None,
    )  # fmt: skip
    await bench.clock.run_out()
    assert bench.service.at("/status/amd") == []
    assert (await bench.ledger())["calls"][0]["detected"] is None


async def test_what_is_not_known_in_time_is_unknown(bench):
    to_one_question(bench, answers=["machine"])
    await bench.call(LI, machine_detection="DetectMessageEnd", machine_detection_timeout=3)
    await bench.clock.run_out()
    [first] = bench.service.at("/voice/0")
    assert (first["AnsweredBy"], first["MachineDetectionDuration"]) == ("unknown", "3000")


def test_the_carrier_errs_by_the_towns_shares_and_the_same_way_every_time():
    people = [meet(town(), 7, f"+86154000{i:05d}") for i in range(4000)]
    wanted = Detection(until_end=False)

    def heard(truth: str) -> Counter[str]:
        return Counter(verdict(town(), person, 1, truth, wanted)[0] for person in people)

    of_people = heard("human")
    assert 320 <= of_people["machine_start"] <= 480  # a tenth of four thousand, give or take
    assert 3340 <= of_people["human"] <= 3620
    assert 270 <= heard("machine")["human"] <= 450
    assert of_people == heard("human")


def test_whoever_is_planted_without_slips_is_made_out_rightly():
    people = [plant(town(), 7, f"+86154000{i:05d}", {}) for i in range(500)]
    for truth, word in (("human", "human"), ("machine", "machine_start")):
        assert {verdict(town(), person, 1, truth, Detection(False))[0] for person in people} == {word}


@pytest.mark.parametrize(
    "wish",
    [
        {"MachineDetection": "Perhaps"},
        {"MachineDetection": "Enable", "MachineDetectionTimeout": "2"},
        {"MachineDetection": "Enable", "MachineDetectionTimeout": "60"},
        {"MachineDetection": "Enable", "MachineDetectionSilenceTimeout": "1999"},
        {"MachineDetection": "Enable", "AsyncAmd": "yes"},
    ],
)
async def test_wishes_that_twilio_would_not_take(bench, wish):
    form = {"To": LI, "From": "+8615400000000", "Url": f"{bench.service.url}/voice/0"} | wish
    status, body, _ = await bench.raw("POST", "Calls.json", data=form)
    assert (status, body["code"]) == (400, 20001)
    assert (await bench.ledger())["calls"] == []
