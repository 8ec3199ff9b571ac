"""Token buckets: over any stretch of time no more goes out than ran in, and nothing that ran in is lost while work waits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from survey.field.pacing import Bucket

NOON = datetime(2026, 3, 9, 4, 0, tzinfo=UTC)


def test_one_call_a_second() -> None:
    bucket = Bucket(rate=1.0, most=2.0, tokens=2.0, at=NOON)
    sent = []
    while len(sent) < 6:
        bucket = bucket.filled(bucket.ready_at())
        sent += [(bucket.at - NOON).total_seconds()] * bucket.whole()
        bucket = bucket.taken(bucket.whole())
    assert [round(moment, 3) for moment in sent] == [0, 0, 1, 2, 3, 4]


def test_a_long_text_is_waited_for_afterwards() -> None:
    bucket = Bucket(rate=1.0, most=2.0, tokens=1.0, at=NOON).taken(4)
    assert (bucket.ready_at() - NOON).total_seconds() == 4.000001


def test_a_clock_that_went_back_gives_nothing() -> None:
    bucket = Bucket(rate=10.0, most=20.0, tokens=0.0, at=NOON)
    assert bucket.filled(NOON - timedelta(hours=1)) == bucket


@given(
    rate=st.floats(0.05, 200),
    most=st.floats(1, 500),
    steps=st.lists(st.tuples(st.floats(0, 90), st.integers(0, 400)), min_size=1, max_size=60),
)
def test_never_more_than_the_burst_and_what_ran_in(
    rate: float, most: float, steps: list[tuple[float, int]]
) -> None:
    bucket, now, out = Bucket(rate, most, most, NOON), NOON, 0
    for wait, wanted in steps:
        now += timedelta(seconds=wait)
        bucket = bucket.filled(now)
        n = min(wanted, bucket.whole())
        bucket, out = bucket.taken(n), out + n
        assert out <= most + rate * (now - NOON).total_seconds() + 1e-6
        assert bucket.tokens + 1e-9 >= 0 and bucket.tokens <= most


@given(rate=st.floats(0.1, 100), seconds=st.integers(5, 60))
def test_with_work_waiting_the_pace_is_the_rate(rate: float, seconds: int) -> None:
    """Whoever comes when a token is ready sends as many as the rate allows, to within one."""
    bucket, end, out = Bucket(rate, max(1.0, 2 * rate), 0.0, NOON), NOON + timedelta(seconds=seconds), 0
    while bucket.ready_at() <= end:
        bucket = bucket.filled(bucket.ready_at())
        out += bucket.whole()
        bucket = bucket.taken(bucket.whole())
    assert rate * seconds - 1.001 <= out <= rate * seconds + 1e-6
