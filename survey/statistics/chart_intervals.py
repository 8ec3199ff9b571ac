"""The interval of a share for charts: Jeffreys' on n over Kish's design effect, with exact limits where all answers agree.

It is narrower than the published one. Where every answer is the same, Jeffreys' own limit is too bold: a share near 1 - 3/n was
covered in 93.2 % of samples only (`make coverage` prints both). There the exact limit stands, as Brown, Cai and DasGupta 2001
(§4.1.1) advise.
"""

import numpy as np
from numpy.typing import ArrayLike

from survey.statistics.interval_arrays import Limits, jeffreys_of


def chart_limits(
    share: ArrayLike, n: ArrayLike, design_effect: ArrayLike = 1.0, level: float = 0.95
) -> Limits:
    """Both limits, for shares in [0, 1] of n > 0 answers; arrays are broadcast."""
    p, size = np.broadcast_arrays(
        np.asarray(share, dtype=np.float64), np.asarray(n, dtype=np.float64) / np.asarray(design_effect)
    )
    low, high = jeffreys_of(p, size, level)
    tail = ((1 - level) / 2) ** (1 / size)
    return np.where(p == 1, tail, low), np.where(p == 0, 1 - tail, high)
