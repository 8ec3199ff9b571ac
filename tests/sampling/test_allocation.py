"""How a sample is split over strata, and what is refused with its reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.sampling.allocation import LEAST_SPREAD, Infeasible, Limits, allocate

TOWNS = {"柳河": 600, "青石": 300, "枣园": 100}


def test_neyman_asks_more_where_people_are_of_more_minds() -> None:
    spread = {"柳河": 0.25, "青石": 0.5, "枣园": 0.5}
    assert allocate(TOWNS, 70, "neyman", spread=spread) == {"柳河": 30, "青石": 30, "枣园": 10}


def test_nowhere_do_people_count_as_of_one_mind() -> None:
    unanimous = {"柳河": 0.0, "青石": LEAST_SPREAD, "枣园": LEAST_SPREAD}
    assert allocate(TOWNS, 100, "neyman", spread=unanimous) == allocate(TOWNS, 100)


def test_power_allocation_lies_between_equal_and_proportional() -> None:
    same = dict.fromkeys(TOWNS, 0.3)
    power = allocate(TOWNS, 100, "power", spread=same)
    assert power == {"柳河": 47, "青石": 34, "枣园": 19}  # √600 : √300 : √100
    assert allocate(TOWNS, 100, "power", spread=same, power=1.0) == allocate(TOWNS, 100)
    assert set(allocate(TOWNS, 99, "power", spread=same, power=0.0).values()) == {33}


def test_what_a_limit_cuts_off_goes_to_the_others() -> None:
    assert allocate(TOWNS, 100, limits=Limits(at_least=30)) == {"柳河": 40, "青石": 30, "枣园": 30}
    assert allocate(TOWNS, 100, limits=Limits(cooling_off_days=10)) == {"柳河": 60, "青石": 30, "枣园": 10}
    assert allocate({"a": 10, "b": 90}, 50, limits=Limits(at_least=8)) == {"a": 8, "b": 42}


def test_a_cooling_off_that_cannot_be_kept_is_refused_with_what_can() -> None:
    with pytest.raises(Infeasible) as refused:
        allocate(TOWNS, 40, limits=Limits(cooling_off_days=30))
    assert str(refused.value) == (
        "allocation: 40 people are wanted, and with 30 days of cooling-off at most 33 of 1000 can be drawn: "
        "枣园 (3 of 100), 柳河 (20 of 600), 青石 (10 of 300). Draw 33, or shorten the cooling-off"
    )
    with pytest.raises(Infeasible, match="3 strata with at least 20 people each need 60, and 50 are wanted"):
        allocate(TOWNS, 50, limits=Limits(at_least=20))


def test_fixed_numbers_are_taken_as_they_are_or_refused() -> None:
    assert allocate(TOWNS, 0, "fixed", fixed={"柳河": 12}) == {"柳河": 12, "青石": 0, "枣园": 0}
    with pytest.raises(Infeasible, match="101 people of stratum 枣园 are wanted, and 100 can be drawn"):
        allocate(TOWNS, 0, "fixed", fixed={"枣园": 101})
    with pytest.raises(ValueError, match="method neyman needs the spread of 枣园, 柳河, 青石"):
        allocate(TOWNS, 10, "neyman")


@given(
    st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(1, 400), min_size=1, max_size=10),
    st.integers(0, 20),
    st.integers(1, 5),
    st.data(),
)
def test_every_method_sums_to_n_inside_its_limits(
    sizes: dict[str, int], at_least: int, days: int, data: st.DataObject
) -> None:
    most = {code: size // days for code, size in sizes.items()}
    low = sum(min(at_least, m) for m in most.values())
    n = data.draw(st.integers(low, sum(most.values())))
    spread = {code: data.draw(st.floats(0.01, 1.0)) for code in sizes}
    for method in ("proportional", "neyman", "power"):
        shares = allocate(sizes, n, method, spread=spread, limits=Limits(at_least, days))  # type: ignore[arg-type]
        assert sum(shares.values()) == n
        assert all(min(at_least, most[code]) <= shares[code] <= most[code] for code in sizes)
