"""Draws by hash: the same words give the same draw, whatever was drawn before."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")

_TWO_64 = 2**64


def uniform(*words: object) -> float:
    """A number in [0, 1) that depends on the words alone."""
    return _bits(words) / _TWO_64


def below(n: int, *words: object) -> int:
    """A whole number in [0, n)."""
    return _bits(words) * n // _TWO_64


def chance(p: float, *words: object) -> bool:
    return uniform(*words) < p


def choose(options: Sequence[T], *words: object) -> T:
    return options[below(len(options), *words)]


def shuffled(options: Sequence[T], *words: object) -> list[T]:
    order = sorted(range(len(options)), key=lambda at: _bits((*words, at)))
    return [options[at] for at in order]


def apportion(total: int, weights: Sequence[float], least: int) -> list[int]:
    """Whole parts of `total` by weight, none under `least`, which sum to it exactly (largest remainder)."""
    free = total - least * len(weights)
    if free < 0:
        raise ValueError(f"{total} cannot be split into {len(weights)} parts of at least {least}")
    shares = [free * weight / sum(weights) for weight in weights]
    parts = [int(share) for share in shares]
    by_remainder = sorted(range(len(shares)), key=lambda at: parts[at] - shares[at])
    for at in by_remainder[: free - sum(parts)]:
        parts[at] += 1
    return [least + part for part in parts]


def _bits(words: tuple[object, ...]) -> int:
    text = "\x1f".join(map(str, words))
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest())
