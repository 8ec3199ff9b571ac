"""The sheet of the surveyors and their pay: what each did; what residents think is in neither."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from small_day import CENTRE, SmallDay, at

from followup import paying
from followup.assessment.pay import pay, pay_policy
from followup.assessment.surveyor_month import SurveyorMonth, surveyor_month
from followup.paying import (
    NoObjection,
    NothingEntered,
    NotTheirOwn,
    ObjectionWaits,
    UnknownDecision,
    WordsMissing,
)
from followup.reports.building import build
from followup.reports.document.body import body_of
from followup.reports.document.model import Document, Sentence
from followup.reports.document.wording import in_cell, sentence_text
from followup.store.surveyors import SurveyorRow, surveyors
from survey.periods import Period
from survey.questionnaire import library

DAY = Period(date(2026, 3, 9), date(2026, 3, 9))
EVENING = at(0, days=1)
ENTERED = {
    "target": 400, "complaint_penalty": 0, "on_time_callback": 0.95, "learning": 0.8, "base": 3000,
    "performance_base": 1000, "awards": 200, "fines": 50,
}  # fmt: skip


async def calls(day: SmallDay, staff: str, code: str, times: int, *, verdict: str | None = None) -> None:
    """So many calls of one surveyor that came to this code; of completes the interview is listened to, or not."""
    for n in range(times):
        person = await day.person()
        unit = await day.unit("daily-operator", person, code, key=f"{staff}-{code}-{n}-{day.people}")
        when = at(9) + timedelta(minutes=n)
        contact = await day.attempt(unit, person, "operator", when, code, "survey", timedelta(minutes=2))
        await day.conn.execute(
            "UPDATE survey.attempt SET operator = $2 WHERE contact_id = $1", contact, staff
        )
        if code != "complete":
            continue
        interview = await day.put(
            "survey.interview", ref=f"s-{contact}", contact_id=contact, unit_id=unit, position=0,
            questionnaire_id=day.questionnaires["perception"], mode="operator", lang="zh", status="complete",
            opened_at=when, ended_at=when + timedelta(minutes=2),
        )  # fmt: skip
        if verdict is not None:
            await day.put(
                "survey.audit_item", interview_id=interview, at=at(19), method="listen", verdict=verdict, by_whom="质检员",
                why="抽听",
            )  # fmt: skip


async def of_these(day: SmallDay, *staff: str) -> list[SurveyorRow]:
    return [one for one in await surveyors(day.conn, CENTRE, DAY, EVENING) if one.staff_no in staff]


def told(made: Document) -> list[str]:
    return [sentence_text(made, one, "zh") for one in made.blocks() if isinstance(one, Sentence)]


async def test_what_each_did_and_who_differs_by_more_than_chance(small_day: SmallDay) -> None:
    await calls(small_day, "2001", "complete", 34)
    await calls(small_day, "2001", "refusal_hard", 6)
    await calls(small_day, "2002", "complete", 10)
    await calls(small_day, "2002", "refusal_hard", 30)
    await calls(small_day, "2002", "no_answer", 5)
    assert await of_these(small_day, "2001", "2002") == [
        SurveyorRow("2001", 40, 40, 6, 34, 0, 0, 0, 0),
        SurveyorRow("2002", 45, 40, 30, 10, 0, 0, 0, 0),
    ]
    made = await build(small_day.conn, "surveyor", CENTRE, DAY, EVENING)
    rows = {
        row.cells[0].zh: [
            in_cell(made.figures[cell], "zh") for cell in row.cells[1:] if isinstance(cell, str)
        ]
        for row in made.tables()[0].rows
        if row.cells[0] and not isinstance(row.cells[0], str)
    }
    assert rows["2002"][:5] == ["45", "10", "0", "0", "0"]
    assert any(line.startswith("2002的拒访率明显高于全中心:75.0%") for line in told(made))
    assert any(line.startswith("2001的拒访率明显低于全中心:15.0%") for line in told(made))


async def test_a_void_interview_is_no_work_and_lowers_the_quality(small_day: SmallDay) -> None:
    await calls(small_day, "2003", "complete", 3, verdict="pass")
    await calls(small_day, "2003", "complete", 1, verdict="void")
    assert await of_these(small_day, "2003") == [SurveyorRow("2003", 4, 4, 0, 3, 0, 0, 4, 1)]


async def appeal(day: SmallDay, staff: str, serial: int, status: str = "registered") -> int:
    """One that a surveyor took in on the small day."""
    number = f"{CENTRE}-20260309-{serial:05d}-1"
    case: int = await day.put(
        "followup.case_file", number=number, short_number=f"{serial:04d}", query_code=f"K7Q3M{serial:03d}", centre_code=CENTRE,
        source="inbound", person_id=await day.person(), content="路灯不亮", category="01", duty_no=1, kind="report",
        area_code="991721001", status=status, round=1, received_at=at(10), policy_version=1, first_handler=f"调查员-{staff}",
    )  # fmt: skip
    await moved(day, case, None, "registered", at(10))
    return case


async def moved(day: SmallDay, case: int, left: str | None, to: str, when: datetime) -> None:
    await day.put(
        "followup.case_event", case_id=case, round=1, event="moved", from_status=left, to_status=to, actor="督导", at=when
    )  # fmt: skip
    await day.conn.execute("UPDATE followup.case_file SET status = $2 WHERE id = $1", case, to)


async def test_what_is_decided_after_the_cut_off_changes_no_frozen_sheet(small_day: SmallDay) -> None:
    """An appeal is turned away, and a call ends, on the day after: the sheet of the day is made again as it was."""
    await calls(small_day, "2001", "complete", 3)
    await calls(small_day, "2001", "refusal_hard", 1)
    await appeal(small_day, "2001", 901)
    turned_away = await appeal(small_day, "2001", 902)
    await moved(small_day, turned_away, "registered", "not_accepted", at(16))
    late = await appeal(small_day, "2001", 903)
    before = await of_these(small_day, "2001")
    assert [(one.registrations, one.refusals, one.completes) for one in before] == [(2, 1, 3)]
    sheet = body_of(await build(small_day.conn, "surveyor", CENTRE, DAY, EVENING))
    await moved(small_day, late, "registered", "not_accepted", at(9, days=1))
    await moved(small_day, turned_away, "not_accepted", "registered", at(9, days=1))
    assert await of_these(small_day, "2001") == before
    assert body_of(await build(small_day.conn, "surveyor", CENTRE, DAY, EVENING)) == sheet
    ((after,),) = [
        [one.registrations for one in await surveyors(small_day.conn, CENTRE, DAY, at(10, days=1)) if one.staff_no == "2001"]
    ]  # fmt: skip
    assert after == 2  # one came back, one went


async def test_a_call_that_was_not_over_at_the_cut_off_has_no_outcome(small_day: SmallDay) -> None:
    await calls(small_day, "2001", "refusal_hard", 2)
    changed = await small_day.conn.execute(
        "UPDATE survey.attempt SET ended_at = $1 WHERE id = (SELECT max(id) FROM survey.attempt WHERE operator = '2001')",
        at(0, 5, days=1),
    )
    assert changed == "UPDATE 1"
    assert [(one.dials, one.refusals) for one in await of_these(small_day, "2001")] == [(2, 1)]


def test_the_published_month_is_paid() -> None:
    """domain.md §4.7: target 400, valid 380, audit .97, on time .95, learning .8: 91.61, coefficient 1.2."""
    counted = {"completes": 300, "callbacks": 100, "registrations": 0, "dials": 400, "heard": 100, "void": 3}
    found = pay("2001", counted, ENTERED, surveyor_month(), pay_policy(), None)
    assert (found.valid_units, round(found.score.total, 2), found.score.coefficient) == (380, 91.61, 1.2)
    assert (found.performance, found.amount) == (Decimal("1200.00"), Decimal("4350.00"))


UNHEARD = {"completes": 300, "callbacks": 100, "registrations": 0, "dials": 400, "heard": 0, "void": 0}


def test_who_was_not_audited_gets_what_the_centre_got_and_not_full_marks() -> None:
    """Of the centre 90 % stood: 40 × 0.9 × 0.95 = 34.2; with full marks it would be 38, and the step above."""
    found = pay("2001", UNHEARD, ENTERED, surveyor_month(), pay_policy(), 0.9)
    assert (found.audit, found.heard) == ("centre", 0)
    assert found.score.quality == pytest.approx(34.2)
    assert (round(found.score.total, 2), found.score.coefficient) == (88.95, 1.0)
    assert found.amount == Decimal("4150.00")


def test_where_nobody_was_audited_the_points_of_quality_go_to_the_other_parts() -> None:
    """45 and 15 become 75 and 25: 75 × 380/400 + 25 × 0.8 = 91.25."""
    found = pay("2001", UNHEARD, ENTERED, surveyor_month(), pay_policy(), None)
    assert (found.audit, found.score.quality) == ("none", None)
    assert (found.score.output, found.score.learning) == (pytest.approx(71.25), pytest.approx(20))
    assert found.score.total == pytest.approx(91.25)


def test_a_policy_that_says_nothing_of_who_was_not_audited_is_refused() -> None:
    body = surveyor_month().model_dump(by_alias=True) | {"not_audited": ["centre"]}
    with pytest.raises(ValueError, match="`spread` has to be among them"):
        SurveyorMonth.model_validate(body)


async def test_the_sheets_say_who_was_not_audited(small_day: SmallDay) -> None:
    await calls(small_day, "2001", "complete", 3, verdict="pass")
    await calls(small_day, "2001", "complete", 1, verdict="void")
    await calls(small_day, "2002", "complete", 4)
    made = await build(small_day.conn, "surveyor", CENTRE, DAY, EVENING)
    assert in_cell(made.figures["surveyor.2002.void"], "zh") == "未复核"
    assert in_cell(made.figures["surveyor.2001.void"], "zh").startswith("25.0% (4)")
    entered = {one.staff_no: dict(ENTERED) for one in await surveyors(small_day.conn, CENTRE, DAY, EVENING)}
    paid = {one.staff_no: one for one in await paying.sheet(small_day.conn, CENTRE, DAY, EVENING, entered)}
    assert (paid["2001"].audit, paid["2002"].audit) == ("own", "centre")
    assert paid["2002"].score.quality == pytest.approx(paid["2001"].score.quality)


@pytest.mark.parametrize("field", ["satisfied", "solved", "half", "positive", "safety_rate"])
def test_no_answer_of_a_resident_can_enter_pay(field: str) -> None:
    counted = {"completes": 1, "callbacks": 1, "registrations": 1, "dials": 1, "heard": 1, "void": 0}
    with pytest.raises(ValueError, match=f"{field} is no field of pay"):
        pay("2001", {**counted, field: 100}, ENTERED, surveyor_month(), pay_policy(), None)
    with pytest.raises(ValueError, match=f"{field} is no field of pay"):
        pay("2001", counted, {**ENTERED, field: 1}, surveyor_month(), pay_policy(), None)


def test_the_fields_of_pay_name_no_question_and_no_answer() -> None:
    fields = {*pay_policy().counted, *pay_policy().entered}
    questions = {item.id for code in ("perception", "callback", "revisit") for item in library(code).items}
    assert not fields & questions
    words = ["satisf", "solved", "safe", "满意", "解决", "安全感", "好评", "rating", "positive"]
    said = " ".join([*fields, *pay_policy().counted.values(), *pay_policy().entered.values()]).lower()
    assert [word for word in words if word in said] == []


async def test_other_answers_pay_the_same(small_day: SmallDay) -> None:
    """Everybody says the opposite: nobody earns more or less."""
    before = await surveyors(small_day.conn, CENTRE, DAY, EVENING)
    await small_day.conn.execute("UPDATE survey.answer SET code = CASE code WHEN '1' THEN '3' ELSE '1' END")
    await small_day.conn.execute(
        "UPDATE followup.callback SET counted_as = 'no_rating' WHERE counted_as IS NOT NULL"
    )
    assert await surveyors(small_day.conn, CENTRE, DAY, EVENING) == before


async def test_a_period_without_a_call_says_so(small_day: SmallDay) -> None:
    empty = Period(date(2026, 2, 2), date(2026, 2, 2))
    made = await build(small_day.conn, "surveyor", CENTRE, empty, EVENING)
    assert made.tables()[0].empty.zh == "本期没有调查员拨打。" and not made.tables()[0].rows


MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))


async def test_the_sheet_pays_whoever_worked_and_names_who_is_missing(small_day: SmallDay) -> None:
    await calls(small_day, "2001", "complete", 4, verdict="pass")
    everybody = [one.staff_no for one in await surveyors(small_day.conn, CENTRE, MARCH, EVENING)]
    entered = {staff: dict(ENTERED) for staff in everybody}
    made = {one.staff_no: one for one in await paying.sheet(small_day.conn, CENTRE, MARCH, EVENING, entered)}
    assert (made["2001"].valid_units, made["2001"].score.coefficient) == (4.2, 0.6)
    assert made["2001"].amount == Decimal("3750.00")
    del entered["2001"]
    with pytest.raises(NothingEntered, match="Nothing is entered for 2001"):
        await paying.sheet(small_day.conn, CENTRE, MARCH, EVENING, entered)


async def test_somebody_else_decides_on_an_objection_once(small_day: SmallDay) -> None:
    month, conn = date(2026, 3, 1), small_day.conn
    with pytest.raises(WordsMissing):
        await paying.object_(conn, CENTRE, "2001", month, words=" ", now=EVENING)
    await paying.object_(conn, CENTRE, "2001", month, words="少算了两份", now=EVENING)
    with pytest.raises(ObjectionWaits):
        await paying.object_(conn, CENTRE, "2001", month, words="还是少", now=EVENING)
    with pytest.raises(NotTheirOwn):
        await paying.decide(
            conn, CENTRE, "2001", month, decision="changed", reason="是少了", by="2001", now=EVENING
        )
    with pytest.raises(UnknownDecision):
        await paying.decide(
            conn, CENTRE, "2001", month, decision="ok", reason="是少了", by="主任", now=EVENING
        )
    await paying.decide(
        conn, CENTRE, "2001", month, decision="changed", reason="补上两份", by="主任", now=EVENING
    )
    with pytest.raises(NoObjection):
        await paying.decide(
            conn, CENTRE, "2001", month, decision="stands", reason="不改", by="主任", now=EVENING
        )
    (one,) = await paying.objections(conn, CENTRE)
    assert (one.words, one.decision, one.reason, one.decided_by) == (
        "少算了两份",
        "changed",
        "补上两份",
        "主任",
    )
    await paying.object_(conn, CENTRE, "2001", month, words="另有一处", now=EVENING)
