"""Chance as a function: every draw is a hash of (seed, what it is for), so no draw depends on the order
of requests."""

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from math import exp, log
from statistics import NormalDist
from typing import TypeVar

T = TypeVar("T")

_SPAN = float(2**64)
_NORMAL = NormalDist()


def uniform(seed: int, *what: object) -> float:
    """A number in [0, 1) that is the same for the same seed and words, in every process and on every
    machine."""
    words = "\x1f".join(map(str, (seed, *what)))
    return int.from_bytes(blake2b(words.encode(), digest_size=8).digest()) / _SPAN


def identifier(prefix: str, seed: int, *what: object) -> str:
    """A carrier's sid: two letters and 32 hexadecimal digits."""
    words = "\x1f".join(map(str, (seed, *what)))
    return prefix + blake2b(words.encode(), digest_size=16).hexdigest()


def choose(u: float, weights: Mapping[str, float]) -> str:
    """The key into whose share `u` falls; weights need not sum to one.

    Raises ValueError for an empty table."""
    left = u * sum(weights.values())
    key = None
    for key, weight in weights.items():
        left -= weight
        if left < 0:
            return key
    if key is None:
        raise ValueError("nothing to choose from: the table of weights is empty")
    return key


def one_of(u: float, items: Sequence[T]) -> T:
    """One of the items, all equally likely."""
    return items[min(int(u * len(items)), len(items) - 1)]


def between(u: float, low: float, high: float) -> float:
    return low + u * (high - low)


def lognormal(u: float, median: float, sigma: float, longest: float) -> float:
    """A waiting time with that median and a long tail, cut at `longest` (same unit as the median)."""
    z = _NORMAL.inv_cdf(min(max(u, 1e-9), 1 - 1e-9))
    return min(exp(log(median) + sigma * z), longest)
