"""AAPOR outcome rates (statistics.md §1.2). An empty denominator gives None, never 0.

K = I + P + R + NC + O are the known eligible, U = UH + UO those of unknown eligibility, of whom the share e counts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from math import isfinite
from typing import get_args

from survey.field.dispositions import Group, disposition

GROUPS: tuple[Group, ...] = get_args(Group)
RESTS_ON_E = ("RR3", "RR4", "REF2", "CON2")
"""Rates that are never given without e."""

Fraction = tuple[float, float | None]
"""Numerator and denominator; None where e is needed and cannot be had."""


@dataclass(frozen=True)
class OutcomeRates:
    """Rates as shares in [0, 1], or None. `e`: the share of the unknown counted as eligible; it is stated
    with RR3 and RR4.
    """

    sample: float
    e: float | None
    rr1: float | None
    rr2: float | None
    rr3: float | None
    rr4: float | None
    rr5: float | None
    rr6: float | None
    coop1: float | None
    coop2: float | None
    coop3: float | None
    coop4: float | None
    ref1: float | None
    ref2: float | None
    ref3: float | None
    con1: float | None
    con2: float | None
    con3: float | None


RATES: tuple[str, ...] = tuple(field.name.upper() for field in fields(OutcomeRates)[2:])
"""AAPOR's names, in its order."""


def count_groups(final_codes: Iterable[str], weights: Iterable[float] | None = None) -> dict[Group, float]:
    """How many units, or which sum of base weights, ended in each group of the table.

    Raises UnknownDisposition; ValueError when there are not as many weights as codes.
    """
    return sum_groups((disposition(code).group for code in final_codes), weights)


def sum_groups(groups: Iterable[Group], weights: Iterable[float] | None = None) -> dict[Group, float]:
    """Units, or base weights, by group. Raises ValueError when there are not as many weights as groups."""
    counts: dict[Group, float] = dict.fromkeys(GROUPS, 0.0)
    pairs = ((group, 1.0) for group in groups) if weights is None else zip(groups, weights, strict=True)
    for group, weight in pairs:
        counts[group] += weight
    return counts


def outcome_rates(counts: Mapping[Group, float], e: float | None = None) -> OutcomeRates:
    """All rates from the counts by group, or sums of weights. `e` is `proportional_e`, unless given.

    Raises ValueError for an e outside [0, 1], and for a count that is negative or no number.
    """
    share = proportional_e(counts) if e is None else e
    found = fractions(counts, share)
    rates = {name.lower(): part / whole if whole else None for name, (part, whole) in found.items()}
    return OutcomeRates(sample=sum(counts.get(group, 0.0) for group in GROUPS), e=share, **rates)


def eligibility_bounds(counts: Mapping[Group, float]) -> tuple[OutcomeRates, OutcomeRates]:
    """The rates for e = 0, none of the unknown eligible, and for e = 1, all of them."""
    return outcome_rates(counts, 0.0), outcome_rates(counts, 1.0)


def proportional_e(counts: Mapping[Group, float]) -> float | None:
    """K / (K + NE): the unknown are taken to be like the known. None where nothing is known."""
    known = _known(counts)
    decided = known + counts.get("NE", 0.0)
    return known / decided if decided else None


def fractions(counts: Mapping[Group, float], e: float | None) -> dict[str, Fraction]:
    """{AAPOR's name of a rate: numerator and denominator}. Raises ValueError as `outcome_rates` does."""
    _check(counts, e)
    i, p, r, nc, o = (counts.get(group, 0.0) for group in ("I", "P", "R", "NC", "O"))
    known, unknown = _known(counts), counts.get("UH", 0.0) + counts.get("UO", 0.0)
    every, estimated = known + unknown, None if e is None else known + e * unknown
    return {
        "RR1": (i, every), "RR2": (i + p, every),
        "RR3": (i, estimated), "RR4": (i + p, estimated),
        "RR5": (i, known), "RR6": (i + p, known),
        "COOP1": (i, i + p + r + o), "COOP2": (i + p, i + p + r + o),
        "COOP3": (i, i + p + r), "COOP4": (i + p, i + p + r),
        "REF1": (r, every), "REF2": (r, estimated), "REF3": (r, known),
        "CON1": (known - nc, every), "CON2": (known - nc, estimated), "CON3": (known - nc, known),
    }  # fmt: skip


def _known(counts: Mapping[Group, float]) -> float:
    return sum(counts.get(group, 0.0) for group in ("I", "P", "R", "NC", "O"))


def _check(counts: Mapping[Group, float], e: float | None) -> None:
    if e is not None and not 0 <= e <= 1:
        raise ValueError(
            f"e = {e} is no share; write one from 0 (none of the unknown is eligible) to 1 (all)"
        )
    for group, count in counts.items():
        if not isfinite(count) or count < 0:
            raise ValueError(f"{group} = {count} is no count; write a number, 0 or more")
