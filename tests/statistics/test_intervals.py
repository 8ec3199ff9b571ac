"""Intervals against their definitions, and at the edges."""

from math import comb, exp, isnan, log, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.statistics.interval_arrays import ProportionMethod, proportion_limits
from survey.statistics.intervals import (
    Interval,
    clopper_pearson,
    jeffreys,
    korn_graubard,
    of_index,
    of_proportion,
    wilson,
)

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


METHODS: tuple[ProportionMethod, ...] = ("korn_graubard", "beta", "logit", "jeffreys", "wilson")


def test_beta_differs_from_the_published_one_only_where_the_design_is_better_than_a_simple_one() -> None:
    better, worse = 0.9 * 0.1 / 500, 0.9 * 0.1 / 200
    assert of_proportion("beta", 0.9, 400, variance=worse) == korn_graubard(0.9, 400, variance=worse)
    assert of_proportion("beta", 0.9, 400, variance=better) == pytest.approx(clopper_pearson(0.9, 500))
    assert korn_graubard(0.9, 400, variance=better) == clopper_pearson(0.9, 400)


def test_logit_is_symmetric_where_odds_are_logs() -> None:
    low, high = of_proportion("logit", 0.8, 200, variance=0.0008, df=30)
    centre, half = log(0.8 / 0.2), 2.042272 * sqrt(0.0008) / 0.16  # t(.975) with 30 degrees of freedom
    assert (low, high) == pytest.approx(
        (1 / (1 + exp(half - centre)), 1 / (1 + exp(-half - centre))), abs=1e-6
    )


def test_an_index_is_a_share_of_its_scale() -> None:
    share = of_proportion("logit", 0.8, 200, variance=0.0008, df=30)
    assert of_index(80.0, 200, variance=8.0, df=30) == pytest.approx((100 * share.low, 100 * share.high))
    assert of_index(4.2, 200, variance=0.0128, df=30, scale=(1, 5)) == pytest.approx(
        (1 + 4 * share.low, 1 + 4 * share.high)
    )
    assert of_index(100.0, 60, variance=0.0, design_effect=1.5) == pytest.approx(
        (100 * clopper_pearson(1.0, 40).low, 100.0)
    )


@pytest.mark.parametrize("method", METHODS)
def test_every_method_has_a_width_without_spread(method: ProportionMethod) -> None:
    every = of_proportion(method, 1.0, 60, variance=0.0, df=40, design_effect=1.5)
    none = of_proportion(method, 0.0, 60, variance=0.0, df=40, design_effect=1.5)
    assert every.high == 1.0 and 0.88 < every.low < 0.96
    assert (none.low, none.high) == pytest.approx((0.0, 1 - every.low))


@pytest.mark.parametrize("method", ["korn_graubard", "beta", "logit"])
def test_without_degrees_of_freedom_nothing_is_said(method: ProportionMethod) -> None:
    assert all(isnan(limit) for limit in of_proportion(method, 0.5, 20, variance=0.01, df=0))


def test_many_at_once_are_as_they_are_one_by_one() -> None:
    p, n, v = np.array([0.0, 0.2, 0.9, 1.0]), np.array([12, 40, 400, 9]), np.array([0.0, 0.006, 4e-4, 0.0])
    for method in METHODS:
        low, high = proportion_limits(method, p, n, variance=v, df=25, design_effect=1.2)
        one_by_one = [
            of_proportion(method, *each, variance=spread, df=25, design_effect=1.2)
            for *each, spread in zip(p, n, v, strict=True)
        ]
        assert list(zip(low, high, strict=True)) == one_by_one
