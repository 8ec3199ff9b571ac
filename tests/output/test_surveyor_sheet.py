"""The sheet of the surveyors: what each did; what residents think is not in it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from small_day import CENTRE, SmallDay, at
from surveyor_calls import DAY, EVENING, appeal, calls, moved

from followup.issuing import issue, verify
from followup.reports.building import build
from followup.reports.document.body import body_of
from followup.reports.document.figures import Words
from followup.reports.document.model import Document, Sentence
from followup.reports.document.wording import in_cell, sentence_text
from followup.reports.remarks import Remarks
from followup.store import surveyor_days
from followup.store.surveyor_days import Appointments
from followup.store.surveyors import SurveyorRow, surveyors
from survey.periods import Period


async def of_these(day: SmallDay, *staff: str) -> list[SurveyorRow]:
    return [one for one in await surveyors(day.conn, CENTRE, DAY, EVENING) if one.staff_no in staff]


def lines_of(made: Document, key: str) -> dict[str, list[str]]:
    """{staff number: what stands in their line}."""
    (table,) = [one for one in made.tables() if one.key == key]
    return {
        row.cells[0].zh: [in_cell(made.figures[str(cell)], "zh") for cell in row.cells[1:]]
        for row in table.rows
        if isinstance(row.cells[0], Words)
    }


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
    work, outcomes, quality = (lines_of(made, table) for table in ("surveyors", "outcomes", "quality"))
    assert work["2002"] == ["45", "10", "0", "0", "12.25", "0.5小时"]  # 10 and 45 × 0.05 units
    assert outcomes["2002"] == ["10", "0", "30", "0", "0", "5", "0", "22.2% (45)\n11.2–37.1"]
    assert quality["2002"] == ["75.0% (40)\n58.8–87.3", "—", "0", "未复核"]
    assert any(line.startswith("2002的拒访率明显高于全中心:75.0%") for line in told(made))
    assert any(line.startswith("2001的拒访率明显低于全中心:15.0%") for line in told(made))


async def test_a_void_interview_is_no_work_and_lowers_the_quality(small_day: SmallDay) -> None:
    await calls(small_day, "2003", "complete", 3, verdict="pass")
    await calls(small_day, "2003", "complete", 1, verdict="void")
    assert await of_these(small_day, "2003") == [SurveyorRow("2003", 4, 4, 0, 3, 0, 0, 4, 1)]


async def test_what_was_checked_for_looking_suspicious_is_in_no_rate(small_day: SmallDay) -> None:
    """Found void it is no work all the same; it says nothing of the interviews that were not looked at."""
    await calls(small_day, "2004", "complete", 3, verdict="pass")
    await calls(small_day, "2004", "complete", 1, verdict="void")
    assert await of_these(small_day, "2004") == [SurveyorRow("2004", 4, 4, 0, 3, 0, 0, 4, 1)]
    draw = await small_day.put(
        "survey.quality_draw", centre_code=CENTRE, first_day=DAY.first, last_day=DAY.last, seed=7, policy_version=1,
        interviews=4, drawn_by="质检员", drawn_at=at(18),
    )  # fmt: skip
    await small_day.conn.execute(
        "INSERT INTO survey.quality_pick SELECT interview_id, $1, 0, '2004', 4, false, true, '{too_quick}'"
        " FROM survey.audit_item WHERE verdict = 'void'",
        draw,
    )
    assert await of_these(small_day, "2004") == [SurveyorRow("2004", 4, 4, 0, 3, 0, 0, 3, 0)]


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


async def test_who_only_took_in_appeals_has_a_line_and_other_posts_have_none(small_day: SmallDay) -> None:
    await appeal(small_day, "2009", 911)
    for n, other in enumerate(("督办员-0102", "centre", "主任")):
        await appeal(small_day, "", 912 + n, signed=other)
    found = {one.staff_no: one for one in await surveyors(small_day.conn, CENTRE, DAY, EVENING)}
    assert found["2009"] == SurveyorRow("2009", 0, 0, 0, 0, 0, 1, 0, 0)
    assert not {"0102", "centre", "主任"} & set(found)
    made = await build(small_day.conn, "surveyor", CENTRE, DAY, EVENING)
    assert lines_of(made, "surveyors")["2009"] == ["0", "0", "0", "1", "0.80", "—"]
    assert lines_of(made, "outcomes")["2009"][-1] == "—"


async def test_an_appointment_is_decided_in_the_period_in_which_its_time_is_up(small_day: SmallDay) -> None:
    """Of four that 2001 agreed on one was kept, by a colleague; one called too early, one moved, one not called at all."""
    await calls(small_day, "2001", "appointment", 4)
    agreed = await small_day.conn.fetch(
        "SELECT id, unit_id, person_id FROM survey.attempt WHERE operator = '2001' ORDER BY id"
    )
    for one, hour in zip(agreed, (14, 15, 16, 17), strict=True):
        await small_day.conn.execute(
            "UPDATE survey.attempt SET appointment_at = $2 WHERE id = $1", one["id"], at(hour)
        )
    called = {0: at(14, 2), 1: at(14, 30)}
    for place, when in called.items():
        one = agreed[place]
        contact = await small_day.attempt(
            one["unit_id"], one["person_id"], "operator", when, "no_answer", "survey", timedelta(minutes=1)
        )
        await small_day.conn.execute(
            "UPDATE survey.attempt SET operator = '2002' WHERE contact_id = $1", contact
        )
    await small_day.put(
        "survey.unit_event", unit_id=agreed[2]["unit_id"], at=at(11), from_status="waiting", to_status="waiting",
        why="appointment moved from 2026-03-09 16:00 by 2001", disposition="appointment",
    )  # fmt: skip
    within, next_day = timedelta(hours=24), Period(date(2026, 3, 10), date(2026, 3, 10))
    assert await surveyor_days.appointments(small_day.conn, CENTRE, DAY, EVENING, within) == {}
    where = (small_day.conn, CENTRE, next_day)
    assert (await surveyor_days.appointments(*where, at(16, days=1), within))["2001"] == Appointments(2, 1)
    assert (await surveyor_days.appointments(*where, at(0, days=2), within))["2001"] == Appointments(3, 1)
    made = await build(small_day.conn, "surveyor", CENTRE, Period(DAY.first, next_day.last), at(0, days=2))
    assert lines_of(made, "quality")["2001"][1].startswith("33.3% (3)")


async def test_the_outcome_of_a_person_is_that_of_the_last_call(small_day: SmallDay) -> None:
    await calls(small_day, "2001", "no_answer", 2)
    unit, person = await small_day.conn.fetchrow(
        "SELECT unit_id, person_id FROM survey.attempt WHERE operator = '2001' LIMIT 1"
    )
    contact = await small_day.attempt(
        unit, person, "operator", at(15), "complete", "survey", timedelta(minutes=3)
    )
    await small_day.conn.execute("UPDATE survey.attempt SET operator = '2001' WHERE contact_id = $1", contact)
    found = await surveyor_days.outcomes(small_day.conn, CENTRE, DAY, EVENING)
    assert found["2001"] == {"complete": 1, "no_answer": 1}
    hours = await surveyor_days.hours(small_day.conn, CENTRE, DAY, EVENING)
    assert hours["2001"] == pytest.approx(6.05)  # from 9:00 to 15:03


async def test_the_score_of_a_month_stands_on_the_sheet_that_was_handed_a_file(small_day: SmallDay) -> None:
    """And with it the issued sheet is made again byte for byte, after the file is gone."""
    await calls(small_day, "2001", "complete", 4, verdict="pass")
    await calls(small_day, "2002", "complete", 2)
    march = Period(date(2026, 3, 1), date(2026, 3, 31))
    staff = [one.staff_no for one in await surveyors(small_day.conn, CENTRE, march, at(0, days=23))]
    entered = {one: {"target": 4, "complaint_penalty": 0, "on_time_callback": 0.95, "learning": 0.8, "base": 3000,
                     "performance_base": 1000, "awards": 0, "fines": 0} for one in staff}  # fmt: skip
    this = await issue(
        small_day.conn,
        "surveyor",
        CENTRE,
        march,
        by="主任",
        now=at(9, days=30),
        remarks=Remarks(author="中心", entered=entered),
    )
    scores = lines_of(this.document, "scores")
    assert scores["2001"] == ["45.00", "38.00", "12.00", "95.00", "1.20", "本人的复核"]
    assert scores["2002"] == ["23.62", "38.00", "12.00", "73.62", "0.90", "未复核,按全中心"]
    assert this.document.header.issue is not None
    verified = await verify(small_day.conn, this.document.header.issue.number)
    assert verified.intact and verified.same


async def test_a_period_without_a_call_says_so(small_day: SmallDay) -> None:
    empty = Period(date(2026, 2, 2), date(2026, 2, 2))
    made = await build(small_day.conn, "surveyor", CENTRE, empty, EVENING)
    assert made.tables()[0].empty.zh == "本期没有调查员工作。" and not made.tables()[0].rows
