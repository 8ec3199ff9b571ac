"""How a sample is split over strata (statistics.md §2): proportional, Neyman, with costs, Bankier's power, fixed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import floor, sqrt
from typing import Final, Literal

Method = Literal["proportional", "neyman", "cost", "power", "fixed"]

LEAST_SPREAD: Final = sqrt(0.05 * 0.95)
"""No stratum is taken to be more of one mind than 5 : 95, however it looked of late (statistics.md §2)."""


class Infeasible(ValueError):
    """No sample of this size can be drawn under these limits; the message names the strata and what could be."""


@dataclass(frozen=True)
class Limits:
    """Of every stratum: `at_least` people in the sample (never more than it has); `cooling_off_days`: no more than its share of
    so many days, so that nobody is asked twice within them. `floors`, `caps`: least and most of single strata."""

    at_least: int = 0
    cooling_off_days: int = 1
    floors: Mapping[str, int] = field(default_factory=dict)
    caps: Mapping[str, int] = field(default_factory=dict)


def allocate(
    sizes: Mapping[str, int],
    n: int,
    method: Method = "proportional",
    *,
    spread: Mapping[str, float] | None = None,
    least_spread: float = LEAST_SPREAD,
    power: float = 0.5,
    measure: Mapping[str, float] | None = None,
    cost: Mapping[str, float] | None = None,
    fixed: Mapping[str, int] | None = None,
    limits: Limits | None = None,
) -> dict[str, int]:
    """n split over the strata of `sizes`. Whole numbers by largest remainder, ties by code; what a limit cuts off is spread over
    the others.

    `spread`: standard deviation of the item in each stratum (Neyman and cost; held above `least_spread`), or its coefficient of
    variation (power, with exponent `power` of `measure`, by default the sizes). `cost`: of one interview in each stratum.
    Raises Infeasible, and ValueError for arguments that make no sense.
    """
    limits = limits or Limits()
    if method == "fixed":
        return _fixed(sizes, fixed or {}, limits)
    if n < 0:
        raise ValueError(f"allocation: n = {n}; choose 0 or more")
    most, least = bounds_of(sizes, limits)
    _check(sizes, n, most, least, limits)
    weights = _weights(sizes, method, spread or {}, least_spread, (power, measure or sizes), cost or {})
    return _rounded(_shares(weights, n, least, most), n, least, most)


def bounds_of(sizes: Mapping[str, int], limits: Limits) -> tuple[dict[str, int], dict[str, int]]:
    """Most and least people that each stratum may give under the limits. A floor above what a stratum can give is that."""
    most = {code: min(most_of(size, limits), limits.caps.get(code, size)) for code, size in sizes.items()}
    least = {code: min(max(limits.at_least, limits.floors.get(code, 0)), most[code]) for code in sizes}
    return most, least


def most_of(size: int, limits: Limits) -> int:
    """How many people of a stratum one draw may take: with D days of cooling-off, a D-th of it (statistics.md §2 (a))."""
    return size // max(1, limits.cooling_off_days)


def _check(
    sizes: Mapping[str, int], n: int, most: Mapping[str, int], least: Mapping[str, int], limits: Limits
) -> None:
    if n > sum(most.values()):
        days = limits.cooling_off_days
        tight = ", ".join(f"{code} ({most[code]} of {sizes[code]})" for code in sorted(sizes)[:8])
        why = f"with {days} days of cooling-off " if days > 1 else ""
        raise Infeasible(
            f"allocation: {n} people are wanted, and {why}at most {sum(most.values())} of {sum(sizes.values())} can be drawn: "
            f"{tight}. Draw {sum(most.values())}, or shorten the cooling-off"
        )
    if n < sum(least.values()):
        raise Infeasible(
            f"allocation: {len(sizes)} strata with at least {limits.at_least} people each need {sum(least.values())}, "
            f"and {n} are wanted. Draw more, or lower the minimum"
        )


def _weights(
    sizes: Mapping[str, int],
    method: Method,
    spread: Mapping[str, float],
    least_spread: float,
    power: tuple[float, Mapping[str, float]],
    cost: Mapping[str, float],
) -> dict[str, float]:
    if method == "proportional":
        return {code: float(size) for code, size in sizes.items()}
    _complete(sizes, spread, method, "the spread")
    if method == "power":
        exponent, measure = power
        _complete(sizes, measure, method, "the measure of size")
        return {code: measure[code] ** exponent * spread[code] for code in sizes}
    if method == "cost":
        _complete(sizes, cost, method, "the cost")
    return {
        code: size * max(least_spread, spread[code]) / (sqrt(cost[code]) if method == "cost" else 1.0)
        for code, size in sizes.items()
    }


def _complete(sizes: Mapping[str, int], given: Mapping[str, float], method: str, what: str) -> None:
    lacking = sorted(set(sizes) - set(given))
    if lacking:
        raise ValueError(f"allocation: method {method} needs {what} of {', '.join(lacking)}")


def _shares(
    weights: Mapping[str, float], n: int, least: Mapping[str, int], most: Mapping[str, int]
) -> dict[str, float]:
    """Real-valued shares in proportion to the weights, held inside the limits: whoever meets one is fixed there, and the rest is
    split again."""
    held: dict[str, float] = {}
    while True:
        free = [code for code in weights if code not in held]
        rest, total = n - sum(held.values()), sum(weights[code] for code in free)
        shares = {code: rest * weights[code] / total if total > 0 else rest / len(free) for code in free}
        over = {c: float(most[c]) for c in free if shares[c] > most[c]}
        under = {c: float(least[c]) for c in free if shares[c] < least[c]}
        # hold the side that is further off first: what it frees or takes may lift the others back inside
        excess = sum(shares[c] - m for c, m in over.items())
        lack = sum(m - shares[c] for c, m in under.items())
        fixed = over if excess >= lack else under
        if not fixed:
            return {**held, **shares}
        held |= fixed


def _rounded(
    shares: Mapping[str, float], n: int, least: Mapping[str, int], most: Mapping[str, int]
) -> dict[str, int]:
    whole = {code: min(most[code], max(least[code], floor(share + 1e-9))) for code, share in shares.items()}
    by_remainder = sorted(shares, key=lambda code: (-round(shares[code] - whole[code], 9), code))
    left = n - sum(whole.values())
    while left > 0:
        for code in by_remainder:
            if left > 0 and whole[code] < most[code]:
                whole[code] += 1
                left -= 1
    return {code: whole[code] for code in shares}


def _fixed(sizes: Mapping[str, int], fixed: Mapping[str, int], limits: Limits) -> dict[str, int]:
    for code, wanted in fixed.items():
        most = most_of(sizes.get(code, 0), limits)
        if not 0 <= wanted <= most:
            raise Infeasible(
                f"allocation: {wanted} people of stratum {code} are wanted, and {most} can be drawn "
                f"({sizes.get(code, 0)} people, {limits.cooling_off_days} days of cooling-off). Lower it there"
            )
    return {code: fixed.get(code, 0) for code in sizes}
