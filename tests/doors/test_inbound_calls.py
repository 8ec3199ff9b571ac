"""A resident rings the centre: they hear who called and why, and answer now, are called, leave a message or opt out."""

from __future__ import annotations

from typing import Any

from doors_bench import CENTRE, Bench, at, heard

from survey.answering import InboundReply, inbound_over, take_inbound
from survey.dialing import dial_due, record_progress
from survey.dialogue.inputs import Digits, NoInput, Recorded
from survey.interviewing import take_call, take_text
from survey.questionnaire.segments import segments


async def rings(
    bench: Bench, number: str, step: int = 0, key: str | None = None, sid: str = "CAin1"
) -> InboundReply:
    return await take_inbound(bench.ground, number, sid, step, heard(key), bench.real, centre=CENTRE)


async def missed(bench: Bench, name: str = "王秀英") -> Any:
    """They were rung at ten about the perception survey, and did not pick up."""
    bench.clock.moment = at("9 10:00")
    person = await bench.resident(name)
    ref = await bench.survey(person, "voice", closes_at=at("11 20:30"))
    await dial_due(bench.ground, bench.line)
    await record_progress(
        bench.ground, await bench.attempt_ref(person), await bench.sid(person), "no_answer", None, {}
    )
    bench.clock.moment = at("9 10:05")
    return person, ref


async def test_who_was_called_hears_who_called_when_and_why(bench: Bench) -> None:
    wang, _ = await missed(bench)
    reply = await rings(bench, wang.number)
    assert "".join(reply.say) == (
        "您好,这里是遂澜社情民意调查中心。今天上午10点我们联系过您,想请您参加平安建设民意调查。"
        "我们不收费,也从不问密码和验证码。现在回答请按1。要我们约个时间再打请按2。留言请按3。"
        "不想再接到请按9。转人工请按0。再听一遍请按星号。"
    )
    assert (reply.then, reply.step) == ("keys", 1)


async def test_they_answer_the_survey_in_this_very_call(bench: Bench) -> None:
    wang, unit = await missed(bench)
    await rings(bench, wang.number)
    reply = await rings(bench, wang.number, 1, "1")
    assert reply.then == "connect"
    assert (
        await rings(bench, wang.number, 1, "1")
    ) == reply  # the carrier asks again: nothing is begun twice
    assert await bench.attempts(wang) == ["voice ended no_answer", "voice accepted"]

    opening = await take_call(bench.ground, reply.connect, "CAin1", 0, NoInput(), bench.real)
    assert opening is not None and opening.waits == "keys"
    answered = await take_call(bench.ground, reply.connect, "CAin1", 1, Digits("1"), bench.real)
    assert answered is not None
    assert await bench.answers(wang) == {"S1": "1"}
    assert (await bench.unit(unit))["status"] == "in_contact"

    assert await inbound_over(bench.ground, "CAin1", "answered", {})
    assert await bench.unit_is(unit) == "done, break_off"
    assert await bench.rows("SELECT inbound, status, counts FROM survey.attempt ORDER BY id") == [
        (False, "ended", True),
        (True, "ended", False),  # they rang us: it costs none of the calls that we may make
    ]


async def test_a_call_that_came_in_costs_the_unit_none_of_its_attempts(bench: Bench) -> None:
    wang, unit = await missed(bench)
    for n in range(3):
        bench.clock.moment = at(f"9 1{n}:30") if n < 2 else at("9 14:30")
        sid = f"CAin{n}"
        await rings(bench, wang.number, sid=sid)
        reply = await rings(bench, wang.number, 1, "1", sid=sid)
        await take_call(bench.ground, reply.connect, sid, 0, NoInput(), bench.real)
        assert await inbound_over(bench.ground, sid, "answered", {})  # she hangs up before the first question
    assert (await bench.unit_is(unit)).startswith("waiting, unknown_eligibility")
    assert await bench.one("SELECT count(*) FROM survey.attempt WHERE counts") == 1


async def test_an_open_text_thread_goes_on_in_the_call(bench: Bench) -> None:
    bench.clock.moment = at("9 10:00")
    li = await bench.resident("李建国")
    await bench.survey(li, "text", closes_at=at("11 20:30"))
    await dial_due(bench.ground, bench.line)
    await rings(bench, li.number)
    reply = await rings(bench, li.number, 1, "1")
    assert reply.then == "connect"
    assert await bench.one("SELECT count(*) FROM survey.contact WHERE closed_at IS NULL") == 1
    assert await bench.attempts(li) == ["text ended text_no_reply", "voice accepted"]


async def test_nine_is_never_again_at_once(bench: Bench) -> None:
    wang, unit = await missed(bench)
    await rings(bench, wang.number)
    reply = await rings(bench, wang.number, 1, "9")
    assert (reply.say, reply.then) == (("好的,今后不再给您打调查电话。再见。",), "hang_up")
    assert await bench.opt_outs(wang) == {"survey": "voice"}
    bench.clock.moment = at("10 19:00")
    assert await dial_due(bench.ground, bench.line) == 0
    assert await bench.unit_is(unit) == "done, opted_out"


async def test_a_message_reaches_a_person(bench: Bench) -> None:
    wang, _ = await missed(bench)
    await rings(bench, wang.number)
    ask = await rings(bench, wang.number, 1, "3")
    assert (ask.say, ask.then) == (("请在提示音后留言,说完请挂机。",), "recording")
    kept = await take_inbound(
        bench.ground, wang.number, "CAin1", 2, Recorded("RE1", 14, key=""), bench.real, centre=CENTRE
    )
    assert kept.say == ("您的留言已经记下,工作人员会听。再见。",)
    assert await bench.rows("SELECT person_id, reason, recording FROM survey.handover") == [
        (wang.id, "recording", "RE1")
    ]


async def test_a_wish_to_be_called_is_a_handover_with_its_hour(bench: Bench) -> None:
    wang, _ = await missed(bench)
    await rings(bench, wang.number)
    reply = await rings(bench, wang.number, 1, "2")
    assert reply.say == ("好的,我们会在明天上午10点5分前给您回电。再见。",)
    assert await bench.rows("SELECT reason, due_at FROM survey.handover") == [("asked_for", at("10 10:05"))]


async def test_an_unknown_number_is_told_so_and_may_leave_a_message(bench: Bench) -> None:
    bench.clock.moment = at("9 10:00")
    for number in ("+8615499999999", "", "anonymous"):
        reply = await rings(bench, number, sid=f"CA{number}")
        assert "".join(reply.say) == (
            "您好,这里是遂澜社情民意调查中心。我们没有联系过这个号码的记录。我们不收费,也从不问密码和验证码。"
            "留言请按3。转人工请按0。再听一遍请按星号。"
        )
    again = await rings(
        bench, "+8615499999999", 1, "9", sid="CA+8615499999999"
    )  # not offered: the menu once more
    assert again.say == reply.say
    person = await rings(bench, "+8615499999999", 2, "0", sid="CA+8615499999999")
    assert person.say == ("好的,工作人员会在明天上午10点前给您回电。再见。",)


async def test_silence_is_asked_twice_and_then_let_go(bench: Bench) -> None:
    wang, _ = await missed(bench)
    said = [await rings(bench, wang.number, step) for step in range(4)]
    assert [reply.then for reply in said] == ["keys", "keys", "keys", "hang_up"]


async def test_who_wants_no_surveys_is_not_offered_one(bench: Bench) -> None:
    wang, _ = await missed(bench)
    await bench.run(
        "INSERT INTO survey.opt_out (person_id, scope, said_at, said_in) VALUES ($1, 'survey', $2, 'text')",
        wang.id,
        bench.clock.now(),
    )
    reply = await rings(bench, wang.number)
    assert "现在回答请按1。" not in reply.say
    assert (await rings(bench, wang.number, 1, "1")).then == "keys"  # a key that was not offered is none


async def test_a_text_that_asks_who_called_is_told(bench: Bench) -> None:
    wang, _ = await missed(bench)
    reply = await take_text(bench.ground, wang.number, "SM1", "核实", bench.real)
    assert (
        reply.body
        == "我们是遂澜民调中心,今天上午10点因民意调查联系过您。不收费,不问密码和验证码。人工回0,退订回T"
    )
    assert segments(reply.body) == 1
    stranger = await take_text(bench.ground, "+8615499999999", "SM2", "你们是谁?", bench.real)
    assert (
        stranger.body == "我们是民调中心,没有联系过您的记录。不收费,不问密码和验证码。您的短信由工作人员阅读"
    )
    assert await bench.one("SELECT count(*) FROM survey.inbox_text") == 2  # a person reads them, too
