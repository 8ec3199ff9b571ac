"""When the people of Suilan, and those of an area two hours west, may be contacted."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.field.calendar_cn import is_statutory_holiday, is_working_day, spring_festival
from survey.field.calling_hours import (
    CallingHours,
    Purpose,
    Window,
    calling_hours,
    day_part,
    is_contact_day,
    next_open,
    parts_open,
    read,
    slots,
    window_at,
)
from survey.field.own_hours import OwnHours
from survey.policies import Policy, packaged

SHANGHAI = "Asia/Shanghai"
ZONES = st.sampled_from([SHANGHAI, "Asia/Urumqi", "Asia/Kathmandu", "America/New_York"])
MOMENTS = st.datetimes(
    datetime.fromisoformat("2024-01-01"), datetime.fromisoformat("2028-12-31"), timezones=st.just(UTC)
)
PURPOSES = st.sampled_from(["survey", "case"])


def at(text: str, tz: str = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(tz))


def local(moment: datetime, tz: str = SHANGHAI) -> str:
    return moment.astimezone(ZoneInfo(tz)).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-03-09 08:59", "2026-03-09 09:00"),
        ("2026-03-09 09:00", "2026-03-09 09:00"),
        ("2026-03-09 11:59", "2026-03-09 11:59"),
        ("2026-03-09 12:00", "2026-03-09 14:00"),
        ("2026-03-09 20:29", "2026-03-09 20:29"),
        ("2026-03-09 20:30", "2026-03-10 09:00"),
        ("2026-03-14 21:00", "2026-03-15 09:00"),
    ],
)
def test_next_open_on_ordinary_days(now: str, opens: str) -> None:
    assert local(next_open(at(now), SHANGHAI, "survey")) == opens


def test_the_window_is_that_of_the_resident_not_of_the_centre() -> None:
    ten_in_shanghai = at("2026-03-09 10:00")
    assert window_at(ten_in_shanghai, SHANGHAI, "survey") == Window(
        at("2026-03-09 09:00"), at("2026-03-09 12:00")
    )
    assert window_at(ten_in_shanghai, "Asia/Urumqi", "survey") is None
    assert local(next_open(ten_in_shanghai, "Asia/Urumqi", "survey"), "Asia/Urumqi") == "2026-03-09 09:00"


def test_nobody_is_called_from_new_years_eve_to_the_third_day() -> None:
    assert spring_festival(2026) == date(2026, 2, 17)
    quiet = [
        day for day in (date(2026, 2, 14) + timedelta(n) for n in range(9)) if not is_contact_day(day, "case")
    ]
    assert quiet == [date(2026, 2, 16), date(2026, 2, 17), date(2026, 2, 18), date(2026, 2, 19)]
    assert local(next_open(at("2026-02-15 20:30"), SHANGHAI, "case")) == "2026-02-20 09:00"


def test_the_survey_rests_on_statutory_holidays_and_results_are_told_on_them() -> None:
    national_day = at("2026-10-01 10:00")
    assert next_open(national_day, SHANGHAI, "case") == national_day
    assert local(next_open(national_day, SHANGHAI, "survey")) == "2026-10-08 09:00"


def test_the_survey_runs_on_weekends_and_on_make_up_days() -> None:
    assert is_contact_day(date(2026, 3, 14), "survey")
    assert is_contact_day(date(2026, 10, 10), "survey") and is_working_day(date(2026, 10, 10))


@pytest.mark.parametrize(
    ("day", "holiday"),
    [
        ("2026-10-03", True), ("2026-10-04", True),   # a Sunday inside the week of National Day
        ("2026-02-22", True),                         # the last Sunday of Spring Festival
        ("2026-04-04", False), ("2026-04-05", True), ("2026-04-06", True), ("2026-04-07", False),
        ("2026-02-28", False),                        # a Saturday on which people work
    ],
)  # fmt: skip
def test_statutory_holidays(day: str, holiday: bool) -> None:
    assert is_statutory_holiday(date.fromisoformat(day)) is holiday


@pytest.mark.parametrize(
    ("clock", "part"),
    [("00:00", "morning"), ("09:00", "morning"), ("11:59", "morning"), ("12:00", "afternoon"),
     ("17:59", "afternoon"), ("18:00", "evening"), ("23:59", "evening")],
)  # fmt: skip
def test_day_part(clock: str, part: str) -> None:
    assert day_part(at(f"2026-03-09 {clock}"), SHANGHAI) == part


def test_a_day_has_three_slots() -> None:
    three = [
        slot for slot, _ in zip(slots(at("2026-03-09 10:15"), SHANGHAI, "survey"), range(4), strict=False)
    ]
    assert [(slot.part, local(slot.opens), local(slot.closes)) for slot in three] == [
        ("morning", "2026-03-09 10:15", "2026-03-09 12:00"),
        ("afternoon", "2026-03-09 14:00", "2026-03-09 18:00"),
        ("evening", "2026-03-09 18:00", "2026-03-09 20:30"),
        ("morning", "2026-03-10 09:00", "2026-03-10 12:00"),
    ]


EVENINGS = OwnHours(((time(17), time(22)),), ("mon", "fri"))


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-03-09 10:00", "2026-03-09 17:00"),
        ("2026-03-09 17:00", "2026-03-09 17:00"),
        ("2026-03-09 20:29", "2026-03-09 20:29"),
        ("2026-03-09 20:30", "2026-03-13 17:00"),  # the policy closes at 20:30, whatever a campaign says
        ("2026-03-14 18:00", "2026-03-16 17:00"),
        ("2026-10-02 18:00", "2026-10-09 17:00"),  # Fridays of which the first is a holiday
    ],
)
def test_a_campaign_may_have_hours_of_its_own_inside_of_these(now: str, opens: str) -> None:
    assert local(next_open(at(now), SHANGHAI, "survey", own=EVENINGS)) == opens
    is_open = window_at(at(now), SHANGHAI, "survey", own=EVENINGS) is not None
    assert is_open == (now == opens)


def test_the_own_window_ends_where_one_of_both_ends() -> None:
    monday = at("2026-03-09 18:00")
    assert window_at(monday, SHANGHAI, "survey", own=EVENINGS) == Window(
        at("2026-03-09 17:00"), at("2026-03-09 20:30")
    )
    assert parts_open(own=EVENINGS) == {"afternoon", "evening"}
    assert parts_open() == {"morning", "afternoon", "evening"}


@given(MOMENTS, ZONES, PURPOSES)
def test_next_open_is_open_and_nothing_before_it_is(moment: datetime, tz: str, purpose: Purpose) -> None:
    opens = next_open(moment, tz, purpose)
    assert opens >= moment and opens.utcoffset() == timedelta(0)
    assert window_at(opens, tz, purpose)
    assert opens == moment or window_at(opens - timedelta(microseconds=1), tz, purpose) is None
    hours = opens.astimezone(ZoneInfo(tz)).time()
    assert time(9) <= hours < time(12) or time(14) <= hours < time(20, 30)


@settings(max_examples=50)
@given(MOMENTS, ZONES, PURPOSES, st.integers(0, 72 * 60))
def test_between_now_and_next_open_every_minute_is_closed(
    moment: datetime, tz: str, purpose: Purpose, minutes: int
) -> None:
    between = moment + timedelta(minutes=minutes)
    if between < next_open(moment, tz, purpose):
        assert window_at(between, tz, purpose) is None


@given(MOMENTS, ZONES, PURPOSES)
def test_a_slot_lies_in_one_window_and_one_part(moment: datetime, tz: str, purpose: Purpose) -> None:
    slot = next(slots(moment, tz, purpose))
    last = slot.closes - timedelta(microseconds=1)
    assert window_at(slot.opens, tz, purpose) == window_at(last, tz, purpose)
    assert day_part(slot.opens, tz) == day_part(last, tz) == slot.part


def test_a_policy_that_never_opens_says_so() -> None:
    body = calling_hours().model_dump() | {"spring_festival": {"eve_days": 400, "days": 400}}
    with pytest.raises(ValueError, match=r"calling_hours opens on no day from 2026-03-09 to .*check windows"):
        next_open(at("2026-03-09 10:00"), SHANGHAI, "survey", CallingHours.model_validate(body))


def test_windows_out_of_order_are_refused() -> None:
    shipped = packaged("survey.field", "calling_hours")
    body = dict(shipped.body) | {"windows": [["14:00", "20:30"], ["09:00", "12:00"]]}
    with pytest.raises(ValueError, match="windows and day_parts must be in order"):
        read(Policy(shipped.key, 2, shipped.valid_from, body))
