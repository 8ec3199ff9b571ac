"""Cutting extreme weights after calibration, and calibrating what is left (statistics.md §3.1)."""

from dataclasses import dataclass

import numpy as np

from survey.statistics.calibration import Calibrated, calibrate
from survey.statistics.calibration_distances import Method
from survey.statistics.margins import Cells
from survey.statistics.sums import Codes, Floats, sums
from survey.statistics.weighting import weighting_policy


@dataclass(frozen=True)
class Trimmed:
    """weights: (n,) that meet the totals again. cut: how many weights were ever above the cap; share: the part of the total
    weight that was moved in the first cycle; cycles: how many; settled: whether none is above its cap at the end."""

    weights: Floats
    cut: int
    share: float
    cycles: int
    settled: bool


def caps(weights: Floats, groups: Codes) -> Floats:
    """(groups,) the largest weight allowed in each: median + so many interquartile ranges, or so many means, the smaller."""
    rules = weighting_policy()
    many = int(groups.max()) + 1
    allowed = np.empty(many)
    order = np.argsort(groups, kind="stable")
    ends = np.cumsum(np.bincount(groups, minlength=many))
    for group, part in enumerate(np.split(weights[order], ends[:-1])):
        if len(part) == 0:
            allowed[group] = np.inf
            continue
        low, middle, high = np.quantile(part, (0.25, 0.5, 0.75))
        allowed[group] = min(middle + rules.cap_iqr * (high - low), rules.cap_mean * part.mean())
        if high == low:
            allowed[group] = rules.cap_mean * part.mean()
    return allowed


def trim(
    calibrated: Calibrated, groups: Codes, method: Method, bounds: tuple[float, float] | None = None
) -> Trimmed:
    """Cut, give the excess to the others of the group by their weights, calibrate again, until none is above its cap, which
    stays what it was at first. groups: (n,) codes 0..G-1. Raises Infeasible where the cut weights cannot meet the totals."""
    weights = calibrated.weights
    allowed = caps(weights, groups)[groups]
    ever = weights > allowed
    share = float(np.maximum(weights - allowed, 0.0).sum() / weights.sum())
    cycles = 0
    while cycles < weighting_policy().cycles and np.any(weights > allowed * (1 + 1e-9)):
        weights = _again(redistribute(weights, allowed, groups), calibrated.cells, method, bounds)
        ever |= weights > allowed
        cycles += 1
    return Trimmed(weights, int(ever.sum()), share, cycles, bool(np.all(weights <= allowed * (1 + 1e-9))))


def redistribute(weights: Floats, allowed: Floats, groups: Codes) -> Floats:
    """(n,) cut at `allowed`, the excess given to those below it in the same group, in proportion; where everybody is at the
    cap, it is lost, and calibration brings it back."""
    many = int(groups.max()) + 1
    cut = np.minimum(weights, allowed)
    below = weights < allowed
    excess = sums(groups, many, weights - cut)
    room = sums(groups, many, np.where(below, weights, 0.0))
    more = np.divide(excess, room, out=np.zeros(many), where=room > 0)
    return np.where(below, weights * (1 + more[groups]), cut)


def _again(weights: Floats, cells: Cells, method: Method, bounds: tuple[float, float] | None) -> Floats:
    return calibrate(weights, cells, method, bounds).weights
