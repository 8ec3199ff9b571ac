"""Random-digit frames (随机号): numbers made at random inside number blocks that are in use (list-assisted, statistics.md §2).

A block is the beginning of a number (a mainland 号段 of 7 digits, a landline bank); what follows is drawn. Numbers in blocks that
are not listed are not covered, and the statement says how many those are where the whole plan is known.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

COUNTRY = "+86"


@dataclass(frozen=True)
class RandomDigits:
    """`numbers` in the order drawn, E.164. `probability`: of each number of the listed blocks to be drawn. `covered`: how many
    numbers could have been drawn."""

    numbers: tuple[str, ...]
    probability: float
    covered: int


def random_digits(
    blocks: Sequence[str], digits: int, n: int, seed: int, known: AbstractSet[str] = frozenset()
) -> RandomDigits:
    """n different numbers of `digits` digits (without the country code) out of `blocks`, each equally likely; none of `known`.

    The same seed and blocks give the same numbers. Raises ValueError for blocks that overlap or have nothing left to draw.
    """
    spans = _spans(blocks, digits)
    total = sum(10**length for _, length in spans)
    left = total - sum(_inside(number, spans, digits) for number in known)
    if n > left:
        raise ValueError(
            f"random digits: {n} numbers are wanted, and these blocks have {left} left; list more blocks"
        )
    ends = np.cumsum([10**length for _, length in spans])
    dice = np.random.Generator(np.random.PCG64(seed))
    drawn: dict[str, None] = {}
    while len(drawn) < n:
        for at in dice.integers(0, total, size=n - len(drawn) + 64):
            h = int(np.searchsorted(ends, at, side="right"))
            block, length = spans[h]
            rest = int(at) - (int(ends[h]) - 10**length)
            number = f"{COUNTRY}{block}{rest:0{length}}"
            if number not in known:
                drawn.setdefault(number)
    return RandomDigits(tuple(list(drawn)[:n]), n / left, left)


def _spans(blocks: Sequence[str], digits: int) -> list[tuple[str, int]]:
    """(block, digits that are drawn behind it), in order."""
    ordered = sorted(set(blocks))
    for block in ordered:
        if not block.isdecimal() or len(block) >= digits:
            raise ValueError(f"random digits: {block!r} is no block of numbers of {digits} digits")
    for before, after in pairwise(ordered):
        if after.startswith(before):
            raise ValueError(f"random digits: block {after} lies inside block {before}; list one of them")
    return [(block, digits - len(block)) for block in ordered]


def _inside(number: str, spans: Sequence[tuple[str, int]], digits: int) -> bool:
    national = number.removeprefix(COUNTRY)
    return len(national) == digits and any(national.startswith(block) for block, _ in spans)
