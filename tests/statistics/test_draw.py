"""The stratified draw on a circle of permanent random numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.sampling.allocation import allocate
from survey.sampling.draw import Frame, draw

TOWNS = {"991721101": 6, "991721102": 3, "991721103": 1}


def frame(*units: tuple[str, float, int]) -> Frame:
    strata, prns, ids = zip(*units, strict=True)
    return Frame(np.array(strata), np.array(prns), np.array(ids))


SUILAN = frame(
    ("t1", 0.9, 10), ("t1", 0.1, 11), ("t2", 0.5, 20), ("t1", 0.4, 12), ("t2", 0.2, 21), ("t1", 0.6, 13)
)


def test_the_next_units_clockwise_from_the_pointer() -> None:
    drawn = draw(SUILAN, {"t1": 3, "t2": 1}, {"t1": 0.5, "t2": 0.3})
    assert SUILAN.unit[drawn.index].tolist() == [13, 10, 11, 20]  # .6, .9 and round to .1; then .5
    assert drawn.probability.tolist() == [0.75, 0.75, 0.75, 0.5]
    assert drawn.base_weight.tolist() == pytest.approx([4 / 3, 4 / 3, 4 / 3, 2.0])
    assert drawn.pointer == {"t1": np.nextafter(0.1, 1), "t2": np.nextafter(0.5, 1)}


def test_the_next_day_goes_on_where_the_day_before_ended() -> None:
    days, pointer = [], {"t1": 0.0, "t2": 0.0}
    for _ in range(3):
        drawn = draw(SUILAN, {"t1": 2}, pointer)
        pointer = drawn.pointer
        days.append(SUILAN.unit[drawn.index].tolist())
    assert days == [[11, 12], [13, 10], [11, 12]]


def test_equal_numbers_are_ordered_by_identity() -> None:
    twins = frame(("t1", 0.5, 2), ("t1", 0.5, 1))
    assert twins.unit[draw(twins, {"t1": 2}).index].tolist() == [1, 2]


@pytest.mark.parametrize(
    ("n_by_stratum", "message"),
    [
        ({"t1": 5}, "5 units asked of stratum t1, which has 4"),
        ({"t9": 1}, "1 units asked of stratum t9, which has 0"),
    ],
)
def test_more_than_there_are(n_by_stratum: dict[str, int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        draw(SUILAN, n_by_stratum)


def test_a_frame_with_a_double_or_a_number_off_the_circle_is_refused() -> None:
    with pytest.raises(ValueError, match="listed twice"):
        frame(("t1", 0.1, 1), ("t1", 0.2, 1))
    with pytest.raises(ValueError, match=r"outside \[0, 1\)"):
        frame(("t1", 1.0, 1))


@pytest.mark.parametrize(
    ("n", "shares"),
    [(10, [6, 3, 1]), (5, [3, 2, 0]), (4, [3, 1, 0]), (3, [2, 1, 0]), (1, [1, 0, 0]), (0, [0, 0, 0])],
)
def test_proportional_allocation_by_largest_remainder(n: int, shares: list[int]) -> None:
    assert list(allocate(TOWNS, n).values()) == shares


def test_equal_remainders_go_by_code() -> None:
    assert allocate({"b": 5, "a": 5, "c": 5}, 4) == {"b": 1, "a": 2, "c": 1}


@given(st.dictionaries(st.text("ab12", min_size=1, max_size=3), st.integers(0, 300), max_size=12), st.data())
def test_an_allocation_sums_to_n_and_fits(sizes: dict[str, int], data: st.DataObject) -> None:
    n = data.draw(st.integers(0, sum(sizes.values())))
    shares = allocate(sizes, n)
    assert sum(shares.values()) == n
    assert all(0 <= shares[code] <= size for code, size in sizes.items())
    assert all(abs(shares[code] - n * size / sum(sizes.values())) < 1 for code, size in sizes.items() if size)


@given(
    st.lists(
        st.tuples(st.sampled_from(["t1", "t2", "t3"]), st.floats(0, 1, exclude_max=True)),
        min_size=1,
        max_size=40,
    ),
    st.floats(0, 1, exclude_max=True),
    st.data(),
)
def test_a_draw_takes_each_at_most_once_and_represents_its_stratum(
    places: list[tuple[str, float]], start: float, data: st.DataObject
) -> None:
    people = frame(*((town, prn, unit) for unit, (town, prn) in enumerate(places)))
    sizes = {town: sum(place[0] == town for place in places) for town in {place[0] for place in places}}
    wanted = {town: data.draw(st.integers(0, size)) for town, size in sizes.items()}
    drawn = draw(people, wanted, start)
    assert len(set(drawn.index.tolist())) == len(drawn.index) == sum(wanted.values())
    for town, n in wanted.items():
        weights = drawn.base_weight[people.stratum[drawn.index] == town]
        assert len(weights) == n
        assert n == 0 or weights.sum() == pytest.approx(sizes[town])
    shuffled = data.draw(st.permutations(range(len(places))))
    same = frame(*((places[unit][0], places[unit][1], unit) for unit in shuffled))
    assert set(same.unit[draw(same, wanted, start).index].tolist()) == set(drawn.index.tolist())
