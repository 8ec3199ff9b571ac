"""A text thread at the door: an invitation, replies in people's own words, stop, and what comes too late."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from doors_bench import FIXED, Bench, Resident

from survey import dialing, interviewing
from survey.interviewing import TextReply

SIGNED = "【遂澜民调中心】"
TOO_LATE = f"{SIGNED}谢谢您的回复。这次调查已经结束,您的短信会由工作人员阅读。"


async def invite(bench: Bench) -> str:
    """Send what is due; the text of the invitation."""
    assert await dialing.dial_due(bench.ground, bench.line) == 1
    return bench.carrier.asked[-1].body


async def write(bench: Bench, person: Resident, sid: str, body: str) -> TextReply:
    return await interviewing.take_text(bench.ground, person.number, sid, body, bench.real)


async def converse(bench: Bench, person: Resident, *bodies: str) -> list[str]:
    """Our replies to these texts, one after the other."""
    return [(await write(bench, person, f"SM-{n}-{person.id}", body)).body for n, body in enumerate(bodies)]


async def effects(bench: Bench) -> list[tuple[object, ...]]:
    return await bench.rows("SELECT said, effect FROM survey.input ORDER BY id")


async def test_a_whole_survey_by_text(bench: Bench) -> None:
    he_ping = await bench.resident("何平")
    unit = await bench.survey(he_ping, "text")
    invitation = await invite(bench)
    assert invitation == (
        f"{SIGNED}平安建设调查(3题):您感觉当地安全吗?1安全2比较安全3不太安全4不安全。回数字,0人工,退订回T"
    )
    replies = await converse(bench, he_ping, "比较安全", "1", "31")
    assert replies == [
        f"{SIGNED}您对当地公安工作满意吗?1满意2基本满意3不满意4没打过交道",
        f"{SIGNED}您的年龄段:1)18-29 2)30-44 3)45-59 4)60以上;性别:1)男 2)女。回两位数字,如31",
        f"{SIGNED}谢谢您的参与。",
    ]
    assert await bench.answers(he_ping) == {"Q1": "2", "Q3": "1", "Q10_age": "3", "Q10_sex": "1"}
    assert await bench.unit_is(unit) == "done, complete"
    assert await bench.attempts(he_ping) == ["text ended complete"]
    assert await bench.announced() == [("interview_finished", "complete")]
    assert await bench.rows(
        "SELECT body, segments, attempt_id IS NOT NULL, input_id IS NOT NULL FROM survey.text_out ORDER BY id"
    ) == [(invitation, 1, True, False), *((reply, 1, False, True) for reply in replies)]


async def test_words_acknowledgements_and_nonsense(bench: Bench) -> None:
    he_ping = await bench.resident("何平")
    unit = await bench.survey(he_ping, "text")
    await invite(bench)
    await converse(bench, he_ping, "收到", "1不安全", "蓝色")
    assert await effects(bench) == [
        ("收到", "acknowledged"),
        ("1不安全", "asked_again"),
        ("蓝色", "handover"),
    ]
    assert await bench.answers(he_ping) == {}
    assert await bench.rows("SELECT reason FROM survey.handover") == [("not_understood",)]
    assert await bench.unit_is(unit) == "waiting, handover_pending, operator"


@pytest.mark.parametrize(
    ("purpose", "said", "scope", "confirmation", "left"),
    [
        (
            "survey",
            "T",
            "survey",
            "已退订,今后不再请您参加调查。您要求告知的事项结果仍会告诉您。",
            "done, opted_out",
        ),
        (
            "survey",
            "退订",
            "survey",
            "已退订,今后不再请您参加调查。您要求告知的事项结果仍会告诉您。",
            "done, opted_out",
        ),
        ("survey", "全部退订", "all", "已登记,今后不再主动联系您。", "done, opted_out"),
        ("case", "T", "case_text", "已退订,今后不再给您发事项短信。", "waiting, opted_out, voice"),
        ("case", "不要再发", "case_text", "已退订,今后不再给您发事项短信。", "waiting, opted_out, voice"),
        ("case", "全部退订", "all", "已登记,今后不再主动联系您。", "waiting, opted_out, voice"),
    ],
)
async def test_how_far_stop_reaches(
    bench: Bench, purpose: str, said: str, scope: str, confirmation: str, left: str
) -> None:
    chen_jing = await bench.resident("陈静")
    unit = (
        await bench.case(chen_jing, "text voice")
        if purpose == "case"
        else await bench.survey(chen_jing, "text")
    )
    await invite(bench)
    assert await write(bench, chen_jing, "SM1", said) == TextReply(SIGNED + confirmation, over=True)
    assert await bench.opt_outs(chen_jing) == {scope: "text"}
    assert await bench.attempts(chen_jing) == ["text ended opted_out"]
    assert await bench.unit_is(unit) == left


async def test_who_stops_everything_is_not_called_about_the_case_either(bench: Bench) -> None:
    chen_jing = await bench.resident("陈静")
    unit = await bench.case(chen_jing, "text voice")
    await invite(bench)
    await write(bench, chen_jing, "SM1", "全部退订")
    bench.clock.moment = (await bench.unit(unit))["due_at"]
    assert await dialing.dial_due(bench.ground, bench.line) == 0
    assert await bench.unit_is(unit) == "done, opted_out"
    assert len(bench.carrier.asked) == 1


async def test_a_text_from_a_number_we_do_not_know_is_read_by_a_person(bench: Bench) -> None:
    reply = await interviewing.take_text(bench.ground, "+8615499999999", "SM1", "路灯坏了", bench.real)
    assert reply == TextReply("")
    assert await bench.rows(
        "SELECT i.said, i.effect, i.person_id, x.reason FROM survey.inbox_text x JOIN survey.input i ON i.id = x.input_id"
    ) == [("路灯坏了", "unknown_sender", None, "unknown_sender")]


async def test_a_text_of_somebody_who_was_never_texted_is_read_by_a_person(bench: Bench) -> None:
    li_na = await bench.resident("李娜")
    assert await write(bench, li_na, "SM1", "井盖坏了") == TextReply("")
    assert await bench.rows("SELECT reason FROM survey.inbox_text") == [("no_open_contact",)]


async def test_an_answer_that_comes_too_late_is_thanked_for_and_read_by_a_person(bench: Bench) -> None:
    he_ping = await bench.resident("何平")
    await bench.survey(he_ping, "text")
    await invite(bench)
    await converse(bench, he_ping, "1", "1", "31")
    assert await write(bench, he_ping, "SM-late", "3") == TextReply(TOO_LATE)
    assert (await effects(bench))[-1] == ("3", "too_late")
    assert await bench.rows("SELECT reason FROM survey.inbox_text") == [("too_late",)]
    assert (await bench.answers(he_ping))["Q1"] == "1"


async def test_stop_is_heard_after_the_end_too(bench: Bench) -> None:
    he_ping = await bench.resident("何平")
    await bench.survey(he_ping, "text")
    await invite(bench)
    await converse(bench, he_ping, "1", "1", "31")
    assert await write(bench, he_ping, "SM-late", "TD") == TextReply(f"{SIGNED}已为您退订,今后不再发送。")
    assert await bench.opt_outs(he_ping) == {"survey": "text"}
    assert await bench.rows("SELECT count(*) FROM survey.inbox_text") == [(0,)]


async def test_a_thread_ends_at_its_moment_and_not_before(bench: Bench) -> None:
    he_ping = await bench.resident("何平")
    unit = await bench.survey(he_ping, "text")
    await invite(bench)
    sid = await bench.sid(he_ping)
    await dialing.record_progress(bench.ground, await bench.attempt_ref(he_ping), sid, "delivered", None, {})
    ends = await bench.one("SELECT expires_at FROM survey.contact")
    assert ends == bench.clock.now() + timedelta(hours=72)

    bench.clock.moment = ends - timedelta(microseconds=1)
    assert await dialing.expire_threads(bench.ground, bench.line) == 0
    assert (await write(bench, he_ping, "SM-in-time", "2")).body.startswith(
        f"{SIGNED}您对当地公安工作满意吗?"
    )
    bench.clock.moment = ends
    assert await write(bench, he_ping, "SM-too-late", "1") == TextReply(TOO_LATE, over=True)
    assert await dialing.expire_threads(bench.ground, bench.line) == 0
    assert await bench.answers(he_ping) == {"Q1": "2"}
    assert await bench.attempts(he_ping) == ["text ended partial"]
    assert await bench.unit_is(unit) == "done, partial"


@pytest.mark.parametrize(
    ("last_word", "disposition"),
    [
        ("delivered", "text_no_reply"),
        ("sent", "text_no_receipt"),
        ("queued", "technical"),
        (None, "text_no_receipt"),
    ],
)
async def test_a_thread_without_a_reply_comes_to_what_the_carrier_said(
    bench: Bench, last_word: str | None, disposition: str
) -> None:
    he_ping = await bench.resident("何平")
    await bench.survey(he_ping, "text")
    await invite(bench)
    if last_word:
        ref, sid = await bench.attempt_ref(he_ping), await bench.sid(he_ping)
        await dialing.record_progress(bench.ground, ref, sid, last_word, None, {})
    bench.later(hours=72)
    assert await dialing.expire_threads(bench.ground, bench.line) == 1
    assert await bench.attempts(he_ping) == [f"text ended {disposition}"]
    assert await dialing.expire_threads(bench.ground, bench.line) == 0


async def test_the_same_text_again_gets_the_same_reply_and_does_nothing(bench: Bench) -> None:
    he_ping = await bench.resident("何平")
    await bench.survey(he_ping, "text")
    await invite(bench)
    first = await write(bench, he_ping, "SM1", "1")
    again = await asyncio.gather(*(write(bench, he_ping, "SM1", "1") for _ in range(4)))
    assert {reply.body for reply in again} == {first.body}
    assert await effects(bench) == [("1", "answered")]
    assert await bench.one("SELECT count(*) FROM survey.text_out") == 2


async def test_the_same_text_many_times_at_once_is_one_input(bench: Bench) -> None:
    he_ping = await bench.resident("何平")
    await bench.survey(he_ping, "text")
    await invite(bench)
    replies = await asyncio.gather(*(write(bench, he_ping, "SM1", "不太安全") for _ in range(6)))
    assert len({reply.body for reply in replies}) == 1
    assert await effects(bench) == [("不太安全", "answered")]
    assert await bench.answers(he_ping) == {"Q1": "3"}


async def test_a_late_text_many_times_at_once_is_in_the_inbox_once(bench: Bench) -> None:
    li_na = await bench.resident("李娜")
    await asyncio.gather(*(write(bench, li_na, "SM1", "你好") for _ in range(6)))
    unknown = (
        interviewing.take_text(bench.ground, "+8615499999999", "SM2", "?", bench.real) for _ in range(6)
    )
    await asyncio.gather(*unknown)
    assert await bench.rows("SELECT said FROM survey.input ORDER BY id") == [("你好",), ("?",)]
    assert await bench.one("SELECT count(*) FROM survey.inbox_text") == 2


async def test_two_texts_at_once_are_two_answers_one_after_the_other(bench: Bench) -> None:
    he_ping = await bench.resident("何平")
    await bench.survey(he_ping, "text")
    await invite(bench)
    await asyncio.gather(write(bench, he_ping, "SM1", "1"), write(bench, he_ping, "SM2", "1"))
    assert await bench.answers(he_ping) == {"Q1": "1", "Q3": "1"}


async def test_a_result_by_text_is_told_once_the_resident_writes_back(bench: Bench) -> None:
    zhao_min = await bench.resident("赵敏")
    unit = await bench.case(zhao_min, "text voice")
    assert await invite(bench) == (
        f"{SIGNED}您反映的0037号事项:{FIXED}。解决了吗?1已解决2部分3未解决。回数字,0人工,退订回T"
    )
    assert await bench.rows("SELECT told_at, told_text FROM survey.interview") == [(None, None)]
    moment = bench.later(hours=3)
    await write(bench, zhao_min, "SM1", "收到")
    assert await bench.rows("SELECT told_at, told_text FROM survey.interview") == [(moment, FIXED)]
    bench.later(hours=1)
    replies = [(await write(bench, zhao_min, f"SM-{n}", body)).body for n, body in enumerate("111")]
    assert replies == [
        f"{SIGNED}办理单位联系过您吗?1联系过2没有",
        f"{SIGNED}您对办理结果满意吗?1满意2基本满意3不满意",
        f"{SIGNED}已收到,谢谢您的回复。",
    ]
    assert await bench.rows("SELECT told_at, told_text FROM survey.interview") == [(moment, FIXED)]
    assert await bench.unit_is(unit) == "done, complete"


async def test_a_dissatisfied_resident_is_promised_a_call_and_given_the_code(bench: Bench) -> None:
    zhao_min = await bench.resident("赵敏")
    await bench.case(zhao_min, "text voice")
    await invite(bench)
    replies = await converse(bench, zhao_min, "未解决", "没有", "不满意", "水还是黄的", "需要")
    assert replies[-1] == f"{SIGNED}已收到,我们会在24小时内与您电话核实。查询码K7Q2M9XA"
    assert await bench.answers(zhao_min) == {
        "C1": "2",
        "C2": "3",
        "C3": "3",
        "C5": "水还是黄的",
        "C7": "1",
    }
