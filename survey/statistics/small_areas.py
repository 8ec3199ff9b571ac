"""Small areas by the model of Fay and Herriot (statistics.md §3.6): own estimate and regression, weighed by what is known.

    y_i = x_i'β + v_i + e_i,   v_i ~ (0, A),   e_i ~ (0, D_i), D_i known

Everything that this gives is model-based and is printed as such, beside the direct estimate and γ, the weight of own data.
Sources: Fay and Herriot 1979; Prasad and Rao 1990 and Datta and Lahiri 2000 for the mean squared error under REML.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from survey.statistics.multiplicity import Floats

_STEPS, _ENOUGH = 200, 1e-12


@dataclass(frozen=True)
class SmallAreas:
    """`estimate` = γ·direct + (1 - γ)·synthetic, one per area, with `mse` = g1 + g2 + 2·g3. `between`: A, the variance between
    areas that x does not explain. `beta`: (p,)."""

    direct: Floats
    synthetic: Floats
    gamma: Floats
    estimate: Floats
    mse: Floats
    between: float
    beta: Floats

    @property
    def all_synthetic(self) -> bool:
        """A = 0: own data say nothing beyond x, and every estimate is the regression's. To be said where it is printed."""
        return self.between == 0.0


def fay_herriot(direct: ArrayLike, variance: ArrayLike, x: ArrayLike) -> SmallAreas:
    """direct, variance: (m,), D_i > 0, best smoothed (`smoothed_variance`). x: (m, p) with a column of ones, of full rank, m > p.

    A by REML (Fisher scoring, held at 0). Raises ValueError.
    """
    y, d, design = (np.asarray(one, dtype=np.float64) for one in (direct, variance, x))
    _check(y, d, design)
    between = _reml(y, d, design)
    v = between + d
    weighted = design / v[:, None]
    information = np.linalg.inv(design.T @ weighted)
    beta = information @ (weighted.T @ y)
    gamma, synthetic = between / v, design @ beta
    g1 = between * d / v
    g2 = (1 - gamma) ** 2 * np.einsum("ij,jk,ik->i", design, information, design)
    g3 = d**2 / v**3 * 2 / np.sum(v**-2)
    return SmallAreas(
        y, synthetic, gamma, gamma * y + (1 - gamma) * synthetic, g1 + g2 + 2 * g3, between, beta
    )


def _reml(y: Floats, d: Floats, design: Floats) -> float:
    """The A at which the restricted likelihood is highest; scoring steps are halved until they climb, so that it cannot swing."""
    at = max(0.0, float(np.var(y, ddof=1) - d.mean()))
    height, slope, bend = _likelihood(at, y, d, design)
    for _ in range(_STEPS):
        step = slope / bend
        after = max(0.0, at + step)
        found = _likelihood(after, y, d, design)
        while found[0] < height - _ENOUGH and abs(after - at) > _ENOUGH * (1 + at):
            after = (at + after) / 2
            found = _likelihood(after, y, d, design)
        still = abs(after - at) <= _ENOUGH * (at + d.mean())
        at, (height, slope, bend) = after, found
        if still:
            break
    at_zero = _likelihood(0.0, y, d, design)[0]
    return 0.0 if at_zero >= height else at


def _likelihood(a: float, y: Floats, d: Floats, design: Floats) -> tuple[float, float, float]:
    """Restricted log-likelihood at A without its constant, its slope, and Fisher's information."""
    w = 1 / (a + d)
    cross = design.T * w @ design
    inverse = np.linalg.inv(cross)
    py = w * (y - design @ (inverse @ (design.T @ (w * y))))
    leverage = np.einsum("ij,jk,ik->i", design, inverse, design)
    height = 0.5 * (np.sum(np.log(w)) - np.linalg.slogdet(cross)[1] - y @ py)
    slope = 0.5 * (py @ py - np.sum(w - w**2 * leverage))
    inner = design.T * w**2 @ design @ inverse
    trace = np.sum(w**2) - 2 * np.trace(design.T * w**3 @ design @ inverse) + np.trace(inner @ inner)
    return float(height), float(slope), float(0.5 * trace)


def _check(y: Floats, d: Floats, design: Floats) -> None:
    if design.ndim != 2 or y.shape != d.shape or design.shape[:1] != y.shape:
        raise ValueError(
            f"small areas: shapes {y.shape}, {d.shape} and {design.shape}; give (m,), (m,) and (m, p)"
        )
    if not (np.isfinite(y).all() and np.isfinite(design).all() and (np.isfinite(d) & (d > 0)).all()):
        raise ValueError(
            "small areas: a figure is missing, or a variance is not positive; smooth them, or leave the area out"
        )
    if len(y) <= design.shape[1] or np.linalg.matrix_rank(design) < design.shape[1]:
        raise ValueError(
            f"small areas: {len(y)} areas do not carry {design.shape[1]} columns of x; take columns out"
        )
