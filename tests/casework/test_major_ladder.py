"""The ladder of a major report in time: 0, 10, 40 and 100 minutes after it was raised, then every hour."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from followup.casework.major import Climb, climb, major_policy, next_climb, rung_at

RAISED = datetime.fromisoformat("2026-03-14T23:50:00+08:00").astimezone(UTC)
"""Saturday night: the ladder knows no office hours."""
MINUTES = st.integers(0, 600)


def after(minutes: float) -> datetime:
    return RAISED + timedelta(minutes=minutes)


def test_the_ladder_by_the_minute() -> None:
    assert climb(RAISED, 0, RAISED) == Climb(1, (1,), ())
    assert climb(RAISED, 1, after(9.99)) is None
    assert climb(RAISED, 1, after(10)) == Climb(2, (2,), (1,))
    assert climb(RAISED, 2, after(40)) == Climb(3, (3,), (1, 2))
    assert climb(RAISED, 3, after(100)) == Climb(4, (4,), (1, 2, 3))
    assert climb(RAISED, 4, after(160)) == Climb(5, (), (1, 2, 3, 4))  # all once more, every hour
    assert [next_climb(RAISED, rung) for rung in range(6)] == [
        after(minutes) for minutes in (0, 10, 40, 100, 160, 220)
    ]


def test_who_comes_late_tells_all_that_is_due_at_once() -> None:
    assert climb(RAISED, 1, after(55)) == Climb(3, (2, 3), (1,))
    assert climb(RAISED, 0, after(300)) == Climb(7, (1, 2, 3, 4), ())


@given(st.lists(MINUTES))
def test_ticks_at_any_moments_tell_every_level_in_its_time_and_none_twice_for_one_rung(
    ticks: list[int],
) -> None:
    climbed, first = 0, list[int]()
    for minutes in sorted([*ticks, *ticks]):
        due = climb(RAISED, climbed, after(minutes))
        if due is not None:
            assert due.rung > climbed
            assert not set(due.first) & {*first, *due.again}
            assert set(due.again) == set(first)
            climbed = due.rung
            first.extend(due.first)
        assert climbed == rung_at(RAISED, after(minutes))
        assert next_climb(RAISED, climbed) > after(minutes)
    last = max(ticks, default=-1)
    due_by_then = [level for level, at in ((1, 0), (2, 10), (3, 40), (4, 100)) if at <= last]
    assert first == due_by_then


def test_every_level_says_whom_it_tells() -> None:
    assert [rung.level for rung in major_policy().ladder] == [1, 2, 3, 4]
    assert all(rung.to for rung in major_policy().ladder)
