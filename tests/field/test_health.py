"""A campaign pauses by itself when its calls are blocked, or people opt out, more than policy bears; and seldom by mistake."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from survey.field.health import Ill, chance_of_so_many, health_policy, ill


def test_the_tail_is_the_binomial_one() -> None:
    for hits, n, share in ((0, 10, 0.1), (3, 10, 0.1), (40, 200, 0.15), (200, 200, 0.5)):
        assert chance_of_so_many(hits, n, share) == pytest.approx(
            stats.binom.sf(hits - 1, n, share), rel=1e-9
        )


def test_too_few_attempts_say_nothing_and_a_bad_share_stops() -> None:
    assert ill(59, {"blocked": 59}) is None
    assert ill(200, {"blocked": 40}) is None  # one in five of two hundred can still be chance at 15 %
    assert ill(200, {"blocked": 60}) == Ill("blocked", 60, 200, 0.15)
    assert ill(200, {"opted_out": 40}) == Ill("opted_out", 40, 200, 0.08)


def test_a_campaign_at_the_very_limit_is_hardly_ever_stopped() -> None:
    """200,000 looks at 300 attempts with the share that is just allowed: at most the stated chance, and five standard errors."""
    policy = health_policy()
    looks = np.random.default_rng(5).binomial(300, policy.most["blocked"], 200_000)
    worst = min(
        k for k in range(301) if chance_of_so_many(k, 300, policy.most["blocked"]) < policy.false_alarm
    )
    share = float((looks >= worst).mean())
    assert share <= policy.false_alarm + 5 * (policy.false_alarm / 200_000) ** 0.5
