"""Answers that are spoken: recognised words, recordings, what is written down of them, and what must not be kept."""

from __future__ import annotations

from datetime import timedelta

from doors_bench import Bench, Resident, heard

from survey import dialing, handing, interviewing, listening
from survey.dialogue.inputs import Recorded, Speech
from survey.interviewing import Heard, finished
from survey.voice_reply import VoiceReply

OPEN_QUESTION = 9
"""The step of Q11, when everything before was answered at once."""


async def call(bench: Bench, person: Resident, *said: Heard) -> list[VoiceReply]:
    """Ring, and say these one after the other; the replies."""
    assert await dialing.dial_due(bench.ground, bench.line) == 1
    ref, sid = await bench.attempt_ref(person), await bench.sid(person)
    replies = []
    for step, one in enumerate([heard(None), *said]):
        reply = await interviewing.take_call(bench.ground, ref, sid, step, one, bench.real)
        assert reply is not None
        replies.append(reply)
    return replies


async def hangs_up(bench: Bench, person: Resident) -> None:
    ref, sid = await bench.attempt_ref(person), await bench.sid(person)
    await dialing.record_progress(bench.ground, ref, sid, "answered", None, {})


async def in_a_survey(bench: Bench, name: str) -> Resident:
    person = await bench.resident(name)
    await bench.survey(person, "voice")
    return person


ALL_ONES = [heard("1")] * 8
"""Adult, safe, content: everything up to the open question."""


async def queue(bench: Bench) -> list[tuple[str, bool, str | None, str | None]]:
    rows = await handing.queue(bench.ground, "991721")
    return [(row.reason, row.urgent, row.words, row.recording) for row in rows]


async def test_a_recording_is_an_answer_that_somebody_has_to_listen_to(bench: Bench) -> None:
    li_na = await in_a_survey(bench, "李娜")
    replies = await call(bench, li_na, *ALL_ONES, Recorded("RE1", 12), heard("1"))
    assert replies[OPEN_QUESTION - 1].waits == "recording"
    assert replies[OPEN_QUESTION].say[0] == "要不要我们登记这个问题,转有关部门办理,并把结果告诉您?"
    assert replies[-1].say[-1] == "问题问完了,谢谢您的支持,再见。"
    assert await bench.rows("SELECT code, words, recording FROM survey.answer WHERE question_id = 'Q11'") == [
        (None, None, "RE1")
    ]
    assert await bench.rows("SELECT sid, question_id, seconds, words FROM survey.recording") == [
        ("RE1", "Q11", 12, None)
    ]
    assert await queue(bench) == [("recording", False, None, "RE1")]


async def test_the_same_recording_posted_twice_is_one(bench: Bench) -> None:
    li_na = await in_a_survey(bench, "李娜")
    await call(bench, li_na, *ALL_ONES, Recorded("RE1", 12))
    ref, sid = await bench.attempt_ref(li_na), await bench.sid(li_na)
    again = await interviewing.take_call(
        bench.ground, ref, sid, OPEN_QUESTION, Recorded("RE1", 12), bench.real
    )
    assert again is not None and again.say[0].startswith("要不要我们登记")
    assert await bench.one("SELECT count(*) FROM survey.answer WHERE question_id = 'Q11'") == 1


async def test_words_that_come_later_become_the_answer_and_reach_whoever_registers_problems(
    bench: Bench,
) -> None:
    li_na = await in_a_survey(bench, "李娜")
    await call(bench, li_na, *ALL_ONES, Recorded("RE1", 12), heard("1"))
    await hangs_up(bench, li_na)
    async with bench.ground.pool.acquire() as conn, conn.transaction():
        assert [one.answers["Q11"] for one in await finished(conn)] == [(None, None)]

    assert await listening.take_words(bench.ground, "RE1", "路灯坏了半个月")
    assert await listening.take_words(bench.ground, "RE1", "路灯坏了半个月")  # once more: nothing changes
    async with bench.ground.pool.acquire() as conn, conn.transaction():
        results = await finished(conn)
    assert [(one.answers["Q11"], one.answers["Q12"]) for one in results] == [
        ((None, "路灯坏了半个月"), ("1", None))
    ] * 2
    assert results[0].appeal == {"words": "Q11", "consent": "Q12", "agreed": "1"}
    revisions = await bench.rows(
        "SELECT revision, words, recording FROM survey.answer WHERE question_id = 'Q11' ORDER BY revision"
    )
    assert revisions == [(1, None, "RE1"), (2, "路灯坏了半个月", "RE1")]


async def test_a_person_may_correct_what_a_machine_wrote_and_no_machine_a_person(bench: Bench) -> None:
    li_na = await in_a_survey(bench, "李娜")
    await call(bench, li_na, *ALL_ONES, Recorded("RE1", 12))
    assert await listening.take_words(bench.ground, "RE1", "鹿灯坏了")
    assert await listening.take_words(bench.ground, "RE1", "路灯坏了", by="1021")
    assert await listening.take_words(bench.ground, "RE1", "鹿等坏了")
    assert await bench.rows("SELECT words, written_by FROM survey.recording") == [("路灯坏了", "1021")]
    assert (await bench.answers(li_na))["Q11"] == "路灯坏了"


async def test_words_of_a_recording_that_nobody_knows_are_refused(bench: Bench) -> None:
    assert not await listening.take_words(bench.ground, "RE9", "路灯坏了")


async def test_danger_in_a_recording_goes_to_a_person_at_once(bench: Bench) -> None:
    zhao_min = await in_a_survey(bench, "赵敏")
    await call(bench, zhao_min, *ALL_ONES, Recorded("RE1", 9))
    assert await listening.take_words(bench.ground, "RE1", "我老公天天打我")
    assert await queue(bench) == [
        ("distress_violence", True, "我老公天天打我", "RE1"),
        ("recording", False, None, "RE1"),
    ]


async def test_danger_said_to_the_machine_ends_the_questions(bench: Bench) -> None:
    zhao_min = await in_a_survey(bench, "赵敏")
    *_, last = await call(bench, zhao_min, heard("1"), Speech("我不想活了"))
    assert last.waits == "nothing"
    assert last.say == (
        "您的话我们听到了,您不是一个人。紧急时请马上打120或110。",
        "心理援助热线12356随时有人接听。",
        "工作人员会马上给您回电话。",
    )
    assert await queue(bench) == [("distress_self_harm", True, "我不想活了", None)]
    assert await bench.one("SELECT due_at - raised_at FROM survey.handover") == timedelta(minutes=10)


async def test_of_a_child_nothing_is_kept(bench: Bench) -> None:
    xiao_ming = await in_a_survey(bench, "小明")
    *_, last = await call(bench, xiao_ming, heard("1"), heard("2"), Speech("我才15岁"))
    assert last.say == ("谢谢你。这次只请成年人参加,你说的都不会保留。再见。",)
    assert await bench.answers(xiao_ming) == {}
    assert await bench.rows("SELECT DISTINCT said FROM survey.input") == [("",)]
    assert await bench.rows("SELECT reason, answers FROM survey.forgotten") == [("minor", 2)]
    await hangs_up(bench, xiao_ming)
    assert await bench.attempts(xiao_ming) == ["voice ended ineligible"]
    assert await bench.announced() == [("unit_finished", "ineligible")]


async def test_a_recording_in_which_a_child_speaks_is_to_be_deleted(bench: Bench) -> None:
    xiao_ming = await in_a_survey(bench, "小明")
    await call(bench, xiao_ming, *ALL_ONES, Recorded("RE1", 9))
    assert await listening.take_words(bench.ground, "RE1", "我还在上小学")
    assert await bench.answers(xiao_ming) == {}
    assert await bench.rows("SELECT words, deleted_at IS NOT NULL FROM survey.recording") == [(None, True)]
    assert await queue(bench) == [("recording", False, None, None)]
    assert not await listening.take_words(bench.ground, "RE1", "我还在上小学")

    bench.carrier.deletes = False  # the carrier does not answer
    assert await listening.delete_at_carrier(bench.ground, bench.carrier) == 0
    assert await listening.delete_at_carrier(bench.ground, bench.carrier) == 0  # not before its time
    bench.carrier.deletes = True
    bench.later(minutes=5)
    assert await listening.delete_at_carrier(bench.ground, bench.carrier) == 1
    bench.later(hours=1)
    assert await listening.delete_at_carrier(bench.ground, bench.carrier) == 0
    assert bench.carrier.deleted == ["RE1", "RE1"]


async def test_whoever_speaks_and_then_presses_nine_has_said_both(bench: Bench) -> None:
    li_na = await in_a_survey(bench, "李娜")
    *_, last = await call(bench, li_na, *ALL_ONES, Recorded("RE1", 5, key="9"))
    assert last.say == ("好的,今后不再请您参加调查。再见。",)
    assert await bench.opt_outs(li_na) == {"survey": "voice"}
    assert await bench.one("SELECT recording FROM survey.answer WHERE question_id = 'Q11'") == "RE1"
