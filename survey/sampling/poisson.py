"""Draws with unequal probabilities by permanent random numbers: Poisson, sequential Poisson, Pareto (statistics.md §2 (b), (c)).

A unit is taken when its permanent random number, seen from a moving start, is small against its probability. Sources: Brewer,
Early and Joyce 1972 (Poisson with permanent random numbers); Ohlsson 1995, 1998 (sequential Poisson); Rosén 1997 (Pareto).
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]


def inclusion_probabilities(size: Floats, n: int) -> Floats:
    """Probabilities proportional to `size` that sum to n; a unit whose share would pass 1 is certain, and the rest is split anew.

    Raises ValueError where a size is negative, or fewer than n units have one above 0.
    """
    if np.any(size < 0) or n < 0:
        raise ValueError("probabilities: a size is negative, or n is")
    if np.count_nonzero(size) < n:
        raise ValueError(
            f"probabilities: {n} units are wanted, and {np.count_nonzero(size)} have a size above 0"
        )
    chance = np.zeros(len(size))
    certain = np.zeros(len(size), dtype=bool)
    while True:
        left = n - int(certain.sum())
        total = size[~certain].sum()
        chance[certain] = 1.0
        if total > 0:
            chance[~certain] = left * size[~certain] / total
        beyond = ~certain & (chance > 1.0)
        if not beyond.any():
            return chance
        certain |= beyond


def seen_from(prn: Floats, start: float) -> Floats:
    """Places on the circle, clockwise from `start`, each in [0, 1)."""
    moved: Floats = np.where(prn >= start, prn - start, prn - start + 1.0)
    return np.where(
        moved >= 1.0, 0.0, moved
    )  # a number just below the start must not round up to a full turn


def poisson(prn: Floats, chance: Floats, start: float) -> Indices:
    """Each unit by itself with its own probability, exactly; how many, is left to chance."""
    _checked(prn, chance, start)
    return np.flatnonzero(seen_from(prn, start) < chance).astype(np.int64)


def next_start(start: float, step: float) -> float:
    """Where the next Poisson draw begins."""
    return (start + step) % 1.0


def check_rotation(chance: Floats, step: float, days: int) -> None:
    """Raises ValueError unless starts that move on by `step` a day keep everybody out of the sample for `days` days.

    Two draws share nobody while their stretches of the circle do not overlap: step >= the largest probability, and days * step
    <= 1 so that the first stretch is not met again.
    """
    largest = float(chance.max(initial=0.0))
    if step < largest:
        raise ValueError(
            f"rotation: the start moves on by {step:g} a day, and the largest probability is {largest:g}; "
            f"move by {largest:g} at least, or lower the probability"
        )
    if days * step > 1:
        raise ValueError(
            f"rotation: cooling-off infeasible: {days} days of {step:g} pass the full turn; "
            f"{int(1 / step)} days can be guaranteed"
        )


def sequential_poisson(prn: Floats, chance: Floats, start: float, n: int) -> Indices:
    """The n units with the smallest place over probability (Ohlsson), certain ones first: a fixed size, probabilities
    very nearly as given. In the order drawn."""
    _checked(prn, chance, start)
    ranks = np.divide(seen_from(prn, start), chance, out=np.full(len(prn), np.inf), where=chance > 0)
    return _smallest(np.where(chance >= 1, -1.0, ranks), n)


def pareto(prn: Floats, chance: Floats, start: float, n: int) -> Indices:
    """The n units with the smallest odds of place over odds of probability (Rosén); certain units first. In the order drawn."""
    _checked(prn, chance, start)
    place = seen_from(prn, start)
    odds = np.divide(chance, 1 - chance, out=np.full(len(prn), np.inf), where=chance < 1)
    ranks = np.divide(place / (1 - place), odds, out=np.full(len(prn), np.inf), where=chance > 0)
    return _smallest(np.where(chance >= 1, -1.0, ranks), n)


def _smallest(ranks: Floats, n: int) -> Indices:
    drawable = int(np.isfinite(ranks).sum())
    if n > drawable:
        raise ValueError(f"draw: {n} units are wanted, and {drawable} have a probability above 0")
    return np.argsort(ranks, kind="stable")[:n].astype(np.int64)


def _checked(prn: Floats, chance: Floats, start: float) -> None:
    if len(prn) != len(chance):
        raise ValueError(f"draw: {len(prn)} numbers and {len(chance)} probabilities; one of each per unit")
    if not (np.all((prn >= 0) & (prn < 1)) and 0 <= start < 1):
        raise ValueError("draw: a permanent random number, or the start, is outside [0, 1)")
    if not np.all((chance >= 0) & (chance <= 1)):
        raise ValueError("draw: a probability is outside [0, 1]")
