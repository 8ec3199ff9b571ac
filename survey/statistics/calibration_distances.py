"""The distances between weights before and after calibration (Deville and Särndal 1992, JASA 87).

Each is a function F of u = x'λ, the factor of a weight, with F(0) = 1 and F'(0) = 1.
"""

from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np
from scipy.special import expit

from survey.statistics.sums import Floats

Method = Literal["linear", "raking", "logit"]


class Distance(NamedTuple):
    """F, its derivative and its integral, each of an array."""

    factor: Callable[[Floats], Floats]
    slope: Callable[[Floats], Floats]
    whole: Callable[[Floats], Floats]


def distance_of(method: Method, bounds: tuple[float, float] | None = None) -> Distance:
    """linear: 1 + u. raking: e^u. logit: between the bounds L and U, 0 <= L < 1 < U; ValueError for others."""
    if method == "linear":
        return Distance(lambda u: 1 + u, np.ones_like, lambda u: u + u * u / 2)
    if method == "raking":
        return Distance(np.exp, np.exp, np.exp)
    if bounds is None or not 0 <= bounds[0] < 1 < bounds[1]:
        raise ValueError(f"logit needs bounds L, U with 0 <= L < 1 < U, not {bounds}")
    low, high = bounds
    steep = (high - low) / ((1 - low) * (high - 1))
    shift = float(np.log((1 - low) / (high - 1)))

    def share(u: Floats) -> Floats:
        return np.asarray(expit(steep * u + shift), dtype=np.float64)

    return Distance(
        lambda u: low + (high - low) * share(u),
        lambda u: (high - low) * steep * share(u) * (1 - share(u)),
        lambda u: low * u + (high - low) / steep * np.logaddexp(0.0, steep * u + shift),
    )
