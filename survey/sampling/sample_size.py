"""How many interviews a precision needs, and how many people must be released for them (statistics.md §2, Size)."""

from dataclasses import dataclass
from math import ceil, inf, sqrt
from typing import Final

Z95: Final = 1.959963984540054
"""The 97.5th percentile of the normal distribution: an interval of 95 %."""


@dataclass(frozen=True)
class Field:
    """What is expected of the field: shares that are eligible, reached, and willing; the design effect."""

    eligible: float = 1.0
    contact: float = 0.5
    cooperation: float = 0.4
    design_effect: float = 1.0

    @property
    def response(self) -> float:
        return self.eligible * self.contact * self.cooperation


def design_effect(weight_cv: float, cluster_size: float = 1.0, rho: float = 0.0) -> float:
    """Of unequal weights and of clusters: (1 + CV²) · (1 + (m̄ - 1) ρ)."""
    return (1 + weight_cv**2) * (1 + (cluster_size - 1) * rho)


def interviews_needed(
    share: float, margin: float, *, population: float = inf, deff: float = 1.0, z: float = Z95
) -> float:
    """Interviews for a share to be known to ± `margin` (a half-width, 0.03 for three points), of a population of this size.

    n0 = z² p (1 - p) / d², with the finite population correction n0 / (1 + (n0 - 1) / N), times the design effect. A real number;
    round up. Raises ValueError.
    """
    if not 0 < share < 1 or not 0 < margin < 1:
        raise ValueError("sample size: share and margin must lie between 0 and 1")
    n0 = z**2 * share * (1 - share) / margin**2
    corrected = n0 if population == inf else n0 / (1 + (n0 - 1) / population)
    return corrected * deff


def wilson_needed(share: float, margin: float, z: float = Z95) -> float:
    """Interviews for Wilson's interval to have the half-width `margin` at this share; kinder than n0 near 0 and 1.

    The half-width is z / (1 + z²/n) · √(p (1 - p) / n + z² / 4n²); solved for n by halving.
    """
    low, high = 1.0, 1e9
    while high - low > 1e-9 * high:
        n = (low + high) / 2
        half = z / (1 + z**2 / n) * sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
        low, high = (n, high) if half > margin else (low, n)
    return high


def achieved_margin(
    share: float, n: float, *, population: float = inf, deff: float = 1.0, z: float = Z95
) -> float:
    """The half-width that n interviews reach."""
    if n <= 0:
        return inf
    fpc = (
        1.0 if population == inf else max(0.0, (population - n) / (population - 1)) if population > 1 else 0.0
    )
    return z * sqrt(deff * share * (1 - share) / n * fpc)


@dataclass(frozen=True)
class Area:
    """A part of the frame that is to be reported by itself. `people`: on the list."""

    code: str
    people: int


@dataclass(frozen=True)
class AreaPlan:
    """For one area: `interviews` for the margin, `release` people for those; `feasible_daily`: so many can be asked on a day
    without asking anybody again within the cooling-off; `days`: the trailing window that reaches the margin at that pace, None
    where even the whole list does not."""

    code: str
    people: int
    interviews: int
    release: int
    a_day: int
    days: int | None
    margin_of_a_day: float

    @property
    def daily_is_enough(self) -> bool:
        return self.days == 1


def plan_area(
    area: Area, share: float, margin: float, field: Field, *, cooling_off_days: int = 180
) -> AreaPlan:
    """Whether this area can have this precision, by day or over how many days."""
    needed = interviews_needed(share, margin, population=area.people, deff=field.design_effect)
    interviews, release = ceil(needed), ceil(needed / field.response)
    a_day = area.people // cooling_off_days if cooling_off_days > 0 else area.people
    daily = a_day * field.response
    reachable = area.people * field.response >= needed
    days = max(1, ceil(needed / daily)) if daily > 0 and reachable else None
    window = days if days is not None and days <= max(1, cooling_off_days) else None
    return AreaPlan(
        area.code,
        area.people,
        interviews,
        release,
        a_day,
        window,
        achieved_margin(share, daily, population=area.people, deff=field.design_effect),
    )
