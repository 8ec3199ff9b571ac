"""A campaign pauses by itself when its calls are blocked, or people opt out, more than policy bears; and seldom by mistake,
however often it is looked at."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from math import exp, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from survey.field.health import Ill, Stretch, flatness, health_policy, ill, log_e_value, stretch_at

POLICY = health_policy()
ALPHA = POLICY.false_alarm / 2 / len(POLICY.of_number)
"""What one share may spend in the first stretch."""
MOST_ATTEMPTS = 8000
MORNING = datetime(2026, 3, 9, 1, 0, tzinfo=UTC)


@cache
def alarms(share: float, alpha: float, n: int) -> list[int]:
    """For each count of attempts, the fewest hits that raise the alarm: more than there are attempts where none do."""
    least, found = 1, []
    for attempts in range(1, n + 1):
        while least <= attempts and log_e_value(least, attempts, share) < -log(alpha):
            least += 1
        found.append(least)
    return found


def chance_of_an_alarm(true: float, least: list[int]) -> list[float]:
    """The exact chance of an alarm up to each attempt, where every attempt is looked at."""
    going, gone, chances = np.zeros(max(least) + 2), 0.0, []
    going[0] = 1.0
    for hits in least:
        going[1:] = going[1:] * (1 - true) + going[:-1] * true
        going[0] *= 1 - true
        gone += float(going[hits:].sum())
        going[hits:] = 0.0
        chances.append(gone)
    return chances


@pytest.mark.parametrize("code", POLICY.most)
def test_eight_thousand_looks_at_the_very_limit_raise_no_more_false_alarms_than_stated(code: str) -> None:
    most = POLICY.most[code]
    chance = chance_of_an_alarm(most, alarms(most, ALPHA, MOST_ATTEMPTS))[-1]
    assert 0 < chance <= ALPHA


@pytest.mark.parametrize(("code", "soon"), [("blocked", 70), ("opted_out", 150), ("complaint", 7000)])
def test_three_times_the_limit_is_found_soon(code: str, soon: int) -> None:
    """In nine of ten cases, after so many attempts."""
    most = POLICY.most[code]
    chances = chance_of_an_alarm(3 * most, alarms(most, ALPHA, MOST_ATTEMPTS))
    assert next(n for n, chance in enumerate(chances, 1) if chance >= 0.9) <= soon


@given(n=st.integers(0, 60), share=st.floats(0.01, 0.6), data=st.data())
def test_one_more_attempt_adds_no_evidence_on_average(n: int, share: float, data: st.DataObject) -> None:
    """The property on which everything stands: at the very limit the next value is, on average, the one that is."""
    hits = data.draw(st.integers(0, n))
    then = share * exp(log_e_value(hits + 1, n + 1, share)) + (1 - share) * exp(
        log_e_value(hits, n + 1, share)
    )
    assert then == pytest.approx(exp(log_e_value(hits, n, share)), rel=1e-6)


@given(n=st.integers(0, 60), share=st.floats(0.05, 0.6), data=st.data())
def test_below_the_limit_it_takes_away(n: int, share: float, data: st.DataObject) -> None:
    hits, true = data.draw(st.integers(0, n)), data.draw(st.floats(0, share))
    then = true * exp(log_e_value(hits + 1, n + 1, share)) + (1 - true) * exp(log_e_value(hits, n + 1, share))
    assert then <= exp(log_e_value(hits, n, share)) * (1 + 1e-6)


@given(n=st.integers(1, 500), data=st.data())
def test_an_attempt_under_way_never_makes_an_alarm_likelier(n: int, data: st.DataObject) -> None:
    hits = data.draw(st.integers(0, n))
    assert log_e_value(hits, n + 1, 0.15) <= log_e_value(hits, n, 0.15) + 1e-9


def test_the_value_is_the_mean_likelihood_ratio_over_all_larger_shares() -> None:
    hits, n, share = 9, 30, 0.15

    halves = [stats.beta(1, 1), stats.beta(1, flatness(share))]

    def ratio(p: float) -> float:
        weight = sum(half.pdf(p) / half.sf(share) for half in halves) / 2
        return float(weight * (p / share) ** hits * ((1 - p) / (1 - share)) ** (n - hits))

    mean = integrate.quad(ratio, share, 1)[0]
    assert log_e_value(hits, n, share) == pytest.approx(log(mean))
    assert log_e_value(0, 0, share) == pytest.approx(0)


def test_a_bad_share_stops_and_a_usual_one_does_not() -> None:
    assert ill(200, {"blocked": 40, "text_blocked": 10}, POLICY.of_number) is None
    assert ill(200, {"blocked": 50, "text_blocked": 20}, POLICY.of_number) == Ill("blocked", 70, 200, 0.15)
    assert ill(200, {"opted_out": 40}, POLICY.of_campaign) == Ill("opted_out", 40, 200, 0.08)
    assert ill(0, {}, POLICY.of_number) is None


def test_each_stretch_of_a_day_is_looked_at_by_itself_and_a_later_one_needs_a_little_more() -> None:
    assert stretch_at(MORNING + timedelta(hours=23), MORNING) == Stretch(MORNING, 1)
    assert stretch_at(MORNING + timedelta(hours=50), MORNING) == Stretch(MORNING + timedelta(hours=48), 3)
    assert ill(60, {"blocked": 27}, POLICY.of_number, nth=1) == Ill("blocked", 27, 60, 0.15)
    assert ill(60, {"blocked": 27}, POLICY.of_number, nth=40) is None
