"""What may be claimed of changes (statistics.md §3.5): the door of every document that touches pay or careers.

All areas and indicators of a document are one family; of its claims at most the share `false_discovery` of policy `changes` is
expected to be false. Where nothing can be claimed it is said in words that there is no evidence of a change.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri, stdtr, stdtrit

from survey.statistics.change_policy import Words, change_policy
from survey.statistics.multiplicity import Floats, benjamini_hochberg, two_sided

IMPROVED, WORSENED, NO_EVIDENCE = "improved", "worsened", "no_evidence"


@dataclass(frozen=True)
class Changes:
    """Arrays of the shape that was given, areas x indicators or any other. `difference`: after - before, `low` to `high` its own
    interval; `p`: of the test alone, `q`: adjusted for all of them; `verdict`: improved, worsened or no_evidence."""

    difference: Floats
    se: Floats
    low: Floats
    high: Floats
    p: Floats
    q: Floats
    verdict: np.ndarray

    def words(self, *place: int) -> Words:
        """The verdict at a place, in both languages."""
        return change_policy().words[str(self.verdict[place])]

    @property
    def claims(self) -> int:
        """How many changes may be claimed."""
        return int(np.sum(self.verdict != NO_EVIDENCE))


def changes(
    before: ArrayLike,
    before_se: ArrayLike,
    after: ArrayLike,
    after_se: ArrayLike,
    *,
    covariance: ArrayLike = 0.0,
    df: ArrayLike = np.inf,
    higher_is_better: ArrayLike = True,
    level: float = 0.95,
    weights: ArrayLike = 1.0,
) -> Changes:
    """Estimates and standard errors of two periods. `covariance`: between them, where samples or windows share answers.
    `weights`: how much each test counts in the family beside the others, set without a look at its outcome (Genovese, Roeder and
    Wasserman 2006): few that matter are then not drowned by many that do not, and false discovery is held all the same.
    `higher_is_better`: False for a share of victims. nan where an estimate is missing or
    suppressed: no claim, outside the family.

    Raises ValueError for a standard error that is negative, a covariance that is none, a weight that is not above 0.
    """
    difference, se, better, free = _differences(
        before, before_se, after, after_se, covariance, higher_is_better, df
    )
    known = ~np.isnan(difference) & ~np.isnan(se)
    p = np.full(difference.shape, np.nan)
    p[known] = two_sided(difference[known], se[known], free[known])
    q = p.copy()
    weight = np.broadcast_to(np.asarray(weights, dtype=np.float64), p.shape)[known]
    if np.any(weight <= 0):
        raise ValueError("changes: a weight is a number above 0")
    q[known] = benjamini_hochberg(np.minimum(1.0, p[known] * weight.sum() / (weight * max(len(weight), 1))))
    claimed = known & (q <= change_policy().false_discovery)
    good = (difference > 0) == better
    verdict = np.where(claimed, np.where(good, IMPROVED, WORSENED), NO_EVIDENCE)
    tail = 1 - (1 - level) / 2
    half = se * np.where(np.isinf(free), ndtri(tail), stdtrit(np.where(np.isinf(free), 1.0, free), tail))
    return Changes(difference, se, difference - half, difference + half, p, q, verdict)


def probability_improved(
    before: ArrayLike,
    before_se: ArrayLike,
    after: ArrayLike,
    after_se: ArrayLike,
    *,
    covariance: ArrayLike = 0.0,
    df: ArrayLike = np.inf,
    higher_is_better: ArrayLike = True,
) -> Floats:
    """Probability that the true value is a better one now, one half where nothing is known; nan where an estimate is missing."""
    difference, se, better, free = _differences(
        before, before_se, after, after_se, covariance, higher_is_better, df
    )
    gain = np.where(better, difference, -difference)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.where(se > 0, gain / se, np.where(gain == 0, 0.0, np.copysign(np.inf, gain)))
    found = np.where(np.isinf(free), ndtr(t), stdtr(np.where(np.isinf(free), 1.0, free), t))
    return np.where(np.isnan(gain) | np.isnan(se), np.nan, found)


def dashboard_says_improved(probability: ArrayLike) -> np.ndarray:
    """Where a dashboard may say 有改善, from `probability_improved`."""
    return np.asarray(probability, dtype=np.float64) >= change_policy().dashboard_probability


def welch_df(first_se: ArrayLike, first_df: ArrayLike, second_se: ArrayLike, second_df: ArrayLike) -> Floats:
    """Degrees of freedom of a difference of two independent estimates (Welch); infinite without any error."""
    a, b = np.asarray(first_se, dtype=np.float64) ** 2, np.asarray(second_se, dtype=np.float64) ** 2
    spread = a**2 / np.asarray(first_df, dtype=np.float64) + b**2 / np.asarray(second_df, dtype=np.float64)
    return np.where(spread > 0, (a + b) ** 2 / np.where(spread > 0, spread, 1.0), np.inf)


def _differences(
    before: ArrayLike,
    before_se: ArrayLike,
    after: ArrayLike,
    after_se: ArrayLike,
    covariance: ArrayLike,
    higher_is_better: ArrayLike,
    df: ArrayLike,
) -> tuple[Floats, Floats, np.ndarray, Floats]:
    given = (before, before_se, after, after_se, covariance, df)
    b, b_se, a, a_se, shared, free = np.broadcast_arrays(
        *(np.asarray(one, dtype=np.float64) for one in given)
    )
    if np.any(b_se < 0) or np.any(a_se < 0):
        raise ValueError("changes: a standard error is negative")
    variance = b_se**2 + a_se**2 - 2 * shared
    if np.any(variance < -1e-12 * (b_se**2 + a_se**2)):
        raise ValueError("changes: a covariance is larger than its standard errors allow")
    better = np.broadcast_to(np.asarray(higher_is_better, dtype=bool), b.shape)
    return a - b, np.sqrt(np.maximum(variance, 0.0)), better, free
