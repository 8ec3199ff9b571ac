"""Weights fitted on the closings of one seed and tested on those of others."""

from collections.abc import Sequence
from typing import Any

from followup.casework.false_closing import policy
from workers.quarter.closings import listed_by_answers_alone, suspicions
from workers.quarter.fitting import fit
from workers.quarter.minds import closings
from workers.quarter.page import score_fields
from workers.quarter.scoring import by_channel

ROUNDS = 2


def fitted_and_tested(cases: int, seed: int, test_seeds: Sequence[int]) -> dict[str, Any]:
    """The fitted weights by item, and on each test seed the scores of these weights, of the answers alone by the policy's own,
    and of the plain rule."""
    found = fit(list(closings(seed, cases, ROUNDS)), policy())
    tests = {}
    for test_seed in test_seeds:
        known = list(closings(test_seed, cases // 6, ROUNDS))
        looks = {
            "all_evidence": [one.listed for one in suspicions(known, found)],
            "answers_alone": listed_by_answers_alone(known),
            "plain_rule": [one.denied for one in known],
        }
        tests[str(test_seed)] = {
            name: {channel: score_fields(score) for channel, score in by_channel(known, listed).items()}
            for name, listed in looks.items()
        }
    return {
        "intercept": found.intercept,
        "weights": {
            item: {value: row.weight for value, row in known_item.values.items()}
            for item, known_item in found.evidence.items()
        },
        "tests": tests,
    }
