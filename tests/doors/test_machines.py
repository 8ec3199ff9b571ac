"""Calls that the carrier says a machine has answered: a key decides, nothing of a case is left, and no order matters."""

from __future__ import annotations

from itertools import permutations

import pytest
from doors_bench import Bench, Resident, heard

from survey import dialing, interviewing
from survey.dialogue.inputs import Digits, NoInput, Speech
from survey.interviewing import VoiceReply

ASKS = "您好,这里是遂澜社情民意调查中心。听到请按1。"


async def ring(bench: Bench, person: Resident) -> None:
    assert await dialing.dial_due(bench.ground, bench.line) == 1


async def take(
    bench: Bench, person: Resident, step: int, given: interviewing.Heard, said: str | None = None
) -> VoiceReply:
    ref, sid = await bench.attempt_ref(person), await bench.sid(person)
    reply = await interviewing.take_call(bench.ground, ref, sid, step, given, bench.real, said)
    assert reply is not None
    return reply


async def told(bench: Bench, person: Resident, word: str) -> None:
    ref, sid = await bench.attempt_ref(person), await bench.sid(person)
    assert await dialing.record_detection(bench.ground, ref, sid, word, {})


async def ends(bench: Bench, person: Resident) -> None:
    ref, sid = await bench.attempt_ref(person), await bench.sid(person)
    await dialing.record_progress(bench.ground, ref, sid, "answered", None, {})


async def signs(bench: Bench) -> list[tuple[object, ...]]:
    return await bench.rows(
        "SELECT detected, answered_by, disposition FROM survey.attempt ORDER BY id DESC LIMIT 1"
    )


async def test_detection_is_asked_for_where_the_campaign_wants_it(bench: Bench) -> None:
    li_na, wang = await bench.resident("李娜"), await bench.resident("王秀英")
    await bench.survey(li_na, "voice")
    await ring(bench, li_na)
    await bench.run("UPDATE survey.campaign SET machine_detection = 'before'")
    await bench.survey(wang, "voice")
    bench.later(minutes=1)
    await ring(bench, wang)
    assert [one.detection for one in bench.carrier.asked] == ["none", "before"]


async def test_a_machine_hears_who_called_and_nothing_of_the_case(bench: Bench) -> None:
    wang = await bench.resident("王秀英")
    unit = await bench.case(wang, "voice")
    await ring(bench, wang)
    assert await take(bench, wang, 0, NoInput(), "machine") == VoiceReply((ASKS,), 1, "zh", 1, "keys")
    assert await take(bench, wang, 1, NoInput()) == VoiceReply((), 0, "zh", 2)
    await ends(bench, wang)
    assert await signs(bench) == [("machine", "machine", "machine")]
    assert await bench.unit_is(unit) == "waiting, machine, voice"
    assert await bench.rows("SELECT step, said, effect FROM survey.input ORDER BY id") == [
        (0, "", "asked_for_a_key"), (1, "", "machine"),
    ]  # fmt: skip


async def test_a_person_who_was_taken_for_a_machine_presses_the_key_and_is_asked(bench: Bench) -> None:
    li_na = await bench.resident("李娜")
    await bench.survey(li_na, "voice")
    await ring(bench, li_na)
    await take(bench, li_na, 0, NoInput(), "machine")
    opening = await take(bench, li_na, 1, heard("1"))
    assert (opening.say[0], opening.step) == ("您好,这里是遂澜社情民意调查中心,正在做平安建设民意调查。", 2)
    assert (await take(bench, li_na, 2, heard("1"))).waits == "keys"
    await ends(bench, li_na)
    assert await signs(bench) == [("machine", "person", "break_off")]
    assert await bench.answers(li_na) == {"S1": "1"}


async def test_nine_is_heard_at_once(bench: Bench) -> None:
    zhou_jie = await bench.resident("周杰")
    unit = await bench.survey(zhou_jie, "voice")
    await ring(bench, zhou_jie)
    await take(bench, zhou_jie, 0, NoInput(), "machine")
    assert (await take(bench, zhou_jie, 1, heard("9"))).say == ("好的,今后不再请您参加调查。再见。",)
    assert await bench.opt_outs(zhou_jie) == {"survey": "voice"}
    await ends(bench, zhou_jie)
    assert await bench.unit_is(unit) == "done, opted_out"


async def test_a_machine_found_out_beside_the_call_is_left_at_the_next_silence(bench: Bench) -> None:
    li_na = await bench.resident("李娜")
    await bench.survey(li_na, "voice")
    await ring(bench, li_na)
    await take(bench, li_na, 0, NoInput())
    await told(bench, li_na, "machine")
    assert await take(bench, li_na, 1, Speech("我现在不在请留言", 0.9)) == VoiceReply((), 0, "zh", 2)
    await ends(bench, li_na)
    assert await signs(bench) == [("machine", "machine", "machine")]
    assert await bench.one("SELECT count(*) FROM survey.handover") == 0


async def test_the_same_call_by_a_carrier_who_says_nothing_is_of_unknown_eligibility(bench: Bench) -> None:
    li_na = await bench.resident("李娜")
    await bench.survey(li_na, "voice")
    await ring(bench, li_na)
    await take(bench, li_na, 0, NoInput())
    await ends(bench, li_na)
    assert await signs(bench) == [(None, None, "unknown_eligibility")]


@pytest.mark.parametrize("key", ["6", None])
async def test_every_order_of_word_key_and_end_gives_the_same_row(bench: Bench, key: str | None) -> None:
    """The key is one that answers nothing here, so that only it tells a person from a machine."""
    rows = set()
    for order in permutations(("word", "key", "end")):
        person = await bench.resident("李娜")
        await bench.survey(person, "voice")
        bench.later(minutes=1)
        await ring(bench, person)
        await take(bench, person, 0, NoInput())
        for event in order:
            if event == "word":
                await told(bench, person, "machine")
            elif event == "key":
                await take(bench, person, 1, Digits(key) if key else NoInput())
            else:
                await ends(bench, person)
        rows.add((*(await signs(bench))[0], *(await bench.attempts(person))))
        code = await bench.one("SELECT disposition FROM survey.sample_unit WHERE person_id = $1", person.id)
        rows.add(("unit", code))
    by, code = ("person", "unknown_eligibility") if key else ("machine", "machine")
    assert rows == {("machine", by, code, f"voice ended {code}"), ("unit", code)}
