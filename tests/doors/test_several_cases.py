"""One contact covers all due cases of a person, one after the other, each with its own answers."""

from __future__ import annotations

from doors_bench import CENTRE, FIXED, Bench, Resident, heard

from survey import claiming, dialing, interviewing, operating
from survey.answering import take_inbound
from survey.dialogue.inputs import Choice

SIGNED = "【遂澜民调中心】"


async def two_cases(bench: Bench, person: Resident, modes: str) -> list[str]:
    units = [await bench.case(person, modes, short=short) for short in ("0037", "0038")]
    if modes != "operator":
        assert await dialing.dial_due(bench.ground, bench.line) == 1
    return units


async def press(bench: Bench, person: Resident, *keys: str | None) -> list[tuple[str, ...]]:
    """Answer the call (None) and press keys; what was said each time."""
    ref, sid = await bench.attempt_ref(person), await bench.sid(person)
    said = []
    for step, key in enumerate(keys):
        reply = await interviewing.take_call(bench.ground, ref, sid, step, heard(key), bench.real)
        assert reply is not None
        said.append((*reply.say, *(["(over)"] if reply.waits == "nothing" else [])))
    return said


async def call_ends(bench: Bench, person: Resident) -> None:
    ref, sid = await bench.attempt_ref(person), await bench.sid(person)
    await dialing.record_progress(bench.ground, ref, sid, "answered", None, {})


async def dialogues(bench: Bench) -> list[tuple[object, ...]]:
    """(case, status, {question: code}) in their order."""
    return await bench.rows(
        """SELECT u.facts ->> 'case_short', i.status,
                  (SELECT string_agg(a.question_id || '=' || a.code, ' ' ORDER BY a.question_id)
                   FROM survey.answer a WHERE a.interview_id = i.id)
           FROM survey.interview i JOIN survey.sample_unit u ON u.id = i.unit_id ORDER BY i.contact_id, i.position"""
    )


async def test_on_a_call(bench: Bench) -> None:
    wang_fang = await bench.resident("王芳")
    units = await two_cases(bench, wang_fang, "voice")
    said = await press(bench, wang_fang, None, "1", "1", "1", "1", "1")
    assert [sentence for sentence in said[-1] if "事项" in sentence] == [
        "您还反映过另一件事项。",  # who is speaking was asked once
        f"您反映的0038号事项,办理结果是:{FIXED}。",
    ]
    assert await dialogues(bench) == [
        ("0037", "complete", "C0=1 C1=1 C2=1 C3=1 C6=1"),
        ("0038", "open", None),
    ]
    ref, sid = await bench.attempt_ref(wang_fang), await bench.sid(wang_fang)
    for step, key in enumerate("233#11", start=6):
        await interviewing.take_call(bench.ground, ref, sid, step, heard(key), bench.real)
    await call_ends(bench, wang_fang)
    assert await dialogues(bench) == [
        ("0037", "complete", "C0=1 C1=1 C2=1 C3=1 C6=1"),
        ("0038", "complete", "C1=2 C2=3 C3=3 C5=no_answer C6=1 C7=1"),
    ]
    assert [(await bench.unit_is(unit)) for unit in units] == ["done, complete", "done, complete"]
    assert await bench.attempts(wang_fang) == ["voice ended complete"]
    assert await bench.announced() == [("interview_finished", "complete")] * 2


async def test_by_text(bench: Bench) -> None:
    wang_fang = await bench.resident("王芳")
    units = await two_cases(bench, wang_fang, "text voice")
    assert "0037" in bench.carrier.asked[0].body
    assert "0038" not in bench.carrier.asked[0].body
    replies = []
    for n, body in enumerate(["1", "1", "1", "2", "1", "2", "主管道没换", "1"]):
        reply = await interviewing.take_text(bench.ground, wang_fang.number, f"SM{n}", body, bench.real)
        replies.append(reply)
    assert f"您反映的0038号事项:{FIXED}。解决了吗?" in replies[2].body
    assert [reply.over for reply in replies] == [False] * 7 + [True]
    assert await dialogues(bench) == [
        ("0037", "complete", "C1=1 C2=1 C3=1"),
        ("0038", "complete", "C1=1 C2=2 C3=2 C7=1"),
    ]
    assert [(await bench.unit_is(unit)) for unit in units] == ["done, complete", "done, complete"]


async def test_by_hand(bench: Bench) -> None:
    """An operator takes one case at a time from the queue; the other is the next task."""
    wang_fang = await bench.resident("王芳")
    await two_cases(bench, wang_fang, "operator")
    task = await operating.next_task(bench.ground, "1021")
    assert task is not None
    reply = await operating.answered(bench.ground, task.ref, "1021")
    while not reply.over:
        reply = await operating.say(bench.ground, task.ref, "1021", Choice("1"))
    assert (await dialogues(bench))[0] == ("0037", "complete", "C0=1 C1=1 C2=1 C3=1 C4=1 C6=1")


async def test_whoever_opts_out_in_the_first_is_not_asked_about_the_second(bench: Bench) -> None:
    wang_fang = await bench.resident("王芳")
    await two_cases(bench, wang_fang, "voice")
    said = await press(bench, wang_fang, None, "1", "1", "9")
    assert said[-1] == ("好的,今后不再就事项给您打电话。再见。", "(over)")
    assert await bench.opt_outs(wang_fang) == {"case_call": "voice"}


async def test_whoever_opts_out_of_texts_gets_no_second_case_by_text(bench: Bench) -> None:
    wang_fang = await bench.resident("王芳")
    units = await two_cases(bench, wang_fang, "text voice")
    await interviewing.take_text(bench.ground, wang_fang.number, "SM1", "1", bench.real)
    reply = await interviewing.take_text(bench.ground, wang_fang.number, "SM2", "退订", bench.real)
    assert reply.body == f"{SIGNED}已退订,今后不再给您发事项短信。"
    assert reply.over
    assert [await bench.unit_is(unit) for unit in units] == [
        "done, partial",
        "waiting, text_no_reply, voice",
    ]


async def test_whoever_asks_for_a_person_is_not_asked_on_by_the_machine(bench: Bench) -> None:
    wang_fang = await bench.resident("王芳")
    await two_cases(bench, wang_fang, "voice")
    said = await press(bench, wang_fang, None, "1", "1", "0")
    assert said[-1] == ("好的,工作人员会给您回电话。谢谢,再见。", "(over)")


async def test_whoever_has_fallen_silent_is_not_asked_about_the_second(bench: Bench) -> None:
    wang_fang = await bench.resident("王芳")
    await two_cases(bench, wang_fang, "voice")
    said = await press(bench, wang_fang, None, "1", "1", "", "")
    assert said[-1] == ("没有收到您的回应,先不打扰您了。谢谢,再见。", "(over)")


async def test_the_second_case_of_a_wrong_number_is_finished_too(bench: Bench) -> None:
    stranger = await bench.resident("接电话的人")
    units = await two_cases(bench, stranger, "voice")
    said = await press(bench, stranger, None, "2")
    assert said[-1] == ("对不起,打扰您了。再见。", "(over)")
    await call_ends(bench, stranger)
    assert await bench.announced() == [("interview_finished", "wrong_person")]
    bench.clock.moment = (await bench.unit(units[1]))["due_at"]
    assert await dialing.dial_due(bench.ground, bench.line) == 0
    assert [await bench.unit_is(unit) for unit in units] == ["done, wrong_person"] * 2
    assert await bench.announced() == [
        ("interview_finished", "wrong_person"),
        ("unit_finished", "wrong_person"),
    ]
    assert len(bench.carrier.asked) == 1


async def in_place_of(bench: Bench, unit: str) -> None:
    """Somebody has named the person of this unit, to be asked in their place, by a person only."""
    await bench.run(
        """UPDATE survey.sample_unit SET facts = facts || '{"spoken_for": "yes"}', modes = '{operator}',
           next_mode = 'operator' WHERE ref = $1""",
        unit,
    )


async def test_her_own_case_and_one_of_somebody_who_named_her_are_two_conversations(bench: Bench) -> None:
    """She is asked whether she is the reporter in the one, and whether she is the one that was named in the other."""
    wang_fang = await bench.resident("王芳")
    own, of_another = await two_cases(bench, wang_fang, "operator")
    await in_place_of(bench, of_another)
    async with bench.ground.pool.acquire() as conn, conn.transaction():
        claimed = await claiming.claim(bench.ground, conn, "operator", limit=10, lease_real=None)
    assert [one.lead.ref for one in claimed] == [own]
    assert (await bench.unit_is(own)).startswith("in_contact")
    assert (await bench.unit_is(of_another)).startswith("waiting")


async def test_who_rings_back_is_told_by_a_machine_of_her_own_case_alone(bench: Bench) -> None:
    wang_fang = await bench.resident("王芳")
    of_another = await bench.case(wang_fang, "text voice operator", short="0037")
    await in_place_of(bench, of_another)
    own = await bench.case(wang_fang, "text voice operator", short="0038")
    assert await dialing.dial_due(bench.ground, bench.line) == 1
    said = [
        await take_inbound(
            bench.ground, wang_fang.number, "CAin", step, heard(key), bench.real, centre=CENTRE
        )
        for step, key in enumerate((None, "1"))
    ]
    assert said[-1].then == "connect"
    assert (await bench.unit_is(own)).startswith("in_contact")
    assert (await bench.unit_is(of_another)).startswith("waiting")


async def test_who_rings_back_is_not_asked_by_a_machine_what_only_a_person_may_ask(bench: Bench) -> None:
    wang_fang = await bench.resident("王芳")
    unit = await bench.case(wang_fang, "text voice operator")
    await dialing.dial_due(bench.ground, bench.line)
    await interviewing.take_text(bench.ground, wang_fang.number, "SM1", "稍后", bench.real)
    await in_place_of(bench, unit)
    reply = await take_inbound(
        bench.ground, wang_fang.number, "CAin", 0, heard(None), bench.real, centre=CENTRE
    )
    assert "现在回答请按1" not in "".join(reply.say)
