"""An interview that stopped goes on in the next contact, by whatever mode: nothing that was answered is asked again."""

from __future__ import annotations

from doors_bench import FIXED, Bench, Resident, heard

from survey import dialing, interviewing, operating
from survey.dialogue.inputs import Choice
from survey.interviewing import finished


async def call(bench: Bench, person: Resident, *keys: str) -> list[str]:
    """Ring, press keys, and hang up; what was said last."""
    assert await dialing.dial_due(bench.ground, bench.line) == 1
    ref, sid = await bench.attempt_ref(person), await bench.sid(person)
    said: tuple[str, ...] = ()
    for step, key in enumerate(["", *keys]):
        reply = await interviewing.take_call(bench.ground, ref, sid, step, heard(key), bench.real)
        assert reply is not None
        said = reply.say
    await dialing.record_progress(bench.ground, ref, sid, "answered", None, {})
    return list(said)


async def test_a_callback_that_broke_off_asks_anew_who_is_speaking_and_tells_the_result(bench: Bench) -> None:
    chen = await bench.resident("陈建国")
    unit = await bench.case(chen, "voice")
    said = await call(bench, chen, "1")
    assert said[-2] == "办理单位联系过您吗?"  # he hangs up on it, so it is not known that he heard the result
    assert (await bench.unit_is(unit)).startswith("waiting, break_off")

    bench.later(hours=24)
    assert (await call(bench, chen))[-2] == "请问是反映人本人吗?"
    bench.later(hours=24)
    assert FIXED in "".join(await call(bench, chen, "1"))
    bench.later(hours=24)
    await call(bench, chen, "1", "1", "1", "1", "1")
    assert await bench.unit_is(unit) == "done, complete"
    async with bench.ground.pool.acquire() as conn, conn.transaction():
        (result,) = await finished(conn)
    assert {question: code for question, (code, _) in result.answers.items()} == dict.fromkeys(
        ["C0", "C1", "C2", "C3", "C6"], "1"
    )
    assert (result.told_text, result.status) == (FIXED, "complete")


async def test_what_two_wrong_keys_cut_short_an_operator_goes_on_with(bench: Bench) -> None:
    wang = await bench.resident("王芳")
    unit = await bench.survey(wang, "voice")
    await call(bench, wang, "1", "2", "6", "6")  # safe enough, and then twice a key that is no answer
    assert await bench.rows("SELECT reason, status FROM survey.handover") == [("not_understood", "waiting")]
    assert (
        await bench.unit_is(unit) == "done, partial"
    )  # the first answer made it a partial interview, which is final


async def test_whoever_asks_for_a_person_is_not_asked_from_the_beginning(bench: Bench) -> None:
    zhou = await bench.resident("周杰")
    await bench.survey(zhou, "voice")
    await call(bench, zhou, "1", "0")
    assert await bench.rows("SELECT reason, status FROM survey.handover") == [("asked_for", "waiting")]

    due = await operating.next_due_at(bench.ground)
    assert due is not None
    bench.clock.moment = due
    task = await operating.next_task(bench.ground, "1021")
    assert task is not None
    reply = await operating.answered(bench.ground, task.ref, "1021")
    assert reply.turn.prompts[0] == (
        "您好,我是遂澜社情民意调查中心的调查员,工号1021,想接着上次没问完的几个问题。"
    )
    asked = reply.turn.expects  # S1 is answered; the list of townships only an operator sees
    assert asked is not None and asked.question_id == "S2"
    assert [(one.key, one.label) for one in asked.options] == [("1", "柳河镇"), ("2", "青石镇")]
    reply = await operating.say(bench.ground, task.ref, "1021", Choice("991721101"))
    assert reply.turn.expects is not None and reply.turn.expects.question_id == "Q1"
    await operating.say(bench.ground, task.ref, "1021", Choice("declined"))
    await operating.hang_up(bench.ground, task.ref)
    # the call that was asked for has been made, and so nobody else has to make it
    assert await bench.rows("SELECT status, resolved_by FROM survey.handover") == [("resolved", "1021")]


async def test_a_second_text_to_somebody_who_did_not_reply_is_a_reminder(bench: Bench) -> None:
    li_na = await bench.resident("李娜")
    await bench.survey(li_na, "text")
    assert await dialing.dial_due(bench.ground, bench.line) == 1
    bench.later(hours=73)
    await dialing.expire_threads(bench.ground, bench.line)
    bench.later(hours=24)
    assert await dialing.dial_due(bench.ground, bench.line) == 1
    assert [asked.body for asked in bench.carrier.asked] == [
        "【遂澜民调中心】平安建设调查(3题):您感觉当地安全吗?1安全2比较安全3不太安全4不安全。回数字,0人工,退订回T",
        "【遂澜民调中心】还想听听您的意见:您感觉当地安全吗?1安全2比较安全3不太安全4不安全。回数字,0人工,退订回T",
    ]
