"""Ranks with their confidence, held against the definitions written out pair by pair."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.statistics.rank_chances import rank_chances
from survey.statistics.ranks import rank_sets, ranks_of
from survey.statistics.tiers import tiers

COUNTIES = [0.93, 0.90, 0.90, 0.84, 0.70]
ERRORS = [0.01, 0.01, 0.015, 0.01, 0.02]
figures = st.lists(
    st.tuples(st.integers(0, 20).map(lambda n: n / 20), st.integers(1, 8).map(lambda n: n / 100)),
    min_size=1,
    max_size=12,
)


def test_five_counties() -> None:
    found = rank_sets(COUNTIES, ERRORS, "holm")
    assert found.rank.tolist() == [1, 2, 2, 4, 5]  # ties share
    assert list(zip(found.best.tolist(), found.worst.tolist(), strict=True)) == [
        (1, 3),
        (1, 3),
        (1, 3),
        (4, 4),
        (5, 5),
    ]
    joint = rank_sets(COUNTIES, ERRORS, "kww")
    assert list(zip(joint.best.tolist(), joint.worst.tolist(), strict=True)) == [
        (1, 3),
        (1, 3),
        (1, 4),
        (3, 4),
        (5, 5),
    ]


@given(figures)
def test_joint_intervals_pair_by_pair(areas: list[tuple[float, float]]) -> None:
    """best = 1 + #{lo_j > hi_i}, worst = K - #{hi_j < lo_i}, intervals of level^(1/K) (statistics.md §3.5)."""
    count = len(areas)
    z = NormalDist().inv_cdf(1 - (1 - 0.95 ** (1 / count)) / 2)
    limits = [(value - z * se, value + z * se) for value, se in areas]
    found = rank_sets([a for a, _ in areas], [s for _, s in areas], "kww")
    assert found.best.tolist() == [1 + sum(lo > limits[i][1] for lo, _ in limits) for i in range(count)]
    assert found.worst.tolist() == [count - sum(hi < limits[i][0] for _, hi in limits) for i in range(count)]


@given(figures)
def test_all_pairs_step_down(areas: list[tuple[float, float]]) -> None:
    count = len(areas)
    pairs = sorted(
        (2 * NormalDist().cdf(-abs(a - b) / (s * s + t * t) ** 0.5), i, j)
        for i, (a, s) in enumerate(areas) for j, (b, t) in enumerate(areas) if i < j
    )  # fmt: skip
    best, worst = [1] * count, [count] * count
    for place, (p, i, j) in enumerate(pairs):
        if p > 0.05 / (len(pairs) - place):
            break
        lower, higher = (i, j) if areas[i][0] < areas[j][0] else (j, i)
        best[lower] += 1
        worst[higher] -= 1
    found = rank_sets([a for a, _ in areas], [s for _, s in areas], "holm")
    assert (found.best.tolist(), found.worst.tolist()) == (best, worst)
    assert all(found.best <= found.rank) and all(found.rank <= found.worst)


def test_areas_that_share_their_calibration_are_told_apart_sooner() -> None:
    shared = np.full((2, 2), 0.0099) + np.eye(2) * 0.0001
    assert rank_sets([0.6, 0.5], [0.1, 0.1]).worst.tolist() == [2, 2]
    assert rank_sets([0.6, 0.5], [0.1, 0.1], covariance=shared).worst.tolist() == [1, 2]
    assert rank_sets([0.6, 0.5, 0.5], [0, 0, 0]).best.tolist() == [1, 2, 2]


def test_figures_that_make_no_sense_are_refused() -> None:
    for values, errors, level in (
        ([0.1], [-0.1], 0.95),
        ([np.nan], [0.1], 0.95),
        ([0.1, 0.2], [0.1], 0.95),
        ([0.1], [0.1], 1.0),
    ):
        with pytest.raises(ValueError, match="ranks"):
            rank_sets(values, errors, level=level)
    with pytest.raises(ValueError, match="negative variance"):
        rank_sets([0.1, 0.2], [1, 1], covariance=[[1, 2], [2, 1]])


def test_ranks_of_many_draws() -> None:
    assert ranks_of([[3, 1, 2], [5, 5, 1]]).tolist() == [[1, 3, 2], [1, 1, 3]]


def test_what_chance_does_to_ranks() -> None:
    alike = rank_chances([0.8] * 9 + [0.801], [0.02] * 10, 3, np.random.default_rng(1))
    assert alike.top == pytest.approx([0.3] * 10, abs=0.03)
    assert alike.moves.tolist()[-1] == 9  # first by a hair: next time it may be the last
    apart = rank_chances([0.9, 0.8, 0.7, 0.6], [0.005] * 4, 1, np.random.default_rng(1))
    assert (apart.top.tolist(), apart.moves.tolist()) == ([1.0, 0.0, 0.0, 0.0], [0, 0, 0, 0])
    assert apart.mean_rank.tolist() == [1, 2, 3, 4]
    with pytest.raises(ValueError, match="the first 5 of 4"):
        rank_chances([0.9, 0.8, 0.7, 0.6], [0.005] * 4, 5, np.random.default_rng(1))


def test_tiers_beside_the_mean() -> None:
    found = tiers(COUNTIES, ERRORS)
    assert found.mean == pytest.approx(0.854)
    assert found.tier.tolist() == ["above", "above", "above", "not_distinguishable", "below"]
    # an area is part of the mean: Var(y1 - ȳ) = (4/5)² s1² + Σ s_j² / 25
    assert found.se[0] ** 2 == pytest.approx(0.64 * 1e-4 + (1e-4 + 2.25e-4 + 1e-4 + 4e-4) / 25)
    assert tiers([0.5], [0.1]).tier.tolist() == ["not_distinguishable"]


def test_where_nothing_changed_the_next_rank_is_as_near_as_is_said() -> None:
    """150 rounds of 12 areas whose true values differ by as much as their errors: 19 moves in 20 at least are within what is
    said, and what is said is not far more than that."""
    dice = np.random.default_rng(3)
    within = []
    for _ in range(150):
        truth = dice.standard_normal(12)
        now, then = truth + dice.standard_normal(12), truth + dice.standard_normal(12)
        said = rank_chances(now, [1.0] * 12, 3, dice, draws=300).moves
        within.append(np.abs(ranks_of(then) - ranks_of(now)) <= said)
    assert 0.95 <= np.mean(within) <= 0.98


def test_the_first_by_a_hair_is_first_no_more_often_than_its_truth_may_be() -> None:
    """Errors as large as the spread: the true value of the highest estimate is drawn in to the mean."""
    values = [3.0, *np.linspace(-1, 1, 9)]
    chances = rank_chances(values, [0.9] * 10, 1, np.random.default_rng(5))
    assert 0.4 < chances.top[0] < 0.6  # drawn around the raw estimates it would be .88
    assert chances.top.sum() == pytest.approx(1.0)
    assert chances.bottom[0] < 0.01
