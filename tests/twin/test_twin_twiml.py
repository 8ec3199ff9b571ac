"""The strict reader of TwiML."""

import pytest
from twilio.twiml.messaging_response import MessagingResponse
from twilio.twiml.voice_response import VoiceResponse

from survey.twin.twiml import TEXT, VOICE, Gather, Hangup, Pause, Redirect, Say, TextReply, TwimlError, parse


def test_what_twilios_own_package_writes_is_read():
    response = VoiceResponse()
    gather = response.gather(
        input="dtmf",
        num_digits=1,
        timeout=6,
        action="/next?a=1&b=2",
        action_on_empty_result=True,
        finish_on_key="",
    )
    gather.say("您感觉安全吗?", language="zh-CN")
    gather.pause(length=2)
    response.say("再见。")
    response.redirect("/again", method="GET")
    response.hangup()
    assert parse(str(response), VOICE) == (
        Gather(
            prompts=(Say("您感觉安全吗?", "zh-CN"), Pause(2.0)), action="/next?a=1&b=2", num_digits=1,
            finish_on_key="", timeout_s=6.0, action_on_empty=True,
        ),
        Say("再见。"),
        Redirect("/again", "GET"),
        Hangup(),
    )  # fmt: skip
    reply = MessagingResponse()
    reply.message("谢谢。")
    assert parse(str(reply), TEXT) == (TextReply("谢谢。"),)
    assert parse("<Response/>", TEXT) == ()


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        ("<Response><Say>1</Response>", "document parse failure: mismatched tag at (1, 18)"),
        ("<Answer/>", "the root element is <Answer>, not <Response>"),
        ("<Response>hello</Response>", "stray text inside <Response>"),
        ("<Response><Dial>1</Dial></Response>", "<Dial> is outside the subset played here"),
        ("<Response><Message>1</Message></Response>", "<Message> is outside the subset played here"),
        (
            "<Response><Say loop='2'>1</Say></Response>",
            "<Say> has the attribute 'loop', which is outside the subset",
        ),
        ("<Response><Say/></Response>", "<Say> is empty"),
        ("<Response><Say><break/>x</Say></Response>", "<break> may not stand inside <Say>"),
        ("<Response><Say language='中文'>1</Say></Response>", "is no language tag"),
        ("<Response><Gather input='speech'/></Response>", "only dtmf is heard here"),
        (
            "<Response><Gather numDigits='0'/></Response>",
            "<Gather numDigits='0'> is not a whole number of at least 1",
        ),
        ("<Response><Gather timeout='soon'/></Response>", "<Gather timeout='soon'> is not a whole number"),
        ("<Response><Gather finishOnKey='ab'/></Response>", "is not one key of 0-9, * and #, nor empty"),
        ("<Response><Gather method='PUT'/></Response>", "is neither POST nor GET"),
        ("<Response><Gather actionOnEmptyResult='yes'/></Response>", "is neither true nor false"),
        ("<Response><Gather><Redirect>/x</Redirect></Gather></Response>", "<Redirect> is outside the subset"),
        ("<Response><Gather>words</Gather></Response>", "stray text inside <Gather>"),
        ("<Response><Hangup>now</Hangup></Response>", "stray text inside <Hangup>"),
    ],
)
def test_anything_else_is_an_error_that_names_it(document, fault):
    with pytest.raises(TwimlError) as error:
        parse(document, VOICE)
    assert fault in str(error.value)
