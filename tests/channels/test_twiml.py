"""Our TwiML is what Twilio's own package writes, as XML."""

from __future__ import annotations

from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.twiml.messaging_response import MessagingResponse
from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

from survey.channels.twilio import twiml
from survey.channels.twilio.twiml import HEARD_LANGUAGES, VOICE_LANGUAGES, Audio, Spoken

ACTION = "https://minyi.example/twilio/voice/ref-1/3#rc=5&rp=all&ct=2000&rt=8000"
# what XML can hold: no control characters, no halves of pairs, no carriage return (which XML reads back as a newline)
WORDS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1, max_size=30
)


def same(ours: str, theirs: object) -> bool:
    return ElementTree.canonicalize(ours) == ElementTree.canonicalize(str(theirs))


# a prompt is spoken, or played from an address
PROMPTS = st.lists(WORDS | WORDS.map(lambda words: Audio(f"/audio/{quote(words)}.wav?a=1&b=2")), max_size=3)
LANGUAGES = st.sampled_from(["zh", "en", "yue", "ar"])


def speak(verb: Gather | VoiceResponse, prompts: list[Spoken], lang: str) -> None:
    for prompt in prompts:
        if isinstance(prompt, Audio):
            verb.play(prompt.url)
        else:
            verb.say(prompt, language=VOICE_LANGUAGES[lang])


@given(prompts=PROMPTS, lang=LANGUAGES, keys=st.integers(0, 4), finish=st.booleans())
def test_a_question(prompts: list[Spoken], lang: str, keys: int, finish: bool) -> None:
    number = {"num_digits": keys} if keys else {}
    gather = Gather(
        input="dtmf",
        finish_on_key="#" if finish else "",
        timeout=5,
        action_on_empty_result=True,
        method="POST",
        action=ACTION,
        **number,
    )
    speak(gather, prompts, lang)
    response = VoiceResponse()
    response.append(gather)
    ours = twiml.ask(prompts, lang=lang, action=ACTION, num_digits=keys, timeout_s=5, finish_on_key=finish)
    assert same(ours, response)


@given(prompts=PROMPTS, lang=LANGUAGES, hints=st.just("") | WORDS)
def test_a_question_that_may_be_answered_aloud(prompts: list[Spoken], lang: str, hints: str) -> None:
    more = {"hints": hints} if hints else {}
    gather = Gather(
        input="dtmf speech", num_digits=1, finish_on_key="", timeout=5, language=HEARD_LANGUAGES[lang],
        speech_timeout="auto", action_on_empty_result=True, method="POST", action=ACTION, **more,
    )  # fmt: skip
    speak(gather, prompts, lang)
    response = VoiceResponse()
    response.append(gather)
    ours = twiml.ask(prompts, lang=lang, action=ACTION, num_digits=1, timeout_s=5, speech=True, hints=hints)
    assert same(ours, response)


@given(
    prompts=PROMPTS,
    lang=LANGUAGES,
    keys=st.text("0123456789*#", min_size=1, max_size=12),
    transcribe=st.none() | st.just(ACTION + "&transcript"),
    report=st.none() | st.just(ACTION + "&recording"),
)
def test_a_recording_and_the_way_on_after_silence(
    prompts: list[Spoken], lang: str, keys: str, transcribe: str | None, report: str | None
) -> None:
    callbacks: dict[str, object] = (
        {"transcribe": True, "transcribe_callback": transcribe} if transcribe else {}
    )
    callbacks |= {"recording_status_callback": report} if report else {}
    response = VoiceResponse()
    speak(response, prompts, lang)
    response.record(
        action=ACTION, method="POST", max_length=60, timeout=4, finish_on_key=keys, play_beep=True,
        trim="trim-silence", **callbacks,
    )  # fmt: skip
    response.redirect(ACTION, method="POST")
    ours = twiml.record(
        prompts, lang=lang, action=ACTION, max_length_s=60, timeout_s=4, finish_on_key=keys,
        transcribe_callback=transcribe, recording_status_callback=report,
    )  # fmt: skip
    assert same(ours, response)


@given(prompts=PROMPTS, lang=LANGUAGES)
def test_a_goodbye(prompts: list[Spoken], lang: str) -> None:
    response = VoiceResponse()
    speak(response, prompts, lang)
    response.hangup()
    assert same(twiml.goodbye(prompts, lang=lang), response)


@pytest.mark.parametrize(
    ("lang", "spoken", "heard"),
    [
        ("zh", "zh-CN", "cmn-Hans-CN"),
        ("en", "en-GB", "en-GB"),
        ("yue", "zh-HK", "yue-Hant-HK"),
        ("fr", "fr-FR", "fr-FR"),
        ("zh-TW", "zh-TW", "zh-TW"),
        ("ug", "ug", "ug"),
        ("es-419", "es-419", "es-419"),
        ("中文", "en-GB", "en-GB"),
        ('zh" x="', "en-GB", "en-GB"),
        ("", "en-GB", "en-GB"),
    ],
)
def test_the_tags_of_a_language(lang: str, spoken: str, heard: str) -> None:
    """Those of the table, a tag that we do not know as it is, and nothing that is no tag."""
    document = twiml.ask(["x"], lang=lang, action="/1", num_digits=1, timeout_s=5, speech=True)
    gather = ElementTree.fromstring(document)[0]
    assert (gather[0].get("language"), gather.get("language")) == (spoken, heard)


@given(body=WORDS)
def test_a_reply_by_text(body: str) -> None:
    response = MessagingResponse()
    response.message(body)
    assert same(twiml.message(body), response)


@pytest.mark.parametrize("ours", [twiml.message(""), twiml.EMPTY])
def test_no_reply(ours: str) -> None:
    assert same(ours, MessagingResponse())


def test_a_question_as_it_goes_over_the_wire() -> None:
    assert twiml.ask(["您感觉安全吗?", "A&B<C>"], lang="zh", action=ACTION, num_digits=1, timeout_s=5) == (
        '<?xml version="1.0" encoding="UTF-8"?><Response><Gather input="dtmf" numDigits="1" finishOnKey="" timeout="5"'
        ' actionOnEmptyResult="true" method="POST"'
        ' action="https://minyi.example/twilio/voice/ref-1/3#rc=5&amp;rp=all&amp;ct=2000&amp;rt=8000">'
        '<Say language="zh-CN">您感觉安全吗?</Say><Say language="zh-CN">A&amp;B&lt;C&gt;</Say></Gather></Response>'
    )


def test_a_recording_as_it_goes_over_the_wire() -> None:
    document = twiml.record(
        [Audio("https://minyi.example/audio/C5.zh.wav"), "请说。"],
        lang="zh",
        action="/twilio/voice/ref-1/4#rc=5",
        max_length_s=60,
        timeout_s=4,
        transcribe_callback="/twilio/transcript/ref-1",
        recording_status_callback=None,
    )
    assert document == (
        '<?xml version="1.0" encoding="UTF-8"?><Response><Play>https://minyi.example/audio/C5.zh.wav</Play>'
        '<Say language="zh-CN">请说。</Say>'
        '<Record action="/twilio/voice/ref-1/4#rc=5" method="POST" maxLength="60" timeout="4" finishOnKey="#"'
        ' playBeep="true" trim="trim-silence" transcribe="true" transcribeCallback="/twilio/transcript/ref-1"/>'
        '<Redirect method="POST">/twilio/voice/ref-1/4#rc=5</Redirect></Response>'
    )


@given(room=WORDS.filter(str.strip))
def test_an_operator_waits_in_a_room(room: str) -> None:
    dial = Dial()
    dial.conference(room, beep="false", end_conference_on_exit=True)
    response = VoiceResponse()
    response.append(dial)
    assert same(twiml.wait_in(room), response)


@given(room=WORDS.filter(str.strip), prompts=PROMPTS, lang=LANGUAGES)
def test_a_resident_is_connected(room: str, prompts: list[Spoken], lang: str) -> None:
    dial = Dial()
    dial.conference(room, beep="onEnter", end_conference_on_exit=False)
    response = VoiceResponse()
    response.append(dial)
    speak(response, prompts, lang)
    response.hangup()
    assert same(twiml.connect(room, prompts, lang=lang), response)
