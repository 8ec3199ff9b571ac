"""How long a control chart runs until it signals, on average, when its z are independent and normal (average run length, ARL).

Both charts solve L(u) = 1 + ∫ L(y)·density(from u to y) dy, discretised at Gauss-Legendre points. Sources: Crowder 1987 for EWMA,
Vance 1986 for CUSUM. Where means and errors are estimated, as ours are, charts signal sooner or later than this: the false alarms
that `minyi alerts` states come from a simulation of the whole procedure (alerts.yaml).
"""

import numpy as np
from scipy.special import ndtr
from scipy.stats import norm

_POINTS = 60


def ewma_arl(smoothing: float, limit: float, shift: float = 0.0) -> float:
    """Two-sided EWMA with λ = `smoothing` and constant limits ± `limit`·√(λ/(2 - λ)), from 0 on, for a mean of `shift`."""
    half = limit * np.sqrt(smoothing / (2 - smoothing))
    at, weight = _points(-half, half)
    density = norm.pdf((at[None, :] - (1 - smoothing) * at[:, None]) / smoothing - shift) / smoothing
    length = np.linalg.solve(np.eye(_POINTS) - density * weight, np.ones(_POINTS))
    start = norm.pdf(at / smoothing - shift) / smoothing
    return float(1 + (start * weight) @ length)


def cusum_arl(slack: float, limit: float, shift: float = 0.0) -> float:
    """One-sided CUSUM S = max(0, S + z - slack) > limit, from 0 on, for a mean of `shift` towards the side that is watched."""
    at, weight = _points(0.0, limit)
    density = norm.pdf(at[None, :] + slack - at[:, None] - shift) * weight
    # the point 0 holds a probability of its own, and is the first unknown
    down, up = ndtr(slack - at - shift), norm.pdf(at + slack - shift) * weight
    system = np.block([[np.array([[ndtr(slack - shift)]]), up[None, :]], [down[:, None], density]])
    return float(np.linalg.solve(np.eye(_POINTS + 1) - system, np.ones(_POINTS + 1))[0])


def _points(low: float, high: float) -> tuple[np.ndarray, np.ndarray]:
    at, weight = np.polynomial.legendre.leggauss(_POINTS)
    return low + (high - low) * (at + 1) / 2, weight * (high - low) / 2
