"""A call by machine, key by key, at the door: what is said, what is stored, what a repeated request gets."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from doors_bench import Bench, Resident, at, heard

from survey import dialing, interviewing
from survey.voice_reply import VoiceReply


async def ring(bench: Bench, person: Resident) -> None:
    assert await dialing.dial_due(bench.ground, bench.line) == 1


async def press(bench: Bench, person: Resident, step: int, keys: str | None = None) -> VoiceReply:
    ref, sid = await bench.attempt_ref(person), await bench.sid(person)
    reply = await interviewing.take_call(bench.ground, ref, sid, step, heard(keys), bench.real)
    assert reply is not None
    return reply


async def call_ends(bench: Bench, person: Resident) -> None:
    ref, sid = await bench.attempt_ref(person), await bench.sid(person)
    await dialing.record_progress(bench.ground, ref, sid, "answered", None, {})


async def asking(bench: Bench, person: Resident) -> str | None:
    """The question that waits."""
    state: str | None = await bench.one(
        """SELECT i.state::jsonb ->> 'asking' FROM survey.interview i JOIN survey.sample_unit u ON u.id = i.unit_id
           WHERE u.person_id = $1 AND i.status = 'open'""",
        person.id,
    )
    return state


async def effects(bench: Bench) -> list[tuple[object, ...]]:
    return await bench.rows("SELECT step, said, effect FROM survey.input ORDER BY id")


async def test_a_whole_survey_from_the_first_word_to_goodbye(bench: Bench) -> None:
    li_na = await bench.resident("李娜")
    unit = await bench.survey(li_na, "voice")
    await ring(bench, li_na)
    opening = await press(bench, li_na, 0)
    assert opening == VoiceReply(
        (
            "您好,这里是遂澜社情民意调查中心,正在做平安建设民意调查。",
            "您是从本地居民名单中随机抽取的。",
            "回答只用于统计、严格保密,大约三分钟。随时可以按键:不想说请按7,转人工请按0,再听一遍请按星号,不想再接到调查请按9。",
            "请问您是否年满18周岁,并且在本县居住半年以上?",
            "是请按1,不是请按2。",
        ),
        1,
        "zh",
        1,
        "keys",
    )
    reply, step, asked = opening, 1, []
    while reply.waits == "keys":
        asked.append(await asking(bench, li_na))
        reply = await press(bench, li_na, step, "1")
        step += 1
    assert (asked[:2], sorted(asked[2:6]), asked[6:]) == (
        ["S1", "Q1"],
        ["Q2", "Q3", "Q5", "Q6"],
        ["Q10_age", "Q10_sex"],
    )
    assert reply == VoiceReply(
        ("还有什么治安方面的问题或建议?", "请在提示音后说,说完按井号键;没有要说的,直接按井号键。"),
        0,
        "zh",
        step,
        "recording",
        record_s=60,
    )
    reply = await press(bench, li_na, step, "#")  # nothing to say, so nothing to register
    assert reply == VoiceReply(("问题问完了,谢谢您的支持,再见。",), 0, "zh", step + 1)
    assert await bench.answers(li_na) == {**dict.fromkeys(asked, "1"), "Q11": "no_answer"}
    assert await bench.announced() == [("interview_finished", "not_attempted")]  # the line is still open

    await call_ends(bench, li_na)
    assert await bench.attempts(li_na) == ["voice ended complete"]
    assert await bench.unit_is(unit) == "done, complete"
    assert await bench.announced() == [("interview_finished", "complete")]
    assert await effects(bench) == [
        (0, "", "opened"),
        *((n, "1", "answered") for n in range(1, 9)),
        (9, "#", "answered"),
    ]


async def test_silence_and_a_wrong_key_are_asked_again(bench: Bench) -> None:
    li_na = await bench.resident("李娜")
    await bench.survey(li_na, "voice")
    await ring(bench, li_na)
    await press(bench, li_na, 0)
    await press(bench, li_na, 1, "1")
    wrong = await press(bench, li_na, 2, "6")
    assert wrong.say[:2] == ("对不起,没有听清您的选择。", "总的来说,您在本地生活感觉安全吗?")
    silent = await press(bench, li_na, 3, None)
    assert silent.say[0] == "没有收到您的按键。"
    assert (await effects(bench))[2:] == [(2, "6", "asked_again"), (3, "", "asked_again")]
    assert await bench.answers(li_na) == {"S1": "1"}
    assert await asking(bench, li_na) == "Q1"


async def test_nine_ends_the_call_and_every_survey_from_now_on(bench: Bench) -> None:
    zhou_jie = await bench.resident("周杰")
    unit = await bench.survey(zhou_jie, "voice")
    await ring(bench, zhou_jie)
    await press(bench, zhou_jie, 0)
    reply = await press(bench, zhou_jie, 1, "9")
    assert reply == VoiceReply(("好的,今后不再请您参加调查。再见。",), 0, "zh", 2)
    assert await bench.opt_outs(zhou_jie) == {"survey": "voice"}
    await call_ends(bench, zhou_jie)
    assert await bench.unit_is(unit) == "done, opted_out"


async def test_zero_asks_for_a_person_who_has_a_day_to_call(bench: Bench) -> None:
    zhou_jie = await bench.resident("周杰")
    unit = await bench.survey(zhou_jie, "voice")
    await ring(bench, zhou_jie)
    await press(bench, zhou_jie, 0)
    assert (await press(bench, zhou_jie, 1, "0")).digits == 0
    assert await bench.rows("SELECT person_id, reason, raised_at, due_at FROM survey.handover") == [
        (
            zhou_jie.id,
            "asked_for",
            bench.clock.now(),
            bench.clock.now() + timedelta(hours=24),
        )
    ]
    await call_ends(bench, zhou_jie)
    assert await bench.unit_is(unit) == "waiting, handover_pending, operator"


async def test_whoever_hangs_up_midway_keeps_every_answer(bench: Bench) -> None:
    li_na = await bench.resident("李娜")
    unit = await bench.survey(li_na, "voice")
    await ring(bench, li_na)
    await press(bench, li_na, 0)
    await press(bench, li_na, 1, "1")
    await press(bench, li_na, 2, "3")
    await call_ends(bench, li_na)
    assert await bench.answers(li_na) == {"S1": "1", "Q1": "3"}
    assert await bench.attempts(li_na) == ["voice ended partial"]
    assert await bench.unit_is(unit) == "done, partial"
    assert await bench.announced() == [("interview_finished", "partial")]


async def test_whoever_hangs_up_on_the_greeting_is_called_again(bench: Bench) -> None:
    li_na = await bench.resident("李娜")
    unit = await bench.survey(li_na, "voice")
    await ring(bench, li_na)
    await press(bench, li_na, 0)
    await call_ends(bench, li_na)
    assert await bench.attempts(li_na) == ["voice ended unknown_eligibility"]
    assert await bench.unit_is(unit) == "waiting, unknown_eligibility, voice"
    assert await bench.announced() == []


async def test_the_same_request_again_gets_the_same_reply_and_does_nothing(bench: Bench) -> None:
    li_na = await bench.resident("李娜")
    await bench.survey(li_na, "voice")
    await ring(bench, li_na)
    replies = [
        await press(bench, li_na, 0),
        await press(bench, li_na, 1, "1"),
        await press(bench, li_na, 2, "2"),
    ]
    rows = await bench.rows("SELECT * FROM survey.input"), await bench.rows("SELECT * FROM survey.answer")
    again = [
        await press(bench, li_na, 2, "2"),
        await press(bench, li_na, 0),
        await press(bench, li_na, 1, "1"),
    ]
    assert [reply.to_json() for reply in (again[1], again[2], again[0])] == [r.to_json() for r in replies]
    # even where the carrier's second request brings another key: the first stands
    assert await press(bench, li_na, 2, "4") == replies[2]
    assert rows == (
        await bench.rows("SELECT * FROM survey.input"),
        await bench.rows("SELECT * FROM survey.answer"),
    )


async def test_the_same_request_many_times_at_once_is_one_input(bench: Bench) -> None:
    li_na = await bench.resident("李娜")
    await bench.survey(li_na, "voice")
    await ring(bench, li_na)
    opened = await asyncio.gather(*(press(bench, li_na, 0) for _ in range(6)))
    answered = await asyncio.gather(*(press(bench, li_na, 1, "1") for _ in range(6)))
    assert len({reply.to_json() for reply in opened}) == 1
    assert len({reply.to_json() for reply in answered}) == 1
    assert await effects(bench) == [(0, "", "opened"), (1, "1", "answered")]
    assert await bench.rows("SELECT question_id, revision, code FROM survey.answer") == [("S1", 1, "1")]


async def test_a_reference_that_is_not_ours_is_nobodys_call(bench: Bench) -> None:
    assert (
        await interviewing.take_call(bench.ground, "no-such-ref", "CA1", 0, heard(None), bench.real) is None
    )
    assert await bench.one("SELECT count(*) FROM survey.input") == 0


async def test_a_key_that_arrives_when_the_call_is_over_is_kept_as_too_late(bench: Bench) -> None:
    li_na = await bench.resident("李娜")
    await bench.survey(li_na, "voice")
    await ring(bench, li_na)
    await press(bench, li_na, 0)
    await press(bench, li_na, 1, "1")
    await press(bench, li_na, 2, "1")
    await call_ends(bench, li_na)
    late = await press(bench, li_na, 3, "4")
    assert late == VoiceReply((), 0, "zh", 4)
    assert (await effects(bench))[-1] == (3, "4", "too_late")
    assert await bench.answers(li_na) == {"S1": "1", "Q1": "1"}
    assert await press(bench, li_na, 3, "4") == late


async def test_a_second_call_under_the_same_reference_is_not_the_same_conversation(bench: Bench) -> None:
    li_na = await bench.resident("李娜")
    await bench.survey(li_na, "voice")
    await ring(bench, li_na)
    await press(bench, li_na, 0)
    ref = await bench.attempt_ref(li_na)
    strange = await interviewing.take_call(bench.ground, ref, "CA-another", 0, heard(None), bench.real)
    assert strange == VoiceReply((), 0, "zh", 1)
    assert (await effects(bench))[-1] == (0, "", "too_late")
    assert await bench.rows("SELECT status FROM survey.interview") == [("open",)]


async def test_a_result_counts_as_told_only_when_something_is_said_after_it(bench: Bench) -> None:
    zhao_min = await bench.resident("赵敏")
    await bench.case(zhao_min, "voice")
    await ring(bench, zhao_min)
    await press(bench, zhao_min, 0)
    told = await press(bench, zhao_min, 1, "1")
    assert told.say[0] == "您反映的0037号事项,办理结果是:水管已经更换,供水恢复正常。"
    assert await bench.rows("SELECT told_at, told_text FROM survey.interview") == [(None, None)]
    await press(bench, zhao_min, 2, None)  # silence proves nothing
    assert await bench.rows("SELECT told_at, told_text FROM survey.interview") == [(None, None)]
    moment = bench.later(seconds=20)
    await press(bench, zhao_min, 3, "1")
    assert await bench.rows("SELECT told_at, told_text FROM survey.interview") == [
        (moment, "水管已经更换,供水恢复正常")
    ]


async def test_nobody_is_told_who_hangs_up_on_the_result(bench: Bench) -> None:
    zhao_min = await bench.resident("赵敏")
    unit = await bench.case(zhao_min, "voice")
    await ring(bench, zhao_min)
    await press(bench, zhao_min, 0)
    await press(bench, zhao_min, 1, "1")
    await call_ends(bench, zhao_min)
    assert await bench.rows("SELECT told_at, told_text, status FROM survey.interview") == [
        (None, None, "broken_off")
    ]
    assert await bench.unit_is(unit) == "waiting, break_off, voice"


async def test_somebody_else_hears_no_word_of_the_case_and_the_number_is_unlinked(bench: Bench) -> None:
    stranger = await bench.resident("接电话的人")
    unit = await bench.case(stranger, "voice")
    await ring(bench, stranger)
    await press(bench, stranger, 0)
    reply = await press(bench, stranger, 1, "2")
    assert reply == VoiceReply(("对不起,打扰您了。再见。",), 0, "zh", 2)
    assert await bench.one("SELECT unlinked_at FROM survey.person WHERE id = $1", stranger.id) == at(
        "9 10:00"
    )
    await call_ends(bench, stranger)
    assert await bench.unit_is(unit) == "done, wrong_person"
    assert await bench.announced() == [("interview_finished", "wrong_person")]


async def test_the_last_answer_and_its_announcement_are_one_write(bench: Bench) -> None:
    """The outbox refuses: then nothing of the last answer is kept, and the carrier's second try finds everything as it was."""
    zhao_min = await bench.resident("赵敏")
    await bench.case(zhao_min, "voice")
    await ring(bench, zhao_min)
    await press(bench, zhao_min, 0)
    for step in range(1, 5):
        await press(bench, zhao_min, step, "1")
    assert await asking(bench, zhao_min) == "C6"
    await bench.run("ALTER TABLE survey.outbox ADD CONSTRAINT refuses CHECK (false)")
    refused = await asyncio.gather(press(bench, zhao_min, 5, "1"), return_exceptions=True)
    assert isinstance(refused[0], Exception)
    assert "C6" not in await bench.answers(zhao_min)
    assert await asking(bench, zhao_min) == "C6"
    await bench.run("ALTER TABLE survey.outbox DROP CONSTRAINT refuses")
    assert (await press(bench, zhao_min, 5, "1")).digits == 0
    assert (await bench.answers(zhao_min))["C6"] == "1"
    assert await bench.rows("SELECT topic, purpose, arrived_real FROM survey.outbox") == [
        ("interview_finished", "case", bench.real)
    ]


async def test_whoever_is_never_reached_is_announced_as_finished_all_the_same(bench: Bench) -> None:
    he_ping = await bench.resident("何平")
    unit = await bench.case(he_ping, "voice")
    for _ in range(40):
        if (await bench.unit(unit))["status"] == "done":
            break
        bench.clock.moment = (await bench.unit(unit))["due_at"]
        await ring(bench, he_ping)
        ref, sid = await bench.attempt_ref(he_ping), await bench.sid(he_ping)
        await dialing.record_progress(bench.ground, ref, sid, "no_answer", None, {})
    assert await bench.attempts(he_ping) == ["voice ended no_answer"] * 5
    assert await bench.unit_is(unit) == "done, no_answer"
    async with bench.ground.pool.acquire() as conn, conn.transaction():
        (finished,) = await interviewing.finished(conn)
        await interviewing.mark_consumed(conn, [finished.outbox_id])
        assert await interviewing.finished(conn) == []
    assert (finished.topic, finished.unit_ref, finished.disposition, finished.answers, finished.told_at) == (
        "unit_finished",
        unit,
        "no_answer",
        {},
        None,
    )
    days, parts = (
        await bench.one("SELECT count(DISTINCT day) FROM survey.attempt"),
        await bench.one("SELECT count(DISTINCT day_part) FROM survey.attempt"),
    )
    assert (days >= 2, parts >= 2) == (True, True)


async def test_who_has_no_time_is_promised_another_call_except_in_the_last_attempt(bench: Bench) -> None:
    li_na = await bench.resident("李娜")
    unit = await bench.case(li_na, "voice")
    goodbyes = []
    for _ in range(5):
        bench.clock.moment = await bench.one("SELECT due_at FROM survey.sample_unit")
        await ring(bench, li_na)
        await press(bench, li_na, 0)
        goodbyes.append((await press(bench, li_na, 1, "3")).say)
        await call_ends(bench, li_na)
    assert goodbyes == [
        *[("好的,我们另找时间联系您。谢谢,再见。",)] * 4,
        ("好的,不打扰您了。谢谢,再见。",),
    ]
    assert await bench.unit_is(unit) == "done, appointment"
