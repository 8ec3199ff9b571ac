"""The rule of the stars: points and their limits, when a star moves, what a sanction does.

domain.md gives no vectors for stars (T8); those of R53 and R54 are here: five and seven stars, up and down, a veto drops to 0.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from followup.assessment.star_policy import Level, StarPolicy, packaged_stars, star_policy
from followup.assessment.stars import Known, Standing, nearest, points, standing, stars_of
from survey.statistics.mover import Side

POLICY = star_policy()
PARTS = {
    "safety_rate": Side(0.94, 0.90, 0.97),
    "solved_strict": Side(0.80, 0.72, 0.86),
    "satisfaction_half": Side(0.85, 0.80, 0.89),
    "answered_in_time": Side(0.90, 0.84, 0.94),
}
LEVELS = st.sampled_from(["township", "village"])
SANCTIONS = st.lists(st.sampled_from(list(POLICY.sanctions)), unique=True)


def place(level: Level = "township", **facts: Any) -> Standing:
    """A township of three stars whose 80 points are those of three stars, but for what is said otherwise."""
    usual: dict[str, Any] = {"held": 3, "start": 3, "points": Side(80.0, 74.0, 85.0), "evidence": 0}
    return standing(Known(level, **{**usual, **facts}), POLICY)


def test_points_are_the_weighted_parts_and_their_errors_of_other_people_are_independent() -> None:
    """0.3·94 + 0.3·80 + 0.2·85 + 0.2·90 = 87.2; down: of the survey 1.2, of cases 2.4 + 1.0 + 1.2 = 4.6, √(1.2² + 4.6²)."""
    found = points(PARTS, POLICY)
    assert found is not None
    assert [round(one, 2) for one in found] == [87.2, 82.45, 90.72]


@pytest.mark.parametrize("missing", list(PARTS))
def test_without_one_part_there_are_no_points(missing: str) -> None:
    assert points({**PARTS, missing: None}, POLICY) is None
    assert points({name: side for name, side in PARTS.items() if name != missing}, POLICY) is None


@pytest.mark.parametrize(
    ("level", "value", "stars"),
    [
        ("township", 0.0, 0), ("township", 54.99, 0), ("township", 55.0, 1), ("township", 84.99, 3), ("township", 84.996, 4),
        ("township", 92.0, 5), ("township", 100.0, 5), ("village", 49.9, 0), ("village", 74.0, 4), ("village", 94.0, 7),
    ],
)  # fmt: skip
def test_a_township_has_five_stars_and_a_village_seven(level: Level, value: float, stars: int) -> None:
    assert stars_of(value, level, POLICY) == stars


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, Standing(3, 0, "yellow", "stays")),
        ({"points": Side(88.0, 82.0, 92.0)}, Standing(3, 0, "yellow", "chance")),
        ({"points": Side(96.0, 93.0, 98.0), "evidence": 1}, Standing(4, 1, "red", "rose")),
        ({"points": Side(50.0, 44.0, 56.0), "evidence": -1}, Standing(2, -1, "yellow", "fell")),
        ({"held": 5, "points": Side(99.0, 97.0, 100.0)}, Standing(5, 0, "red", "stays")),
        ({"held": None}, Standing(3, None, "yellow", "first")),
        (
            {"held": None, "points": Side(96.0, 93.0, 98.0), "evidence": 1},
            Standing(4, None, "red", "first_above"),
        ),
        (
            {"held": None, "points": Side(50.0, 44.0, 56.0), "evidence": -1},
            Standing(2, None, "yellow", "first_below"),
        ),
        ({"points": None}, Standing(3, 0, "yellow", "carried")),
        ({"held": None, "points": None}, Standing(None, None, None, "too_few")),
        ({"held": None, "start": None}, Standing(None, None, None, "too_few")),
    ],
)
def test_a_star_moves_by_evidence_alone_and_by_one(facts: dict[str, Any], expected: Standing) -> None:
    assert place(**facts) == expected


UP = {"points": Side(96.0, 93.0, 98.0), "evidence": 1}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"sanctions": ["veto"]}, Standing(0, -3, "black", "sanction")),
        ({"sanctions": ["veto"], "held": None, "points": None}, Standing(0, None, "black", "sanction")),
        ({"sanctions": ["veto"], "held": 0, **UP}, Standing(0, 0, "black", "barred")),
        ({"sanctions": ["key_management"]}, Standing(2, -1, "yellow", "sanction")),
        ({"sanctions": ["key_management"], "held": None, "points": None}, Standing(None, None, "yellow", "too_few")),
        ({"sanctions": ["yellow_card"]}, Standing(3, 0, "yellow", "stays")),
        ({"sanctions": ["yellow_card"], **UP}, Standing(3, 0, "yellow", "barred")),
        ({"sanctions": ["yellow_card"], "held": 5}, Standing(5, 0, "yellow", "chance")),
        ({"sanctions": ["yellow_card", "veto"], **UP}, Standing(0, -3, "black", "sanction")),
        ({"held": 0, **UP}, Standing(1, 1, "black", "rose")),
    ],
)  # fmt: skip
def test_a_veto_drops_to_none_and_what_was_lost_comes_back_step_by_step(
    facts: dict[str, Any], expected: Standing
) -> None:
    assert place(**facts) == expected


def test_a_village_under_key_management_keeps_three_of_its_seven() -> None:
    assert place("village", held=6, sanctions=["key_management"]) == Standing(3, -3, "yellow", "sanction")


@given(LEVELS, st.integers(0, 7), st.floats(0, 100), SANCTIONS)
def test_without_evidence_no_star_moves_but_by_a_sanction(
    level: Level, held: int, value: float, sanctions: list[str]
) -> None:
    held = min(held, POLICY.levels[level].most)
    found = place(level, held=held, points=Side(value, value, value), sanctions=sanctions)
    assert found.moved == 0 or (found.reason == "sanction" and found.moved is not None and found.moved < 0)


@given(LEVELS, st.integers(0, 7), st.floats(0, 100), st.sampled_from([-1, 0, 1]), SANCTIONS)
def test_a_star_is_never_gained_under_a_sanction_and_never_more_than_one_at_a_time(
    level: Level, held: int, value: float, evidence: int, sanctions: list[str]
) -> None:
    most = POLICY.levels[level].most
    held = min(held, most)
    found = place(level, held=held, points=Side(value, value, value), evidence=evidence, sanctions=sanctions)
    assert found.stars is not None and found.moved is not None
    assert 0 <= found.stars <= most
    assert found.moved <= (0 if sanctions else 1)
    assert found.moved >= -1 or found.reason == "sanction"


@given(LEVELS, st.integers(0, 7), st.floats(0, 100))
def test_the_nearest_points_of_a_band_are_those_themselves_inside_of_it(
    level: Level, held: int, value: float
) -> None:
    held = min(held, POLICY.levels[level].most)
    edge = nearest(value, held, level, POLICY)
    if value < 99.99 and stars_of(value, level, POLICY) == held == stars_of(value - 0.01, level, POLICY):
        assert edge == value
    steps = (0.0, *POLICY.levels[level].from_, 100.0)
    assert steps[held] <= edge <= steps[held + 1]


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"parts": {"survey": {"safety_rate": 0.5}, "cases": {"solved_strict": 0.5}}}, "more than the 0.4 it may"),
        ({"parts": {"survey": {"safety_rate": 0.3}, "cases": {"solved_strict": 0.5}}}, "must come to 1"),
        ({"levels": {"township": {"months": 3, "from": [60, 55], "colours": {"red": 1, "black": 0}}}}, "must rise"),
        ({"levels": {"township": {"months": 3, "from": [55], "colours": {"red": 2, "black": 0}}}}, "end at 1 stars"),
        ({"shares": {"county": 1.0}}, "must be those of changes.township, changes.village, county"),
    ],
)  # fmt: skip
def test_a_policy_that_contradicts_itself_is_refused(changed: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        StarPolicy.model_validate({**packaged_stars().body, **changed})
