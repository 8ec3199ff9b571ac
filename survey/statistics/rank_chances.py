"""What chance does to ranks: the probability of standing among the first, and how far a rank moves though nothing changed.

True values are drawn from what the estimates say of them: each estimate drawn in towards the mean of all as far as its own error
asks for (empirical Bayes, the small-area model without covariates). The raw estimates lie further apart than the truth, and ranks
drawn around them would look steadier than they are.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from survey.statistics.multiplicity import Floats
from survey.statistics.ranks import Counts, ranks_of
from survey.statistics.small_areas import fay_herriot

Dice: TypeAlias = np.random.Generator


@dataclass(frozen=True)
class RankChances:
    """One entry an area. `top`, `bottom`: probability of being among the first, and last, k. `mean_rank`: over the draws.
    `moves`: with the probability `level` the next round's rank is at most so many places away though nothing has changed."""

    top: Floats
    bottom: Floats
    mean_rank: Floats
    moves: Counts


def rank_chances(
    estimates: ArrayLike, se: ArrayLike, k: int, dice: Dice, *, draws: int = 4000, level: float = 0.95
) -> RankChances:
    """estimates, se: one per area, independent. `dice` throws; the same dice and figures come to the same. Raises ValueError."""
    values, errors = np.asarray(estimates, dtype=np.float64), np.asarray(se, dtype=np.float64)
    if not 1 <= k <= len(values):
        raise ValueError(f"ranks: the first {k} of {len(values)} areas; choose 1 to {len(values)}")
    truth = _truths(values, errors, draws, dice)
    true_ranks = ranks_of(truth)
    next_round = ranks_of(truth + errors * dice.standard_normal(truth.shape))
    away = np.abs(next_round - ranks_of(values))
    return RankChances(
        np.mean(true_ranks <= k, axis=0),
        np.mean(true_ranks > len(values) - k, axis=0),
        np.mean(true_ranks, axis=0),
        np.quantile(away, level, axis=0, method="inverted_cdf").astype(np.int64),
    )


def _truths(values: Floats, se: Floats, draws: int, dice: Dice) -> Floats:
    """Draws x areas. The weight of the own estimate and the spread left are those of the small-area model."""
    if len(values) < 3 or not np.all(se > 0):
        return values + se * dice.standard_normal((draws, len(values)))
    model = fay_herriot(values, se**2, np.ones((len(values), 1)))
    return np.asarray(model.estimate + np.sqrt(model.mse) * dice.standard_normal((draws, len(values))))
