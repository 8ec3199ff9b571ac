"""Working time, limits, colours and whose decision it is. Monday 2026-03-02 has no holiday near it."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.casework.colours import Colour, Progress, colour
from followup.casework.decision_clock import Waiting, waiting
from followup.casework.limits import Span, due_dates, limits
from followup.casework.working_time import WorkingTime, add_hours, due_after_days, hours_between, working_time

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICE = working_time()
MOMENTS = st.datetimes(
    datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2027-03-01"), timezones=st.just(UTC)
)
AMOUNTS = st.integers(0, 80 * 3600).map(lambda seconds: timedelta(seconds=seconds))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def local(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def test_a_working_day_has_seven_hours() -> None:
    assert working_time().day == timedelta(hours=7)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-03-02 09:00", 2, "2026-03-02 11:00"),
        ("2026-03-02 11:00", 2, "2026-03-02 15:30"),   # over noon
        ("2026-03-02 07:00", 1, "2026-03-02 09:30"),   # before the office opens
        ("2026-03-02 10:00", 2, "2026-03-02 12:00"),   # ends when the office closes, not when it opens again
        ("2026-03-06 17:30", 1, "2026-03-09 09:00"),   # over a weekend
        ("2026-02-13 17:00", 7, "2026-02-14 17:00"),   # a Saturday that is worked on for Spring Festival
        ("2026-02-14 17:00", 2, "2026-02-24 09:30"),   # nine days of Spring Festival
        ("2026-03-02 09:00", 0, "2026-03-02 09:00"),
    ],
)  # fmt: skip
def test_adding_working_hours(start: str, hours: float, end: str) -> None:
    assert local(add_hours(at(start), hours)) == end


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-03-13 09:00", "2026-03-16 18:00", 13.5),
        ("2026-03-12 17:00", "2026-03-16 18:00", 15),
        ("2026-03-07 09:00", "2026-03-08 23:00", 0),   # a weekend
        ("2026-03-02 15:30", "2026-03-02 11:00", -2),
    ],
)  # fmt: skip
def test_measuring_working_hours(start: str, end: str, hours: float) -> None:
    assert hours_between(at(start), at(end)) == hours


def test_days_are_counted_from_the_day_after_and_end_when_the_office_closes() -> None:
    assert local(due_after_days(at("2026-03-02 09:00"), 10)) == "2026-03-16 18:00"
    assert local(due_after_days(at("2026-03-02 23:59"), 1)) == "2026-03-03 18:00"
    assert local(due_after_days(at("2026-02-13 09:00"), 2)) == "2026-02-24 18:00"


def test_the_table_overrides_the_calendar() -> None:
    closed_for_snow = WorkingTime(working_time().hours, working_time().tz, {date(2026, 3, 3): False})
    assert local(closed_for_snow.add(at("2026-03-02 17:00"), timedelta(hours=2))) == "2026-03-04 09:30"
    assert local(closed_for_snow.end_of_working_day(at("2026-03-02 09:00"), 1)) == "2026-03-04 18:00"


@given(MOMENTS, AMOUNTS)
def test_what_was_added_is_measured(start: datetime, amount: timedelta) -> None:
    end = working_time().add(start, amount)
    assert end >= start
    assert working_time().between(start, end) == amount
    assert working_time().between(end, start) == -amount


@given(MOMENTS, AMOUNTS, AMOUNTS)
def test_adding_twice_is_adding_the_sum(start: datetime, one: timedelta, other: timedelta) -> None:
    office = working_time()
    assert office.between(start, office.add(office.add(start, one), other)) == one + other


def test_amounts_and_days_that_make_no_sense() -> None:
    with pytest.raises(ValueError, match="not negative"):
        add_hours(at("2026-03-02 09:00"), -1)
    with pytest.raises(ValueError, match="at least one"):
        due_after_days(at("2026-03-02 09:00"), 0)


@pytest.mark.parametrize(
    ("case_class", "round_", "sign_by", "handle_by", "allowed_hours"),
    [
        ("emergency", 1, "2026-03-02 09:30", "2026-03-03 18:00", 7),
        ("utilities", 1, "2026-03-02 11:00", "2026-03-03 09:00", 7),
        ("consult", 1, "2026-03-02 11:00", "2026-03-03 18:00", 7),
        ("help", 1, "2026-03-02 11:00", "2026-03-09 18:00", 35),
        ("complaint", 1, "2026-03-02 11:00", "2026-03-16 18:00", 70),
        ("complex", 1, "2026-03-03 18:00", "2026-03-23 18:00", 105),
        ("complaint", 2, "2026-03-02 10:00", "2026-03-09 18:00", 35),
        ("help", 2, "2026-03-02 10:00", "2026-03-05 18:00", 21),      # half of five, in whole days
        ("consult", 3, "2026-03-02 10:00", "2026-03-03 18:00", 7),    # at least one working day
        ("utilities", 2, "2026-03-02 10:00", "2026-03-03 18:00", 7),
    ],
)  # fmt: skip
def test_due_dates_of_what_is_dispatched_on_monday_at_nine(
    case_class: str, round_: int, sign_by: str, handle_by: str, allowed_hours: float
) -> None:
    due = due_dates(case_class, at("2026-03-02 09:00"), round_)
    assert (local(due.sign_by), local(due.handle_by), due.allowed_hours) == (
        sign_by,
        handle_by,
        allowed_hours,
    )
    assert round_ == 1 or due.extension is None


@given(st.sampled_from(sorted(limits().classes)), MOMENTS)
def test_a_later_round_is_never_granted_more_days_than_the_first(case_class: str, start: datetime) -> None:
    first, second = due_dates(case_class, start), due_dates(case_class, start, 2)
    days = limits().classes[case_class].handle.working_days
    assert days is None or second.handle_by <= first.handle_by
    assert days in (None, 1) or second.handle_by < first.handle_by


def test_an_unknown_class_and_a_span_in_two_units_are_refused() -> None:
    with pytest.raises(ValueError, match=r"no class 'rumour'; limits\.yaml has emergency, utilities"):
        due_dates("rumour", at("2026-03-02 09:00"))
    with pytest.raises(ValueError, match="exactly one of"):
        Span(minutes=5, working_days=1)


def complaint(
    *, signed: str | None = "2026-03-02 09:40", round_: int = 1, extended: bool = False, open_: bool = True
) -> Progress:
    """Dispatched on Monday 2 March at 09:00, ten working days."""
    due = due_dates("complaint", at("2026-03-02 09:00"))
    signed_at = at(signed) if signed else None
    return Progress(due.handle_by, due.allowed, due.sign_by, signed_at, round_, extended, open_)


@pytest.mark.parametrize(
    ("now", "case", "expected"),
    [
        ("2026-03-03 10:00", complaint(), "green"),
        ("2026-03-02 14:45", complaint(signed=None), "yellow"),   # two working hours were over at 11:00
        ("2026-03-13 09:00", complaint(), "yellow"),              # 13.5 h left, 20 % are 14
        ("2026-03-12 17:00", complaint(), "green"),               # 15 h left
        ("2026-03-16 18:01", complaint(), "red"),
        ("2026-03-03 10:00", complaint(round_=2), "yellow"),
        ("2026-03-02 09:00", complaint(round_=3), "red"),
    ],
)  # fmt: skip
def test_the_seven_coloured_moments(now: str, case: Progress, expected: Colour) -> None:
    assert colour(case, at(now)) == expected


@pytest.mark.parametrize(
    ("now", "case", "expected"),
    [
        ("2026-03-16 18:00", complaint(), "yellow"),              # the last moment is still in time
        ("2026-03-02 10:59", complaint(signed=None), "green"),
        ("2026-03-03 11:00", complaint(signed=None), "yellow"),   # one working day too long, to the minute
        ("2026-03-03 11:01", complaint(signed=None), "red"),
        ("2026-03-03 10:00", complaint(extended=True), "yellow"),
        ("2026-04-30 10:00", complaint(round_=3, open_=False), None),
    ],
)  # fmt: skip
def test_the_edges_of_the_colours(now: str, case: Progress, expected: Colour | None) -> None:
    assert colour(case, at(now)) == expected


@given(MOMENTS, AMOUNTS)
def test_an_open_case_that_only_waits_never_gets_better(now: datetime, later: timedelta) -> None:
    order = ["green", "yellow", "red"]
    before, after = colour(complaint(), now), colour(complaint(), now + later)
    assert before and after and order.index(before) <= order.index(after)


def test_a_decision_goes_to_the_deputy_after_four_hours_and_to_the_director_after_a_day() -> None:
    flagged = at("2026-03-09 10:00")
    deputy_at, director_at = at("2026-03-09 16:30"), at("2026-03-10 10:00")
    assert waiting(flagged, flagged, OFFICE) == Waiting("supervisor", deputy_at)
    assert waiting(flagged, deputy_at - timedelta(seconds=1), OFFICE) == Waiting("supervisor", deputy_at)
    assert waiting(flagged, deputy_at, OFFICE) == Waiting("deputy", director_at)
    assert waiting(flagged, director_at, OFFICE) == Waiting("director", None)
    assert waiting(flagged, at("2026-06-01 10:00"), OFFICE) == Waiting(
        "director", None
    )  # nothing is decided by itself


def test_a_flag_at_night_waits_from_the_morning() -> None:
    assert waiting(at("2026-03-13 20:00"), at("2026-03-14 12:00"), OFFICE) == Waiting(
        "supervisor", at("2026-03-16 15:00")
    )
