"""Areas in three tiers beside the mean of all: above, not distinguishable, below, by false discovery (statistics.md §3.5)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from survey.statistics.change_policy import change_policy
from survey.statistics.multiplicity import Floats, benjamini_hochberg, two_sided

ABOVE, NOT_DISTINGUISHABLE, BELOW = "above", "not_distinguishable", "below"


@dataclass(frozen=True)
class Tiers:
    """One entry an area. `mean`: of all areas, by their sizes; `difference` from it with its error, which knows that an area is
    part of the mean; `q`: adjusted for all areas; `tier`: above, not_distinguishable or below."""

    mean: float
    difference: Floats
    se: Floats
    q: Floats
    tier: np.ndarray


def tiers(
    estimates: ArrayLike,
    se: ArrayLike,
    *,
    size: ArrayLike | None = None,
    covariance: ArrayLike | None = None,
) -> Tiers:
    """estimates, se: one per area. size: people of each area, None: all alike. covariance: stands for `se`. Raises ValueError."""
    values = np.asarray(estimates, dtype=np.float64)
    cov = np.diag(np.asarray(se, dtype=np.float64) ** 2) if covariance is None else np.asarray(covariance)
    weight = np.ones(len(values)) if size is None else np.asarray(size, dtype=np.float64)
    if not (weight.sum() > 0 and np.all(weight >= 0)):
        raise ValueError("tiers: sizes are numbers of people, 0 or more, and not all 0")
    share = weight / weight.sum()
    contrast = np.eye(len(values)) - share
    variance = np.maximum(0.0, np.sum((contrast @ cov) * contrast, axis=1))
    mean = float(share @ values)
    # an area that is all of the mean differs by nothing but rounding
    difference = np.where(share == 1, 0.0, values - mean)
    q = benjamini_hochberg(two_sided(difference, np.sqrt(variance)))
    told = q <= change_policy().tier_false_discovery
    tier = np.where(told, np.where(difference > 0, ABOVE, BELOW), NOT_DISTINGUISHABLE)
    return Tiers(mean, difference, np.sqrt(variance), q, tier)
