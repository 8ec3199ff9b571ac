"""The circle of one case: result, callback, flag, decision, second result, second callback, end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import asyncpg
import pytest
from followup_county import CENTRE, POLICE, TOWN, VILLAGE, WATER, at
from followup_residents import answers, is_never_reached, said_in_survey, state, unit_of

from followup import callbacks, cases, clocks, reading
from followup.refusals import (
    AlreadyDecided,
    NotPossibleNow,
    NotTheLead,
    ReasonMissing,
    SecondSignerMissing,
    UnknownCase,
    UnknownRejection,
    UnknownUnit,
    WordsWithNumbers,
)

SEED = 7
Tokens = Callable[[], str]

REAL = datetime(2026, 3, 9, 12, tzinfo=UTC)


async def take(conn: asyncpg.Connection, now: datetime, tokens: Tokens) -> callbacks.Taken:
    return await callbacks.take_finished(conn, now=now, real_now=lambda: REAL, tokens=tokens)


async def registered(conn: asyncpg.Connection, person: int, tokens: Tokens) -> str:
    """An appeal of a survey interview on Monday the 9th at 09:40; its case number."""
    await said_in_survey(conn, person, at("9 09:40"), "村口没有路灯,电话13800000000", wants=True)
    taken = await take(conn, at("9 09:40"), tokens)
    assert (taken.rows, taken.registered) == (1, 1)
    number: str = await conn.fetchval("SELECT number FROM followup.case_file")
    return number


async def in_progress(conn: asyncpg.Connection, person: int, tokens: Tokens) -> str:
    number = await registered(conn, person, tokens)
    await cases.accept(conn, number, by="审核员", now=at("9 10:00"))
    await cases.submit(conn, number, by="审核员", now=at("9 10:30"))
    await cases.dispatch(conn, number, lead=POLICE, assists=[TOWN], by="督查室", now=at("9 11:00"))
    await cases.sign(conn, number, by=POLICE, now=at("9 11:30"))
    return number


async def waiting_for_callback(conn: asyncpg.Connection, person: int, tokens: Tokens) -> str:
    number = await in_progress(conn, person, tokens)
    await cases.report_result(
        conn, number, by=POLICE, summary="已装路灯两盏", claimed_contact=True, now=at("10 11:00")
    )
    await cases.accept_result(conn, number, by="审核员", now=at("10 11:30"), tokens=tokens, seed=SEED)
    return number


async def flagged(conn: asyncpg.Connection, person: int, tokens: Tokens, mode: str = "voice") -> str:
    number = await waiting_for_callback(conn, person, tokens)
    ref = await unit_of(conn, number, 1)
    said = "C2=3 C1=1 C3=3 C7=1"
    await answers(conn, ref, at("10 15:00"), said, words={"C5": "灯装了但不亮"}, mode=mode)
    taken = await take(conn, at("10 15:00"), tokens)
    assert (taken.settled, taken.flagged) == (1, 1)
    return number


async def test_a_survey_answer_becomes_a_case_once(
    conn: asyncpg.Connection, wang_fang: int, tokens: Tokens
) -> None:
    number = await registered(conn, wang_fang, tokens)
    assert number == "991721-20260309-00001-4"
    await conn.execute("UPDATE survey.outbox SET consumed = false")
    again = await take(conn, at("9 09:45"), tokens)
    assert (again.rows, again.registered) == (1, 0)
    case = (await reading.passport(conn, number)).case
    assert (case.short_number, case.source, case.status, case.area_code) == (
        "0001",
        "outbound",
        "registered",
        VILLAGE,
    )
    assert case.content == "村口没有路灯,电话〔号码〕"
    assert (case.category, case.duty_no, case.kind) == ("0106", 1, "report")


async def test_without_consent_nothing_is_registered(
    conn: asyncpg.Connection, wang_fang: int, tokens: Tokens
) -> None:
    await said_in_survey(conn, wang_fang, at("9 09:40"), "村口没有路灯", wants=False)
    assert (await take(conn, at("9 09:40"), tokens)).registered == 0
    assert await conn.fetchval("SELECT count(*) FROM followup.case_file") == 0


async def test_limits_run_in_working_time(conn: asyncpg.Connection, wang_fang: int, tokens: Tokens) -> None:
    number = await in_progress(conn, wang_fang, tokens)
    shown = await reading.passport(conn, number)
    assert shown.case.due_at == at("23 18:00")  # ten working days for a report, from the 9th
    assert shown.case.limit_hours == 70
    assert [(a.unit_code, a.role) for a in shown.assignments] == [(POLICE, "lead"), (TOWN, "assist")]
    assert [e.event for e in shown.events] == ["register", "accept", "submit", "dispatch", "sign"]


async def test_a_satisfied_resident_closes_the_case(
    conn: asyncpg.Connection, wang_fang: int, tokens: Tokens
) -> None:
    number = await waiting_for_callback(conn, wang_fang, tokens)
    await answers(conn, await unit_of(conn, number, 1), at("10 15:00"), "C2=1 C1=1 C3=2")
    await take(conn, at("10 15:00"), tokens)
    assert await state(conn, number) == "closed, round 1, closed"
    (callback,) = (await reading.passport(conn, number)).callbacks
    assert (callback.verdict, callback.verdict_line, callback.reached, callback.mode) == (
        "closed",
        8,
        True,
        "text",
    )
    assert callback.told_text == "您反映的事项:已装路灯两盏。"
    assert callback.answers == {"C1": ["1", None], "C2": ["1", None], "C3": ["2", None]}


@pytest.mark.parametrize(
    ("codes", "disposition", "state_then"),
    [
        ("C2=2 C1=1 C3=2 C7=2", "complete", "closed_partly, round 1, closed_partly"),
        ("C2=3 C1=1 C3=3 C7=2", "complete", "closed_dissatisfied, round 1, closed_dissatisfied"),
        ("C1=1", "partial", "closed_unrated, round 1, closed_unrated"),
        ("C0=2", "wrong_person", "wrong_person, round 1, wrong_person"),
        ("C2=1 C3=1 C1=2", "complete", "redispatch_review, round 1"),
        ("C2=1 C3=1 C6=2", "complete", "redispatch_review, round 1"),
    ],
)
async def test_every_answer_has_its_ending(
    conn: asyncpg.Connection, wang_fang: int, tokens: Tokens, codes: str, disposition: str, state_then: str
) -> None:
    number = await waiting_for_callback(conn, wang_fang, tokens)
    ref = await unit_of(conn, number, 1)
    told = disposition != "wrong_person"
    await answers(conn, ref, at("10 15:00"), codes, mode="voice", told=told, disposition=disposition)
    await take(conn, at("10 15:00"), tokens)
    assert await state(conn, number) == state_then


@pytest.mark.parametrize(
    ("disposition", "ending"),
    [
        ("no_answer", "closed_unreached"),
        ("unassigned", "closed_unreached"),
        ("appointment", "closed_unreached"),
        ("refusal_hard", "closed_unrated"),
        ("opted_out", "closed_unrated"),
    ],
)
async def test_who_was_not_reached_is_never_satisfied(
    conn: asyncpg.Connection, wang_fang: int, tokens: Tokens, disposition: str, ending: str
) -> None:
    number = await waiting_for_callback(conn, wang_fang, tokens)
    await is_never_reached(conn, await unit_of(conn, number, 1), at("12 20:00"), disposition)
    await take(conn, at("12 20:00"), tokens)
    assert await state(conn, number) == f"{ending}, round 1, {ending}"
    (callback,) = (await reading.passport(conn, number)).callbacks
    assert (callback.reached, callback.told_at) == (False, None)


async def test_two_rounds_close_the_circle(conn: asyncpg.Connection, wang_fang: int, tokens: Tokens) -> None:
    number = await flagged(conn, wang_fang, tokens)
    assert await state(conn, number) == "redispatch_review, round 1"
    (waiting,) = await reading.flagged(conn, CENTRE, waiting_only=True)
    assert (waiting.reasons, waiting.words) == (("not_solved", "dissatisfied"), "灯装了但不亮")
    # said to a voice on Tuesday 15:00; four working hours later the decision is overdue
    assert (waiting.decision_post, waiting.decision_due_at) == ("supervisor", at("11 09:30"))

    decided = await callbacks.confirm(conn, number, by="督办员", reason="现场看过,灯不亮", now=at("10 16:00"))
    assert str(decided) == f"Case {number} goes out again to {POLICE}, round 2."
    case = (await reading.passport(conn, number)).case
    assert (case.limit_hours, case.due_at) == (35, at("10 17:00"))  # half the limit; to be signed in an hour

    await cases.sign(conn, number, by=POLICE, now=at("10 16:30"))
    await cases.report_result(
        conn, number, by=POLICE, summary="线路已接通", claimed_contact=True, now=at("11 10:00")
    )
    await cases.accept_result(conn, number, by="审核员", now=at("11 10:30"), tokens=tokens, seed=SEED)
    await answers(conn, await unit_of(conn, number, 2), at("11 15:00"), "C2=1 C1=1 C3=1")
    await take(conn, at("11 15:00"), tokens)

    assert await state(conn, number) == "closed, round 2, closed"
    shown = await reading.passport(conn, number)
    assert [(c.round, c.verdict, c.decision) for c in shown.callbacks] == [
        (1, "flagged", "redispatch"),
        (2, "closed", None),
    ]
    assert [(e.event, e.round) for e in shown.events][5:] == [
        ("submit_result", 1),
        ("accept_result", 1),
        ("callback_flagged", 1),
        ("redispatch", 2),
        ("sign", 2),
        ("submit_result", 2),
        ("accept_result", 2),
        ("callback_closed", 2),
    ]
    circle = await reading.circle(conn, CENTRE)
    assert [str(identity) for identity in circle.identities] == [
        "results received 2 = callbacks created 2 + not suitable 0",
        "due 2 = reached 2 + unreached 0 + unrated 0 + waiting 0",
        "flagged 1 = re-dispatched 1 + rejected 0 + waiting 0",
        "imported 0 = open 0",
    ]
    assert (circle.rounds.second_callbacks, circle.rounds.reached_untold) == (1, 0)


async def test_after_the_last_round_the_meeting_decides(
    conn: asyncpg.Connection, wang_fang: int, tokens: Tokens
) -> None:
    number = await flagged(conn, wang_fang, tokens)
    for round_, day in ((2, 11), (3, 13)):
        await callbacks.confirm(conn, number, by="督办员", reason="仍未解决", now=at(f"{day} 09:00"))
        if round_ == 3:
            plan = "镇长包案,重新布线"
            await cases.make_plan(conn, number, leader="副局长", plan=plan, by=POLICE, now=at(f"{day} 09:20"))
        await cases.sign(conn, number, by=POLICE, now=at(f"{day} 09:30"))
        await cases.report_result(
            conn, number, by=POLICE, summary="已修", claimed_contact=True, now=at(f"{day} 10:00")
        )
        await cases.accept_result(conn, number, by="审核员", now=at(f"{day} 10:30"), tokens=tokens, seed=SEED)
        ref = await unit_of(conn, number, round_)
        await answers(conn, ref, at(f"{day} 15:00"), "C2=3 C1=1 C3=3 C7=1", mode="voice")
        await take(conn, at(f"{day} 15:00"), tokens)
    decided = await callbacks.confirm(conn, number, by="督办员", reason="三次未解决", now=at("16 09:00"))
    assert str(decided) == f"Case {number} has had its last round and goes to the weekly meeting."
    assert await state(conn, number) == "adjudication, round 3"
    assert await callbacks.escalate_waiting(conn, at("18 18:00")) == 0
    flags = next(i for i in (await reading.circle(conn, CENTRE)).identities if i.name == "flagged")
    assert str(flags) == "flagged 3 = re-dispatched 2 + rejected 0 + waiting 1"


async def test_a_rejected_flag_is_explained_and_signed_by_two(
    conn: asyncpg.Connection, wang_fang: int, tokens: Tokens
) -> None:
    number = await flagged(conn, wang_fang, tokens)
    signed: dict[str, Any] = {
        "by": "督办员",
        "second_by": "主任",
        "ground": "facts_differ",
        "now": at("10 16:00"),
    }
    with pytest.raises(SecondSignerMissing, match="needs the signature of a second person beside 督办员"):
        await callbacks.reject(conn, number, **{**signed, "second_by": "督办员"}, reason="不符")
    with pytest.raises(ReasonMissing, match='"reject" needs a reason in words'):
        await callbacks.reject(conn, number, **signed, reason="  ")
    with pytest.raises(UnknownRejection, match="Grounds are facts_differ, unreasonable, not_lawful"):
        await callbacks.reject(conn, number, **{**signed, "ground": "太麻烦"}, reason="现场核实灯亮")
    await callbacks.reject(conn, number, **signed, reason="现场核实灯亮")
    assert await state(conn, number) == "closed_explained, round 1, closed_explained"
    with pytest.raises(NotPossibleNow, match="is closed_explained in round 1") as refused:
        await callbacks.confirm(conn, number, by="督办员", reason="再办", now=at("10 16:00"))
    assert number in str(refused.value)


async def test_a_decision_that_waits_goes_to_the_next_post(
    conn: asyncpg.Connection, wang_fang: int, tokens: Tokens
) -> None:
    number = await flagged(conn, wang_fang, tokens, mode="voice")  # Tuesday 15:00
    assert await callbacks.next_escalation(conn) == at("11 09:30")  # three hours of Tuesday, one of Wednesday
    assert await callbacks.escalate_waiting(conn, at("11 09:25")) == 0
    assert await callbacks.escalate_waiting(conn, at("11 09:30")) == 1
    assert await callbacks.escalate_waiting(conn, at("11 09:30")) == 0
    (waiting,) = await reading.flagged(conn, CENTRE, waiting_only=True)
    assert (waiting.decision_post, waiting.decision_due_at) == ("deputy", at("11 15:00"))
    assert await callbacks.escalate_waiting(conn, at("11 15:00")) == 1
    (waiting,) = await reading.flagged(conn, CENTRE, waiting_only=True)
    assert (waiting.decision_post, waiting.decision_due_at, waiting.decision) == ("director", None, None)
    assert await callbacks.next_escalation(conn) is None
    assert await state(conn, number) == "redispatch_review, round 1"


async def test_no_decision_is_late_on_a_day_that_the_centre_does_not_work(
    conn: asyncpg.Connection, wang_fang: int, tokens: Tokens
) -> None:
    snow = {
        "working": False,
        "reason": "暴雪停工",
        "by": "主任-0001",
        "now": at("9 09:00"),
        "centre_code": CENTRE,
    }
    await clocks.set_day(conn, date(2026, 3, 11), **snow)
    await flagged(conn, wang_fang, tokens, mode="voice")  # Tuesday 15:00
    assert await callbacks.next_escalation(conn) == at("12 09:30")  # three hours of Tuesday, one of Thursday
    await clocks.set_day(conn, date(2026, 3, 12), **snow)  # set when the decision waited already
    assert await callbacks.escalate_waiting(conn, at("12 09:30")) == 0
    assert await callbacks.next_escalation(conn) == at("13 09:30")
    assert await callbacks.escalate_waiting(conn, at("13 09:30")) == 1
    (waiting,) = await reading.flagged(conn, CENTRE, waiting_only=True)
    assert (waiting.decision_post, waiting.decision_due_at) == ("deputy", at("13 15:00"))


async def test_the_first_rating_is_never_changed(
    conn: asyncpg.Connection, wang_fang: int, tokens: Tokens
) -> None:
    number = await flagged(conn, wang_fang, tokens)
    before = (await reading.passport(conn, number)).callbacks
    await answers(conn, await unit_of(conn, number, 1), at("10 17:00"), "C2=1 C1=1 C3=1", mode="operator")
    later = await take(conn, at("10 17:00"), tokens)
    assert (later.rows, later.settled) == (1, 0)
    assert (await reading.passport(conn, number)).callbacks == before
    assert await state(conn, number) == "redispatch_review, round 1"


async def test_a_batch_taken_again_changes_nothing(
    conn: asyncpg.Connection, wang_fang: int, tokens: Tokens
) -> None:
    number = await flagged(conn, wang_fang, tokens)
    before = await reading.passport(conn, number)
    await conn.execute("UPDATE survey.outbox SET consumed = false")
    again = await take(conn, at("10 18:00"), tokens)
    assert (again.rows, again.settled, again.registered) == (2, 0, 0)
    assert await reading.passport(conn, number) == before


async def test_two_workers_take_each_result_once(
    pool: asyncpg.Pool, conn: asyncpg.Connection, wang_fang: int, tokens: Tokens
) -> None:
    number = await waiting_for_callback(conn, wang_fang, tokens)
    await answers(conn, await unit_of(conn, number, 1), at("10 15:00"), "C2=3 C1=1 C3=3 C7=1")

    async def work() -> int:
        async with pool.acquire() as one:
            return (await take(one, at("10 15:00"), tokens)).flagged

    assert sum(await asyncio.gather(work(), work(), work())) == 1
    events = await conn.fetchval("SELECT count(*) FROM followup.case_event WHERE event = 'callback_flagged'")
    assert events == 1


async def test_the_flag_is_timed_from_the_answer_to_its_commit(
    conn: asyncpg.Connection, wang_fang: int, tokens: Tokens
) -> None:
    await flagged(conn, wang_fang, tokens)
    row = await conn.fetchrow("SELECT answer_real, flagged_real FROM followup.callback")
    assert (row["answer_real"], row["flagged_real"]) == (at("10 15:00"), REAL)
    assert (await reading.circle(conn, CENTRE)).flag_p95_s == (REAL - at("10 15:00")).total_seconds()


async def test_refusals_say_what_is_possible(
    conn: asyncpg.Connection, wang_fang: int, tokens: Tokens
) -> None:
    number = await registered(conn, wang_fang, tokens)
    with pytest.raises(UnknownCase, match="There is no case 991721-1"):
        await cases.accept(conn, "991721-1", by="审核员", now=at("9 10:00"))
    with pytest.raises(NotPossibleNow) as refused:
        await cases.sign(conn, number, by=POLICE, now=at("9 10:00"))
    assert str(refused.value) == (
        f'Case {number} is registered in round 1: "sign" is not possible. '
        "Possible now: refuse, answer, accept, report_major, withdraw."
    )
    await cases.accept(conn, number, by="审核员", now=at("9 10:00"))
    await cases.submit(conn, number, by="审核员", now=at("9 10:30"))
    with pytest.raises(UnknownUnit, match="991721-moon is no responsible unit of centre 991721"):
        await cases.dispatch(conn, number, lead="991721-moon", by="督查室", now=at("9 11:00"))
    await cases.dispatch(conn, number, lead=POLICE, by="督查室", now=at("9 11:00"))
    with pytest.raises(NotTheLead, match=f"{WATER} does not lead it, {POLICE} does"):
        await cases.sign(conn, number, by=WATER, now=at("9 11:30"))
    await cases.sign(conn, number, by=POLICE, now=at("9 11:30"))
    with pytest.raises(WordsWithNumbers):
        await cases.report_result(
            conn, number, by=POLICE, summary="已联系15400000001", claimed_contact=True, now=at("9 15:00")
        )


async def test_two_decisions_at_once_leave_one(
    pool: asyncpg.Pool, conn: asyncpg.Connection, wang_fang: int, tokens: Tokens
) -> None:
    number = await flagged(conn, wang_fang, tokens)

    async def decide(reason: str) -> object:
        async with pool.acquire() as one:
            return await callbacks.confirm(one, number, by="督办员", reason=reason, now=at("10 16:00"))

    outcomes = await asyncio.gather(decide("一"), decide("二"), decide("三"), return_exceptions=True)
    assert sum(isinstance(outcome, callbacks.Decided) for outcome in outcomes) == 1
    assert await state(conn, number) == "dispatched, round 2"
    assert await conn.fetchval("SELECT count(*) FROM followup.case_event WHERE event = 'redispatch'") == 1


async def test_a_violent_home_is_not_called_back(
    conn: asyncpg.Connection, wang_fang: int, tokens: Tokens
) -> None:
    number = await in_progress(conn, wang_fang, tokens)
    await cases.report_result(
        conn, number, by=POLICE, summary="已出警处理", claimed_contact=True, now=at("10 11:00")
    )
    await cases.close_unsuitable(
        conn,
        number,
        by="审核员",
        second_by="主任",
        ground="violence_at_home",
        reason="回访会给她带来危险",
        now=at("10 11:30"),
    )
    assert await state(conn, number) == "callback_not_suitable, round 1, callback_not_suitable"
    assert (
        await conn.fetchval("SELECT count(*) FROM survey.sample_unit WHERE external_key LIKE 'case:%'") == 0
    )
    results = (await reading.circle(conn, CENTRE)).identities[0]
    assert str(results) == "results received 1 = callbacks created 0 + not suitable 1"
    with pytest.raises(NotPossibleNow):
        await cases.accept_result(conn, number, by="审核员", now=at("10 12:00"), tokens=tokens, seed=SEED)


async def test_a_flag_without_its_case_in_review_cannot_be_decided_twice(
    conn: asyncpg.Connection, wang_fang: int, tokens: Tokens
) -> None:
    number = await flagged(conn, wang_fang, tokens)
    await conn.execute("UPDATE followup.callback SET decision = 'redispatch'")
    with pytest.raises(AlreadyDecided, match="round 1 has no flag that waits"):
        await callbacks.confirm(conn, number, by="督办员", reason="再办", now=at("10 16:00"))
    assert await state(conn, number) == "redispatch_review, round 1"
