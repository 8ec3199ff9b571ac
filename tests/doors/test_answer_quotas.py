"""Quotas by what people answer: the seat is taken with the answer that tells the cell, in every mode, and none too many."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from itertools import count

import pytest
from doors_bench import Asked, Bench, Resident, heard
from forms_bench import Thread
from quota_bench import MAN, WOMAN, contacted, lights, poll, sampled, seats, unit_of

from survey import dialing, operating
from survey.dialogue.inputs import Choice, Correct
from survey.enrolling import NewPerson, enrol_persons
from survey.field.dispositions import disposition
from survey.interviewing import Text, take_call, take_text, take_texts

FULL = "谢谢您。和您情况相近的居民这次已经访问够了,"


async def press(bench: Bench, person: Resident, step: int, key: str | None = None) -> str:
    """A key in the person's call, and what is said to it."""
    ref, sid = await bench.attempt_ref(person), await bench.sid(person)
    reply = await take_call(bench.ground, ref, sid, step, heard(key), bench.real)
    assert reply is not None
    return "".join(reply.say)


async def call_ends(bench: Bench, person: Resident) -> None:
    ref, sid = await bench.attempt_ref(person), await bench.sid(person)
    await dialing.record_progress(bench.ground, ref, sid, "answered", None, {})


async def texts(bench: Bench, person: Resident, sid: str, body: str) -> str:
    return (await take_text(bench.ground, person.number, sid, body, bench.real)).body


# -- how many -------------------------------------------------------------------------------------------------------


UNITS, WORKERS = 600, 6


async def test_twenty_five_of_each_are_wanted_and_twenty_five_of_each_are_had(bench: Bench) -> None:
    """Surveda's case (its issue 1798) with cells that only the answer tells: everybody answers at once, two in three are men, one
    in five stops in the middle, some send the same text twice."""
    campaign = await poll(bench, "text", total=400, men=25, women=25)
    numbers = [f"+86154{n:08}" for n in range(UNITS)]
    async with bench.ground.pool.acquire() as conn:
        ids = await enrol_persons(conn, bench.ground.vault, [NewPerson(number) for number in numbers])
    await sampled(bench, campaign, "text", ids)
    sids, most = count(1), 0

    async def answers_at_once(asked: Asked) -> None:
        nonlocal most
        n = int(asked.number[-4:])
        first = next(sids), WOMAN if n % 3 == 0 else MAN
        rest = [(next(sids), said) for said in (("T",) if n % 5 == 0 else ("1", "1"))]
        for sid, said in (first, first, *rest):
            await take_text(bench.ground, asked.number, f"SM-in-{sid}", said, bench.real)
        most = max(
            most, await bench.one("SELECT max(held + filled) FROM survey.quota_cell WHERE quota = '性别'")
        )

    bench.carrier.on_request = answers_at_once
    line = replace(bench.line, texts_per_second=100.0)
    for _ in range(6):
        await asyncio.gather(*(dialing.dial_due(bench.ground, line) for _ in range(WORKERS)))
        bench.later(minutes=16)

    assert await seats(bench) == {"all": (0, 50), "男": (0, 25), "女": (0, 25)}
    assert most == 25
    codes = dict(
        await bench.rows("SELECT disposition, count(*)::int FROM survey.sample_unit GROUP BY 1")  # type: ignore[arg-type]
    )
    assert codes["complete"] == 50
    assert set(codes) == {"complete", "quota_full", "opted_out"}
    assert sum(codes.values()) == UNITS
    had = await bench.rows(
        "SELECT a.code, count(DISTINCT u.id)::int FROM survey.sample_unit u JOIN survey.interview i ON i.unit_id = u.id"
        " JOIN survey.answer a ON a.interview_id = i.id AND a.question_id = 'sex'"
        " WHERE u.disposition = 'complete' GROUP BY 1 ORDER BY 1"
    )
    assert had == [(MAN, 25), (WOMAN, 25)]


async def test_a_hundred_who_answer_in_the_same_moment_share_three_seats(bench: Bench) -> None:
    campaign = await poll(bench, "voice", total=100, men=3, women=97)
    bench.line = replace(bench.line, calls_per_second=100.0)
    people = await contacted(bench, campaign, "voice", *(f"居民{n}" for n in range(100)))
    for person in people:
        await press(bench, person, 0)
    said = await asyncio.gather(*(press(bench, person, 1, MAN) for person in people))
    assert sum(words.startswith(FULL) for words in said) == 97
    assert await seats(bench) == {"all": (100, 0), "男": (3, 0), "女": (0, 0)}


# -- the way of a seat ----------------------------------------------------------------------------------------------


async def test_the_answer_holds_a_seat_and_the_complete_interview_fills_it(bench: Bench) -> None:
    campaign = await poll(bench, "voice", total=2, men=1, women=1)
    (wang,) = await contacted(bench, campaign, "voice", "王芳")
    await press(bench, wang, 0)
    assert await seats(bench) == {"all": (1, 0), "男": (0, 0), "女": (0, 0)}
    await press(bench, wang, 1, WOMAN)
    assert await seats(bench) == {"all": (1, 0), "男": (0, 0), "女": (1, 0)}
    await press(bench, wang, 2, "1")
    await press(bench, wang, 3, "1")
    await call_ends(bench, wang)
    assert await seats(bench) == {"all": (0, 1), "男": (0, 0), "女": (0, 1)}
    assert await unit_of(bench, wang) == "done, complete"


async def test_whoever_hangs_up_gives_the_seat_back(bench: Bench) -> None:
    campaign = await poll(bench, "voice", total=2, men=1, women=1)
    wang, li = await contacted(bench, campaign, "voice", "王芳", "李娜")
    await press(bench, wang, 0)
    await press(bench, wang, 1, WOMAN)
    await call_ends(bench, wang)
    assert await seats(bench) == {"all": (1, 0), "男": (0, 0), "女": (0, 0)}
    assert await unit_of(bench, wang) == "done, break_off"
    await press(bench, li, 0)
    assert not (await press(bench, li, 1, WOMAN)).startswith(FULL)
    assert await seats(bench) == {"all": (1, 0), "男": (0, 0), "女": (1, 0)}


async def test_a_corrected_answer_moves_the_seat(bench: Bench) -> None:
    campaign = await poll(bench, "operator", total=3, men=1, women=1)
    await contacted(bench, campaign, "operator", "王芳")
    task = await operating.next_task(bench.ground, "1021")
    assert task is not None
    await operating.answered(bench.ground, task.ref, "1021")
    for given, held in (
        (Choice(MAN), {"all": (1, 0), "男": (1, 0), "女": (0, 0)}),
        (Correct("sex"), {"all": (1, 0), "男": (1, 0), "女": (0, 0)}),
        (Choice(WOMAN), {"all": (1, 0), "男": (0, 0), "女": (1, 0)}),
        (Correct("sex"), {"all": (1, 0), "男": (0, 0), "女": (1, 0)}),
        (Choice(WOMAN), {"all": (1, 0), "男": (0, 0), "女": (1, 0)}),
    ):
        assert not (await operating.say(bench.ground, task.ref, "1021", given)).over
        assert await seats(bench) == held


async def test_an_answer_corrected_into_a_full_cell_ends_the_interview(bench: Bench) -> None:
    campaign = await poll(bench, "operator", total=3, men=0, women=1)
    await contacted(bench, campaign, "operator", "王芳")
    task = await operating.next_task(bench.ground, "1021")
    assert task is not None
    await operating.answered(bench.ground, task.ref, "1021")
    await operating.say(bench.ground, task.ref, "1021", Choice(WOMAN))
    await operating.say(bench.ground, task.ref, "1021", Correct("sex"))
    reply = await operating.say(bench.ground, task.ref, "1021", Choice(MAN))
    assert reply.over
    await operating.hang_up(bench.ground, task.ref)
    assert await seats(bench) == {"all": (0, 0), "男": (0, 0), "女": (0, 0)}
    assert await bench.rows("SELECT disposition FROM survey.sample_unit") == [("quota_full",)]


async def test_a_cell_that_was_told_before_is_held_before_the_next_contact(bench: Bench) -> None:
    """She said that she is a woman, and then had no time; while she waits, the last seat for women is filled."""
    campaign = await poll(bench, "operator", total=3, men=1, women=1)
    (wang,) = await contacted(bench, campaign, "operator", "王芳")
    task = await operating.next_task(bench.ground, "1021")
    assert task is not None
    await operating.answered(bench.ground, task.ref, "1021")
    await operating.say(bench.ground, task.ref, "1021", Choice(WOMAN))
    await operating.say(bench.ground, task.ref, "1021", Choice("later"))
    await operating.hang_up(bench.ground, task.ref)
    assert await seats(bench) == {"all": (0, 0), "男": (0, 0), "女": (0, 0)}
    assert await bench.rows("SELECT cells FROM survey.sample_unit") == [({"性别": "女"},)]

    due = await bench.one("SELECT due_at FROM survey.sample_unit")
    bench.clock.moment = due
    again = await operating.next_task(bench.ground, "1022")
    assert again is not None
    assert await seats(bench) == {"all": (1, 0), "男": (0, 0), "女": (1, 0)}
    await operating.unanswered(bench.ground, again.ref, "no_answer")

    await bench.run("UPDATE survey.quota_cell SET filled = 1 WHERE cell = '女'")
    bench.clock.moment = await bench.one("SELECT due_at FROM survey.sample_unit")
    assert await operating.next_task(bench.ground, "1022") is None
    assert (await unit_of(bench, wang)).startswith("done, ")


async def test_what_a_child_has_answered_is_not_kept_as_a_cell(bench: Bench) -> None:
    campaign = await poll(bench, "operator", total=1, men=1, women=1)
    await contacted(bench, campaign, "operator", "王芳")
    task = await operating.next_task(bench.ground, "1021")
    assert task is not None
    await operating.answered(bench.ground, task.ref, "1021")
    await operating.say(bench.ground, task.ref, "1021", Choice(MAN))
    await operating.say(bench.ground, task.ref, "1021", Choice("minor"))
    await operating.hang_up(bench.ground, task.ref)
    assert await bench.rows("SELECT cells, disposition FROM survey.sample_unit") == [({}, "ineligible")]
    assert await seats(bench) == {"all": (0, 0), "男": (0, 0), "女": (0, 0)}


# -- a full cell ----------------------------------------------------------------------------------------------------


async def test_a_full_cell_is_said_politely_on_the_telephone(bench: Bench) -> None:
    campaign = await poll(bench, "voice", total=2, men=0, women=2)
    (li,) = await contacted(bench, campaign, "voice", "李强")
    await press(bench, li, 0)
    assert await press(bench, li, 1, MAN) == FULL + "就不再占用您的时间了。再见。"
    await call_ends(bench, li)
    await ends_without_a_refusal(bench, li)


async def test_a_full_cell_is_said_politely_in_a_text(bench: Bench) -> None:
    campaign = await poll(bench, "text", total=2, men=0, women=2)
    (li,) = await contacted(bench, campaign, "text", "李强")
    assert await texts(bench, li, "SM1", "男") == "【遂澜民调中心】" + FULL + "不用再回复。"
    assert await texts(bench, li, "SM1", "男") == "【遂澜民调中心】" + FULL + "不用再回复。"
    await ends_without_a_refusal(bench, li)


async def test_a_full_cell_is_said_politely_by_an_operator(bench: Bench) -> None:
    campaign = await poll(bench, "operator", total=2, men=0, women=2)
    (li,) = await contacted(bench, campaign, "operator", "李强")
    task = await operating.next_task(bench.ground, "1021")
    assert task is not None
    await operating.answered(bench.ground, task.ref, "1021")
    reply = await operating.say(bench.ground, task.ref, "1021", Choice(MAN))
    assert (reply.turn.prompts, reply.over) == ((FULL + "就不再占用您的时间了。再见。",), True)
    await operating.hang_up(bench.ground, task.ref)
    await ends_without_a_refusal(bench, li)


async def test_a_full_cell_is_said_politely_on_a_page(bench: Bench) -> None:
    bench.ground = replace(bench.ground, public_url="https://minyi.example")
    campaign = await poll(bench, "text", total=2, men=0, women=2, links=True)
    (li,) = await contacted(bench, campaign, "text", "李强")
    thread = Thread(bench, li, await bench.one("SELECT token FROM survey.form_link"))
    assert await thread.send(MAN)
    view = await thread.view()
    assert (view.over, view.done, view.words) == (True, False, (FULL + "不用再填了。",))
    await ends_without_a_refusal(bench, li)


async def ends_without_a_refusal(bench: Bench, person: Resident) -> None:
    assert await unit_of(bench, person) == "done, quota_full"
    row = disposition("quota_full")
    assert (row.aapor, row.group, row.refusal) == ("4.80", "NE", None)
    assert await bench.opt_outs(person) == {}
    assert await bench.announced() == [("unit_finished", "quota_full")]
    assert await seats(bench) == {"all": (0, 0), "男": (0, 0), "女": (0, 0)}


@pytest.mark.parametrize("said", ["不想说", "说不清"])
async def test_whoever_does_not_tell_fits_no_cell(bench: Bench, said: str) -> None:
    campaign = await poll(bench, "text", total=2, men=2, women=2)
    (li,) = await contacted(bench, campaign, "text", "李强")
    assert (await texts(bench, li, "SM1", said)).startswith("【遂澜民调中心】" + FULL)


# -- together -------------------------------------------------------------------------------------------------------


async def test_texts_that_come_together_leave_what_decides_a_cell_to_be_taken_alone(bench: Bench) -> None:
    campaign = await poll(bench, "text", total=9, men=9, women=9)
    wang, li = await contacted(bench, campaign, "text", "王芳", "李强")
    await texts(bench, li, "SM1", "男")
    together = [Text(wang.number, "SM2", "女", bench.real), Text(li.number, "SM3", "是", bench.real)]
    first, second = await take_texts(bench.ground, together)
    assert first is None
    assert second is not None and second.body == "【遂澜民调中心】您希望整夜亮着吗?1是2不是"
    assert await bench.answers(wang) == {}
    assert await seats(bench) == {"all": (2, 0), "男": (1, 0), "女": (0, 0)}


def test_the_poll_of_these_tests_is_a_questionnaire() -> None:
    assert lights().essential == ("sex", "lit")
