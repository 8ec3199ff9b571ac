"""What may be claimed of a change, in which words; and how seldom it is claimed of nothing."""

from __future__ import annotations

import numpy as np
import pytest

from survey.statistics.changes import changes, dashboard_says_improved, probability_improved, welch_df

SE = 0.01 / np.sqrt(2)


def test_claims_and_the_words_for_them() -> None:
    found = changes(
        [[0.80, 0.90], [0.70, 0.10]],
        SE,
        [[0.85, 0.91], [0.66, 0.05]],
        SE,
        higher_is_better=[[True, True], [True, False]],
    )
    assert found.verdict.tolist() == [["improved", "no_evidence"], ["worsened", "improved"]]
    assert found.claims == 3
    assert found.words(0, 1).model_dump() == {"zh": "没有变化的证据", "en": "no evidence of change"}
    assert found.words(1, 0).model_dump() == {"zh": "有下降", "en": "worsened"}
    assert (found.low[0, 0], found.high[0, 0]) == pytest.approx((0.05 - 0.0196, 0.05 + 0.0196), abs=1e-5)


def test_one_test_alone_would_claim_what_forty_do_not() -> None:
    alone = changes([0.8], [SE], [0.823], [SE])
    among = changes([0.8] * 40, SE, [0.823] + [0.8] * 39, SE)
    assert (alone.claims, among.claims) == (1, 0)
    assert among.p[0] == alone.p[0]


def test_weights_keep_the_few_that_matter_from_being_drowned_by_the_many() -> None:
    """Twenty tests that share half of what may be claimed, beside 230 that share the other half."""
    after = np.array([0.834, *[0.8] * 249])
    weights = np.repeat([1 / 20, 1 / 230], [20, 230])
    assert changes(0.8, SE, after, SE).claims == 0
    assert changes(0.8, SE, after, SE, weights=weights).verdict[0] == "improved"
    scaled = changes(0.8, SE, after, SE, weights=7 * weights)
    assert scaled.q == pytest.approx(changes(0.8, SE, after, SE, weights=weights).q)
    assert changes(0.8, SE, after, SE, weights=3.0).q == pytest.approx(changes(0.8, SE, after, SE).q)
    with pytest.raises(ValueError, match="weight"):
        changes(0.8, SE, after, SE, weights=0.0)


def test_with_weights_too_nothing_is_claimed_in_most_documents_without_any_change() -> None:
    dice = np.random.default_rng(4)
    weights = np.repeat([1 / 20, 1 / 230], [20, 230])
    claimed = [
        changes(0.8, SE, 0.8 + 0.01 * dice.standard_normal(250), SE, weights=weights).claims > 0
        for _ in range(1000)
    ]
    assert 0.02 <= np.mean(claimed) <= 0.055


def test_what_is_missing_is_no_claim_and_no_member_of_the_family() -> None:
    found = changes([0.8, np.nan, 0.8], SE, [0.823, 0.5, np.nan], [SE, SE, np.nan])
    assert found.verdict.tolist() == ["improved", "no_evidence", "no_evidence"]
    assert found.q[0] == found.p[0]
    assert np.isnan(probability_improved([np.nan], SE, [0.5], SE)).all()


def test_windows_that_share_answers_have_a_covariance() -> None:
    assert changes(0.8, 0.1, 0.9, 0.1, covariance=0.0095).se == pytest.approx(0.001**0.5)
    with pytest.raises(ValueError, match="covariance"):
        changes(0.8, 0.1, 0.9, 0.1, covariance=0.02)
    with pytest.raises(ValueError, match="negative"):
        changes(0.8, -0.1, 0.9, 0.1)


def test_the_probability_of_a_better_value() -> None:
    assert probability_improved(0.8, SE, [0.8, 0.8165, 0.79], SE) == pytest.approx(
        [0.5, 0.9505, 0.1587], abs=1e-4
    )
    assert probability_improved(0.2, SE, 0.19, SE, higher_is_better=False) == pytest.approx(0.8413, abs=1e-4)
    assert probability_improved(0.8, 0, [0.8, 0.9], 0).tolist() == [0.5, 1.0]
    assert dashboard_says_improved([0.949, 0.95]).tolist() == [False, True]
    assert welch_df(1, 10, 1, 10) == pytest.approx(20)
    assert probability_improved(0, 1, 2, 0, df=10) == pytest.approx(0.9633, abs=1e-4)  # t of 10 below 2
