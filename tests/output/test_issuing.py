"""Issued reports: frozen, corrected visibly, made again byte for byte."""

from __future__ import annotations

from datetime import date

import asyncpg
import pytest
from small_day import CENTRE, SmallDay, at

from followup.issuing import (
    AlreadyIssued,
    NothingToCorrect,
    PeriodNotOver,
    ReasonMissing,
    UnknownReport,
    issue,
    issued,
    verify,
)
from followup.reports.document.body import sha256_of
from followup.reports.document.figures import both
from followup.reports.remarks import Remarks
from followup.reports.rendering import FORMATS
from followup.reports.rendering.printed import Printed
from survey.periods import Period

DAY = Period(date(2026, 3, 9), date(2026, 3, 9))
NUMBER = "991721-callback-20260309-20260309"
NEXT_MORNING = at(8, days=1)


async def first(day: SmallDay) -> Printed:
    return await issue(day.conn, "callback", CENTRE, DAY, by="主任李某", now=NEXT_MORNING)


async def corrected(day: SmallDay, reason: str | None = "一件误登") -> Printed:
    return await issue(
        day.conn, "callback", CENTRE, DAY, by="主任李某", now=at(9, days=2), correct=True, reason=reason
    )


async def test_it_is_kept_as_it_was_hashed(small_day: SmallDay) -> None:
    made = await first(small_day)
    again = await issued(small_day.conn, NUMBER)
    assert again == made
    assert sha256_of(again.document) == again.sha256
    for ending, make in FORMATS.items():
        assert make(again, "zh") == make(made, "zh"), ending
    page = FORMATS["html"](again, "zh").decode()
    assert f"编号 {NUMBER} · 签发人 主任李某 · 2026-03-10 00:00Z" in page
    assert f"SHA-256 {made.sha256}" in page


async def test_it_is_never_altered(small_day: SmallDay) -> None:
    await first(small_day)
    for change in (
        "UPDATE followup.issued_report SET issued_by = 'x'",
        "DELETE FROM followup.issued_report",
        "TRUNCATE followup.issued_report",
    ):
        with pytest.raises(asyncpg.RestrictViolationError, match="never altered or deleted"):
            await small_day.conn.execute(change)
    assert (await verify(small_day.conn, NUMBER)).intact


async def test_made_again_from_the_same_rows_it_is_equal_though_days_have_passed(small_day: SmallDay) -> None:
    """The decisions, second rounds and ratings of the days after are in the database; the report is of the 9th."""
    await first(small_day)
    found = await verify(small_day.conn, NUMBER)
    assert (found.intact, found.same, found.changed) == (True, True, [])


async def test_who_was_still_being_tried_stands_in_the_outcome_rates_as_at_the_cut_off(
    small_day: SmallDay,
) -> None:
    unit = await small_day.waiting("daily-voice", "voice", at(9, days=1))
    await issue(small_day.conn, "weekly", CENTRE, DAY, by="主任李某", now=NEXT_MORNING)
    await small_day.conn.execute(
        "UPDATE survey.sample_unit SET status = 'done', disposition = 'complete', due_at = NULL, next_mode = NULL, done_at = $2"
        " WHERE id = $1",
        unit,
        at(10, days=1),
    )
    await small_day.stands(unit, at(10, days=1), "waiting", "done", "complete")
    found = await verify(small_day.conn, "991721-weekly-20260309-20260309")
    assert (found.intact, found.same, found.changed) == (True, True, [])


async def test_what_was_changed_behind_it_is_named(small_day: SmallDay) -> None:
    await first(small_day)
    await small_day.conn.execute(
        "UPDATE followup.callback SET verdict = 'closed_unreached' WHERE mode = 'text' AND round = 1"
    )
    found = await verify(small_day.conn, NUMBER)
    assert (found.intact, found.same) == (True, False)
    assert {"funnel.reached", "funnel.unreached", "funnel.coverage"} <= set(found.changed)
    assert "funnel.due" not in found.changed


async def test_a_correction_takes_its_place_and_both_say_so(small_day: SmallDay) -> None:
    made = await first(small_day)
    await corrected(small_day)
    old, new = await issued(small_day.conn, NUMBER), await issued(small_day.conn, f"{NUMBER}-2")
    assert (old.sha256, old.superseded_by) == (made.sha256, f"{NUMBER}-2")
    assert f"本期已被更正,以 {NUMBER}-2 为准" in FORMATS["html"](old, "zh").decode()
    page = FORMATS["html"](new, "zh").decode()
    assert "第68期(更正1)" in page
    assert f"更正:本期取代 {NUMBER}。原因:一件误登" in page
    assert "No. 68 (correction 1)" in FORMATS["html"](new, "en").decode()
    third = await corrected(small_day, "又一处")
    assert third.document.header.issue and third.document.header.issue.corrects == f"{NUMBER}-2"


async def test_what_is_refused(small_day: SmallDay) -> None:
    with pytest.raises(PeriodNotOver, match="2026-03-09, which is not over"):
        await issue(small_day.conn, "callback", CENTRE, DAY, by="x", now=at(20))
    with pytest.raises(NothingToCorrect):
        await corrected(small_day)
    with pytest.raises(UnknownReport, match="no issued report 991721-x"):
        await verify(small_day.conn, "991721-x")
    await first(small_day)
    with pytest.raises(AlreadyIssued, match=NUMBER):
        await first(small_day)
    with pytest.raises(ReasonMissing):
        await corrected(small_day, " ")


async def test_a_weekly_report_is_made_again_with_its_remarks(small_day: SmallDay) -> None:
    week = Period(date(2026, 3, 9), date(2026, 3, 15))
    remarks = Remarks(author="研判组", judgement=(both("国道夜间违停", "Parking at night"),))
    await issue(small_day.conn, "weekly", CENTRE, week, by="主任", now=at(8, days=7), remarks=remarks)
    assert (await verify(small_day.conn, "991721-weekly-20260309-20260315")).same
