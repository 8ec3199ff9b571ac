"""How much of a drawn sample to release: enough that the target is expected to be met, and near the end no more than that.

A wave releases whole replicates and works each of them to its end; a poll releases people one by one (statistics.md §2).
"""

from dataclasses import dataclass
from itertools import takewhile
from math import ceil
from typing import Literal

from survey.field.release_policy import ReleasePolicy, release_policy


@dataclass(frozen=True)
class Standing:
    """A campaign as it stands. `target` None: the whole sample is wanted. `open`: released, not yet done."""

    target: int | None
    completes: int
    done: int
    open: int
    unreleased: int


def expected_yield(standing: Standing, policy: ReleasePolicy | None = None) -> float:
    """Completes per released unit, from those that are done, shrunk to the policy's prior: never 0, so never a division by it."""
    prior = policy or release_policy()
    return (standing.completes + prior.prior_yield * prior.prior_units) / (standing.done + prior.prior_units)


def to_release(standing: Standing, policy: ReleasePolicy | None = None) -> int:
    """How many more people to release: what is missing beyond what those still open are expected to bring, over the yield."""
    if standing.target is None:
        return standing.unreleased
    rate = expected_yield(standing, policy)
    missing = standing.target - standing.completes - rate * standing.open
    if standing.target <= standing.completes or missing <= 0:
        return 0
    return min(standing.unreleased, ceil(missing / rate))


def finished(kind: Literal["wave", "poll"], standing: Standing) -> Literal["reached", "worked"] | None:
    """Whether nobody is to be asked any more: a poll at its target at once, a wave when its replicates are worked to their end,
    and either of them when nobody is open and the sample is used up."""
    reached = standing.target is not None and standing.completes >= standing.target
    at_rest = standing.open == 0 and standing.done > 0
    if reached and (kind == "poll" or at_rest):
        return "reached"
    return "worked" if at_rest and standing.unreleased == 0 else None


def whole_replicates(wanted: int, sizes: list[int]) -> int:
    """How many people the fewest whole replicates have that hold `wanted`, in their order; all of them if they hold fewer."""
    if wanted <= 0:
        return 0
    total, sums = 0, []
    for size in sizes:
        total += size
        sums.append(total)
    before = list(takewhile(lambda reached: reached < wanted, sums))
    return sums[min(len(before), len(sums) - 1)] if sums else 0
