"""Alerts on daily estimates (statistics.md §3.7): each day beside its own past, gathered by EWMA or CUSUM until it is too much.

    z = (estimate - expected) / √(v + σ² + v_expected)

`expected` comes from the three weeks that ended a week before, so that a fall does not hide itself; a weekday's own level is used
as far as those weeks show one. v is the design's variance of the day, σ² what days differ by beyond it.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from survey.statistics.alert_policy import WEEK, AlertPolicy, alert_policy
from survey.statistics.multiplicity import Floats

AlertMethod = Literal["cusum", "ewma"]


@dataclass(frozen=True)
class Standardised:
    """Arrays days x areas, nan where a day has no estimate, or its past too few. `z`; `expected`: the level that it is held
    against; `beyond`: σ, the standard deviation between days beyond sampling."""

    z: Floats
    expected: Floats
    beyond: Floats


@dataclass(frozen=True)
class Chart:
    """Arrays days x areas. `statistic` and its `limit` on each day; `signal`: -1 too low, 1 too high, 0 neither. After a signal
    the chart begins anew, so that one event is told once."""

    statistic: Floats
    limit: Floats
    signal: NDArray[np.int8]


def standardised(estimate: ArrayLike, se: ArrayLike, policy: AlertPolicy | None = None) -> Standardised:
    """estimate, se: days x areas, every day of the calendar in its place, nan where there is no estimate. Raises ValueError."""
    rules = policy or alert_policy()
    values, errors = np.asarray(estimate, dtype=np.float64), np.asarray(se, dtype=np.float64)
    if values.ndim != 2 or values.shape != errors.shape:
        raise ValueError(
            f"alerts: {values.shape} estimates and {errors.shape} standard errors; give days x areas of both"
        )
    if np.any(errors < 0):
        raise ValueError("alerts: a standard error is negative")
    values = np.where(np.isnan(errors), np.nan, values)
    variance = np.where(np.isnan(values), np.nan, errors**2)
    z, expected, beyond = (np.full(values.shape, np.nan) for _ in range(3))
    for day in range(rules.past_days, len(values)):
        first, last = day - rules.past_days, day - rules.gap_days
        level, level_variance, own, sigma2 = _level(values[first:last], variance[first:last], rules)
        floor = rules.least_variance * own
        spread = np.maximum(variance[day], floor) + sigma2 + level_variance
        with np.errstate(invalid="ignore", divide="ignore"):
            z[day] = np.where(spread > 0, (values[day] - level) / np.sqrt(spread), np.nan)
        expected[day], beyond[day] = level, np.sqrt(sigma2)
    return Standardised(z, expected, beyond)


def _level(past: Floats, variance: Floats, rules: AlertPolicy) -> tuple[Floats, Floats, Floats, Floats]:
    """Of whole weeks (days x areas): the level expected on the weekday of their first day, its variance, the mean variance of
    sampling, and σ²; nan where too few days have an estimate."""
    weeks = past.reshape(-1, WEEK, past.shape[1])
    there = ~np.isnan(weeks)
    count, of_weekday = there.sum(axis=(0, 1)), there.sum(axis=0)
    enough = count >= rules.least_days
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(enough, np.nansum(weeks, axis=(0, 1)) / count, np.nan)
        by_weekday = np.where(of_weekday > 0, np.nansum(weeks, axis=0) / of_weekday, mean)
        sampling = np.nansum(variance, axis=0) / count
        within = np.nansum((weeks - by_weekday) ** 2, axis=(0, 1)) / np.maximum(
            1, count - (of_weekday > 0).sum(axis=0)
        )
        total = np.maximum(sampling, within)
        between = np.sum(of_weekday * (by_weekday - mean) ** 2, axis=0)
        # James and Stein towards the common mean of seven weekdays: 7 - 3 of them
        trust = np.where(between > 0, np.maximum(0.0, 1 - (WEEK - 3) * total / between), 0.0)
        trust = np.where(of_weekday[0] > 0, trust, 0.0)
        own_part = np.where(of_weekday[0] > 0, 1 / np.maximum(1, of_weekday[0]) - 1 / count, 0.0)
        level = mean + trust * (by_weekday[0] - mean)
        return level, total * (1 / count + trust**2 * own_part), sampling, total - sampling


def cusum(z: ArrayLike, slack: float, limit: float) -> Chart:
    """Lower CUSUM S = max(0, S - z - slack) > limit; a day without z leaves it as it is. z: days x areas."""
    values = np.asarray(z, dtype=np.float64)
    statistic, signal = np.zeros(values.shape), np.zeros(values.shape, dtype=np.int8)
    at = np.zeros(values.shape[1:])
    for day, now in enumerate(values):
        at = np.where(np.isnan(now), at, np.maximum(0.0, at - now - slack))
        over = (at > limit) & ~np.isnan(now)
        statistic[day], signal[day] = at, -over.astype(np.int8)
        at = np.where(over, 0.0, at)
    return Chart(statistic, np.full(values.shape, limit), signal)


def ewma(z: ArrayLike, smoothing: float, limit: float) -> Chart:
    """E = λz + (1 - λ)E beyond ± limit·√(λ/(2 - λ)·(1 - (1 - λ)^2t)), t days after it began. z: days x areas."""
    values = np.asarray(z, dtype=np.float64)
    statistic, edge = np.zeros(values.shape), np.zeros(values.shape)
    signal = np.zeros(values.shape, dtype=np.int8)
    at, age = np.zeros(values.shape[1:]), np.zeros(values.shape[1:])
    for day, now in enumerate(values):
        there = ~np.isnan(now)
        age = age + there
        at = np.where(there, smoothing * now + (1 - smoothing) * at, at)
        edge[day] = limit * np.sqrt(
            smoothing / (2 - smoothing) * (1 - (1 - smoothing) ** (2 * np.maximum(age, 1)))
        )
        over = there & (np.abs(at) > edge[day])
        statistic[day], signal[day] = at, np.where(over, np.sign(at), 0).astype(np.int8)
        at, age = np.where(over, 0.0, at), np.where(over, 0.0, age)
    return Chart(statistic, edge, signal)
