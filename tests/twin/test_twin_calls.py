"""Whole calls, told as they happen: what the service serves, what the resident does, what the ledger says."""

import pytest
from twin_service import AGE, POLICE, SAFETY, Params, gather, goodbye, named

PATIENT, HURRIED, WRONG = "+8615400000001", "+8615400000002", "+8615400000003"


def three_questions(path: str, params: Params) -> str:
    """Safety, police, age; a key that is not offered is asked again."""
    step = int(path.rsplit("/", 1)[1])
    if step and params.get("Digits", "") not in ("1", "2", "3", "4"):
        return gather([SAFETY, POLICE, AGE][step - 1], f"/voice/{step}")
    return gather([SAFETY, POLICE, AGE][step], f"/voice/{step + 1}") if step < 3 else goodbye()


async def test_a_patient_resident_hears_everything_and_answers_as_she_thinks(bench):
    wang = bench.plant(
        PATIENT, temper="patient", answers=["answered"],
        opinions={"safety": "比较安全", "police": "满意", "age": "60+"},
    )  # fmt: skip
    bench.service.script = three_questions
    call = await bench.call(wang, events=["initiated", "ringing", "answered", "completed"])
    await bench.clock.run_out()

    assert [path for path, _ in bench.service.received] == [
        "/status", "/status", "/status", "/voice/0", "/voice/1", "/voice/2", "/voice/3", "/status",
    ]  # fmt: skip
    assert bench.service.statuses() == [
        ("initiated", "0"), ("ringing", "1"), ("in-progress", "2"), ("completed", "3"),
    ]  # fmt: skip
    [entry] = (await bench.ledger())["calls"]
    assert named(entry["keys"], "digits", "meant", "kind", "slip", "delivered", "requests") == [
        ("2", "比较安全", "answer", False, "yes", 1),
        ("1", "满意", "answer", False, "yes", 1),
        ("4", "60以上", "answer", False, "yes", 1),
    ]
    assert entry["said"] == [SAFETY, POLICE, AGE, "谢谢您,再见。"]
    assert (entry["sid"], entry["kind"], entry["status"], entry["rang"]) == (call.sid, "api", "completed", 1)
    last = bench.service.at("/status")[-1]
    fetched = await bench.twilio.calls(call.sid).fetch_async()
    assert (fetched.status, fetched.duration) == ("completed", last["CallDuration"])
    assert int(last["CallDuration"]) >= len(SAFETY + POLICE + AGE) / 5


async def test_a_hurried_resident_presses_before_the_end_and_is_sooner_done(bench):
    bench.service.script = three_questions
    seconds = {}
    for temper, number in (("patient", PATIENT), ("hurried", HURRIED)):
        bench.plant(
            number,
            temper=temper,
            answers=["answered"],
            opinions={"safety": "安全", "police": "满意", "age": "18-29"},
        )
        await bench.call(number)
        await bench.clock.run_out()
        seconds[temper] = int(bench.service.at("/status")[-1]["CallDuration"])
    assert seconds["hurried"] < seconds["patient"]


async def test_a_key_that_was_not_offered_is_a_slip_and_the_next_one_is_right(bench):
    bench.plant(WRONG, voice_temper="wrong_keys", answers=["answered"], opinions={"safety": "不安全"})
    bench.service.script = three_questions
    await bench.call(WRONG)
    await bench.clock.run_out()
    [entry] = (await bench.ledger())["calls"]
    wrong = [key for key in entry["keys"] if key["kind"] == "wrong"]
    assert wrong and all(key["slip"] and key["digits"] in "56" for key in wrong)
    right = [key["digits"] for key in entry["keys"] if key["kind"] == "answer"]
    assert right[0] == "4" and len(right) == 3


async def test_whoever_refuses_hangs_up_in_the_middle_of_the_first_sentence(bench):
    bench.plant(PATIENT, temper="refuses", answers=["answered"])
    bench.service.script = three_questions
    await bench.call(PATIENT)
    await bench.clock.run_out()
    [entry] = (await bench.ledger())["calls"]
    assert (entry["status"], entry["hung_up_by"], entry["keys"]) == ("completed", "resident", [])


async def test_a_silent_resident_is_posted_as_no_digits(bench):
    bench.plant(PATIENT, temper="silent", answers=["answered"])
    bench.service.script = lambda path, params: (
        gather(SAFETY, "/voice/1") if path == "/voice/0" else goodbye()
    )
    await bench.call(PATIENT)
    await bench.clock.run_out()
    assert bench.service.at("/voice/1")[0]["Digits"] == ""
    [entry] = (await bench.ledger())["calls"]
    assert named(entry["keys"], "digits", "kind", "meant") == [("", "silence", None)]


async def test_silence_without_action_on_empty_goes_on_with_the_next_verb(bench):
    bench.plant(PATIENT, temper="silent", answers=["answered"])
    bench.service.script = lambda path, params: (
        f'<Response><Gather numDigits="1" action="/voice/9"><Say>{SAFETY}</Say></Gather>'
        "<Say>没有听到。</Say></Response>"
    )
    await bench.call(PATIENT)
    await bench.clock.run_out()
    [entry] = (await bench.ledger())["calls"]
    assert (entry["said"], entry["keys"]) == ([SAFETY, "没有听到。"], [])
    assert bench.service.at("/voice/9") == []


async def test_reserved_keys_are_pressed_only_where_they_are_offered(bench):
    offer = "转人工请按0,再听一遍请按星号,不想再接到调查请按9。"
    for temper, digits, kind in (
        ("never_again", "9", "never"),
        ("person", "0", "person"),
        ("again", "*", "again"),
    ):
        number = f"+861540000010{digits if digits != '*' else '5'}"
        bench.plant(number, voice_temper=temper, answers=["answered"], opinions={"safety": "安全"})
        bench.service.script = lambda path, params: (
            gather(offer + SAFETY, "/voice/1") if params.get("Digits", "") in ("", "*") else goodbye()
        )
        await bench.call(number)
        await bench.clock.run_out()
        entry = (await bench.ledger())["calls"][-1]
        assert named(entry["keys"], "digits", "kind")[0] == (digits, kind)
        bench.service.script = lambda path, params: (
            gather(SAFETY, "/voice/1") if path == "/voice/0" else goodbye()
        )
        await bench.call(number)
        await bench.clock.run_out()
        entry = (await bench.ledger())["calls"][-1]
        assert named(entry["keys"], "digits", "kind") == [("1", "answer")]
    ledger = await bench.ledger()
    assert named(ledger["opt_outs"], "number", "said") == [("+8615400000109", "9")]
    assert named(ledger["after_opt_out"], "number") == [("+8615400000109",)]


async def test_voicemail_answers_hears_the_prompts_in_silence_and_hangs_up(bench):
    bench.plant(PATIENT, answers=["machine"])
    bench.service.script = lambda path, params: gather(SAFETY, "/voice/1")
    call = await bench.call(PATIENT)
    await bench.clock.run_out()
    [entry] = (await bench.ledger())["calls"]
    assert (entry["answered_by"], entry["hung_up_by"]) == ("machine", "resident")
    assert {key["digits"] for key in entry["keys"]} == {""}
    assert all("AnsweredBy" not in params for _, params in bench.service.received)
    assert (await bench.twilio.calls(call.sid).fetch_async()).answered_by is None


async def test_each_way_of_not_answering_as_twilio_shows_it(bench):
    shown = {}
    for outcome in ("unassigned", "off", "busy", "rejected", "blocked", "no_answer", "trouble"):
        bench.plant(PATIENT, answers=[outcome])
        bench.service.received.clear()
        await bench.call(PATIENT, timeout=20)
        await bench.clock.run_out()
        [last] = bench.service.at("/status")
        shown[outcome] = (last["CallStatus"], last["SipResponseCode"], last["CallDuration"])
    assert shown == {
        "unassigned": ("failed", "404", "0"),
        "off": ("failed", "480", "0"),
        "busy": ("busy", "486", "0"),
        "rejected": ("failed", "603", "0"),
        "blocked": ("failed", "608", "0"),
        "no_answer": ("no-answer", "487", "0"),
        "trouble": ("failed", "503", "0"),
    }
    rang = named((await bench.ledger())["calls"], "rang")
    assert rang == [(0,), (0,), (0,), (1,), (0,), (1,), (0,)]


async def test_the_ring_time_out_is_the_callers(bench):
    bench.plant(PATIENT, answers=["no_answer"])
    await bench.call(PATIENT, timeout=20)
    await bench.clock.run_out()
    [entry] = (await bench.ledger())["calls"]
    assert (entry["created_at"], entry["ended_at"]) == (
        "2026-03-09T02:00:00+00:00",
        "2026-03-09T02:00:25+00:00",
    )


async def test_a_redirect_is_followed_and_pauses_take_time(bench):
    bench.plant(PATIENT, temper="patient", answers=["answered"])
    documents = {
        "/voice/0": '<Response><Pause length="30"/>'
        '<Redirect method="GET">/voice/1?x=1&amp;y=2</Redirect></Response>',
        "/voice/1": goodbye(),
    }
    bench.service.script = lambda path, params: documents[path]
    await bench.call(PATIENT)
    await bench.clock.run_out()
    assert bench.service.at("/voice/1")[0]["y"] == "2"
    assert int(bench.service.at("/status")[-1]["CallDuration"]) >= 30


async def test_a_verb_outside_the_subset_fails_the_call_visibly(bench):
    bench.plant(PATIENT, temper="patient", answers=["answered"])
    bench.service.script = lambda path, params: "<Response><Enqueue>later</Enqueue></Response>"
    call = await bench.call(PATIENT)
    await bench.clock.run_out()
    assert (await bench.twilio.calls(call.sid).fetch_async()).status == "failed"
    assert bench.service.at("/status")[-1]["ErrorCode"] == "12200"
    errors = await bench.control("errors")
    assert named(errors["errors"], "sid", "code", "message") == [
        (
            call.sid,
            12200,
            "<Enqueue> is outside the subset played here: Dial, Gather, Hangup, Pause, Play, Record, Redirect, Say",
        ),
    ]


async def test_a_prompt_that_nobody_understands_is_listed(bench):
    bench.plant(PATIENT, temper="patient", answers=["answered"])
    riddle = "您最喜欢的颜色?红请按1,绿请按2。"
    bench.service.script = lambda path, params: (
        gather(riddle, "/voice/1") if path == "/voice/0" else goodbye()
    )
    await bench.call(PATIENT)
    await bench.clock.run_out()
    assert bench.service.at("/voice/1")[0]["Digits"] == "8"
    assert named((await bench.control("errors"))["puzzled"], "prompt") == [(riddle,)]


@pytest.mark.parametrize("changes", ['{"opinions_by_chance": true}'])
async def test_where_the_town_answers_by_chance_everybody_chooses_and_keeps_to_it(bench):
    riddle = "您最喜欢的颜色?红请按1,绿请按2。"
    bench.service.script = lambda path, params: (
        gather(riddle, f"/voice/{int(path[-1]) + 1}") if path in ("/voice/0", "/voice/1") else goodbye()
    )
    people = [f"+861540000{n:04}" for n in range(20)]
    for number in people:
        bench.plant(number, temper="patient", answers=["answered"], slips=False)
        await bench.call(number)
    await bench.clock.run_out()
    first = {post["CallSid"]: post["Digits"] for post in bench.service.at("/voice/1")}
    again = {post["CallSid"]: post["Digits"] for post in bench.service.at("/voice/2")}
    assert set(first.values()) == {"1", "2"} and first == again and len(first) == 20
    assert (await bench.control("errors"))["puzzled"] == []


async def test_cancelled_while_ringing_and_completed_while_talking(bench):
    bench.plant(PATIENT, temper="patient", answers=["answered"])
    bench.service.script = lambda path, params: gather(SAFETY, "/voice/0")
    call = await bench.call(PATIENT)
    await bench.clock.run(seconds=5)
    assert (await bench.twilio.calls(call.sid).update_async(status="canceled")).status == "canceled"
    await bench.clock.run_out()
    assert bench.service.statuses() == [("canceled", "0")]
    assert [path for path, _ in bench.service.received] == ["/status"]

    call = await bench.call(PATIENT)
    await bench.clock.run(seconds=60)
    assert (await bench.twilio.calls(call.sid).fetch_async()).status == "in-progress"
    await bench.twilio.calls(call.sid).update_async(status="completed")
    await bench.clock.run_out()
    assert bench.service.statuses()[-1] == ("completed", "1")
    [first, second] = (await bench.ledger())["calls"]
    assert (first["status"], second["status"], second["hung_up_by"]) == ("canceled", "completed", "service")
