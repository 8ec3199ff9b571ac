"""The safety rate and the three readings of satisfaction."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.statistics.intervals import clopper_pearson, korn_graubard
from survey.statistics.proportions import Estimate, safety_rate
from survey.statistics.satisfaction import Satisfaction, satisfaction

ANSWERS = st.lists(st.sampled_from(["1", "2", "3", "4", "dk", "refused", None]), max_size=60)


def test_the_safety_rate_of_a_hundred_residents() -> None:
    codes = ["1"] * 50 + ["2"] * 43 + ["3"] * 5 + ["4"] * 2 + ["dk", "refused", "no_answer", None]
    low, high = clopper_pearson(0.93, 100)
    assert safety_rate(codes) == Estimate(0.93, low, high, 100, 4)


def test_without_a_valid_answer_there_is_no_rate() -> None:
    assert safety_rate([]) == Estimate(None, None, None, 0, 0)
    assert safety_rate(["dk", None]) == Estimate(None, None, None, 0, 2)


def test_when_everybody_is_safe_the_interval_still_has_a_width() -> None:
    every = safety_rate(["1"] * 40)
    assert (every.estimate, every.high) == (1.0, 1.0)
    assert every.low == pytest.approx(0.025 ** (1 / 40))


def test_weights_move_the_rate_and_widen_the_interval() -> None:
    codes = ["1"] * 80 + ["3"] * 20
    plain, weighted = safety_rate(codes), safety_rate(codes, [1.0] * 80 + [3.0] * 20)
    assert weighted.estimate == pytest.approx(80 / 140)
    # influence z = w (y - p) / Σw: 80 of (60/140)/140 and 20 of 3 (-80/140)/140
    variance = (80 * (60 / 140) ** 2 + 20 * (3 * 80 / 140) ** 2) / 140**2 * 100 / 99
    assert (weighted.low, weighted.high) == pytest.approx(korn_graubard(80 / 140, 100, variance=variance))
    assert plain.low and plain.high and weighted.low and weighted.high
    assert weighted.high - weighted.low > plain.high - plain.low


def test_at_an_edge_unequal_weights_still_widen_it() -> None:
    even, uneven = safety_rate(["1"] * 100), safety_rate(["1"] * 100, [1.0, 3.0] * 50)
    assert even.low and uneven.low and uneven.low < even.low
    assert uneven.low == pytest.approx(0.025 ** (1 / (100 / 1.25)))  # Kish: 1 + cv² = 1.25


def test_a_code_that_the_question_does_not_have_is_named() -> None:
    with pytest.raises(ValueError, match=r"codes \['5'\] are neither valid"):
        safety_rate(["1", "5"])


@given(ANSWERS)
def test_missing_answers_move_nothing_but_their_own_count(codes: list[str | None]) -> None:
    with_more = safety_rate([*codes, "dk", None])
    without = safety_rate(codes)
    assert with_more == Estimate(without.estimate, without.low, without.high, without.n, without.missing + 2)


def test_the_police_of_dongguan_in_february_2019() -> None:
    ratings = Satisfaction(satisfied=6554, basically=731, dissatisfied=496)
    assert ratings.valid == 7781
    readings = [ratings.strict, ratings.half_weight, ratings.broad]
    assert [round(100 * reading, 2) for reading in readings if reading is not None] == [84.23, 88.93, 93.63]


def test_ratings_are_counted_from_codes_and_none_is_no_share() -> None:
    assert satisfaction(["1", "1", "2", "3", "dk", None]) == Satisfaction(2, 1, 1)
    empty = satisfaction(["dk", None])
    assert (empty.strict, empty.half_weight, empty.broad) == (None, None, None)
