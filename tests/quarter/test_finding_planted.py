"""Planted false closings are found on seeds that no weight was fitted on, and probabilities mean what they say."""

from __future__ import annotations

from functools import cache

import pytest

from followup.casework.false_closing import policy
from workers.quarter.closings import Closing, answers_alone, listed_by_answers_alone, suspicions
from workers.quarter.fitting import fit
from workers.quarter.minds import closings
from workers.quarter.scoring import Score, Share, by_channel

SEEDS = (2001, 2002)
"""Not the one of docs/simulation.md on which the weights were fitted (1001)."""
CASES = 8_000


@cache
def known(seed: int) -> tuple[Closing, ...]:
    return tuple(closings(seed, CASES))


@pytest.mark.parametrize("seed", SEEDS)
def test_nine_of_ten_are_found_and_four_of_five_listed_are_right_in_every_channel(seed: int) -> None:
    scores = by_channel(known(seed), [one.listed for one in suspicions(known(seed))])

    assert set(scores) == {"text", "voice", "operator", "all"}
    assert all(score.planted >= 30 for score in scores.values())
    assert {name: score.reaches(0.9, 0.8) for name, score in scores.items()} == dict.fromkeys(scores, True)


@pytest.mark.parametrize("seed", SEEDS)
def test_more_is_found_than_by_the_plain_rule_and_less_is_wrong(seed: int) -> None:
    ours = by_channel(known(seed), [one.listed for one in suspicions(known(seed))])["all"]
    plain = by_channel(known(seed), [one.denied for one in known(seed)])["all"]

    assert ours.found > plain.found
    assert ours.listed - ours.found < plain.listed - plain.found


@pytest.mark.parametrize("seed", SEEDS)
def test_the_answers_alone_come_close(seed: int) -> None:
    """Without dates and proof, whose look in a false closing is an assumption: nothing but what residents say."""
    alone = by_channel(known(seed), listed_by_answers_alone(known(seed)))["all"]

    assert alone.reaches(0.88, 0.8)


def test_a_probability_is_one() -> None:
    """Of closings with a probability about p, a share of about p was planted: ten groups by probability."""
    pairs = sorted(
        (one.probability, closing.false)
        for seed in SEEDS
        for one, closing in zip(suspicions(known(seed)), known(seed), strict=True)
    )
    for low, high in ((0.0, 0.05), (0.05, 0.2), (0.2, 0.5), (0.5, 0.8), (0.8, 0.95), (0.95, 1.0)):
        group = [(p, false) for p, false in pairs if low <= p < high]
        expected = sum(p for p, _ in group) / len(group)
        share = sum(false for _, false in group) / len(group)
        spread = (
            4 * (expected * (1 - expected) / len(group)) ** 0.5
        )  # four standard errors, and what rounding weights costs
        assert share == pytest.approx(expected, abs=spread + 0.05), (low, high, len(group))


def test_the_weights_in_the_policy_are_those_that_are_fitted() -> None:
    """Fitted on a quarter of the cases, they find the same on other seeds; and nothing is fitted that is a judgement."""
    found = fit(list(closings(1001, 5_000)), policy())
    ours = suspicions(known(SEEDS[0]))
    theirs = suspicions(known(SEEDS[0]), found)

    apart = [abs(a.probability - b.probability) for a, b in zip(ours, theirs, strict=True)]
    assert sum(apart) / len(apart) < 0.02
    assert sum(a.listed != b.listed for a, b in zip(ours, theirs, strict=True)) < 0.01 * len(ours)
    assert found.evidence["pressed"] == policy().evidence["pressed"]


def test_the_same_seed_plants_the_same() -> None:
    assert list(closings(7, 200)) == list(closings(7, 200))
    assert list(closings(7, 200)) != list(closings(8, 200))


def test_about_as_much_is_planted_as_the_page_says() -> None:
    """False closings 0-.2 of results, so a tenth; of those nobody contacted 5 % say "contacted" and of the contacted 2 % deny it,
    and one key or text in a hundred is a slip."""
    all_known = [closing for seed in SEEDS for closing in known(seed)]
    false = [c for c in all_known if c.false]
    honest = [c for c in all_known if not c.false]

    assert Share(len(false), len(all_known)).value == pytest.approx(0.10, abs=0.03)
    assert share(false, "said") == pytest.approx(0.05 + 0.01, abs=0.02)
    assert share(honest, "denied") == pytest.approx(0.02 + 0.01, abs=0.01)


def share(some: list[Closing], value: str) -> float:
    answered = [c for c in some if c.evidence["contacted"] != "missing"]
    return sum(c.evidence["contacted"] == value for c in answered) / len(answered)


def test_answers_alone_know_nothing_of_dates_and_proof() -> None:
    closing = known(SEEDS[0])[0]

    assert set(closing.evidence) - set(answers_alone(closing).evidence) == {"proof", "pace", "round"}


def test_a_score_without_anything_reaches_nothing() -> None:
    nothing = Score(closings=4, planted=0, listed=0, found=0)

    assert (nothing.recall.value, nothing.precision.interval, str(nothing.recall)) == (None, None, "–")
    assert not nothing.reaches(0.9, 0.8)
    assert str(Share(9, 10)) == "0.900 [0.596, 0.982] (9/10)"
