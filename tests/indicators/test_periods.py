"""Periods as people write them."""

from datetime import date

import pytest

from survey.periods import NoPeriod, Period, period


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2026-03-09", date(2026, 3, 9), date(2026, 3, 9)),
        ("2026-03-09..2026-03-15", date(2026, 3, 9), date(2026, 3, 15)),
        ("2026-W11", date(2026, 3, 9), date(2026, 3, 15)),
        ("2026-W01", date(2025, 12, 29), date(2026, 1, 4)),
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31)),
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-W10..2026-W11", date(2026, 3, 2), date(2026, 3, 15)),
    ],
)
def test_a_period(written: str, first: date, last: date) -> None:
    assert period(written) == Period(first, last)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("last week", "'last week' is no period; write 2026-03-09, 2026-03-09..2026-03-15, 2026-W11"),
        ("2026-13", "is no period"),
        ("2026-02-30", "is no period"),
        ("2026-W54", "is no period"),
        ("2026-03-15..2026-03-09", "ends before it begins; write the earlier day first"),
        ("2020..2026", "is longer than 1100 days"),
    ],
)
def test_what_is_none(written: str, why: str) -> None:
    with pytest.raises(NoPeriod, match=why):
        period(written)
