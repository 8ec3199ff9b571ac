"""Small areas held against R's metafor, against matrices written out in full, and against what they promise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from survey.statistics.small_area_scales import arcsine, benchmarked, from_arcsine, smoothed_variance
from survey.statistics.small_areas import fay_herriot

R: dict[str, Any] = json.loads((Path(__file__).parent / "r" / "small_areas.json").read_text())
Y, D = (np.array([area[key] for area in R["areas"]]) for key in "yD")
DESIGNS = {
    "mean_only": np.ones((len(Y), 1)),
    "with_x": np.array([[1, area["x"]] for area in R["areas"]]),
    "with_z": np.array([[1, area["z"]] for area in R["areas"]]),
}


@pytest.mark.parametrize("name", DESIGNS)
def test_as_metafor_has_it(name: str) -> None:
    """A, β, the shrunken estimates and g1 + g2; metafor leaves g3 out."""
    ours, theirs = fay_herriot(Y, D, DESIGNS[name]), R[name]
    assert ours.between == pytest.approx(theirs["between"], rel=1e-7, abs=1e-12)
    assert ours.beta == pytest.approx(theirs["beta"], rel=1e-8)
    assert ours.estimate == pytest.approx(theirs["estimate"], rel=1e-8)
    g3 = D**2 / (ours.between + D) ** 3 * 2 / np.sum((ours.between + D) ** -2.0)
    assert ours.mse - 2 * g3 == pytest.approx(theirs["g1g2"], rel=1e-6)
    assert ours.all_synthetic == (name == "with_x")


def test_reml_is_where_the_restricted_likelihood_written_out_is_highest() -> None:
    x = DESIGNS["with_z"]

    def minus_likelihood(a: float) -> float:
        v = np.diag(a + D)
        inverse = np.linalg.inv(v)
        cross = x.T @ inverse @ x
        projection = inverse - inverse @ x @ np.linalg.inv(cross) @ x.T @ inverse
        return 0.5 * float(np.linalg.slogdet(v)[1] + np.linalg.slogdet(cross)[1] + Y @ projection @ Y)

    best = minimize_scalar(minus_likelihood, bounds=(0, 0.05), method="bounded", options={"xatol": 1e-12})
    assert fay_herriot(Y, D, x).between == pytest.approx(best.x, rel=1e-5)


def test_where_own_data_say_nothing_all_is_synthetic_and_said_to_be() -> None:
    model = fay_herriot([0.8, 0.81, 0.79, 0.8], [0.01] * 4, np.ones((4, 1)))
    assert model.all_synthetic
    assert model.gamma.tolist() == [0.0] * 4
    assert model.estimate == pytest.approx(model.synthetic)
    assert (model.mse > 0).all()  # the regression is not known either


def test_its_error_is_about_as_large_as_it_says() -> None:
    """300 counties of 60 areas: the mean squared error stated is that made, to a tenth; the direct one is twice as large."""
    dice = np.random.default_rng(4)
    d = np.tile([0.0005, 0.001, 0.002, 0.003], 15)
    made, said = [], []
    for _ in range(300):
        truth = 0.8 + np.sqrt(0.001) * dice.standard_normal(60)
        model = fay_herriot(truth + np.sqrt(d) * dice.standard_normal(60), d, np.ones((60, 1)))
        made.append(np.mean((model.estimate - truth) ** 2))
        said.append(np.mean(model.mse))
    assert np.mean(said) == pytest.approx(np.mean(made), rel=0.1)
    assert np.mean(said) < 0.5 * np.mean(d)


def test_what_cannot_be_fitted_is_refused() -> None:
    for y, d, x, why in (
        ([0.1, 0.2], [0.1, 0.1], [[1.0], [1.0], [1.0]], "shapes"),
        ([0.1, 0.2, 0.3], [0.1, 0.0, 0.1], np.ones((3, 1)), "not positive"),
        ([0.1, 0.2, 0.3], [0.1, 0.1, 0.1], np.ones((3, 2)), "do not carry 2 columns"),
    ):
        with pytest.raises(ValueError, match=why):
            fay_herriot(y, d, x)


def test_scales_and_benchmarks() -> None:
    assert smoothed_variance(0.9, [10, 40], 1.5) == pytest.approx([1.5 * 0.09 / 10, 1.5 * 0.09 / 40])
    with pytest.raises(ValueError, match="from a larger area"):
        smoothed_variance(1.0, 10)
    angle, variance = arcsine([0.5, 0.98], [25, 100])
    assert (angle[0], variance.tolist()) == (pytest.approx(np.pi / 4), [0.01, 0.0025])
    dice = np.random.default_rng(1)
    drawn = np.sin(angle[1] + 0.05 * dice.standard_normal(200_000)) ** 2
    mean, mse = from_arcsine(angle, variance)
    assert mean[1] == pytest.approx(drawn.mean(), abs=2e-4)
    assert mse[1] == pytest.approx(drawn.var(), rel=0.15)
    assert benchmarked([0.8, 0.9], [100, 300], 0.9) == pytest.approx([0.8 * 0.9 / 0.875, 0.9 * 0.9 / 0.875])
    moved = benchmarked([0.8, 0.9], [100, 300], 0.9, mse=[0.003, 0.0005])
    assert (100 * moved[0] + 300 * moved[1]) / 400 == pytest.approx(0.9)
    assert moved[0] - 0.8 == pytest.approx(
        2 * (moved[1] - 0.9)
    )  # the small area is known six times worse, and weighs a third
