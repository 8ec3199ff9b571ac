"""Many tests at once: Holm for "not one false claim", Benjamini-Hochberg for "few of the claims are false"."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, stdtr

Floats: TypeAlias = NDArray[np.float64]


def two_sided(difference: ArrayLike, se: ArrayLike, df: ArrayLike = np.inf) -> Floats:
    """The p-values of differences with these standard errors. `df`: degrees of freedom, by default so many that t is normal.

    Without any error (se 0) a difference is certain (p = 0), and none is none (p = 1). Shapes are broadcast.
    """
    d, s, f = np.broadcast_arrays(*(np.asarray(one, dtype=np.float64) for one in (difference, se, df)))
    with np.errstate(divide="ignore", invalid="ignore"):
        away = -np.abs(d) / s
    tail = np.where(np.isinf(f), ndtr(away), stdtr(np.where(np.isinf(f), 1.0, f), away))
    return np.where(s > 0, np.minimum(1.0, 2 * tail), np.where(d == 0, 1.0, 0.0))


def holm(p: ArrayLike) -> Floats:
    """Holm's adjusted p-values, of the shape of `p`: rejecting those up to α makes a false claim anywhere with probability α
    at most, whatever the dependence."""
    return _adjusted(p, lambda ordered, rank, m: np.maximum.accumulate((m - rank + 1) * ordered))


def benjamini_hochberg(p: ArrayLike) -> Floats:
    """Benjamini and Hochberg's adjusted p-values, of the shape of `p` (areas x indicators, as one family): of the claims with
    values up to q, a share q at most is expected to be false, for independent or positively dependent tests."""
    return _adjusted(p, lambda ordered, rank, m: np.minimum.accumulate((ordered * m / rank)[::-1])[::-1])


def _adjusted(p: ArrayLike, adjust: Callable[[Floats, NDArray[np.int64], int], Floats]) -> Floats:
    raw = np.asarray(p, dtype=np.float64)
    flat = raw.ravel()
    if not np.all((flat >= 0) & (flat <= 1)):
        raise ValueError("multiplicity: a p-value is outside [0, 1]")
    if not len(flat):
        return raw.copy()
    order = np.argsort(flat, kind="stable")
    found = np.empty_like(flat)
    found[order] = np.minimum(1.0, adjust(flat[order], np.arange(1, len(flat) + 1), len(flat)))
    return found.reshape(raw.shape)
