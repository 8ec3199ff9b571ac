"""Verification calls by operator: whom they reached, and how often they heard the contrary of the rating.

A later call never changes a rating (settled.md §3); an operator under whom many residents take theirs back is
to be seen.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from followup.reports.callback_rows import CallbackLine
from followup.verifying import contented

SPOKEN = ("complete", "partial")


@dataclass(frozen=True)
class Conversions:
    """The verification calls of one operator. `converted`: the resident had complained by text, and was content here."""

    operator: str
    spoken: int
    converted: int


def conversions(lines: Iterable[CallbackLine]) -> tuple[Conversions, ...]:
    """One row for each operator who spoke to anybody, by operator."""
    spoken = [line for line in lines if line.verified_by and line.verify_outcome in SPOKEN]
    return tuple(
        Conversions(operator, len(calls), sum(map(_converted, calls)))
        for operator, own in groupby(sorted(spoken, key=_operator), key=_operator)
        for calls in [list(own)]
    )


def _operator(line: CallbackLine) -> str:
    return line.verified_by or ""


def _converted(line: CallbackLine) -> bool:
    return contented(line.verified_answers, claimed_contact=line.claimed_contact)
