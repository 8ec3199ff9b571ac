"""Outcome rates by cohort: the day on which a case was released, never the day of its last attempt (statistics.md §1.2).

A rate by the day of the attempt would mix fresh cases with stubborn ones, and move with the caller's diary.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from survey.field.dispositions import Group
from survey.statistics.outcome_rates import OutcomeRates, outcome_rates, sum_groups


@dataclass(frozen=True)
class Cohort:
    """One release. `open`: the share of its `cases` on which work goes on, None where that was not said; until it is 0
    the rates will still move. Rates are of base weights where there are any."""

    name: str
    cases: int
    open: float | None
    rates: OutcomeRates


def cohort_rates(
    names: Sequence[str],
    groups: Sequence[Group],
    *,
    weights: Sequence[float] | None = None,
    still_open: Sequence[bool] | None = None,
    e: float | None = None,
) -> tuple[Cohort, ...]:
    """Cohorts in the order of their names; `e` is each cohort's own, unless given.

    names, groups, weights, still_open: one per case; an open case stands with the group that it would end in now (not
    worked yet: UH). Raises ValueError where their numbers differ.
    """
    for given in (groups, weights, still_open):
        if given is not None and len(given) != len(names):
            raise ValueError(f"cohorts: {len(names)} names and {len(given)} values; give one per case")
    places: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        places.setdefault(name, []).append(place)
    found = []
    for name in sorted(places):
        at = places[name]
        counts = sum_groups((groups[i] for i in at), None if weights is None else (weights[i] for i in at))
        share = None if still_open is None else sum(still_open[i] for i in at) / len(at)
        found.append(Cohort(name, len(at), share, outcome_rates(counts, e)))
    return tuple(found)
