"""The operator's queue: who is next, whose number is shown to whom, what is keyed, how it came out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest
from doors_bench import CENTRE, QINGSHI, Bench, Resident, at

from survey import appointing, operating, queueing
from survey.access import granting
from survey.access.granting import Employment
from survey.access.passwords import Passwords
from survey.access.refusals import NoReason
from survey.access.roles import Grant
from survey.access.sign_in_policy import Argon2
from survey.appointing import NotThen
from survey.dialogue.inputs import Choice, Correct, Words
from survey.dispatch_policy import dispatch_policy
from survey.operating import MayNotCall, MayNotSee, NoSuchAttempt, Task
from survey.store import attempts, people
from survey.transcripts import read_conversations


async def next_task(bench: Bench, operator: str = "1021") -> Task:
    task = await operating.next_task(bench.ground, operator)
    assert task is not None
    return task


async def person_of(bench: Bench, ref: str) -> int:
    person: int = await bench.one("SELECT person_id FROM survey.attempt WHERE ref = $1", ref)
    return person


async def people_due(bench: Bench, n: int) -> list[Resident]:
    residents = [await bench.resident(f"居民{k}") for k in range(n)]
    for resident in residents:
        await bench.survey(resident, "operator")
    return residents


async def test_operators_who_ask_at_once_get_different_people(bench: Bench) -> None:
    await people_due(bench, 8)
    desks = [f"10{n}" for n in range(20, 28)]
    tasks = await asyncio.gather(*(next_task(bench, desk) for desk in desks))
    people = [await person_of(bench, task.ref) for task in tasks]
    assert len(set(people)) == 8
    assert await operating.next_task(bench.ground, "1030") is None
    assert await bench.one("SELECT count(*) FROM survey.attempt") == 8


async def test_asking_again_gives_the_same_person(bench: Bench) -> None:
    await people_due(bench, 3)
    first = await next_task(bench)
    assert await next_task(bench) == first
    assert await bench.one("SELECT count(*) FROM survey.attempt") == 1


async def test_a_double_click_takes_one_person(bench: Bench) -> None:
    await people_due(bench, 3)
    tasks = await asyncio.gather(*(next_task(bench) for _ in range(4)))
    assert len({task.ref for task in tasks}) == 1
    assert await bench.one("SELECT count(*) FROM survey.attempt") == 1


async def test_a_person_who_may_not_be_called_does_not_hide_the_next(bench: Bench) -> None:
    said_no, willing = await people_due(bench, 2)
    await bench.run("UPDATE survey.sample_unit SET prn = 0 WHERE person_id = $1", said_no.id)
    await bench.run(
        "INSERT INTO survey.opt_out VALUES ($1, 'survey', $2, 'text')", said_no.id, bench.clock.now()
    )
    assert await person_of(bench, (await next_task(bench)).ref) == willing.id


async def test_the_screen_says_what_and_where_and_what_was_tried_but_not_who(bench: Bench) -> None:
    (li_na,) = await people_due(bench, 1)
    first = await next_task(bench)
    await operating.unanswered(bench.ground, first.ref, "busy")
    bench.clock.moment = await bench.one("SELECT due_at FROM survey.sample_unit")
    task = await next_task(bench)
    (past,) = task.history
    assert (task.purpose, task.title, task.area, task.lang) == ("survey", "平安建设调查", "王庄村", "zh")
    assert (past.mode, past.disposition, past.purpose) == ("operator", "busy", "survey")
    assert li_na.number not in repr(task)


async def test_whoever_sees_a_number_is_on_record(bench: Bench) -> None:
    (li_na,) = await people_due(bench, 1)
    task = await next_task(bench)
    number = await operating.show_number(bench.ground, task.ref, "1021", "手工拨打")
    assert number == li_na.number
    assert await bench.rows("SELECT person_id, staff, reason, at FROM survey.number_access") == [
        (li_na.id, "1021", "手工拨打", bench.clock.now())
    ]


async def test_the_number_is_shown_at_the_desk_that_has_the_person_and_at_no_other(bench: Bench) -> None:
    await people_due(bench, 1)
    task = await next_task(bench, "1021")
    with pytest.raises(NoSuchAttempt):
        await operating.show_number(bench.ground, task.ref, "1022", "手工拨打")
    with pytest.raises(NoSuchAttempt):
        await operating.answered(bench.ground, task.ref, "1022")
    assert await bench.one("SELECT count(*) FROM survey.number_access") == 0


async def account_of_1021(bench: Bench, role: str, area: str, employment: Employment = "staff") -> None:
    cheap = Passwords(Argon2(time_cost=1, memory_kib=64, parallelism=1, at_once=1))
    grants = [Grant(role, area)]
    await granting.add(
        bench.ground, cheap, "1021", called="李秀英", employment=employment, grants=grants, by="王主任"
    )


async def test_the_record_of_a_read_names_the_account(bench: Bench) -> None:
    (li_na,) = await people_due(bench, 1)
    await account_of_1021(bench, "surveyor", CENTRE)
    task = await next_task(bench)
    with pytest.raises(NoReason):
        await operating.show_number(bench.ground, task.ref, "1021", "  ")
    assert await bench.one("SELECT count(*) FROM survey.number_access") == 0
    assert await operating.show_number(bench.ground, task.ref, "1021", "手工拨打") == li_na.number
    who = "SELECT a.called, n.staff FROM survey.number_access n JOIN survey.account a ON a.id = n.account_id"
    assert await bench.rows(who) == [("李秀英", "1021")]


@pytest.mark.parametrize(
    ("role", "area", "employment", "masked"),
    [
        ("surveyor", CENTRE, "contractor", "154****0001"),
        ("auditor", CENTRE, "staff", ""),  # another role
        ("surveyor", QINGSHI, "staff", ""),  # another village
    ],
)
async def test_who_sees_no_number_sends_the_person_back(
    bench: Bench, role: str, area: str, employment: Employment, masked: str
) -> None:
    (li_na,) = await people_due(bench, 1)
    await account_of_1021(bench, role, area, employment)
    task = await next_task(bench)
    with pytest.raises(MayNotSee) as no:
        await operating.show_number(bench.ground, task.ref, "1021", "手工拨打")
    assert no.value.masked == masked and li_na.number not in str(no.value)
    assert await bench.one("SELECT count(*) FROM survey.number_access") == 0
    assert await bench.rows("SELECT status, disposition, counts FROM survey.attempt") == [
        ("ended", "cancelled", False)
    ]


async def test_a_disabled_account_sees_no_number(bench: Bench) -> None:
    await people_due(bench, 1)
    await account_of_1021(bench, "surveyor", CENTRE)
    task = await next_task(bench)
    await granting.disable(bench.ground, "1021", by="王主任")
    with pytest.raises(MayNotSee):
        await operating.show_number(bench.ground, task.ref, "1021", "手工拨打")


async def wants_no_calls(bench: Bench, li_na: Resident) -> None:
    async with bench.ground.pool.acquire() as conn:
        await people.opt_out(conn, li_na.id, "all", bench.clock.now(), "inbound", None)


async def evening_comes(bench: Bench, li_na: Resident) -> None:
    bench.clock.moment = at("9 21:20")


async def campaign_is_paused(bench: Bench, li_na: Resident) -> None:
    await bench.run("UPDATE survey.campaign SET status = 'paused'")


@pytest.mark.parametrize("meanwhile", [wants_no_calls, evening_comes, campaign_is_paused])
async def test_no_number_is_shown_of_a_person_who_may_not_be_called_any_more(
    bench: Bench, meanwhile: Callable[[Bench, Resident], Awaitable[None]]
) -> None:
    bench.clock.moment = at("9 20:25")
    (li_na,) = await people_due(bench, 1)
    task = await next_task(bench)
    await meanwhile(bench, li_na)
    with pytest.raises(MayNotCall, match=task.ref):
        await operating.show_number(bench.ground, task.ref, "1021", "手工拨打")
    assert await bench.one("SELECT count(*) FROM survey.number_access") == 0
    assert await bench.rows("SELECT status, disposition, counts FROM survey.attempt") == [
        ("ended", "cancelled", False)
    ]


async def test_a_finished_attempt_shows_no_number_any_more(bench: Bench) -> None:
    await people_due(bench, 1)
    task = await next_task(bench)
    await operating.unanswered(bench.ground, task.ref, "no_answer")
    for late in (
        operating.show_number(bench.ground, task.ref, "1021", "手工拨打"),
        operating.answered(bench.ground, task.ref, "1021"),
        operating.say(bench.ground, task.ref, "1021", Choice("1")),
        operating.hang_up(bench.ground, task.ref),
        operating.unanswered(bench.ground, task.ref, "busy"),
    ):
        with pytest.raises(NoSuchAttempt, match=task.ref):
            await late
    assert await bench.one("SELECT count(*) FROM survey.number_access") == 0


@pytest.mark.parametrize(
    ("outcome", "attempt", "unit"),
    [
        ("busy", "operator ended busy", "waiting, busy, operator"),
        ("no_answer", "operator ended no_answer", "waiting, no_answer, operator"),
        ("off", "operator ended off", "waiting, off, operator"),
        ("suspended", "operator ended suspended", "done, disconnected"),
        ("unassigned", "operator ended unassigned", "done, unassigned"),
        ("rejected", "operator ended blocked", "waiting, blocked, operator"),
    ],
)
async def test_how_a_call_that_reached_nobody_came_out(
    bench: Bench, outcome: str, attempt: str, unit: str
) -> None:
    (li_na,) = await people_due(bench, 1)
    closes = bench.clock.now() + timedelta(days=5)  # a suspended line would be tried again after a week
    await bench.run("UPDATE survey.campaign SET closes_at = $1", closes)
    task = await next_task(bench)
    await operating.unanswered(bench.ground, task.ref, outcome)
    assert await bench.attempts(li_na) == [attempt]
    assert await bench.unit_is(await bench.one("SELECT ref FROM survey.sample_unit")) == unit


async def test_an_interview_by_hand_with_words_and_a_correction(bench: Bench) -> None:
    (he_ping,) = await people_due(bench, 1)
    task = await next_task(bench)
    reply = await operating.answered(bench.ground, task.ref, "1021")
    assert reply.turn.prompts[0].startswith("您好,我是遂澜社情民意调查中心的调查员,工号1021。")
    keyed = 0
    while not reply.over:
        expects = reply.turn.expects
        assert expects is not None
        given = Words("路灯坏了三个月") if expects.kind == "open" else Choice(expects.options[0].code)
        reply = await operating.say(bench.ground, task.ref, "1021", given, heard="嗯,对")
        keyed += 1
        if expects.question_id == "Q3":
            await operating.say(bench.ground, task.ref, "1021", Correct("Q3"))
            reply = await operating.say(bench.ground, task.ref, "1021", Choice("2"))
    await operating.hang_up(bench.ground, task.ref)
    contact = await bench.one("SELECT contact_id FROM survey.attempt")
    async with bench.ground.pool.acquire() as conn:
        told = (await read_conversations(conn, [contact]))[contact]
    assert [(line.kept_zh, line.kept_en) for line in told.lines if line.speaker == "resident"][:2] == [
        ("是", "yes"),
        ("柳河镇", "柳河镇"),  # a fact is in the interview's own language
    ]
    answers = await bench.answers(he_ping)
    assert (answers["S2"], answers["Q3"], answers["Q11"], answers["Q1"]) == (
        "991721100",
        "2",
        "路灯坏了三个月",
        "1",
    )
    assert await bench.rows(
        "SELECT revision, code FROM survey.answer WHERE question_id = 'Q3' ORDER BY revision"
    ) == [(1, "1"), (2, "2")]
    assert await bench.one("SELECT count(*) FROM survey.input WHERE channel = 'operator'") == keyed + 3
    assert await bench.attempts(he_ping) == ["operator ended complete"]
    assert await bench.announced() == [("interview_finished", "complete")]


async def test_a_resident_who_puts_the_phone_down_keeps_every_answer(bench: Bench) -> None:
    (he_ping,) = await people_due(bench, 1)
    task = await next_task(bench)
    await operating.answered(bench.ground, task.ref, "1021")
    for code in ("1", "991721101", "4"):
        await operating.say(bench.ground, task.ref, "1021", Choice(code))
    await operating.hang_up(bench.ground, task.ref)
    assert await bench.answers(he_ping) == {"S1": "1", "S2": "991721101", "Q1": "4"}
    assert await bench.attempts(he_ping) == ["operator ended partial"]


async def test_a_dialogue_begins_once(bench: Bench) -> None:
    await people_due(bench, 1)
    task = await next_task(bench)
    with pytest.raises(NoSuchAttempt, match="no question is being asked"):
        await operating.say(bench.ground, task.ref, "1021", Choice("1"))
    await operating.answered(bench.ground, task.ref, "1021")
    with pytest.raises(NoSuchAttempt, match="has begun already"):
        await operating.answered(bench.ground, task.ref, "1021")


async def test_a_person_taken_and_never_dialled_goes_back_and_it_costs_no_attempt(bench: Bench) -> None:
    (li_na,) = await people_due(bench, 1)
    await next_task(bench, "1021")
    hold = dispatch_policy().desk_hold_s
    bench.later(seconds=hold - 1)
    assert await operating.release_abandoned(bench.ground) == 0
    bench.later(seconds=1)
    assert await operating.release_abandoned(bench.ground) == 1
    assert await operating.release_abandoned(bench.ground) == 0
    assert await bench.attempts(li_na) == ["operator ended technical"]
    assert await bench.one("SELECT counts FROM survey.attempt") is False
    bench.clock.moment = await bench.one("SELECT due_at FROM survey.sample_unit")
    assert await person_of(bench, (await next_task(bench, "1022")).ref) == li_na.id


async def test_a_person_whose_number_was_shown_may_have_been_rung_and_it_costs_an_attempt(
    bench: Bench,
) -> None:
    (li_na,) = await people_due(bench, 1)
    task = await next_task(bench)
    await operating.show_number(bench.ground, task.ref, "1021", "手工拨打")
    bench.later(seconds=dispatch_policy().desk_hold_s)
    assert await operating.release_abandoned(bench.ground) == 1
    assert await bench.attempts(li_na) == ["operator ended other"]
    assert await bench.one("SELECT counts FROM survey.attempt") is True
    assert await bench.one("SELECT due_at FROM survey.sample_unit") >= at(
        "9 14:00"
    )  # four hours after the first
    assert await bench.rows("SELECT n.attempt_id = a.id FROM survey.number_access n, survey.attempt a") == [
        (True,)
    ]


async def test_a_screen_that_comes_back_says_that_the_number_was_shown(bench: Bench) -> None:
    (li_na,) = await people_due(bench, 1)
    task = await next_task(bench)
    assert task.shown_at is None
    await operating.show_number(bench.ground, task.ref, "1021", "手工拨打")
    shown = bench.clock.now()
    bench.later(seconds=30)
    again = await next_task(bench)
    assert (again.ref, again.shown_at) == (task.ref, shown)
    await operating.lose(bench.ground, task.ref)
    assert await bench.attempts(li_na) == ["operator ended other"]


async def test_a_call_that_broke_off_after_somebody_answered_keeps_that_they_did(bench: Bench) -> None:
    (li_na,) = await people_due(bench, 1)
    task = await next_task(bench)
    await operating.show_number(bench.ground, task.ref, "1021", "手工拨打")
    await operating.answered(bench.ground, task.ref, "1021")
    await operating.lose(bench.ground, task.ref)
    assert await bench.attempts(li_na) == ["operator ended unknown_eligibility"]


async def test_putting_a_person_back_whose_number_was_shown_costs_an_attempt_too(bench: Bench) -> None:
    await people_due(bench, 1)
    task = await next_task(bench)
    await operating.show_number(bench.ground, task.ref, "1021", "手工拨打")
    await operating.unanswered(bench.ground, task.ref, "cancelled")
    assert await bench.rows("SELECT disposition, counts FROM survey.attempt") == [("other", True)]


async def test_who_is_worked_on_just_then_does_not_keep_the_others_from_going_back(bench: Bench) -> None:
    await people_due(bench, 2)
    busy, forgotten = await next_task(bench, "1021"), await next_task(bench, "1022")
    bench.later(seconds=dispatch_policy().desk_hold_s)
    async with bench.ground.pool.acquire() as conn, conn.transaction():
        assert await attempts.lock_attempt(conn, busy.ref)
        assert await operating.release_abandoned(bench.ground) == 1
    ended = await bench.rows("SELECT ref FROM survey.attempt WHERE status = 'ended'")
    assert ended == [(forgotten.ref,)]


async def test_a_conversation_under_way_is_not_taken_from_the_operator(bench: Bench) -> None:
    await people_due(bench, 1)
    task = await next_task(bench)
    await operating.answered(bench.ground, task.ref, "1021")
    bench.later(hours=2)
    assert await operating.release_abandoned(bench.ground) == 0
    assert (await next_task(bench)).ref == task.ref


async def test_no_time_is_agreed_in_the_last_attempt(bench: Bench) -> None:
    await people_due(bench, 1)
    for day in (9, 10, 11):
        bench.clock.moment = max(at(f"{day} 10:00"), await bench.one("SELECT due_at FROM survey.sample_unit"))
        await operating.unanswered(bench.ground, (await next_task(bench)).ref, "busy")
    bench.clock.moment = await bench.one("SELECT due_at FROM survey.sample_unit")
    task = await next_task(bench)
    await operating.answered(bench.ground, task.ref, "1021")
    with pytest.raises(NotThen) as refused:
        await operating.later(bench.ground, task.ref, "1021", bench.clock.now() + timedelta(hours=1))
    assert refused.value.why == "last_attempt"
    reply = await operating.later(bench.ground, task.ref, "1021", None)
    await operating.hang_up(bench.ground, task.ref)
    assert reply.over
    assert await bench.rows("SELECT status, disposition FROM survey.sample_unit") == [("done", "appointment")]


async def test_who_names_another_time_is_called_then(bench: Bench) -> None:
    (li_na,) = await people_due(bench, 1)
    task = await next_task(bench)
    await operating.answered(bench.ground, task.ref, "1021")
    await bench.run("UPDATE survey.campaign SET closes_at = $1", at("9 20:00"))
    for moment, why_not in (("9 09:00", "past"), ("9 12:30", "outside_hours"), ("9 20:15", "after_the_end")):
        with pytest.raises(NotThen) as refused:
            await operating.later(bench.ground, task.ref, "1021", at(moment))
        assert refused.value.why == why_not
    reply = await operating.later(bench.ground, task.ref, "1021", at("9 15:00"), heard="下午三点")
    await operating.hang_up(bench.ground, task.ref)
    assert reply.over
    assert await bench.attempts(li_na) == ["operator ended appointment"]
    assert await bench.rows("SELECT status, due_at, appointment_at FROM survey.sample_unit") == [
        ("waiting", at("9 15:00"), at("9 15:00"))
    ]
    assert (
        await bench.one("SELECT said FROM survey.input ORDER BY id DESC LIMIT 1") == "choice:later (下午三点)"
    )

    unit = await bench.one("SELECT ref FROM survey.sample_unit")
    assert await appointing.move(bench.ground, unit, at("9 16:00"), by="张督导")
    with pytest.raises(NotThen, match="nobody is called then"):
        await appointing.move(bench.ground, unit, at("9 13:00"), by="张督导")
    assert await operating.next_due_at(bench.ground) == at("9 16:00")
    bench.clock.moment = at("9 16:00")
    assert (await next_task(bench)).ref != task.ref
    assert not await appointing.move(bench.ground, unit, at("9 17:00"), by="张督导")  # they are being called
    assert (await bench.rows("SELECT why FROM survey.unit_event ORDER BY id"))[-2] == (
        "appointment moved from 2026-03-09 15:00 by 张督导",
    )


async def test_an_appointment_that_nobody_kept_is_missed_and_says_so(bench: Bench) -> None:
    await people_due(bench, 1)
    task = await next_task(bench)
    await operating.answered(bench.ground, task.ref, "1021")
    await operating.later(bench.ground, task.ref, "1021", at("9 15:00"))
    await operating.hang_up(bench.ground, task.ref)
    bench.clock.moment = at("10 14:59")
    assert await appointing.miss_appointments(bench.ground) == 0
    bench.clock.moment = at("10 15:00")
    assert await appointing.miss_appointments(bench.ground) == 1
    assert await bench.rows("SELECT why, disposition FROM survey.unit_event ORDER BY id DESC LIMIT 1") == [
        ("appointment missed", "appointment")
    ]
    assert await bench.rows("SELECT due_at, appointment_at FROM survey.sample_unit") == [
        (at("9 15:00"), None)
    ]
    await next_task(bench)  # and is tried like everybody else


async def test_an_empty_queue_says_why(bench: Bench) -> None:
    assert await why(bench) == []
    wang, li_na = await bench.resident("王芳"), await bench.resident("李娜")
    await bench.survey(wang, "operator", due=at("9 11:00"))
    assert await why(bench) == [("平安建设调查", [("later", at("9 11:00"))])]
    await bench.run("UPDATE survey.sample_unit SET due_at = $1", at("9 10:00"))
    assert await why(bench) == [("平安建设调查", [("something_due", None)])]
    await next_task(bench, "1022")
    assert await why(bench) == [("平安建设调查", [("all_in_contact", None)])]
    await bench.run("UPDATE survey.campaign SET status = 'paused'")
    assert await why(bench) == [("平安建设调查", [("not_running", None)])]
    await bench.case(li_na, "operator", due=at("9 19:00"))
    bench.clock.moment = at("9 12:30")
    assert await why(bench) == [
        ("平安建设调查", [("outside_hours", at("9 14:00"))]),
        ("平安建设调查", [("not_running", None), ("outside_hours", at("9 14:00"))]),
    ]


async def test_a_queue_of_people_who_said_no_to_this_operator_is_empty_for_them(bench: Bench) -> None:
    await people_due(bench, 1)
    task = await next_task(bench, "1021")
    await operating.answered(bench.ground, task.ref, "1021")
    await operating.say(bench.ground, task.ref, "1021", Choice("declined"))
    await operating.hang_up(bench.ground, task.ref)
    bench.clock.moment = await bench.one("SELECT due_at FROM survey.sample_unit")
    assert await operating.next_task(bench.ground, "1021") is None
    assert await why(bench, "1021") == [("平安建设调查", [("said_no_to_you", None)])]
    assert await why(bench, "1022") == [("平安建设调查", [("something_due", None)])]


async def why(bench: Bench, operator: str = "1021") -> list[tuple[str, list[tuple[str, datetime | None]]]]:
    queues = await queueing.why_nobody(bench.ground, operator)
    return [(queue.title, [(reason.why, reason.at) for reason in queue.reasons]) for queue in queues]


async def test_the_queue_says_when_somebody_is_due(bench: Bench) -> None:
    assert await operating.next_due_at(bench.ground) is None
    li_na = await bench.resident("李娜")
    due = bench.clock.now() + timedelta(minutes=40)
    await bench.survey(li_na, "operator", due=due)
    assert await operating.next_due_at(bench.ground) == due
    assert await operating.next_task(bench.ground, "1021") is None


async def test_a_conversation_that_nobody_ended_is_over_after_four_hours(bench: Bench) -> None:
    await people_due(bench, 1)
    task = await next_task(bench)
    await operating.answered(bench.ground, task.ref, "1021")
    bench.later(hours=4, minutes=1)
    assert await operating.release_abandoned(bench.ground) == 1
    assert await bench.rows("SELECT status, disposition FROM survey.attempt") == [
        ("ended", "unknown_eligibility")
    ]
