"""Draws with unequal probabilities: the chances are those that were asked for, and nobody comes round too soon."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.sampling.poisson import (
    check_rotation,
    inclusion_probabilities,
    next_start,
    pareto,
    poisson,
    sequential_poisson,
)

RUNS = 20_000
"""Monte Carlo: a share of .1 has a standard error of .002; five of them are allowed."""


def chances() -> np.ndarray:
    """Forty units in four sizes; ten are drawn."""
    return inclusion_probabilities(np.repeat([1.0, 2.0, 3.0, 6.0], 10), 10)


def drawn_share(draw: str, start: float = 0.0) -> np.ndarray:
    """How often each unit is drawn over RUNS populations that differ in their permanent random numbers alone."""
    chance, dice = chances(), np.random.default_rng(7)
    hits = np.zeros(len(chance))
    for prn in dice.random((RUNS, len(chance))):
        if draw == "poisson":
            taken = poisson(prn, chance, start)
        elif draw == "sequential":
            taken = sequential_poisson(prn, chance, start, 10)
        else:
            taken = pareto(prn, chance, start, 10)
        hits[taken] += 1
    return hits / RUNS


@pytest.mark.parametrize("start", [0.0, 0.73])
def test_poisson_keeps_each_probability_exactly(start: float) -> None:
    error = np.sqrt(chances() * (1 - chances()) / RUNS)
    assert np.all(np.abs(drawn_share("poisson", start) - chances()) < 5 * error)


@pytest.mark.parametrize("draw", ["sequential", "pareto"])
def test_the_draws_of_fixed_size_keep_them_very_nearly(draw: str) -> None:
    """The approximation is known to be within a few thousandths at this size (Rosén 1997); 1.5 hundredths are allowed."""
    share = drawn_share(draw)
    assert share.sum() == pytest.approx(10)
    assert np.all(np.abs(share - chances()) < 0.015)


def test_a_unit_larger_than_its_share_is_certain_and_the_rest_is_split_anew() -> None:
    chance = inclusion_probabilities(np.array([100.0, 10.0, 5.0, 5.0, 0.0]), 3)
    assert chance.tolist() == [1.0, 1.0, 0.5, 0.5, 0.0]
    for prn in np.random.default_rng(1).random((200, 5)):
        for taken in (sequential_poisson(prn, chance, 0.4, 3), pareto(prn, chance, 0.4, 3)):
            assert {0, 1} <= set(taken.tolist()) and len(taken) == 3 and 4 not in taken
    with pytest.raises(ValueError, match="3 units are wanted, and 2 have a size above 0"):
        inclusion_probabilities(np.array([1.0, 0.0, 2.0]), 3)


@given(
    st.floats(0.001, 0.2), st.integers(2, 50), st.integers(0, 2**32 - 1), st.floats(0, 1, exclude_max=True)
)
def test_poisson_keeps_everybody_out_for_the_days_of_cooling_off(
    largest: float, days: int, seed: int, start: float
) -> None:
    dice = np.random.default_rng(seed)
    prn, chance = dice.random(300), dice.random(300) * largest
    step = max(float(chance.max()), 1e-6)
    if days * step > 1:
        with pytest.raises(ValueError, match="cooling-off infeasible"):
            check_rotation(chance, step, days)
        return
    check_rotation(chance, step, days)
    last = np.full(300, -days)
    for day in range(3 * days):
        taken = poisson(prn, chance, start)
        # the arithmetic of the circle rounds: within a billionth of its edge two stretches may touch
        again = taken[day - last[taken] < days]
        assert len(again) == 0 or np.all(np.abs(prn[again][:, None] - start) < 1e-9)
        last[taken], start = day, next_start(start, step)


def test_a_start_that_moves_too_little_is_refused() -> None:
    with pytest.raises(ValueError, match=r"moves on by 0.01 a day, and the largest probability is 0.02"):
        check_rotation(np.array([0.02]), 0.01, 3)
