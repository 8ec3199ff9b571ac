"""Our TwiML is what Twilio's own package writes, as XML."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.twiml.messaging_response import MessagingResponse
from twilio.twiml.voice_response import Gather, VoiceResponse

from survey.channels.twilio import twiml
from survey.channels.twilio.twiml import VOICE_LANGUAGES

ACTION = "https://minyi.example/twilio/voice/ref-1/3#rc=5&rp=all&ct=2000&rt=8000"
# what XML can hold: no control characters, no halves of pairs, no carriage return (which XML reads back as a newline)
WORDS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1, max_size=30
)


def same(ours: str, theirs: object) -> bool:
    return ElementTree.canonicalize(ours) == ElementTree.canonicalize(str(theirs))


@given(
    prompts=st.lists(WORDS, min_size=1, max_size=3),
    lang=st.sampled_from(["zh", "en"]),
    keys=st.integers(1, 4),
)
def test_a_question(prompts: list[str], lang: str, keys: int) -> None:
    finish = {"finish_on_key": ""} if keys == 1 else {}
    gather = Gather(
        input="dtmf",
        num_digits=keys,
        timeout=5,
        action_on_empty_result=True,
        method="POST",
        action=ACTION,
        **finish,
    )
    for prompt in prompts:
        gather.say(prompt, language=VOICE_LANGUAGES[lang])
    response = VoiceResponse()
    response.append(gather)
    ours = twiml.ask(prompts, lang=lang, action=ACTION, num_digits=keys, timeout_s=5)
    assert same(ours, response)


@given(prompts=st.lists(WORDS, max_size=3), lang=st.sampled_from(["zh", "en"]))
def test_a_goodbye(prompts: list[str], lang: str) -> None:
    response = VoiceResponse()
    for prompt in prompts:
        response.say(prompt, language=VOICE_LANGUAGES[lang])
    response.hangup()
    assert same(twiml.goodbye(prompts, lang=lang), response)


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
