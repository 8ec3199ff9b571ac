"""Trailing windows over daily estimates, reckoned by hand."""

from __future__ import annotations

import numpy as np
import pytest

from survey.statistics.trailing import trailing, window_changes

NAN = float("nan")


def test_a_window_is_the_mean_of_its_days_with_their_errors() -> None:
    found = trailing([0.8, 0.9, NAN, 0.7], [0.03, 0.04, NAN, 0.05], 3)
    assert found.estimate == pytest.approx([0.8, 0.85, 0.85, 0.8])
    assert found.se == pytest.approx([0.03, 0.025, 0.025, np.sqrt(0.0041) / 2])
    assert (found.days.tolist(), found.effective_days.tolist()) == ([1, 2, 2, 2], [1, 2, 2, 2])


def test_by_their_answers_days_weigh_unequally_and_the_window_is_worth_less() -> None:
    found = trailing([[0.8], [0.9]], [[0.03], [0.04]], 7, size=[[30], [10]])
    assert found.estimate[1, 0] == pytest.approx(0.825)
    assert found.se[1, 0] == pytest.approx(np.hypot(0.75 * 0.03, 0.25 * 0.04))
    assert found.effective_days[1, 0] == pytest.approx(1.6)


def test_an_empty_window_has_no_figure() -> None:
    found = trailing([NAN, NAN, 0.9], [NAN, NAN, 0.1], 2)
    assert np.isnan(found.estimate).tolist() == [True, True, False]
    assert found.days.tolist() == [0, 0, 1]


def test_days_in_both_windows_cancel() -> None:
    days, se = [0.80, 0.82, 0.84, 0.86], [0.1] * 4
    apart, error = window_changes(days, se, 2, 2)
    assert (apart[3], error[3]) == pytest.approx((0.04, 0.1))
    overlapping, less = window_changes(days, se, 3, 1)
    assert (overlapping[3], less[3]) == pytest.approx((0.02, np.sqrt(2) * 0.1 / 3))
    assert np.isnan(overlapping[0])


def test_the_error_of_a_change_is_what_repetition_shows() -> None:
    dice = np.random.default_rng(2)
    days = dice.standard_normal((28, 20_000))
    found, error = window_changes(days, np.ones(days.shape), 7, 3)
    assert error[-1, 0] == pytest.approx(np.std(found[-1]), rel=0.02)


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="choose 1 or more"):
        trailing([0.5], [0.1], 0)
    with pytest.raises(ValueError, match="negative"):
        trailing([0.5], [-0.1], 7)
    with pytest.raises(ValueError, match="differ"):
        trailing([0.5], [0.1, 0.1], 7)
