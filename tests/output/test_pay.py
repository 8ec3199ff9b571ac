"""Pay of surveyors: from their work and its quality; what residents think cannot enter."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import date
from decimal import Decimal

import pytest
from small_day import CENTRE, SmallDay
from surveyor_calls import DAY, EVENING, calls

from followup import paying
from followup.assessment.pay import pay, pay_policy
from followup.assessment.surveyor_month import Month, SurveyorMonth, surveyor_month
from followup.paying import (
    NothingEntered,
)
from followup.reports.building import build
from followup.reports.document.wording import in_cell
from followup.store.surveyors import SELECT_SURVEYORS, surveyors
from survey.periods import Period
from survey.questionnaire import library

ENTERED = {
    "target": 400, "complaint_penalty": 0, "on_time_callback": 0.95, "learning": 0.8, "base": 3000,
    "performance_base": 1000, "awards": 200, "fines": 50,
}  # fmt: skip


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
    assert found.score.output == pytest.approx(71.25) and found.score.learning == pytest.approx(20)
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


COUNTED = {"completes", "callbacks", "registrations", "dials", "heard", "void"}
FIELDS_ENTERED = {
    "target", "complaint_penalty", "on_time_callback", "learning", "base", "performance_base", "awards", "fines",
}  # fmt: skip
READ = {
    "survey.attempt", "survey.sample_unit", "survey.interview", "survey.audit_item", "survey.quality_pick", "survey.centre",
    "survey.area", "followup.case_file", "followup.case_event",
}  # fmt: skip
"""All that the counts of pay are made of. Neither answers nor callbacks are among them; of a pick, only
that it was drawn by lot."""


def test_the_fields_of_pay_are_these_and_no_others() -> None:
    """Whoever adds one has to come here, and say that it is none of what residents think."""
    assert set(pay_policy().counted) == COUNTED
    assert set(pay_policy().entered) == FIELDS_ENTERED
    assert set(surveyor_month().points.model_dump()) == {"output", "quality", "learning"}
    assert set(surveyor_month().units.model_dump()) == {"complete", "callback", "registration", "dial"}
    assert {one.name for one in fields(Month)} == {
        "valid_units", "target", "audit_pass", "complaint_penalty", "on_time_callback", "learning",
    }  # fmt: skip


def test_what_pay_is_counted_from_holds_no_answer() -> None:
    assert set(re.findall(r"\b(?:survey|followup)\.[a-z_]+", SELECT_SURVEYORS)) == READ


def test_the_fields_of_pay_name_no_question_and_no_answer() -> None:
    named = {*pay_policy().counted, *pay_policy().entered}
    questions = {item.id for code in ("perception", "callback", "revisit") for item in library(code).items}
    assert len(questions) > 20 and not named & questions
    words = ["satisf", "solved", "safe", "满意", "解决", "安全感", "好评", "rating", "positive"]
    said = " ".join([*named, *pay_policy().counted.values(), *pay_policy().entered.values()]).lower()
    assert [word for word in words if word in said] == []


async def test_other_answers_pay_the_same(small_day: SmallDay) -> None:
    """Everybody says the opposite, and every callback counts the other way: nobody earns a cent more or less."""
    await calls(small_day, "2001", "complete", 4, verdict="pass")
    await calls(small_day, "2002", "complete", 2, verdict="void")
    conn = small_day.conn
    entered = {one.staff_no: ENTERED | {"target": 4} for one in await surveyors(conn, CENTRE, DAY, EVENING)}
    before = await paying.sheet(conn, CENTRE, DAY, EVENING, entered)
    assert {"1021", "2001", "2002"} <= {one.staff_no for one in before}  # 1021 asked somebody every question
    own = await conn.fetchval(
        "SELECT count(*) FROM survey.answer b JOIN survey.interview i ON i.id = b.interview_id WHERE i.mode = 'operator'"
    )
    assert own > 10
    for turned in (
        "UPDATE survey.answer SET code = CASE code WHEN '1' THEN '3' ELSE '1' END WHERE code IS NOT NULL",
        "UPDATE followup.callback SET counted_as = CASE counted_as WHEN 'as_answered' THEN 'partly' ELSE 'as_answered' END"
        " WHERE counted_as IS NOT NULL",
    ):
        changed = await conn.execute(turned)
        assert int(changed.split()[1]) > 2, turned
    after = await paying.sheet(conn, CENTRE, DAY, EVENING, entered)
    assert [(one.staff_no, one.amount, one.score) for one in after] == [
        (one.staff_no, one.amount, one.score) for one in before
    ]
    assert len({one.amount for one in before}) > 1  # amounts do follow what was done


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
