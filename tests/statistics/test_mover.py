"""The interval of a difference out of two intervals."""

import pytest

from survey.statistics.intervals import wilson
from survey.statistics.mover import Side, difference_limits, towards_none


def test_newcombe_s_published_example() -> None:
    """56/70 - 48/80 with Wilson's limits: 0.0524 to 0.3339 (Newcombe 1998, Statistics in Medicine 17:873, method 10)."""
    before, after = (Side(hits / n, *wilson(hits / n, n)) for hits, n in ((48, 80), (56, 70)))
    assert difference_limits(before, after) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_at_the_edge_it_still_has_a_width() -> None:
    """10/10 - 0/20 (the same table): 0.6791 to 1."""
    before, after = (Side(hits / n, *wilson(hits / n, n)) for hits, n in ((0, 20), (10, 10)))
    assert difference_limits(before, after) == pytest.approx((0.6791, 1.0), abs=5e-5)


def test_the_limits_hold_none_exactly_where_the_reach_is_as_far_as_the_difference() -> None:
    before, after = Side(0.5, 0.4, 0.6), Side(0.5 + 0.02**0.5, 0.5, 0.8)
    reach = towards_none(before, Side(after.value, after.value - 0.1, after.high))
    assert reach == pytest.approx((0.1, 0.1))
    low, _ = difference_limits(before, Side(after.value, after.value - 0.1, after.high))
    assert low == pytest.approx(0.0, abs=1e-12)
    assert towards_none(after, before) == pytest.approx((after.value - after.low, 0.1))
