"""The strict reader of TwiML."""

import pytest
from twilio.twiml.messaging_response import MessagingResponse
from twilio.twiml.voice_response import VoiceResponse

from survey.twin.twiml import TEXT, VOICE, TwimlError, parse
from survey.twin.verbs import Gather, Hangup, Pause, Play, Record, Redirect, Say, TextReply


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


def test_speech_files_and_recordings_as_twilios_own_package_writes_them():
    response = VoiceResponse()
    gather = response.gather(
        input="dtmf speech",
        num_digits=1,
        language="cmn-Hans-CN",
        speech_timeout="auto",
        hints="安全, 比较安全",
    )
    gather.play("/audio/Q1.wav")
    response.gather(input="speech", speech_timeout=3)
    response.play("https://minyi.example/audio/C5.mp3")
    response.record(
        action="/told",
        method="GET",
        max_length=60,
        timeout=4,
        finish_on_key="#*",
        play_beep=False,
        trim="do-not-trim",
        transcribe_callback="/transcript",
        recording_status_callback="/recording",
        recording_status_callback_method="GET",
    )
    response.record()
    assert parse(str(response), VOICE) == (
        Gather(
            prompts=(Play("/audio/Q1.wav"),), speech=True, num_digits=1, language="cmn-Hans-CN",
            hints=("安全", "比较安全"),
        ),
        Gather(prompts=(), keys=False, speech=True, speech_timeout_s=3.0),
        Play("https://minyi.example/audio/C5.mp3"),
        Record(
            action="/told", method="GET", max_length_s=60.0, timeout_s=4.0, finish_on_key="#*", play_beep=False,
            trim=False, transcribe=True, transcribe_callback="/transcript", status_callback="/recording",
            status_method="GET",
        ),
        Record(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        ("<Response><Say>1</Response>", "document parse failure: mismatched tag at (1, 18)"),
        ("<Answer/>", "the root element is <Answer>, not <Response>"),
        ("<Response>hello</Response>", "stray text inside <Response>"),
        ("<Response><Dial>1</Dial></Response>", "stray text inside <Dial>"),
        ("<Response><Message>1</Message></Response>", "<Message> is outside the subset played here"),
        (
            "<Response><Say loop='2'>1</Say></Response>",
            "<Say> has the attribute 'loop', which is outside the subset",
        ),
        ("<Response><Say/></Response>", "<Say> is empty"),
        ("<Response><Say><break/>x</Say></Response>", "<break> may not stand inside <Say>"),
        ("<Response><Say language='中文'>1</Say></Response>", "is no language tag"),
        ("<Response><Gather input='voice'/></Response>", "is none of dtmf, speech and both"),
        ("<Response><Gather hints='a'/></Response>", "<Gather input='dtmf'> makes no use of its hints"),
        ("<Response><Gather input='speech' numDigits='1'/></Response>", "makes no use of its numDigits"),
        ("<Response><Gather input='speech' speechTimeout='soon'/></Response>", "is not a whole number"),
        ("<Response><Gather input='speech' language='en'/></Response>", "no language tag with a region"),
        ("<Response><Gather input='speech' language='zh-CN'/></Response>", "voice alone: say cmn-Hans-CN"),
        (
            f"<Response><Gather input='speech' hints='{'a' * 101}'/></Response>",
            "one of more than 100 characters",
        ),
        (f"<Response><Gather input='speech' hints='{'a,' * 501}'/></Response>", "more than 500 phrases"),
        ("<Response><Play loop='2'>/a.wav</Play></Response>", "<Play> has the attribute 'loop'"),
        ("<Response><Play/></Response>", "<Play> is empty"),
        ("<Response><Record finishOnKey=''/></Response>", "is not made of the keys 0-9, * and #"),
        ("<Response><Record finishOnKey='#a'/></Response>", "is not made of the keys 0-9, * and #"),
        ("<Response><Record trim='yes'/></Response>", "is neither trim-silence nor do-not-trim"),
        ("<Response><Record maxLength='0'/></Response>", "is not a whole number of at least 1"),
        (
            "<Response><Record recordingStatusCallbackMethod='PUT'/></Response>",
            "Method='PUT'> is neither POST",
        ),
        (
            "<Response><Record transcribe='false' transcribeCallback='/x'/></Response>",
            "makes no use of its transcribeCallback",
        ),
        ("<Response><Record><Say>x</Say></Record></Response>", "<Say> may not stand inside <Record>"),
        ("<Response><Gather><Record/></Gather></Response>", "<Record> is outside the subset"),
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
