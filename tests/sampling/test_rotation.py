"""The circle (statistics.md §2 (a)): a full turn meets everybody once, births come in at their own place."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.sampling.draw import Frame, draw

N = 60


def people(prn: np.ndarray) -> Frame:
    return Frame(np.repeat("柳河", len(prn)), prn, np.arange(len(prn)))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 17), st.floats(0, 1, exclude_max=True))
def test_a_full_turn_meets_everybody_once(seed: int, n: int, start: float) -> None:
    frame = people(np.random.default_rng(seed).random(N))
    pointer: dict[str, float] = {"柳河": start}
    met: list[int] = []
    while len(met) < N:
        taken = draw(frame, {"柳河": min(n, N - len(met))}, pointer)
        met += taken.index.tolist()
        pointer = taken.pointer
    assert sorted(met) == list(range(N))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 15))
def test_nobody_is_met_again_within_the_cooling_off(seed: int, n: int) -> None:
    """n a day out of N: N // n days are guaranteed, also while people move in."""
    dice = np.random.default_rng(seed)
    prn = dice.random(N)
    days, pointer = N // n, {"柳河": 0.0}
    last: dict[int, int] = {}
    for day in range(4 * days):
        taken = draw(people(prn), {"柳河": n}, pointer)
        for who in taken.index.tolist():
            assert day - last.get(who, -days) >= days
            last[who] = day
        pointer = taken.pointer
        prn = np.append(prn, dice.random(1))  # somebody moves in; their place is their own


def test_each_has_the_same_chance_wherever_the_pointer_stands() -> None:
    """20,000 populations: every unit is drawn with probability n / N = .2, standard error .0028."""
    hits = np.zeros(10)
    dice = np.random.default_rng(3)
    for prn in dice.random((20_000, 10)):
        hits[draw(people(prn), {"柳河": 2}, 0.37).index] += 1
    assert np.all(np.abs(hits / 20_000 - 0.2) < 5 * np.sqrt(0.2 * 0.8 / 20_000))
