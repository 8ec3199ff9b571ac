"""Who is contacted when: pace, windows, what people said about being contacted, one contact at a time, never too often."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from doors_bench import Bench, Resident, at, heard

from survey import dialing, interviewing, operating
from survey.dialing import next_batch
from survey.field.opt_outs import CLOSING
from workers.due import due_jobs

FIRST_OF_MONTH = datetime(2026, 2, 20, 2, 0, tzinfo=UTC)

ATTEMPT = """
WITH k AS (INSERT INTO survey.contact (person_id, purpose, mode, opened_at, closed_at)
           VALUES ($1, 'survey', 'voice', $3, $3) RETURNING id)
INSERT INTO survey.attempt (ref, contact_id, person_id, unit_id, purpose, mode, status, dialing_at, ended_at, day, day_part,
                            disposition)
SELECT $4, k.id, $1, u.id, 'survey', 'voice', 'ended', $3, $3, $3::date, 'morning', 'no_answer'
FROM k, survey.sample_unit u WHERE u.ref = $2"""


async def tried(bench: Bench, person: Resident, unit: str, moments: list[datetime]) -> None:
    for n, moment in enumerate(moments):
        await bench.run(ATTEMPT, person.id, unit, moment, f"past-{person.id}-{n}")


async def test_two_jobs_at_once_reach_everybody_once(bench: Bench) -> None:
    residents = [await bench.resident(f"居民{n}") for n in range(12)]
    for n, person in enumerate(residents):
        await bench.survey(person, "voice" if n % 2 else "text")
    reached = await asyncio.gather(*(dialing.dial_due(bench.ground, bench.line) for _ in range(4)))
    assert sum(reached) == 12
    assert sorted(bench.carrier.numbers()) == [person.number for person in residents]
    assert await bench.one("SELECT count(*) FROM survey.attempt") == 12


async def test_a_batch_is_never_more_than_the_carrier_takes_in_its_minute(bench: Bench) -> None:
    for n in range(70):
        await bench.survey(await bench.resident(f"居民{n}"), "voice")
    assert await dialing.dial_due(bench.ground, bench.line) == 60
    assert await dialing.dial_due(bench.ground, bench.line) == 0
    bench.later(seconds=59)
    assert await dialing.dial_due(bench.ground, bench.line) == 0
    bench.later(seconds=1)
    assert await dialing.dial_due(bench.ground, bench.line) == 10


async def test_a_campaign_that_rests_takes_no_room_and_wakes_nobody(bench: Bench) -> None:
    """Sixty of a paused campaign fell due before the one who is called; they stay as they are."""
    for n in range(60):
        await bench.survey(await bench.resident(f"居民{n}"), "voice", due=at("9 09:00"))
    await bench.run("UPDATE survey.campaign SET status = 'paused'")
    async with bench.ground.pool.acquire() as conn:
        assert "dial" not in {due.job for due in await due_jobs(conn, bench.clock.now(), bench.real)}
    wang_fang = await bench.resident("王芳")
    await bench.case(wang_fang, "voice")
    assert await dialing.dial_due(bench.ground, bench.line) == 1
    assert bench.carrier.numbers() == [wang_fang.number]
    assert await bench.rows(
        "SELECT DISTINCT why FROM survey.unit_event e JOIN survey.sample_unit u ON u.id = e.unit_id"
        " JOIN survey.campaign c ON c.id = u.campaign_id WHERE c.status = 'paused'"
    ) == [("released",)]


def test_batches_begin_at_whole_minutes() -> None:
    assert next_batch(at("9 10:00"), 60) == at("9 10:01")
    assert next_batch(at("9 10:00") + timedelta(seconds=59.5), 60) == at("9 10:01")


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("9 08:59", "9 09:00"),
        ("9 12:00", "9 14:00"),
        ("9 13:59", "9 14:00"),
        ("9 20:30", "10 09:00"),
        ("9 23:00", "10 09:00"),
    ],
)
@pytest.mark.parametrize("mode", ["voice", "text"])
async def test_nobody_is_contacted_outside_the_calling_hours(
    bench: Bench, now: str, opens: str, mode: str
) -> None:
    wang_fang = await bench.resident("王芳")
    unit = await bench.survey(wang_fang, mode, due=at("9 08:00"))
    bench.clock.moment = at(now)
    assert await dialing.dial_due(bench.ground, bench.line) == 0
    assert bench.carrier.asked == []
    assert await bench.attempts(wang_fang) == []
    assert (await bench.unit(unit))["due_at"] == at(opens)
    bench.clock.moment = at(opens)
    assert await dialing.dial_due(bench.ground, bench.line) == 1


FORBIDDEN = {
    ("survey", "voice"): ["all", "survey"],
    ("survey", "text"): ["all", "survey", "text_channel"],
    ("survey", "operator"): ["all", "survey"],
    ("case", "voice"): ["all", "case_call"],
    ("case", "text"): ["all", "case_text", "text_channel"],
    ("case", "operator"): ["all", "case_call"],
}


def test_what_closes_what() -> None:
    assert {about: sorted(scopes) for about, scopes in CLOSING.items()} == FORBIDDEN


@pytest.mark.parametrize(
    ("purpose", "mode", "scope"), [(*about, scope) for about, scopes in FORBIDDEN.items() for scope in scopes]
)
async def test_whoever_said_no_is_not_contacted(bench: Bench, purpose: str, mode: str, scope: str) -> None:
    chen_jing = await bench.resident("陈静")
    unit = await (bench.case if purpose == "case" else bench.survey)(chen_jing, mode)
    await bench.run(
        "INSERT INTO survey.opt_out VALUES ($1, $2, $3, 'text')", chen_jing.id, scope, bench.clock.now()
    )
    assert await dialing.dial_due(bench.ground, bench.line) == 0
    assert await operating.next_task(bench.ground, "1021") is None
    assert bench.carrier.asked == []
    assert await bench.attempts(chen_jing) == []
    told_by_call = purpose == "case" and mode == "text" and scope != "all"
    assert await bench.unit_is(unit) == (
        "waiting, not_attempted, voice" if told_by_call else "done, opted_out"
    )
    assert await bench.announced() == ([] if told_by_call else [("unit_finished", "opted_out")])


@pytest.mark.parametrize(
    ("purpose", "mode", "scope"),
    [
        ("survey", "voice", "text_channel"),
        ("survey", "voice", "case_call"),
        ("survey", "text", "case_text"),
        ("case", "voice", "survey"),
        ("case", "voice", "case_text"),
        ("case", "text", "survey"),
        ("case", "text", "case_call"),
    ],
)
async def test_what_was_not_meant_goes_on(bench: Bench, purpose: str, mode: str, scope: str) -> None:
    chen_jing = await bench.resident("陈静")
    await (bench.case if purpose == "case" else bench.survey)(chen_jing, mode)
    await bench.run(
        "INSERT INTO survey.opt_out VALUES ($1, $2, $3, 'text')", chen_jing.id, scope, bench.clock.now()
    )
    assert await dialing.dial_due(bench.ground, bench.line) == 1


async def test_a_person_in_a_conversation_is_not_contacted_about_something_else(bench: Bench) -> None:
    wang_fang = await bench.resident("王芳")
    await bench.case(wang_fang, "text voice")
    await dialing.dial_due(bench.ground, bench.line)
    survey = await bench.survey(wang_fang, "voice")
    bench.later(minutes=1)
    assert await dialing.dial_due(bench.ground, bench.line) == 0
    assert (await bench.unit(survey))["due_at"] == bench.clock.now() + timedelta(minutes=15)
    assert await bench.attempts(wang_fang) == ["text accepted"]


async def test_a_survey_and_a_case_due_at_the_same_moment_are_two_contacts_the_case_first(
    bench: Bench,
) -> None:
    wang_fang = await bench.resident("王芳")
    survey = await bench.survey(wang_fang, "voice")
    case = await bench.case(wang_fang, "voice")
    assert await dialing.dial_due(bench.ground, bench.line) == 1
    assert await bench.unit_is(case) == "in_contact, not_attempted"
    assert await bench.unit_is(survey) == "waiting, not_attempted, voice"
    assert bench.carrier.numbers() == [wang_fang.number]


async def test_nobody_is_contacted_an_eleventh_time_in_thirty_days(bench: Bench) -> None:
    liu_qiang = await bench.resident("刘强")
    unit = await bench.survey(liu_qiang, "voice")
    moments = [FIRST_OF_MONTH + timedelta(days=n) for n in range(10)]
    await tried(bench, liu_qiang, unit, moments)
    assert await dialing.dial_due(bench.ground, bench.line) == 0
    assert bench.carrier.asked == []
    assert (await bench.unit(unit))["due_at"] == moments[0] + timedelta(days=30)


async def test_the_tenth_attempt_in_thirty_days_is_made(bench: Bench) -> None:
    liu_qiang = await bench.resident("刘强")
    unit = await bench.survey(liu_qiang, "voice")
    await tried(bench, liu_qiang, unit, [FIRST_OF_MONTH + timedelta(days=n) for n in range(9)])
    assert await dialing.dial_due(bench.ground, bench.line) == 1


async def test_several_due_cases_of_a_person_are_one_contact(bench: Bench) -> None:
    zhao_min = await bench.resident("赵敏")
    units = [await bench.case(zhao_min, "voice", short=short) for short in ("0037", "0038", "0039")]
    assert await dialing.dial_due(bench.ground, bench.line) == 1
    assert bench.carrier.numbers() == [zhao_min.number]
    assert [await bench.unit_is(unit) for unit in units] == ["in_contact, not_attempted"] * 3
    assert await bench.rows(
        "SELECT u.ref, i.position, i.status FROM survey.interview i JOIN survey.sample_unit u ON u.id = i.unit_id"
        " ORDER BY i.position"
    ) == [(unit, position, "waiting") for position, unit in enumerate(units)]


async def test_a_number_that_leads_to_somebody_else_is_not_rung_and_whoever_waits_for_it_learns_so(
    bench: Bench,
) -> None:
    zhou_jie = await bench.resident("周杰")
    case = await bench.case(zhou_jie, "voice")
    await bench.run("UPDATE survey.person SET unlinked_at = $2 WHERE id = $1", zhou_jie.id, bench.clock.now())
    assert await dialing.dial_due(bench.ground, bench.line) == 0
    assert await bench.unit_is(case) == "done, wrong_person"
    assert await bench.announced() == [("unit_finished", "wrong_person")]


async def test_a_call_picked_up_after_the_person_opted_out_by_text_ends_with_a_goodbye(bench: Bench) -> None:
    """While the phone rings, 退订 arrives: not one question is asked."""
    zhou_jie = await bench.resident("周杰")
    unit = await bench.survey(zhou_jie, "voice")
    await dialing.dial_due(bench.ground, bench.line)
    await interviewing.take_text(bench.ground, zhou_jie.number, "SM1", "退订", bench.real)
    ref, sid = await bench.attempt_ref(zhou_jie), await bench.sid(zhou_jie)
    reply = await interviewing.take_call(bench.ground, ref, sid, 0, heard(None), bench.real)
    assert reply is not None
    assert reply.digits == 0
    assert await bench.rows("SELECT effect FROM survey.input ORDER BY id") == [
        ("opted_out",),
        ("ended",),
    ]
    await dialing.record_progress(bench.ground, ref, sid, "answered", None, {})
    bench.later(days=1)
    await dialing.dial_due(bench.ground, bench.line)
    bench.later(days=1)
    await dialing.dial_due(bench.ground, bench.line)
    assert await bench.attempts(zhou_jie) == ["voice ended unknown_eligibility"]
    assert await bench.unit_is(unit) == "done, opted_out"
