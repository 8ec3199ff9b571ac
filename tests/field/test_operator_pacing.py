"""Calls for operators who are to be connected: nobody is left alone, or no more than the cap, in shifts as the twin's town is."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from heapq import heappop, heappush

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from survey.field.operator_pacing import (
    Lately,
    Today,
    expected_abandoned,
    most_that_answer,
    operator_pacing,
    predictive,
    progressive,
)
from survey.twin.town import town

POLICY = operator_pacing()
CAP = POLICY.abandoned_at_most
LINES = town().lines["list"]
ANSWERS = 1 - sum(LINES.values())
"""Of a town's calls to its list, those that a person answers."""
HOURS = 3
TALK_S, RING_S = 175.0, 12
"""Changzhou 2021: a mean talk of 175 s (peers.md §1)."""


@dataclass
class Shift:
    """What came of a shift."""

    answered: int = 0
    abandoned: int = 0
    talked_s: float = 0.0


def work(mode: str, seed: int, operators: int, rates: tuple[float, ...]) -> Shift:
    """A shift, second by second: calls ring for twelve, then a person answers or nobody does. `rates`: of its equal parts."""
    dice, shift, ringing = np.random.default_rng(seed), Shift(), deque[int]()
    busy, window = list[float](), deque[bool](maxlen=POLICY.window_calls)
    seconds = HOURS * 3600
    for now in range(seconds):
        while busy and busy[0] <= now:
            heappop(busy)
        while ringing and ringing[0] <= now:
            ringing.popleft()
            answers = bool(dice.random() < rates[now * len(rates) // seconds])
            window.append(answers)
            if answers and len(busy) < operators:
                talk = float(dice.exponential(TALK_S))
                heappush(busy, now + talk)
                shift.answered, shift.talked_s = shift.answered + 1, shift.talked_s + talk
            elif answers:
                shift.answered, shift.abandoned = shift.answered + 1, shift.abandoned + 1
        free = operators - len(busy)
        if mode == "progressive":
            placed = progressive(free, len(ringing))
        else:
            today = Today(shift.answered, shift.abandoned)
            placed = predictive(free, len(ringing), Lately(len(window), sum(window)), today)
        ringing.extend([now + RING_S] * placed)
    return shift


@pytest.mark.parametrize("operators", [4, 12])
def test_progressive_calls_leave_nobody_alone(operators: int) -> None:
    assert work("progressive", 1, operators, (ANSWERS,)).abandoned == 0


@pytest.mark.parametrize(
    ("operators", "rates"),
    [
        (4, (ANSWERS,)),  # one is free at a time: there is no room for more
        (12, (ANSWERS,)),
        (12, (ANSWERS / 2, ANSWERS, ANSWERS * 1.5)),  # more people are at home every hour
        (12, (0.1, 0.9)),  # worse than any town: the window is wrong for minutes
    ],
)
def test_predictive_calls_stay_within_the_cap_and_operators_talk_more(
    operators: int, rates: tuple[float, ...]
) -> None:
    for seed in range(2):
        shift, plain = work("predictive", seed, operators, rates), work("progressive", seed, operators, rates)
        assert shift.abandoned <= CAP * shift.answered
        assert shift.talked_s > plain.talked_s or (operators < 12 and shift == plain)
        assert shift.abandoned > 0 or operators < 12  # the cap is used, not only kept


def test_a_day_over_the_cap_is_progressive_until_it_is_back() -> None:
    lately = Lately(400, 80)
    assert predictive(10, 0, lately, Today(1000, 10)) > 10
    assert predictive(10, 0, lately, Today(1000, 31)) == 10
    assert predictive(10, 12, lately, Today(1000, 31)) == 0
    assert predictive(0, 0, lately, Today(1000, 0)) == 0


def test_without_calls_to_go_by_there_is_no_prediction() -> None:
    assert predictive(10, 0, Lately(0, 0), Today(0, 0)) == 10
    assert predictive(10, 0, Lately(5, 5), Today(1000, 0)) == 10


def test_the_bound_is_clopper_and_pearsons() -> None:
    for answered, calls in ((0, 30), (12, 40), (399, 400)):
        bound = most_that_answer(Lately(calls, answered))
        assert stats.binom.cdf(answered, calls, bound) == pytest.approx(POLICY.doubt)
    assert most_that_answer(Lately(7, 7)) == 1.0


@given(free=st.integers(1, 20), more=st.integers(1, 20), low=st.floats(0.01, 0.98), up=st.floats(0, 0.5))
def test_what_holds_at_the_upper_bound_holds_below_it(free: int, more: int, low: float, up: float) -> None:
    high = min(0.99, low + up)
    assert expected_abandoned(free + more, free, low) <= expected_abandoned(free + more, free, high) + 1e-9


@given(
    free=st.integers(0, 15),
    under_way=st.integers(0, 20),
    calls=st.integers(0, 400),
    share=st.floats(0, 1),
    answered=st.integers(0, 2000),
    gone=st.floats(0, 0.1),
)
def test_never_fewer_than_progressive_and_never_more_than_the_policy_lets(
    free: int, under_way: int, calls: int, share: float, answered: int, gone: float
) -> None:
    lately, today = Lately(calls, int(calls * share)), Today(answered, int(answered * gone))
    placed = predictive(free, under_way, lately, today)
    assert progressive(free, under_way) <= placed
    assert placed + under_way <= max(free, under_way, POLICY.at_most_each * free)
