"""Which reports are owed on which day: missed ones too, each once, nothing of before the centre began."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, time

import pytest

from followup.reports.cadence import Cadence, Rule, cadence, day_reached, owed
from survey.field.calendar_cn import is_working_day
from survey.periods import Period, ending_before

YEAR_BEFORE = date(2025, 1, 1)


def rule(kind: str, every: str, when: str = "next_day", catch_up: int = 14) -> Rule:
    return Rule.model_validate({"kind": kind, "every": every, "owed": when, "catch_up": catch_up})


def periods(
    one: Rule, day: date, done: Collection[date] = (), began: date = YEAR_BEFORE
) -> list[tuple[str, str]]:
    found = owed(one, day, is_working_day, done, began)
    return [(line.period.first.isoformat(), line.period.last.isoformat()) for line in found]


def test_a_worker_that_was_down_over_two_mornings_owes_both_days_and_the_one_between_that_failed() -> None:
    done = {date(2026, 3, day) for day in (1, 2, 3, 4, 5, 6, 8, 9)}
    assert periods(rule("callback", "day"), date(2026, 3, 12), done, date(2026, 3, 1)) == [
        ("2026-02-28", "2026-02-28"),
        ("2026-03-07", "2026-03-07"),
        ("2026-03-10", "2026-03-10"),
        ("2026-03-11", "2026-03-11"),
    ]


def test_what_lies_further_back_than_the_policy_looks_is_issued_by_hand() -> None:
    assert periods(rule("callback", "day", catch_up=2), date(2026, 3, 12)) == [
        ("2026-03-10", "2026-03-10"),
        ("2026-03-11", "2026-03-11"),
    ]


def test_the_week_is_owed_from_monday_on() -> None:
    weekly = rule("weekly", "week", catch_up=1)
    assert periods(weekly, date(2026, 3, 15)) == [("2026-03-02", "2026-03-08")]
    assert periods(weekly, date(2026, 3, 16)) == [("2026-03-09", "2026-03-15")]


def test_the_bulletin_waits_for_the_first_day_on_which_the_office_works() -> None:
    bulletin = rule("bulletin", "quarter", "next_working_day", catch_up=1)
    done = {date(2025, 7, 1)}
    # 2025-12-31 was a Wednesday; New Year's Day to 3 January are off, Sunday the 4th is worked on.
    assert periods(bulletin, date(2026, 1, 3), done) == []
    assert periods(bulletin, date(2026, 1, 4), done) == [("2025-10-01", "2025-12-31")]


def test_nothing_is_owed_of_before_the_day_on_which_the_centre_began() -> None:
    began = date(2026, 3, 10)
    assert periods(rule("callback", "day"), date(2026, 3, 11), (), began) == [
        ("2026-03-09", "2026-03-09"),
        ("2026-03-10", "2026-03-10"),
    ]
    assert periods(rule("weekly", "week"), date(2026, 3, 11), (), began) == []
    assert periods(rule("weekly", "week"), date(2026, 3, 16), (), began) == [("2026-03-09", "2026-03-15")]


def test_before_half_past_seven_it_is_still_yesterday() -> None:
    assert day_reached(datetime(2026, 3, 16, 7, 29, tzinfo=UTC), time(7, 30)) == date(2026, 3, 15)
    assert day_reached(datetime(2026, 3, 16, 7, 30, tzinfo=UTC), time(7, 30)) == date(2026, 3, 16)


@pytest.mark.parametrize(
    ("every", "first", "last"),
    [
        ("day", date(2026, 2, 28), date(2026, 2, 28)),
        ("week", date(2026, 2, 16), date(2026, 2, 22)),
        ("month", date(2026, 2, 1), date(2026, 2, 28)),
        ("quarter", date(2025, 10, 1), date(2025, 12, 31)),
        ("year", date(2025, 1, 1), date(2025, 12, 31)),
    ],
)
def test_the_last_period_that_is_over_on_the_first_of_march(every: str, first: date, last: date) -> None:
    assert ending_before(date(2026, 3, 1), rule("callback", every).every, 1) == [Period(first, last)]


def test_the_packaged_cadence_issues_the_week_on_monday_and_a_further_report_is_one_line() -> None:
    named = [(one.kind, one.every, one.owed) for one in cadence().reports]
    assert ("weekly", "week", "next_day") in named and ("bulletin", "quarter", "next_working_day") in named
    more = Cadence(
        not_before=time(7, 30), reports=(*cadence().reports, rule("unit", "month", "next_working_day"))
    )
    assert more.reports[-1].duty == "issue:unit:month"
