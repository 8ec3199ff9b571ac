"""Answers said instead of pressed: in whose words, how they are understood, and what is posted."""

import pytest
from twin_service import AGE, POLICE, SAFETY, Params, aloud, gather, goodbye, named

from survey.twin.acts import Ears
from survey.twin.answering import react
from survey.twin.mind import Conversation, Resident
from survey.twin.person import meet
from survey.twin.town import town
from survey.twin.utterance import Sound, Utterance

WANG, LI = "+8615400000081", "+8615400000082"
OFFER = "转人工请按0,再听一遍请按星号,不想再接到调查请按9。"


def three_questions(path: str, params: Params) -> str:
    """Each may be answered aloud; what is no key and no plain label is asked again."""
    step = int(path.rsplit("/", 1)[1])
    plain = {"满意", "比较安全", "45-59"}
    if step and not params.get("Digits") and params.get("SpeechResult") not in plain:
        return aloud([SAFETY, POLICE, AGE][step - 1], f"/voice/{step}")
    return aloud([SAFETY, POLICE, AGE][step], f"/voice/{step + 1}") if step < 3 else goodbye()


def once(prompt: str, more: str = ""):
    return lambda path, params: aloud(prompt, "/voice/1", more) if path == "/voice/0" else goodbye()


async def keys_of(bench, number: str) -> list[dict]:
    await bench.call(number)
    await bench.clock.run_out()
    return (await bench.ledger())["calls"][-1]["keys"]


def speaker(bench, number: str = WANG, **traits) -> str:
    return bench.plant(number, **({"temper": "patient", "answers": ["answered"], "speaks": True} | traits))


async def test_who_speaks_is_posted_with_words_and_confidence_and_no_digits(bench):
    speaker(bench, opinions={"safety": "比较安全", "police": "满意", "age": "45-59"})
    bench.service.script = three_questions
    keys = await keys_of(bench, WANG)

    first = bench.service.at("/voice/1")[0]
    assert {name: first[name] for name in first if name not in BY_EVERY_CALL} == {
        "SpeechResult": keys[0]["speech"],
        "Confidence": str(keys[0]["confidence"]),
    }
    said = [key for key in keys if key["speech"] is not None]
    assert {key["meant"] for key in said} == {"比较安全", "满意", "45-59"}
    assert {(key["digits"], key["kind"], key["slip"], key["delivered"], key["requests"]) for key in said} == {
        ("", "words", False, "yes", 1)
    }
    assert all(0.74 <= key["confidence"] <= 0.97 for key in said)


BY_EVERY_CALL = {
    "AccountSid", "ApiVersion", "CallSid", "CallStatus", "Called", "Caller", "Direction", "From", "To",
}  # fmt: skip


async def test_words_that_were_not_understood_are_pressed_the_second_time(bench):
    speaker(bench, opinions={"safety": "比较安全"})
    bench.service.script = lambda path, params: (
        aloud(SAFETY, "/voice/1") if "Digits" not in params else goodbye()
    )
    first, second = await keys_of(bench, WANG)
    assert (first["kind"], first["meant"], first["digits"]) == ("words", "比较安全", "")
    assert (second["kind"], second["speech"], second["digits"]) == ("answer", None, "2")


async def test_they_say_it_as_people_write_it(bench):
    said = set()
    ways = town().opinion("safety", "fairly_safe").says
    bench.service.script = once(SAFETY)
    for i in range(40):
        speaker(bench, f"+861540001{i:04d}", opinions={"safety": "比较安全"})
        said |= {key["speech"] for key in await keys_of(bench, f"+861540001{i:04d}")}
    assert {way for way in ways if any(way in words for words in said)} == set(ways)
    assert all(any(way in words for way in ways) for words in said)


async def test_who_does_not_speak_presses(bench):
    speaker(bench, speaks=False, opinions={"safety": "安全"})
    bench.service.script = once(SAFETY)
    assert named(await keys_of(bench, WANG), "digits", "speech", "kind") == [("1", None, "answer")]


async def test_where_only_keys_are_heard_a_speaker_presses(bench):
    speaker(bench, opinions={"safety": "安全"})
    bench.service.script = lambda path, params: (
        gather(SAFETY, "/voice/1") if path == "/voice/0" else goodbye()
    )
    assert named(await keys_of(bench, WANG), "digits", "speech", "confidence") == [("1", None, None)]


async def test_where_only_speech_is_heard_everybody_speaks(bench):
    speaker(bench, speaks=False, opinions={"safety": "安全"})
    bench.service.script = lambda path, params: (
        f'<Response><Gather input="speech" language="cmn-Hans-CN" action="/voice/1"><Say>{SAFETY}</Say></Gather>'
        "</Response>"
        if path == "/voice/0"
        else goodbye()
    )
    [key] = await keys_of(bench, WANG)
    assert (key["kind"], key["meant"], key["digits"]) == ("words", "安全", "")


async def test_where_only_speech_is_heard_the_second_answer_is_as_plain_as_the_prompt_has_it(bench):
    speaker(bench, opinions={"safety": "比较安全"})
    said = []

    def script(path: str, params: Params) -> str:
        said.append(params.get("SpeechResult"))
        question = f'<Gather input="speech" language="zh" action="/voice/1"><Say>{SAFETY}</Say></Gather>'
        return f"<Response>{question}</Response>" if len(said) < 3 else goodbye()

    bench.service.script = script
    await keys_of(bench, WANG)
    assert said[0] is None and said[1] and said[2] == "比较安全"


async def test_silence_where_only_speech_is_heard_shows_as_empty_speech(bench):
    bench.plant(WANG, temper="silent", answers=["answered"])
    bench.service.script = lambda path, params: (
        '<Response><Gather input="speech" language="zh" action="/voice/1" actionOnEmptyResult="true"/></Response>'
        if path == "/voice/0"
        else goodbye()
    )
    await keys_of(bench, WANG)
    [posted] = bench.service.at("/voice/1")
    assert posted["SpeechResult"] == "" and "Digits" not in posted


async def test_english_is_spoken_where_english_is_heard(bench):
    speaker(bench, opinions={"safety": "fairly safe"})
    prompt = "Do you feel safe here? Press 1 for safe, press 2 for fairly safe, press 3 for not safe."
    bench.service.script = lambda path, params: (
        aloud(prompt, "/voice/1").replace("cmn-Hans-CN", "en-GB") if path == "/voice/0" else goodbye()
    )
    [key] = await keys_of(bench, WANG)
    assert (key["kind"], key["meant"], key["slip"]) == ("words", "fairly safe", False)
    assert "fairly safe" in key["speech"]


async def test_a_question_without_keys_is_answered_in_words(bench):
    speaker(bench, speaks=False, opinions={"police": "不满意"})
    bench.service.script = once("您对当地公安工作满意吗?请直接说。")
    [key] = await keys_of(bench, WANG)
    assert (key["kind"], key["meant"]) == ("words", "不满意") and "不满意" in key["speech"]


async def test_an_open_question_is_answered_in_their_own_words(bench):
    speaker(bench, problem="路灯不亮。")
    bench.service.script = once("还有什么治安方面的问题或建议?请说。")
    assert named(await keys_of(bench, WANG), "kind", "speech", "meant") == [
        ("open", "路灯不亮。", "路灯不亮。")
    ]


async def test_silence_where_speech_is_heard_shows_as_an_empty_input(bench):
    bench.plant(WANG, temper="silent", answers=["answered"])
    bench.service.script = once(SAFETY)
    assert named(await keys_of(bench, WANG), "digits", "speech", "kind") == [("", None, "silence")]
    [posted] = bench.service.at("/voice/1")
    assert posted["Digits"] == "" and "SpeechResult" not in posted


async def test_a_recogniser_for_another_language_understands_nothing_and_that_is_shown(bench):
    speaker(bench, opinions={"safety": "安全"})
    bench.service.script = lambda path, params: (
        f'<Response><Gather input="speech" action="/voice/1"><Say>{SAFETY}</Say></Gather></Response>'
        if path == "/voice/0"
        else goodbye()
    )
    [key] = await keys_of(bench, WANG)
    assert key["slip"] and key["confidence"] <= 0.42 and key["speech"] in town().misheard["zh"]
    assert named((await bench.control("errors"))["puzzled"], "prompt") == [(SAFETY,)]


@pytest.mark.parametrize(
    ("temper", "kind", "words"),
    [
        ("person", "person", town().spoken_words["zh"]["person"]),
        ("again", "again", town().spoken_words["zh"]["again"]),
        ("never_again", "never", town().spoken_words["zh"]["never"]),
    ],
)
async def test_a_person_again_and_never_are_said_too(bench, temper, kind, words):
    speaker(bench, voice_temper=temper, opinions={"safety": "安全"})
    bench.service.script = once(OFFER + SAFETY)
    [key] = await keys_of(bench, WANG)
    assert (key["kind"], key["meant"], key["digits"]) == (kind, None, "") and key["speech"] in words
    opt_outs = named((await bench.ledger())["opt_outs"], "number", "said")
    assert opt_outs == ([(WANG, key["speech"])] if kind == "never" else [])


async def test_speaking_takes_its_time_and_so_does_the_silence_after_it(bench):
    ended = {}
    for number, more in ((WANG, ""), (LI, 'speechTimeout="30"')):
        speaker(bench, number, opinions={"safety": "安全"})
        document = aloud(SAFETY, "/voice/1").replace('speechTimeout="auto"', more)
        bench.service.script = lambda path, params, document=document: (
            document if path == "/voice/0" else goodbye()
        )
        await keys_of(bench, number)
        ended[number] = int(bench.service.at("/status")[-1]["CallDuration"])
    assert ended[LI] - ended[WANG] >= 25


def test_shares_of_those_who_speak_and_of_what_is_misheard():
    """A town of some thousand people: about a third speaks, and about three in a hundred are misheard."""
    prompt, both = Utterance.of(town(), [Sound(SAFETY)]), Ears(keys=True, speech=True, language="cmn-Hans-CN")
    people = [Resident(meet(town(), 7, f"+86154{i % 10}{i:07d}")) for i in range(8000)]
    acts = [react(town(), one, Conversation(), 1, prompt, 6.0, both) for one in people]
    answers = [act for act in acts if act.kind in ("answer", "words", "wrong")]
    spoken = [act for act in answers if act.speech is not None]
    misheard = [act for act in spoken if act.slip]
    assert 0.32 <= len(spoken) / len(answers) <= 0.38
    assert 0.02 <= len(misheard) / len(spoken) <= 0.04
    assert all(act.confidence <= 0.42 and act.speech in town().misheard["zh"] for act in misheard)
    again = [react(town(), one, Conversation(), 1, prompt, 6.0, both) for one in people[::-1]]
    assert again[::-1] == acts


# -- distress and minors: planted, never by chance -------------------------------------------------


async def test_distress_is_said_once_as_soon_as_something_can_be_said(bench):
    speaker(bench, speaks=None, distress="我男人天天打我，我不想活了", opinions={"safety": "不安全"})
    bench.service.script = lambda path, params: (
        goodbye() if params.get("Digits") else aloud(SAFETY, "/voice/1")
    )
    first, second, third = named(await keys_of(bench, WANG), "kind", "speech", "meant", "digits")
    assert first == ("distress", "我男人天天打我，我不想活了", None, "")
    assert (second[0], second[2]) == ("words", "不安全")
    assert third == ("answer", None, "不安全", "4")


async def test_a_minor_says_so_in_words_of_the_town(bench):
    speaker(bench, speaks=None, minor=True)
    bench.service.script = once(SAFETY)
    [key] = await keys_of(bench, WANG)
    assert key["kind"] == "minor" and key["speech"] in town().minor["zh"]


async def test_neither_can_be_said_with_keys(bench):
    speaker(bench, distress=True, minor=True, opinions={"safety": "安全"})
    bench.service.script = lambda path, params: (
        gather(SAFETY, "/voice/1") if path == "/voice/0" else goodbye()
    )
    assert named(await keys_of(bench, WANG), "kind", "digits") == [("answer", "1")]
