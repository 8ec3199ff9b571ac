"""Intervals against their definitions, and at the edges."""

from math import comb, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.statistics.intervals import Interval, clopper_pearson, jeffreys, korn_graubard, wilson

SHARES = st.floats(0, 1)
SIZES = st.integers(1, 5000)


def at_least(hits: int, n: int, p: float) -> float:
    return sum(comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(hits, n + 1))


@pytest.mark.parametrize(("hits", "n"), [(1, 10), (8, 10), (19, 20), (47, 50), (93, 100)])
def test_clopper_pearson_inverts_the_binomial_test(hits: int, n: int) -> None:
    low, high = clopper_pearson(hits / n, n)
    assert at_least(hits, n, low) == pytest.approx(0.025)
    assert 1 - at_least(hits + 1, n, high) == pytest.approx(0.025)


@pytest.mark.parametrize(("hits", "n"), [(1, 10), (8, 10), (93, 100)])
def test_wilson_inverts_the_score_test(hits: int, n: int) -> None:
    for limit in wilson(hits / n, n):
        assert abs(hits / n - limit) / sqrt(limit * (1 - limit) / n) == pytest.approx(1.959964, abs=1e-6)


def test_known_values() -> None:
    assert clopper_pearson(0.0, 10) == pytest.approx((0.0, 0.308497), abs=1e-6)
    assert clopper_pearson(0.8, 10) == pytest.approx((0.443905, 0.974789), abs=1e-6)
    assert wilson(0.8, 10) == pytest.approx((0.490162, 0.943318), abs=1e-6)
    assert jeffreys(0.5, 2) == pytest.approx((0.060830, 0.939170), abs=1e-5)


def test_the_published_interval_uses_the_effective_size_but_never_more_than_n() -> None:
    srs = 0.9 * 0.1 / 400
    assert korn_graubard(0.9, 400) == clopper_pearson(0.9, 400)
    assert korn_graubard(0.9, 400, variance=2 * srs) == pytest.approx(clopper_pearson(0.9, 200))
    assert korn_graubard(0.9, 400, variance=srs / 2) == clopper_pearson(0.9, 400)
    assert korn_graubard(1.0, 400, variance=0.0, design_effect=1.6) == clopper_pearson(1.0, 250)


def test_few_degrees_of_freedom_widen_it() -> None:
    variance = 0.9 * 0.1 / 300
    many, few = (
        korn_graubard(0.9, 400, variance=variance, df=399),
        korn_graubard(0.9, 400, variance=variance, df=8),
    )
    assert few.low < many.low and few.high > many.high
    # t(.975): 1.965927 with 399 degrees of freedom, 2.306004 with 8
    assert few == pytest.approx(clopper_pearson(0.9, 300 * (1.965927 / 2.306004) ** 2), abs=1e-6)


@pytest.mark.parametrize("interval", [korn_graubard, clopper_pearson, jeffreys, wilson])
def test_at_the_edges_there_is_still_a_width(interval) -> None:  # type: ignore[no-untyped-def]
    none, every = interval(0.0, 30), interval(1.0, 30)
    assert none.low == 0.0 and 0 < none.high < 0.2
    assert every.high == 1.0 and 0.8 < every.low < 1


@given(SHARES, SIZES)
def test_an_interval_holds_its_estimate_and_stays_a_share(p: float, n: int) -> None:
    for interval in (korn_graubard(p, n), jeffreys(p, n), wilson(p, n)):
        assert isinstance(interval, Interval)
        assert 0 <= interval.low <= interval.high <= 1
    assert korn_graubard(p, n).low <= p + 1e-9 and p - 1e-9 <= korn_graubard(p, n).high


@given(SHARES, SIZES)
def test_mirrored_answers_mirror_the_interval(p: float, n: int) -> None:
    low, high = korn_graubard(p, n)
    assert korn_graubard(1 - p, n) == pytest.approx((1 - high, 1 - low), abs=1e-6)


def test_no_answers_no_interval() -> None:
    with pytest.raises(ValueError, match="no interval without answers"):
        korn_graubard(0.5, 0)
    with pytest.raises(ValueError, match="outside"):
        jeffreys(1.2, 10)
