"""Calibration: the totals are met, and where they cannot be, it is said why. Against R: test_estimates_against_r.py."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.statistics import calibration
from survey.statistics.calibration import Calibrated, calibrate
from survey.statistics.calibration_checks import (
    Infeasible,
    SmallCategory,
    refuse_other_populations,
    small_categories,
)
from survey.statistics.calibration_distances import Method
from survey.statistics.design import design
from survey.statistics.domain_estimates import ONE, Variable, estimate_domains, influence
from survey.statistics.margins import Cells, Margin, cells_of
from survey.statistics.trimming import caps, redistribute, trim

SEX, AGE = np.array([0, 0, 0, 1, 1, 1, 1, 0]), np.array([0, 1, 2, 0, 1, 2, 2, 1])
START = np.array([10.0, 20, 10, 30, 10, 10, 5, 5])


def margin(name: str, codes: np.ndarray, *totals: float) -> Margin:
    return Margin(name, codes.astype(np.int64), [str(at + 1) for at in range(len(totals))], np.array(totals))


def town(sex: tuple[float, ...] = (60, 60), age: tuple[float, ...] = (50, 40, 30)) -> Cells:
    return cells_of([margin("sex", SEX, *sex), margin("age", AGE, *age)])


def met(fitted: Calibrated) -> np.ndarray:
    return fitted.cells.by_column(fitted.cells.by_cell(fitted.weights))


@pytest.mark.parametrize(("method", "bounds"), [("linear", None), ("raking", None), ("logit", (0.3, 3.0))])
def test_every_method_meets_the_totals(method: Method, bounds: tuple[float, float] | None) -> None:
    fitted = calibrate(START, town(), method, bounds)
    assert met(fitted) == pytest.approx([60, 60, 50, 40, 30], rel=1e-12)
    assert len(fitted.dropped) == 1  # one category follows, as both margins sum to the same


def test_raking_is_iterative_proportional_fitting_and_newton_finds_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    swept = calibrate(START, town(), "raking").weights
    monkeypatch.setattr(calibration, "MOST_SWEEPS", 1)
    assert calibrate(START, town(), "raking").weights == pytest.approx(swept, rel=1e-12)
    table = np.zeros((2, 3))
    np.add.at(table, (SEX, AGE), START)
    for _ in range(200):
        table *= (np.array([60, 60]) / table.sum(axis=1))[:, None]
        table *= np.array([50, 40, 30]) / table.sum(axis=0)
    ours = np.zeros((2, 3))
    np.add.at(ours, (SEX, AGE), swept)
    assert ours == pytest.approx(table, rel=1e-10)


def test_logit_stays_within_its_bounds() -> None:
    factors = calibrate(START, town(), "logit", (0.6, 1.9)).factors
    assert factors.min() > 0.6 and factors.max() < 1.9


@given(st.integers(0, 10_000), st.floats(0.1, 1000))
@settings(max_examples=25, deadline=None)
def test_totals_of_any_population_are_met(seed: int, size: float) -> None:
    rng = np.random.default_rng(seed)
    n = 400
    start = rng.gamma(2.0, 3.0, n) + 0.1
    truth = start * np.exp(rng.normal(0, 0.4, n)) * size  # totals that some weights have
    margins = []
    for name, many in (("a", 4), ("b", 3), ("c", 2)):
        codes = rng.integers(0, many, n)
        margins.append(margin(name, codes, *np.bincount(codes, truth, minlength=many)))
    fitted = calibrate(start, cells_of(margins), "raking")
    assert met(fitted) == pytest.approx(fitted.cells.totals, rel=1e-9)
    assert np.all(fitted.weights > 0)


@pytest.mark.parametrize(
    ("sex", "age", "why"),
    [
        (
            (60, 60),
            (50, 40, 0),
            "age=3: its respondents weigh 25, and its total is 0; give its total, or take them out",
        ),
        ((60, -1), (50, 40, 30), "sex=2: a total must be a number, 0 or more; it is -1"),
        (
            (60, 60, 5),
            (50, 40, 35),
            "sex=3: nobody who could stand for its total of 5 responded; join it with a like category, in the data",
        ),
    ],
)
def test_categories_that_cannot_be_met_are_named(
    sex: tuple[float, ...], age: tuple[float, ...], why: str
) -> None:
    with pytest.raises(Infeasible, match=why):
        calibrate(START, town(sex, age), "raking")


def test_margins_of_different_populations_are_refused() -> None:
    with pytest.raises(
        Infeasible, match="the totals of sex sum to 120 and those of age to 121; both must be the same"
    ):
        refuse_other_populations([margin("sex", SEX, 60, 60), margin("age", AGE, 50, 40, 31)])


def test_a_margin_that_follows_from_another_is_left_out_or_refused() -> None:
    old = (AGE == 2).astype(int)
    agreeing = cells_of([margin("age", AGE, 50, 40, 30), margin("old", old, 90, 30)])
    fitted = calibrate(START, agreeing, "linear")
    assert met(fitted) == pytest.approx([50, 40, 30, 90, 30])
    assert len(fitted.dropped) == 2
    other = cells_of([margin("age", AGE, 50, 40, 30), margin("old", old, 80, 40)])
    with pytest.raises(Infeasible, match="it follows from other margins, by which it must be"):
        calibrate(START, other, "linear")


def test_bounds_that_are_too_narrow_are_told_how_wide_they_must_be() -> None:
    wanted = town((50, 50), (40, 35, 25))
    why = r"no factors between 0.9 and 1.1 meet the totals; the narrowest that could are \[0.8333, 1.167\], so give bounds wider"
    with pytest.raises(Infeasible, match=why):
        calibrate(START, wanted, "logit", (0.9, 1.1))
    assert met(calibrate(START, wanted, "logit", (0.8, 1.2))) == pytest.approx([50, 50, 40, 35, 25])


def test_combinations_that_nobody_stands_for_are_told() -> None:
    women, young = np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1])
    possible = cells_of([margin("sex", women, 50, 50), margin("age", young, 10, 90)])
    assert met(calibrate(np.ones(4), possible, "raking")) == pytest.approx([50, 50, 10, 90])
    # all of category 1 of age are of category 1 of sex, who are fewer
    impossible = cells_of([margin("sex", women, 50, 50), margin("age", young, 60, 40)])
    with pytest.raises(
        Infeasible, match="raking: no factors above 0 meet the totals of these margins together"
    ):
        calibrate(np.ones(4), impossible, "raking")


def test_small_categories_are_told() -> None:
    margins = [margin("sex", SEX, 60, 60), margin("age", AGE, 50, 40, 30)]
    assert small_categories(margins, cells_of(margins)) == [
        SmallCategory("sex", "1", 4),
        SmallCategory("sex", "2", 4),
        SmallCategory("age", "1", 2),
        SmallCategory("age", "2", 3),
        SmallCategory("age", "3", 3),
    ]


def test_many_domains_have_the_variance_of_their_influence_values_one_by_one() -> None:
    rng = np.random.default_rng(3)
    n, domains = 600, 7
    start, stratum, unit = rng.gamma(2, 2, n) + 1, rng.integers(0, 5, n), rng.integers(0, 40, n)
    a, b = rng.integers(0, 4, n), rng.integers(0, 2, n)
    cells = cells_of([margin("a", a, 900, 700, 800, 600), margin("b", b, 1600, 1400)])
    fitted = calibrate(start, cells, "raking")
    y, domain = rng.random(n), rng.integers(-1, domains, n)
    for units in (None, unit):
        drawn = replace(design(start, stratum=stratum, unit=units), weights=fitted.weights, adjusted=fitted)
        for variable in (Variable(y, ONE), Variable(y, 1 + rng.random(n)), Variable(y, None)):
            found = estimate_domains(drawn, variable, domain, domains)
            one_by_one = [drawn.variance(influence(drawn, variable, domain == at)) for at in range(domains)]
            assert found.variance == pytest.approx(one_by_one, rel=1e-10)
            assert list(found.df) == [drawn.df(domain == at) for at in range(domains)]


def test_domains_are_the_same_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(4)
    drawn = design(rng.gamma(2, 2, 500), stratum=rng.integers(0, 6, 500))
    variable, domain = Variable(rng.random(500), ONE), rng.integers(-1, 9, 500)
    whole = estimate_domains(drawn, variable, domain, 9)
    monkeypatch.setattr("survey.statistics.domain_estimates.MOST_SUMS", 12)
    parts = estimate_domains(drawn, variable, domain, 9)
    assert parts.variance == pytest.approx(whole.variance) and parts.n == pytest.approx(whole.n)


def test_a_total_that_was_fitted_has_no_error() -> None:
    drawn = replace(
        design(START), weights=(fitted := calibrate(START, town(), "raking")).weights, adjusted=fitted
    )
    found = estimate_domains(drawn, Variable(np.ones(8), None), SEX, 2)
    assert list(found.value) == pytest.approx([60, 60])
    assert list(found.variance) == [0.0, 0.0]


def test_large_weights_are_cut_and_the_totals_met_again() -> None:
    rng = np.random.default_rng(5)
    n = 400
    start = rng.gamma(4, 1, n)
    start[:3] *= 25
    groups = rng.integers(0, 2, n)
    sex, age = rng.integers(0, 2, n), rng.integers(0, 4, n)
    cells = cells_of([margin("sex", sex, 900, 1100), margin("age", age, 500, 500, 600, 400)])
    fitted = calibrate(start, cells, "raking")
    allowed = caps(fitted.weights, groups)
    trimmed = trim(fitted, groups, "raking")
    assert trimmed.settled and 3 <= trimmed.cut < 20 and 0.05 < trimmed.share < 0.3
    assert np.all(trimmed.weights <= allowed[groups] * (1 + 1e-9))
    assert cells.by_column(cells.by_cell(trimmed.weights)) == pytest.approx(cells.totals)


def test_what_is_cut_goes_to_the_others_of_the_group() -> None:
    weights, groups = np.array([10.0, 1, 1, 4, 4]), np.array([0, 0, 0, 1, 1])
    assert list(redistribute(weights, np.array([6.0, 6, 6, 5, 5]), groups)) == [6, 3, 3, 4, 4]
