"""What is answered in a bench of the dialogue, and the fingerprint that both sides must come to."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

QUESTIONS: Final = ("B1", "B2", "B3", "B4", "B5", "B6")
CODES: Final = ("1", "2", "3", "4")
SKIPPED: Final = {"B1": "4"}
"""The answer after which B2 is not asked."""

Planned: TypeAlias = Mapping[str, str]
"""One session: the code that each question would be answered with, if it is asked."""
Given: TypeAlias = Sequence[tuple[str, str]]
"""One session as it went: each question that was asked, with the code that was stored."""


def _planned(number: int) -> dict[str, str]:
    """Every pair of codes for B1 and B2, the later questions stepping on at paces of their own."""
    places = (number, number // 4, number // 2, 3 * number + 1, number // 8, number // 3)
    return {question: CODES[place % 4] for question, place in zip(QUESTIONS, places, strict=True)}


CHECKED: Final[tuple[Planned, ...]] = tuple(_planned(number) for number in range(64))
"""Played once by each side before anything is measured, those included in which B2 is skipped."""

MEASURED: Final[tuple[Planned, ...]] = tuple(one for one in CHECKED if one["B1"] != SKIPPED["B1"])
"""Those in which all six questions are asked; a batch of a measurement is all of them once."""


def fingerprint(played: Sequence[Given]) -> str:
    """SHA-256 over one line `B1=2 B2=1 …` for each session, in order."""
    lines = (" ".join(f"{question}={code}" for question, code in given) for given in played)
    return hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()
