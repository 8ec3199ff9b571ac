"""Sums by group, in one pass each."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Codes: TypeAlias = NDArray[np.int64]


def sums(codes: NDArray[np.integer], groups: int, values: Floats | None = None) -> Floats:
    """(groups,) sums of `values` (n,) over rows with each code 0..groups-1; without values: counts."""
    return np.asarray(np.bincount(codes, values, minlength=groups), dtype=np.float64)


def dense(labels: NDArray[np.integer]) -> Codes:
    """Codes 0..k-1 in the order of the labels."""
    return np.asarray(np.unique(labels, return_inverse=True)[1], dtype=np.int64)
