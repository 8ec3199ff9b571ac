"""What small-area estimates are put in with and brought out to: smoothed variances, the scale of arcsin √p, a benchmark."""

import numpy as np
from numpy.typing import ArrayLike

from survey.statistics.multiplicity import Floats


def smoothed_variance(share: ArrayLike, n: ArrayLike, deff: ArrayLike = 1.0) -> Floats:
    """deff·p(1 - p)/n with the p of a larger area (generalised variance function): a direct variance of ten answers is itself
    noise, and 0 where all agree. Raises ValueError for a p of 0 or 1, or an n that is not positive."""
    p, size = np.asarray(share, dtype=np.float64), np.asarray(n, dtype=np.float64)
    if not (np.all((p > 0) & (p < 1)) and np.all(size > 0)):
        raise ValueError(
            "small areas: smoothing needs shares between 0 and 1 and sizes above 0; take p from a larger area"
        )
    return np.asarray(np.asarray(deff, dtype=np.float64) * p * (1 - p) / size, dtype=np.float64)


def benchmarked(
    estimate: ArrayLike, size: ArrayLike, total: float, *, mse: ArrayLike | None = None
) -> Floats:
    """Estimates moved so that Σ size·estimate / Σ size is `total`, the direct estimate of the larger area.

    By ratio without `mse`; with it the difference is shared in proportion to size·mse, so that what is known well moves little.
    """
    values, weight = np.asarray(estimate, dtype=np.float64), np.asarray(size, dtype=np.float64)
    share = weight / weight.sum()
    reached = float(share @ values)
    if mse is None:
        if reached == 0:
            raise ValueError(
                "small areas: estimates that come to 0 cannot be benchmarked by ratio; give their mse"
            )
        return values * (total / reached)
    pull = share * np.asarray(mse, dtype=np.float64)
    return np.asarray(values + (total - reached) * pull / (share @ pull))


def arcsine(share: ArrayLike, n_eff: ArrayLike) -> tuple[Floats, Floats]:
    """A share on the scale arcsin √p, where its variance is 1/(4·n_eff) whatever p: for shares near 0 or 1."""
    p, size = np.asarray(share, dtype=np.float64), np.asarray(n_eff, dtype=np.float64)
    return np.arcsin(np.sqrt(p)), np.broadcast_to(1 / (4 * size), p.shape).astype(np.float64)


def from_arcsine(estimate: ArrayLike, mse: ArrayLike) -> tuple[Floats, Floats]:
    """Back to shares: the mean of sin² under a normal with this mse, so that the bend adds no bias; and its mse, by the slope."""
    angle, spread = np.asarray(estimate, dtype=np.float64), np.asarray(mse, dtype=np.float64)
    mean = 0.5 * (1 - np.exp(-2 * spread) * np.cos(2 * angle))
    return mean, np.sin(2 * angle) ** 2 * spread
