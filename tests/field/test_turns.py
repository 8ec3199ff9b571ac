"""Turns among campaigns: by weight, to within one unit of each, however the batches fall; nobody starves."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from survey.field.turns import Served, Turns

WEIGHTS = st.lists(st.floats(0.2, 5), min_size=2, max_size=5)
BATCHES = st.lists(st.integers(1, 9), min_size=1, max_size=60)


def hand_over(turns: Turns, weights: list[float], waiting: set[int], n: int) -> list[int]:
    """A batch as CLAIM_DUE orders it, all of `waiting` having people without end."""
    order = sorted((turns.of(c, k, weights[c]), c) for c in waiting for k in range(n))
    batch = [campaign for _, campaign in order[:n]]
    turns.serve(Served(campaign, weights[campaign]) for campaign in batch)
    return batch


@given(WEIGHTS, BATCHES)
def test_what_two_campaigns_got_over_their_weights_differs_by_less_than_one_of_each(
    weights: list[float], batches: list[int]
) -> None:
    turns, got = Turns(), [0] * len(weights)
    for n in batches:
        for campaign in hand_over(turns, weights, set(range(len(weights))), n):
            got[campaign] += 1
        for a in range(len(weights)):
            for b in range(a):
                apart = abs(got[a] / weights[a] - got[b] / weights[b])
                assert apart <= 1 / weights[a] + 1 / weights[b] + 1e-6


def test_one_at_a_time_goes_round() -> None:
    turns = Turns()
    assert [hand_over(turns, [2.0, 1.0], {0, 1}, 1)[0] for _ in range(9)] == [0, 1, 0, 0, 1, 0, 0, 1, 0]


@given(BATCHES)
def test_who_comes_later_has_no_claim_on_what_went_before(batches: list[int]) -> None:
    turns, weights = Turns(), [1.0, 1.0]
    for n in batches:
        hand_over(turns, weights, {0}, n)
    got = [hand_over(turns, weights, {0, 1}, 1)[0] for _ in range(20)]
    assert 9 <= got.count(1) <= 11


def test_what_goes_before_all_turns_is_counted_and_moves_no_turn() -> None:
    turns = Turns(now=5.0, passed={1: 5.0})
    turns.serve([Served(1, 1.0, in_turn=False)] * 3)
    assert (turns.now, turns.passed) == (5.0, {1: 8.0})
