"""Working time as properties: for any moment, any amount, any table of overridden days, in any zone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from followup.casework.working_time import WorkingTime, working_time
from survey.field.calendar_cn import is_working_day

DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
OVERRIDES = st.dictionaries(DAYS, st.booleans(), max_size=12)
ZONES = st.sampled_from(["Asia/Shanghai", "Asia/Urumqi", "Europe/Berlin", "America/New_York"])
"""The county's zone, its western neighbour's, and two with summer time: no area has it, and it must not matter."""
MOMENTS = st.datetimes(
    datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2027-01-31"), timezones=st.just(UTC)
)
AMOUNTS = st.integers(0, 60 * 3600).map(lambda seconds: timedelta(seconds=seconds))
OFFICES = st.builds(lambda tz, overrides: WorkingTime(working_time().hours, tz, overrides), ZONES, OVERRIDES)


def is_open(office: WorkingTime, moment: datetime) -> bool:
    """Whether somebody sits in the office, its closing moments included."""
    local = moment.astimezone(ZoneInfo(office.tz))
    inside = any(opens <= local.time() <= closes for opens, closes in office.hours)
    return inside and office.is_working_day(local.date())


@given(OFFICES, MOMENTS, AMOUNTS)
def test_what_was_added_has_passed(office: WorkingTime, start: datetime, amount: timedelta) -> None:
    first, last = office.add(start, amount), office.passed(start, amount)
    assert office.between(start, first) == amount == office.between(start, last)
    assert start <= first <= last
    assert office.between(start, last + timedelta(microseconds=1)) > amount


@given(OFFICES, MOMENTS, AMOUNTS)
def test_what_is_left_is_what_was_asked_for(office: WorkingTime, end: datetime, amount: timedelta) -> None:
    first = office.with_left(end, amount)
    assert office.between(first, end) == amount
    assert office.between(first - timedelta(microseconds=1), end) > amount


@given(OFFICES, MOMENTS, AMOUNTS, AMOUNTS)
def test_later_starts_and_longer_amounts_end_later(
    office: WorkingTime, start: datetime, amount: timedelta, more: timedelta
) -> None:
    assert office.add(start, amount) <= office.add(start, amount + more)
    assert office.add(start, amount) <= office.add(start + more, amount)


@given(OFFICES, MOMENTS, AMOUNTS.filter(bool))
def test_nothing_ends_while_the_office_is_closed(
    office: WorkingTime, start: datetime, amount: timedelta
) -> None:
    assert is_open(office, office.add(start, amount))
    assert is_open(office, office.office_moment(start))
    assert is_open(office, office.end_of_working_day(start, 1 + amount // timedelta(days=1)))


@given(OFFICES, MOMENTS, MOMENTS, MOMENTS)
def test_the_parts_of_a_span_add_up(
    office: WorkingTime, one: datetime, other: datetime, third: datetime
) -> None:
    assert office.between(one, other) + office.between(other, third) == office.between(one, third)


@given(OFFICES, MOMENTS, AMOUNTS)
def test_the_zone_in_which_a_moment_is_written_changes_nothing(
    office: WorkingTime, start: datetime, amount: timedelta
) -> None:
    elsewhere = start.astimezone(ZoneInfo("America/New_York"))
    assert office.add(elsewhere, amount) == office.add(start, amount)
    assert office.office_moment(elsewhere) == office.office_moment(start)


@given(OVERRIDES, DAYS, st.data())
def test_a_day_of_the_table_is_as_the_table_says_and_all_others_as_the_calendar_does(
    overrides: dict[date, bool], other: date, data: st.DataObject
) -> None:
    office = WorkingTime(working_time().hours, working_time().tz, overrides)
    day = data.draw(st.sampled_from([*sorted(overrides), other]))
    midnight = datetime.combine(day, datetime.min.time(), ZoneInfo(office.tz))
    works = overrides[day] if day in overrides else is_working_day(day)
    assert office.between(midnight, midnight + timedelta(days=1)) == works * office.day


@given(MOMENTS, AMOUNTS.filter(bool), st.integers(-3, 20))
def test_a_day_taken_off_moves_only_what_reaches_it(start: datetime, amount: timedelta, ahead: int) -> None:
    office = working_time()
    day = start.astimezone(ZoneInfo(office.tz)).date() + timedelta(days=ahead)
    off = WorkingTime(office.hours, office.tz, {day: False})
    end, moved = office.add(start, amount), off.add(start, amount)
    opens, closes = (
        datetime.combine(day, edge, ZoneInfo(office.tz)) for edge in (office.hours[0][0], office.hours[-1][1])
    )
    reached = is_working_day(day) and start < closes and opens < end
    assert moved > end if reached else moved == end
    assert off.between(start, moved) == amount
