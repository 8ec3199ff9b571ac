"""From which of our numbers a person is called: always the same one, and each number has its share of the people. Pure."""

import hashlib
from collections.abc import Mapping
from math import log


def own_number(person: int, rates: Mapping[str, float]) -> str | None:
    """The number that a person belongs to; None where there is none. Numbers have people in proportion to their rates.

    Rendezvous hashing with weights (Thaler and Ravishankar 1998, IEEE/ACM Transactions on Networking 6): a number that comes or
    goes takes or gives away its own people alone, nobody else changes theirs.
    """
    return max(rates, key=lambda number: (_pull(person, number, rates[number]), number), default=None)


def number_for(person: int, last: str | None, rates: Mapping[str, float]) -> str | None:
    """The number that called them last, if it is one of those (`rates`); otherwise the one that they belong to."""
    return last if last in rates else own_number(person, rates)


def _pull(person: int, number: str, rate: float) -> float:
    digest = hashlib.sha256(f"{number} {person}".encode()).digest()
    share = (int.from_bytes(digest[:8], "big") + 0.5) / 2**64
    return -rate / log(share)
