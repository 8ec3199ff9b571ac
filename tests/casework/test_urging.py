"""The ladder U1 to U5 over one case in time. A complaint, dispatched on Monday 2 March 2026 at 09:00, is due on
Monday 16 March at 18:00.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.casework.limits import due_dates
from followup.casework.step_clocks import CaseFacts, Running, running
from followup.casework.urging import Failures, due_urges, next_urge, receivers
from followup.casework.working_time import working_time

SHANGHAI = ZoneInfo("Asia/Shanghai")
NONE: frozenset[str] = frozenset()


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)


def local(moment: datetime | None) -> str:
    return f"{moment.astimezone(SHANGHAI):%m-%d %H:%M}" if moment else "never"


def complaint(status: str = "in_progress", round_: int = 1, entered: str = "03-02 09:40") -> Running:
    due = due_dates("complaint", at("03-02 09:00"), round_)
    due_at = due.sign_by if status == "dispatched" else due.handle_by
    facts = CaseFacts(status, round_, at(entered), due_at, due.handle_by, due.allowed)
    clock = running(facts, working_time())
    assert clock is not None
    return clock


def urged_over_time(clock: Running, failures: Failures = Failures()) -> list[tuple[str, str, str]]:
    """Every urging of a clock that nobody stops: level, why, when."""
    office, urged, now = working_time(), set[str](), clock.since
    told = []
    while (moment := next_urge(clock, failures, urged, now, office)) is not None:
        for urge in due_urges(clock, failures, urged, moment, office):
            told.append((urge.level, urge.why, local(moment)))
            urged.add(urge.level)
        now = moment
    return told


def test_the_ladder_of_a_complaint_that_is_left_lying() -> None:
    assert urged_over_time(complaint()) == [
        ("U1", "yellow", "03-13 08:30"),   # yellow since Thursday 18:00, told when the office opens
        ("U2", "overdue", "03-18 08:30"),  # a working day after Monday 18:00 is Tuesday 18:00
        ("U3", "overdue", "03-20 08:30"),
        ("U4", "overdue", "03-24 08:30"),
        ("U5", "overdue", "03-31 08:30"),
    ]  # fmt: skip


def test_a_unit_that_does_not_sign_is_urged_by_the_sign_limit() -> None:
    assert urged_over_time(complaint("dispatched", entered="03-02 09:00"))[:3] == [
        ("U1", "yellow", "03-02 11:00"),   # to the microsecond after
        ("U2", "overdue", "03-03 11:00"),
        ("U3", "overdue", "03-05 11:00"),
    ]  # fmt: skip


def test_a_second_failed_callback_is_criticised_and_a_third_brings_a_talk() -> None:
    third, fourth = (complaint("dispatched", 3, "03-02 09:00"), complaint("dispatched", 4, "03-02 09:00"))
    now, office = at("03-02 09:30"), working_time()
    assert [(u.level, u.why) for u in due_urges(third, Failures(2), NONE, now, office)] == [
        ("U1", "red"),
        ("U4", "failed_callbacks"),
    ]
    assert [u.level for u in due_urges(fourth, Failures(3), NONE, now, office)] == ["U1", "U4", "U5"]
    assert due_urges(third, Failures(2), {"U1", "U4"}, now, office) == []


def test_a_false_closing_brings_a_talk_at_once() -> None:
    again = complaint("dispatched", 2, "03-02 09:00")
    due = due_urges(again, Failures(1, false_closing=True), {"U1"}, at("03-02 10:00"), working_time())
    assert [(u.level, u.why) for u in due] == [("U5", "false_closing")]


@pytest.mark.parametrize("status", ["registered", "accepted", "result_review", "callback_pending"])
def test_a_step_of_the_centres_own_is_urged_once_late_and_never_against_the_unit(status: str) -> None:
    clock = complaint(status, round_=2, entered="03-09 09:00")
    assert clock.party == "centre"
    assert receivers(clock.party, "U1") == ("director",)
    assert due_urges(clock, Failures(5, false_closing=True), NONE, at("03-09 10:00"), working_time()) == []
    assert urged_over_time(clock)[0][:2] == ("U1", "overdue")


def test_the_supervision_office_is_urged_for_what_it_has_not_dispatched() -> None:
    clock = complaint("submitted", entered="03-09 09:00")
    assert (clock.party, local(clock.due)) == ("office", "03-10 18:00")
    assert urged_over_time(clock)[:2] == [("U1", "overdue", "03-11 08:30"), ("U2", "overdue", "03-12 08:30")]


@pytest.mark.parametrize(
    "moment", ["03-21 10:00", "03-22 15:00", "03-20 12:30", "03-20 18:00", "03-20 03:00"]
)
def test_nobody_is_urged_while_the_office_is_closed(moment: str) -> None:
    assert due_urges(complaint(), Failures(), NONE, at(moment), working_time()) == []


MOMENTS = st.datetimes(
    datetime.fromisoformat("2026-03-02T02:00"), datetime.fromisoformat("2026-04-10"), timezones=st.just(UTC)
)


@given(st.sampled_from(["dispatched", "in_progress", "submitted", "result_review"]), st.lists(MOMENTS))
def test_looking_at_any_moments_urges_each_level_once_and_never_in_a_closed_office(
    status: str, looks: list[datetime]
) -> None:
    clock, office, urged = complaint(status), working_time(), list[str]()
    for now in sorted(looks):
        for urge in due_urges(clock, Failures(), frozenset(urged), now, office):
            assert office.between(now, now + timedelta(microseconds=1)) > timedelta(0)
            assert urge.since <= now
            urged.append(urge.level)
    assert len(urged) == len(set(urged))


@given(MOMENTS)
def test_the_next_urging_is_the_first_moment_at_which_one_is_due(now: datetime) -> None:
    clock, office = complaint(), working_time()
    urged = frozenset(u.level for u in due_urges(clock, Failures(), NONE, now, office))
    moment = next_urge(clock, Failures(), urged, now, office)
    if moment is None:
        assert urged == {"U1", "U2", "U3", "U4", "U5"}
        return
    assert due_urges(clock, Failures(), urged, moment, office)
    just_before = max(now, moment - timedelta(microseconds=1))
    assert not due_urges(clock, Failures(), urged, just_before, office)
