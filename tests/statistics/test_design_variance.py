"""Variances by strata and units, jackknife and bootstrap, against what they are by hand. Against R:
test_estimates_against_r.py.
"""

import numpy as np
import pytest

from survey.statistics.design import DesignError, design
from survey.statistics.domain_estimates import ONE, Variable, estimate_domains, influence
from survey.statistics.replicates import bootstrap, jackknife, replicate_variance
from survey.statistics.weighting import WeightingError, base_weights, kish, response_factors

STRATUM = np.array([0, 0, 0, 1, 1, 1, 1])
UNIT = np.array([5, 5, 7, 5, 5, 8, 9])  # unit 5 of either stratum is another one
WEIGHTS = np.array([2.0, 1, 3, 4, 1, 1, 2])
Y = np.array([3.0, 1, 4, 1, 5, 9, 2])


def test_a_total_by_hand() -> None:
    drawn = design(WEIGHTS, stratum=STRATUM, unit=UNIT)
    # totals of units: 7, 12 | 9, 9, 4
    by_hand = 2 * (2.5**2 + 2.5**2) + 3 / 2 * ((9 - 22 / 3) ** 2 * 2 + (4 - 22 / 3) ** 2)
    assert drawn.variance(WEIGHTS * Y) == pytest.approx(by_hand)
    assert (drawn.df(), drawn.df(STRATUM == 1), drawn.df(UNIT == 5)) == (3, 2, 0)


def test_a_finite_population_takes_its_part_off() -> None:
    drawn = design(WEIGHTS, stratum=STRATUM, unit=UNIT, population=np.array([2.0, 12.0]))
    by_hand = (
        (1 - 3 / 12) * 3 / 2 * ((9 - 22 / 3) ** 2 * 2 + (4 - 22 / 3) ** 2)
    )  # all of the first stratum was asked
    assert drawn.variance(WEIGHTS * Y) == pytest.approx(by_hand)
    with pytest.raises(DesignError, match="stratum 西片: 3 units are in the sample and 2 in the population"):
        _ = design(
            WEIGHTS, stratum=STRATUM, unit=UNIT, population=np.array([2.0, 2.0]), names=("东片", "西片")
        ).factor


def test_a_difference_has_the_covariance_of_its_sides() -> None:
    drawn = design(WEIGHTS, stratum=STRATUM, unit=UNIT)
    b, a = (
        influence(drawn, Variable(Y, ONE), np.isin(np.arange(7), rows)) for rows in ((0, 2, 4, 6), (1, 3, 5))
    )
    both = drawn.covariance(np.column_stack([b, a]))
    assert drawn.variance(b - a) == pytest.approx(both[0, 0] + both[1, 1] - 2 * both[0, 1])
    assert both[0, 1] != pytest.approx(0)


def test_a_stratum_with_one_unit_is_refused_by_name_or_adjusted() -> None:
    lonely = np.array([0, 0, 0, 1, 1, 1, 2])
    with pytest.raises(DesignError, match="stratum 北塘镇: one first-stage unit alone"):
        design(WEIGHTS, stratum=lonely, names=("柳河镇", "枣园镇", "北塘镇")).variance(Y)
    adjusted = design(WEIGHTS, stratum=lonely, single="adjust")
    others = design(WEIGHTS[:6], stratum=lonely[:6])
    z = influence(adjusted, Variable(Y, ONE), np.ones(7, dtype=np.bool_))
    assert adjusted.variance(z) == pytest.approx(others.variance(z[:6]) + z[6] ** 2)
    all_of_it = design(WEIGHTS, stratum=lonely, population=np.array([9.0, 9, 1]))
    assert all_of_it.variance(Y) > 0


def test_a_weight_below_zero_is_refused() -> None:
    with pytest.raises(DesignError, match=r"row 2: a weight must be a number, 0 or more; it is -1\.0"):
        design(np.array([1.0, -1.0]))


def test_the_jackknife_of_a_total_is_its_linearised_variance() -> None:
    drawn = design(WEIGHTS, stratum=STRATUM, unit=UNIT, population=np.array([4.0, 12.0]))
    found = [(float((WEIGHTS * Y) @ one.times), one.scale) for one in jackknife(drawn)]
    values, scales = np.array([[value] for value, _ in found]), np.array([scale for _, scale in found])
    full = np.array([float(WEIGHTS @ Y)])
    assert replicate_variance(values, scales, full)[0] == pytest.approx(drawn.variance(WEIGHTS * Y))
    with pytest.raises(DesignError, match="a jackknife needs two first-stage units"):
        list(jackknife(design(WEIGHTS, stratum=np.array([0, 0, 0, 0, 0, 0, 1]), names=("甲", "乙"))))


def test_the_bootstrap_comes_to_the_same_with_many_replicates() -> None:
    rng = np.random.default_rng(7)
    n = 90
    weights, stratum, y = rng.gamma(3, 1, n) + 1, rng.integers(0, 4, n), rng.random(n) * 10
    drawn = design(weights, stratum=stratum)
    found = [(one.times, one.scale) for one in bootstrap(drawn, 3000, np.random.default_rng(8))]
    times = np.array([one for one, _ in found])
    # every stratum keeps its size: n_h - 1 drawn, each counting n_h / (n_h - 1) times
    assert np.bincount(stratum, times[0]) == pytest.approx(drawn.units)
    values = (times @ (weights * y))[:, None]
    bootstrapped = replicate_variance(values, np.array([scale for _, scale in found]), values.mean(axis=0))
    assert bootstrapped[0] == pytest.approx(drawn.variance(weights * y), rel=0.08)
    with pytest.raises(DesignError, match="a bootstrap needs two"):
        next(bootstrap(design(np.ones(1)), 10, rng))


def test_a_domain_in_which_nobody_is() -> None:
    drawn = design(WEIGHTS, stratum=STRATUM)
    found = estimate_domains(drawn, Variable(Y, ONE), np.where(Y > 100, 1, 0), 2)
    assert list(found.n) == [7, 0] and list(found.df) == [5, 0]
    assert np.isnan([found.value[1], found.variance[1], found.simple[1]]).all()


def test_weights_before_calibration() -> None:
    assert list(base_weights(np.array([100.0, 30.0]), np.array([20.0, 30.0]))) == [5, 1]
    with pytest.raises(WeightingError, match="row 2: 40 drawn of a population of 30"):
        base_weights(np.array([100.0, 30.0]), np.array([20.0, 40.0]))
    assert kish(np.array([1.0, 1, 4])) == pytest.approx(3 * 18 / 36)


def test_factors_by_class() -> None:
    groups = np.array([0, 2, 5, 7, 0, 6, 0])  # I, R, UH, NE | I, UO, I
    classes, base = np.array([0, 0, 0, 0, 1, 1, 1]), np.array([10.0, 10, 12, 4, 5, 5, 5])
    found = response_factors(base, groups, classes, ("男", "女"))
    assert list(found.unknown) == pytest.approx([1.5, 1.5, 0, 1.5, 1.5, 0, 1.5])  # 36 / 24; 15 / 10
    assert list(found.nonresponse) == pytest.approx([2, 0, 0, 0, 1, 0, 1])
    assert list(found.responded) == [True, False, False, False, True, False, True]
    assert [(one.name, one.cases["I"], one.cases["UH"], one.told) for one in found.classes] == [
        ("男", 1, 1, True),
        ("女", 2, 0, True),
    ]
    with pytest.raises(WeightingError, match="nonresponse class 女: nobody responded"):
        response_factors(base, np.array([0, 2, 5, 7, 2, 6, 2]), classes, ("男", "女"))
