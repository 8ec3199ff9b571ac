"""AAPOR outcome rates (statistics.md §1.2). An empty denominator gives None, never 0."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import get_args

from survey.field.dispositions import Group, disposition


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


def count_groups(final_codes: Iterable[str], weights: Iterable[float] | None = None) -> dict[Group, float]:
    """How many units, or which sum of base weights, ended in each group of the table.

    Raises UnknownDisposition; ValueError when there are not as many weights as codes.
    """
    counts: dict[Group, float] = dict.fromkeys(get_args(Group), 0.0)
    pairs = (
        ((code, 1.0) for code in final_codes) if weights is None else zip(final_codes, weights, strict=True)
    )
    for code, weight in pairs:
        counts[disposition(code).group] += weight
    return counts


def outcome_rates(counts: Mapping[Group, float], e: float | None = None) -> OutcomeRates:
    """All rates from the counts by group. `e` is the proportional one, K / (K + NE), unless given."""
    i, p, r, nc, o = (counts.get(group, 0.0) for group in ("I", "P", "R", "NC", "O"))
    known = i + p + r + nc + o
    unknown = counts.get("UH", 0.0) + counts.get("UO", 0.0)
    not_eligible = counts.get("NE", 0.0)
    share = _rate(known, known + not_eligible) if e is None else e
    every, estimated = known + unknown, None if share is None else known + share * unknown
    return OutcomeRates(
        sample=known + unknown + not_eligible,
        e=share,
        rr1=_rate(i, every), rr2=_rate(i + p, every),
        rr3=_rate(i, estimated), rr4=_rate(i + p, estimated),
        rr5=_rate(i, known), rr6=_rate(i + p, known),
        coop1=_rate(i, i + p + r + o), coop2=_rate(i + p, i + p + r + o),
        coop3=_rate(i, i + p + r), coop4=_rate(i + p, i + p + r),
        ref1=_rate(r, every), ref2=_rate(r, estimated), ref3=_rate(r, known),
        con1=_rate(known - nc, every), con2=_rate(known - nc, estimated), con3=_rate(known - nc, known),
    )  # fmt: skip


def _rate(part: float, whole: float | None) -> float | None:
    return part / whole if whole else None
