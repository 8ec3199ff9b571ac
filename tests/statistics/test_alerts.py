"""Alerts: what a day is held against, when a chart signals, and which limit goes with how many areas."""

from __future__ import annotations

import numpy as np
import pytest

from survey.statistics.alert_policy import alert_policy
from survey.statistics.alerts import cusum, ewma, standardised
from survey.statistics.share_scale import angles, are_shares, shares_of

NAN = float("nan")


def days(values: list[float]) -> np.ndarray:
    return np.array(values)[:, None]


def test_a_day_is_held_against_three_weeks_that_ended_a_week_before() -> None:
    past = [1.0, 3.0] * 10 + [2.0]  # 21 days: mean 2, more restless than their sampling
    found = standardised(days([*past, *[50.0] * 7, 5.0]), days([0.5] * 29))
    assert np.isnan(found.z[:28]).all()
    assert found.expected[28, 0] == pytest.approx(2.0, abs=0.4)
    assert found.beyond[28, 0] > 0.5  # sampling alone would be 0.5
    calm = standardised(days([2.0] * 28 + [5.0]), days([0.5] * 29))
    # z = (5 - 2) / √(.25 + .25 / 21)
    assert (calm.expected[28, 0], calm.beyond[28, 0]) == (2.0, 0.0)
    assert calm.z[28, 0] == pytest.approx(3 / np.sqrt(0.25 * (1 + 1 / 21)))


def test_a_weekday_that_is_always_lower_is_no_alarm() -> None:
    week = [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, -10.0]
    found = standardised(days(week * 6), days([1.0] * 42))
    assert np.abs(found.z[28:, 0]).max() < 1.0
    assert found.expected[34, 0] == pytest.approx(-10, abs=0.2)
    restless = np.random.default_rng(1).standard_normal(42)
    alike = standardised(days(list(restless)), days([1.0] * 42))
    assert (
        np.abs(alike.expected[28:, 0]).max() < 0.8
    )  # weekdays that differ by chance are drawn in to their mean


def test_a_day_of_one_mind_is_not_believed_to_be_exact_and_a_short_past_is_no_past() -> None:
    flat = standardised(days([2.0] * 28 + [1.0]), days([0.5] * 28 + [0.0]))
    assert flat.z[28, 0] == pytest.approx(-1 / np.sqrt(0.125 + 0.25 / 21))
    short = standardised(days([NAN] * 14 + [2.0] * 14 + [1.0]), days([0.5] * 29))
    assert np.isnan(short.z).all()


def test_a_lower_cusum_by_hand_begins_anew_after_a_signal() -> None:
    chart = cusum(days([-2.0, -2.0, NAN, -2.0, 1.0, -1.0]), 0.5, 4.0)
    assert chart.statistic[:, 0].tolist() == [1.5, 3.0, 3.0, 4.5, 0.0, 0.5]
    assert chart.signal[:, 0].tolist() == [0, 0, 0, -1, 0, 0]


def test_an_ewma_by_hand_looks_both_ways() -> None:
    chart = ewma(days([4.0, -1.0, -6.0]), 0.5, 2.5)
    assert chart.statistic[:, 0].tolist() == [2.0, -0.5, -3.25]
    assert chart.limit[:, 0] == pytest.approx([1.25, 1.25, 2.5 * np.sqrt(1 / 3 * (1 - 0.5**4))])
    assert chart.signal[:, 0].tolist() == [1, 0, -1]


def test_shares_are_looked_at_on_a_scale_on_which_their_error_is_their_size() -> None:
    angle, error = angles([[0.9], [1.0], [0.8]], [[0.03], [0.0], [0.04]])
    assert error[:, 0] == pytest.approx(
        [0.05] * 3
    )  # 100 answers each; of one mind: the middle size of the others
    assert shares_of(angle)[:, 0] == pytest.approx([0.9, 1.0, 0.8])
    assert np.isnan(angles([[1.0]], [[0.0]])[1]).all()
    assert (are_shares([0.2, NAN]), are_shares([85.0]), are_shares([NAN])) == (True, False, False)


def test_the_limit_follows_from_how_many_areas_are_watched() -> None:
    rules = alert_policy().cusum
    assert rules.for_days(301) == (5.0, 301)
    limit, promised = rules.for_days(400)
    assert (5.0 < limit < 6.0, promised) == (True, 400)
    assert rules.for_days(5) == (rules.rows[0].limit, rules.rows[0].arl0)
    assert rules.for_days(1e9) == (rules.rows[-1].limit, rules.rows[-1].arl0)


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="days x areas"):
        standardised([1.0], [1.0])
    with pytest.raises(ValueError, match="negative"):
        standardised([[1.0]], [[-1.0]])
