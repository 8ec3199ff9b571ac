"""Weights of the detector by logistic regression on closings whose truth is known, under the bound that they rise.

Each item's weights are sums of steps that are not negative, up and down from the missing value, which weighs nothing
(of an item that is never missing, from its last one).
What is a judgement stays as it is; a unit's history keeps the weight of one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from followup.casework.false_closing import MISSING, Policy
from workers.quarter.closings import Closing, suspicions

JUDGED: Final = ("pressed",)
RIDGE: Final = 2.0
"""Pull of each step towards nothing, in closings: a value that hardly occurs gets no weight to speak of."""
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Step:
    """A step of an item's weights: what it is added to lies from `first` to `last`, and `sign` says whether it goes up."""

    item: str
    values: tuple[str, ...]
    sign: float


def steps_of(policy: Policy) -> list[Step]:
    """All steps, item by item: upwards of the missing value a step lifts everything above it, downwards it lowers."""
    found = []
    for name, item in policy.evidence.items():
        if name in JUDGED:
            continue
        values = list(item.values)
        here = values.index(MISSING) if MISSING in values else len(values) - 1
        found += [Step(name, tuple(values[at:]), 1.0) for at in range(here + 1, len(values))]
        found += [Step(name, tuple(values[: at + 1]), -1.0) for at in range(here - 1, -1, -1)]
    return found


def fit(closings: Sequence[Closing], policy: Policy) -> Policy:
    """The policy with fitted intercept and weights, rounded to a tenth. Uses `policy` for what is known of units."""
    steps = steps_of(policy)
    x = np.array([[s.sign * (c.evidence.get(s.item) in s.values) for s in steps] for c in closings])
    y = np.array([c.false for c in closings], dtype=np.float64)
    offset = np.array([_kept(policy, c) for c in closings])
    for _ in range(2):  # the second time with the histories that the first weights make
        solved = _solve(x, y, offset + _histories(closings, policy))
        policy = _with(policy, steps, solved)
    return policy


def _kept(policy: Policy, closing: Closing) -> float:
    """What judged items add."""
    return sum(policy.weight(item, closing.evidence.get(item, MISSING), None) for item in JUDGED)


def _histories(closings: Sequence[Closing], policy: Policy) -> Array:
    """What each unit's history adds."""
    found = suspicions(closings, policy)
    return np.array([sum(t.weight for t in one.terms if t.item == "unit") for one in found])


def _solve(x: Array, y: Array, offset: Array) -> Array:
    def loss(w: Array) -> tuple[float, Array]:
        z = w[0] + x @ w[1:] + offset
        lost = np.logaddexp(0.0, z) - y * z
        miss = 1 / (1 + np.exp(-z)) - y
        gradient = np.concatenate([[miss.sum()], x.T @ miss + RIDGE * w[1:]])
        return float(lost.sum() + RIDGE / 2 * (w[1:] ** 2).sum()), gradient

    start = np.zeros(x.shape[1] + 1)
    bounds = [(None, None)] + [(0.0, None)] * x.shape[1]
    return np.asarray(minimize(loss, start, jac=True, bounds=bounds, method="L-BFGS-B").x)


def _with(policy: Policy, steps: Sequence[Step], solved: Array) -> Policy:
    body = policy.model_dump()
    body["intercept"] = round(float(solved[0]), 1)
    for name, item in body["evidence"].items():
        if name in JUDGED:
            continue
        for value, row in item["values"].items():
            parts = zip(steps, solved[1:], strict=True)
            weight = sum(s.sign * float(w) for s, w in parts if s.item == name and value in s.values)
            row["weight"] = round(weight, 1) + 0.0
    body["channels"] = {}
    return Policy.model_validate(body)
