"""Random-digit frames, and how many interviews a precision needs."""

from __future__ import annotations

import pytest

from survey.sampling.random_digits import random_digits
from survey.sampling.replicates import in_replicates
from survey.sampling.sample_size import (
    Area,
    Field,
    achieved_margin,
    design_effect,
    interviews_needed,
    plan_area,
    wilson_needed,
)


def test_numbers_are_different_of_listed_blocks_and_the_same_for_the_same_seed() -> None:
    drawn = random_digits(["1540001", "1540002"], 11, 500, seed=1)
    assert len(set(drawn.numbers)) == 500
    assert {number[:10] for number in drawn.numbers} == {"+861540001", "+861540002"}
    assert all(len(number) == 14 for number in drawn.numbers)
    assert drawn == random_digits(["1540002", "1540001"], 11, 500, seed=1)
    assert drawn != random_digits(["1540001", "1540002"], 11, 500, seed=2)
    assert (drawn.probability, drawn.covered) == (500 / 20_000, 20_000)
    firsts = sum(number.startswith("+861540001") for number in drawn.numbers)
    assert abs(firsts - 250) < 60  # five standard errors of a fair half


def test_numbers_that_are_known_are_left_out() -> None:
    known = {f"+861540000000{n}" for n in range(9)}
    drawn = random_digits(["1540000000"], 11, 1, seed=5, known=known)
    assert drawn.numbers == ("+8615400000009",)
    assert (drawn.probability, drawn.covered) == (1.0, 1)
    with pytest.raises(ValueError, match="2 numbers are wanted, and these blocks have 1 left"):
        random_digits(["1540000000"], 11, 2, seed=5, known=known)


def test_blocks_that_overlap_or_are_none_are_refused() -> None:
    with pytest.raises(ValueError, match="block 15400012 lies inside block 1540001"):
        random_digits(["1540001", "15400012"], 11, 1, seed=1)
    with pytest.raises(ValueError, match="'154x' is no block"):
        random_digits(["154x"], 11, 1, seed=1)


def test_replicates_hold_every_stratum_s_share() -> None:
    strata = ["a"] * 60 + ["b"] * 30 + ["c"] * 10
    placed = in_replicates(len(strata), 20)
    for replicate in range(5):
        inside = [s for s, at in zip(strata, placed, strict=True) if at == replicate]
        assert [inside.count(s) for s in "abc"] == [12, 6, 2]


def test_known_sizes() -> None:
    """PracTools' nPropMoe gives 384.146 and 305.987; Wilson's is the third (statistics.md §2)."""
    assert interviews_needed(0.9, 0.03) == pytest.approx(384.146, abs=0.001)
    assert interviews_needed(0.9, 0.03, population=1500) == pytest.approx(305.987, abs=0.001)
    assert wilson_needed(0.95, 0.03) == pytest.approx(214.1, abs=0.1)
    assert design_effect(0.5, 5, 0.1) == pytest.approx(1.25 * 1.4)
    assert achieved_margin(0.9, 384.146) == pytest.approx(0.03, abs=1e-5)


def test_a_township_of_three_hundred_phones_cannot_be_known_to_three_points() -> None:
    plan = plan_area(Area("枣园镇", 300), 0.9, 0.03, Field())
    assert (plan.interviews, plan.release, plan.a_day, plan.days) == (169, 844, 1, None)
    assert plan.margin_of_a_day > 1  # a fifth of an interview a day says nothing


def test_a_larger_one_can_over_a_trailing_window() -> None:
    plan = plan_area(Area("柳河镇", 9000), 0.9, 0.05, Field(), cooling_off_days=180)
    assert (plan.interviews, plan.release, plan.a_day, plan.days) == (137, 682, 50, 14)
    assert not plan.daily_is_enough
    assert plan_area(Area("全县", 500_000), 0.9, 0.03, Field(), cooling_off_days=180).daily_is_enough
