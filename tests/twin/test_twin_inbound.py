"""Residents who ring or text the centre by themselves: what Twilio posts, what they press, and when they do so."""

from dataclasses import replace
from datetime import datetime
from typing import Any, get_args

import pytest
from twin_service import AGE, OURS, SAFETY, SID, Params, gather, goodbye, named, record

from survey.twin.accounts import GivenNumber
from survey.twin.hearing import hear_voice
from survey.twin.menu import Wish, offers, wish_of
from survey.twin.person import meet
from survey.twin.serve import Options
from survey.twin.town import town

WANG, LI = "+8615400000711", "+8615400000712"
SECOND = "+8615400000090"
MENU = "您好,这里是民调中心。现在回答请按1。要我们约个时间再打请按2。留言请按3。不想再接到请按9。转人工请按0。再听一遍请按星号。"
ENGLISH = (
    "Hello. To answer now, press 1. To be called at another time, press 2. To leave a message, press 3. "
    "Not to be called again, press 9. For a person, press 0. To hear this again, press star."
)
STRANGERS = "您好。我们没有联系过这个号码的记录。留言请按3。转人工请按0。再听一遍请按星号。"


@pytest.fixture
def options(service: Any, options: Options) -> Options:
    return replace(
        options,
        inbound_voice_url=f"{service.url}/voice/in/0",
        inbound_status_url=f"{service.url}/status/in",
        numbers=(GivenNumber(OURS), GivenNumber(SECOND)),
    )


def a_centre(menu: str = MENU) -> Any:
    """Key 1 leads to two questions, 3 to a recording, everything else to goodbye."""

    def script(path: str, params: Params) -> str:
        pressed = params.get("Digits")
        if path == "/voice/in/0":
            return gather(menu, "/voice/in/1")
        if path == "/voice/in/1" and pressed == "1":
            return gather(SAFETY, "/voice/in/2")
        if path == "/voice/in/1" and pressed == "3":
            return record("什么问题?请在提示音后留言,说完请挂机。", "/voice/in/9")
        return gather(AGE, "/voice/in/3") if path == "/voice/in/2" else goodbye()

    return script


async def inbound(bench: Any) -> list[Any]:
    return (await bench.ledger())["inbound_calls"]


async def test_what_is_posted_when_a_resident_rings(bench):
    bench.service.script = a_centre()
    bench.plant(WANG, temper="patient", opinions={"safety": "比较安全", "age": "60+"})
    sid = (await bench.control("inbound/calls", {"from": WANG, "wish": "answer"}))["sid"]
    await bench.clock.run_out()
    first = bench.service.at("/voice/in/0")[0]
    assert first == {
        "AccountSid": SID, "ApiVersion": "2010-04-01", "CallSid": sid, "CallStatus": "ringing", "Called": OURS,
        "Caller": WANG, "Direction": "inbound", "From": WANG, "To": OURS,
    }  # fmt: skip
    assert bench.service.at("/voice/in/1")[0]["CallStatus"] == "in-progress"
    [end] = bench.service.at("/status/in")
    assert (end["CallSid"], end["CallStatus"], end["Direction"]) == (sid, "completed", "inbound")
    [call] = await inbound(bench)
    assert named([call], "kind", "from_", "to", "status", "hung_up_by", "rang") == [
        ("inbound", WANG, OURS, "completed", "service", 0)
    ]
    assert named(call["keys"], "digits", "meant") == [("1", None), ("2", "比较安全"), ("4", "60以上")]
    fetched = await bench.twilio.calls(sid).fetch_async()
    assert (fetched.direction, fetched.status, fetched.to) == ("inbound", "completed", OURS)
    assert [listed.sid for listed in await bench.twilio.calls.list_async(to=OURS)] == [sid]


@pytest.mark.parametrize("menu", [MENU, ENGLISH], ids=["zh", "en"])
@pytest.mark.parametrize(
    ("wish", "key"),
    [("answer", "1"), ("later", "2"), ("message", "3"), ("never", "9"), ("person", "0"), ("ask", None)],
)
async def test_residents_press_the_key_for_what_they_want(bench, menu, wish, key):
    bench.service.script = a_centre(menu)
    await bench.control("inbound/calls", {"from": WANG, "wish": wish, "temper": "patient"})
    await bench.clock.run_out()
    [call] = await inbound(bench)
    assert [pressed["digits"] for pressed in call["keys"]][:1] == ([key] if key else [])
    assert call["hung_up_by"] == ("service" if key else "resident")
    assert (await bench.control("errors"))["puzzled"] == []


async def test_never_again_at_the_menu_is_an_opt_out_also_as_a_planted_key(bench):
    bench.service.script = a_centre()
    wished = await bench.control("inbound/calls", {"from": WANG, "wish": "never", "temper": "patient"})
    pressed = await bench.control("inbound/calls", {"from": LI, "keys": ["9"], "temper": "patient"})
    await bench.clock.run_out()
    opt_outs = (await bench.ledger())["opt_outs"]
    assert sorted(named(opt_outs, "number", "said", "via")) == [
        (WANG, "9", wished["sid"]), (LI, "9", pressed["sid"])
    ]  # fmt: skip


async def test_what_is_not_offered_is_not_pressed(bench):
    bench.service.script = a_centre(STRANGERS)
    await bench.control("inbound/calls", {"from": WANG, "wish": "answer", "temper": "patient"})
    await bench.clock.run_out()
    [call] = await inbound(bench)
    assert (call["keys"], call["hung_up_by"]) == ([], "resident")


async def test_planted_keys_come_first_and_say_what_they_stand_for(bench):
    bench.service.script = a_centre()
    await bench.control("inbound/calls", {"from": WANG, "keys": ["5", "1"], "temper": "patient"})
    bench.service.script = lambda path, params: (
        gather(MENU, "/voice/in/1") if params.get("Digits") != "1" else goodbye()
    )
    await bench.clock.run_out()
    [call] = await inbound(bench)
    assert named(call["keys"], "digits", "kind", "meant") == [
        ("5", "planted", None),
        ("1", "planted", "现在回答"),
    ]


async def test_each_message_of_each_caller_is_a_recording_of_its_own(bench):
    bench.service.script = a_centre()
    for number in (WANG, LI, WANG):
        await bench.control(
            "inbound/calls",
            {"from": number, "wish": "message", "temper": "patient", "problem": "村口路灯不亮。"},
        )
        await bench.clock.run_out()
    recordings = [one for call in await inbound(bench) for one in call["recordings"]]
    assert len({one["sid"] for one in recordings}) == 3
    url = bench.service.at("/voice/in/9")[0]["RecordingUrl"]
    assert url.startswith(f"{bench.base}/2010-04-01/Accounts/{SID}/Recordings/RE")


async def test_a_call_to_another_number_of_ours(bench):
    bench.service.script = a_centre()
    await bench.control("inbound/calls", {"from": WANG, "to": SECOND, "wish": "ask"})
    await bench.clock.run_out()
    assert bench.service.at("/voice/in/0")[0]["To"] == SECOND


async def missed_and_rung_back(bench: Any, **traits: Any) -> float | None:
    """Seconds from the end of a missed call to the call back, if it comes."""
    bench.service.script = a_centre()
    bench.plant(WANG, temper="patient", **{"answers": ["no_answer", "answered"]} | traits)
    await bench.twilio.calls.create_async(
        to=WANG, from_=SECOND, url=f"{bench.service.url}/voice/0", timeout=30
    )
    await bench.clock.run_out()
    ledger = await bench.ledger()
    if not ledger["inbound_calls"]:
        return None
    [call], [back] = ledger["calls"], ledger["inbound_calls"]
    assert (back["from_"], back["to"]) == (WANG, SECOND)
    ended, began = (datetime.fromisoformat(at) for at in (call["ended_at"], back["created_at"]))
    return (began - ended).total_seconds()


async def test_who_is_planted_to_rings_back_the_number_that_called(bench):
    assert await missed_and_rung_back(bench, rings_back=10, rings_for="answer") == 600
    [back] = await inbound(bench)
    assert back["keys"][0]["digits"] == "1"


async def test_by_the_town_as_it_is_nobody_rings_back(bench):
    assert town().rings_back.share == 0
    assert await missed_and_rung_back(bench) is None


async def test_by_a_town_with_a_share_they_do(bench):
    policy = town().rings_back.model_copy(update={"share": 1.0})
    bench.carrier.town = town().model_copy(update={"rings_back": policy})
    after = await missed_and_rung_back(bench)
    assert after is not None and 5 <= after <= policy.after_min.longest * 60


@pytest.mark.parametrize("answers", [["busy"], ["off"], ["rejected"], ["answered"]])
async def test_only_who_missed_a_ringing_telephone_rings_back(bench, answers):
    assert await missed_and_rung_back(bench, rings_back=10, answers=answers) is None


async def test_nobody_rings_back_who_has_been_spoken_to_meanwhile(bench):
    bench.service.script = a_centre()
    bench.plant(WANG, temper="patient", answers=["no_answer", "answered"], rings_back=30)
    await bench.call(WANG, timeout=20)
    await bench.clock.run(minutes=5)
    await bench.call(WANG)
    await bench.clock.run_out()
    assert named((await bench.ledger())["calls"], "status") == [("no-answer",), ("completed",)]
    assert await inbound(bench) == []


async def test_whoever_is_ringing_us_is_busy_for_our_own_call(bench):
    bench.service.script = a_centre()
    bench.plant(WANG, temper="patient", answers=["answered"])
    await bench.control("inbound/calls", {"from": WANG, "wish": "answer"})
    await bench.call(WANG)
    await bench.clock.run_out()
    await bench.call(WANG)
    await bench.clock.run_out()
    assert named((await bench.ledger())["calls"], "status", "rang") == [("busy", 0), ("completed", 1)]


def test_residents_ring_for_all_kinds_of_reasons_and_the_same_one_each_time():
    people = [meet(town(), 7, f"+86154000{i:05d}") for i in range(500)]
    wishes = [wish_of(town(), person, 1) for person in people]
    assert set(wishes) == set(get_args(Wish)) == set(town().rings_back.wishes)
    assert wishes == [wish_of(town(), person, 1) for person in people]


def test_a_question_is_no_menu():
    assert offers(hear_voice(SAFETY)) == offers(hear_voice(AGE)) == {}
    assert offers(hear_voice(STRANGERS)) == {"message": "3", "person": "0"}


async def test_a_resident_texts_us_of_their_own_accord(bench):
    bench.service.script = lambda path, params: "<Response><Message>我们是民调中心。</Message></Response>"
    sid = (await bench.control("inbound/texts", {"from": WANG, "body": "你们是谁?"}))["sid"]
    await bench.clock.run_out()
    [came] = bench.service.at("/text")
    assert (came["MessageSid"], came["From"], came["To"], came["Body"]) == (sid, WANG, OURS, "你们是谁?")
    texts = (await bench.ledger())["texts"]
    assert named(texts, "direction", "kind", "delivered", "body")[0] == ("in", "free", "yes", "你们是谁?")
    assert named(texts, "direction", "to", "status")[1] == ("out", WANG, "delivered")


async def test_never_again_by_text_is_an_opt_out_and_stop_one_of_the_carriers_until_start(bench):
    bench.service.script = lambda path, params: "<Response/>"
    for body in ("退订", "STOP"):
        await bench.control("inbound/texts", {"from": WANG, "body": body, "to": SECOND})
        await bench.clock.run_out()
    assert named((await bench.ledger())["opt_outs"], "number", "said") == [(WANG, "退订"), (WANG, "STOP")]
    assert [params["To"] for params in bench.service.at("/text")] == [SECOND, SECOND]
    form = {"To": WANG, "From": OURS, "Body": "您好"}
    assert (await bench.raw("POST", "Messages.json", data=form))[1]["code"] == 21610
    await bench.control("inbound/texts", {"from": WANG, "body": "start"})
    await bench.clock.run_out()
    assert (await bench.raw("POST", "Messages.json", data=form))[0] == 201


async def test_residents_planted_to_write_do_so_in_their_own_time(bench):
    bench.service.script = lambda path, params: "<Response/>"
    writes = [{"after_min": 30, "body": "刚才谁打的电话"}, {"after_min": 90, "body": "别再打了"}]
    assert await bench.control("residents", [{"number": WANG, "writes": writes}]) == {}
    await bench.clock.run_out()
    texts = (await bench.ledger())["texts"]
    assert named(texts, "at", "body") == [
        ("2026-03-09T02:30:00+00:00", "刚才谁打的电话"),
        ("2026-03-09T03:30:00+00:00", "别再打了"),
    ]


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("inbound/calls", {"from": "+13051416799"}, "not of the town"),
        ("inbound/calls", {"from": WANG, "to": WANG}, "no such number of ours"),
        ("inbound/calls", {"from": WANG, "keys": ["一"]}, "keys"),
        ("inbound/calls", {"from": WANG, "wish": "sing"}, "wish"),
        ("inbound/calls", {"from": WANG, "mood": "bad"}, "unknown trait 'mood'"),
        ("inbound/texts", {"from": WANG}, "body"),
        ("inbound/texts", {"from": WANG, "body": "您好", "to": LI}, "no such number of ours"),
        ("residents", [{"number": WANG, "rings_back": "soon"}], "number of minutes"),
        ("residents", [{"number": WANG, "rings_for": "fun"}], "rings_for"),
        ("residents", [{"number": WANG, "writes": ["您好"]}], "after_min"),
    ],
)
async def test_wishes_that_cannot_be(bench, path, body, said):
    status, text = await bench.control(path, body)
    assert status == 400 and said in text
    assert (await bench.ledger())["inbound_calls"] == [] == (await bench.ledger())["texts"]


class TestWithoutAVoiceUrl:
    @pytest.fixture
    def options(self, options: Options) -> Options:
        return replace(options, inbound_voice_url=None)

    async def test_nobody_can_ring_and_nobody_rings_back(self, bench):
        status, text = await bench.control("inbound/calls", {"from": WANG})
        assert status == 400 and "--inbound-voice-url" in text
        assert await missed_and_rung_back(bench, rings_back=10) is None
