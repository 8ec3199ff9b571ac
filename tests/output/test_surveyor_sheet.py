"""The sheet of the surveyors: what each did; what residents think is not in it."""

from __future__ import annotations

from datetime import date

from small_day import CENTRE, SmallDay, at
from surveyor_calls import DAY, EVENING, appeal, calls, moved

from followup.reports.building import build
from followup.reports.document.body import body_of
from followup.reports.document.model import Document, Sentence
from followup.reports.document.wording import in_cell, sentence_text
from followup.store.surveyors import SurveyorRow, surveyors
from survey.periods import Period


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


async def test_a_period_without_a_call_says_so(small_day: SmallDay) -> None:
    empty = Period(date(2026, 2, 2), date(2026, 2, 2))
    made = await build(small_day.conn, "surveyor", CENTRE, empty, EVENING)
    assert made.tables()[0].empty.zh == "本期没有调查员拨打。" and not made.tables()[0].rows
