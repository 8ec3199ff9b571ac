"""Coverage of the intervals of a share, of an index, and of a difference between two days, cell by cell."""

from collections.abc import Iterator

import numpy as np

from survey.statistics import interval_arrays as intervals
from survey.statistics.chart_intervals import chart_limits
from survey.statistics.multiplicity import Floats
from workers.coverage.checking import Check, Effort, Found, at_least, bars, between, for_information
from workers.coverage.survey_days import Days, Design, days_of

SHARES = (0.5, 0.8, 0.9, 0.95, 0.98, 0.995, 1 - 1 / 178_000)
SIZES = (30, 60, 100, 400)
WEIGHT_CVS = (0.0, 0.3, 0.8)
STEPS = (1.0, 0.75, 0.5, 0.25, 0.0)
INDEXES = {
    "典型 typical": (0.35, 0.4, 0.15, 0.07, 0.03),
    "封顶 ceiling": (0.8, 0.15, 0.03, 0.01, 0.01),
    "极端 extreme": (0.96, 0.02, 0.01, 0.005, 0.005),
    "两极 polar": (0.7, 0.0, 0.0, 0.0, 0.3),
}


def checks() -> Iterator[Check]:
    """One check per size and weights: what is counted together shares its days."""
    for n in SIZES:
        for cv in WEIGHT_CVS:
            yield Check(f"n = {n}, CV {cv:g}", lambda effort, dice, n=n, cv=cv: _shares(n, cv, effort, dice))  # type: ignore[misc]
            yield Check(f"n = {n}, CV {cv:g}", lambda effort, dice, n=n, cv=cv: _indexes(n, cv, effort, dice))  # type: ignore[misc]
    yield Check("MNAR", _mnar)


def _shares(n: int, cv: float, effort: Effort, dice: np.random.Generator) -> list[Found]:
    found = []
    for p in SHARES:
        days = days_of(Design((1.0, 0.0), (p, 1 - p), n, cv), effort.replicates, dice)
        cell = f"p {p:.6g}, n {n}, CV {cv:g}"
        found += [
            _covered("Korn-Graubard", cell, days, korn_graubard(days), bars().korn_graubard, effort),
            _covered("Jeffreys 图用 for charts", cell, days, for_charts(days), bars().jeffreys, effort),
            _textbook_jeffreys(cell, days),
        ]
        if n >= bars().difference_n:
            found.append(_difference(cell, days, n * (1 - p), effort))
    return found


def korn_graubard(days: Days) -> intervals.Limits:
    """The published interval of each day."""
    return intervals.proportion_limits(
        "korn_graubard", days.estimate, days.n, variance=days.variance, df=days.df, design_effect=days.deff
    )


def for_charts(days: Days) -> intervals.Limits:
    """The narrower one, on n over Kish's design effect."""
    return chart_limits(days.estimate, days.n, days.deff)


def _textbook_jeffreys(cell: str, days: Days) -> Found:
    low, high = intervals.jeffreys_of(days.estimate, days.n / days.deff)
    inside = float(np.mean((low <= days.truth) & (days.truth <= high)))
    return for_information("Jeffreys 原式 textbook", cell, inside, "不用于发布 not what is printed")


def _covered(
    check: str, cell: str, days: Days, limits: intervals.Limits, bar: float, effort: Effort
) -> Found:
    low, high = limits
    inside = (low <= days.truth) & (days.truth <= high)
    return at_least(
        check, cell, float(inside.mean()), bar, effort.slack(bar, len(inside)), _misses(days, low, high)
    )


def _misses(days: Days, low: Floats, high: Floats) -> str:
    """On which side the truth lies outside, the mean width, and how often a sample is of one mind."""
    empty = float(np.mean(days.variance == 0))
    return (
        f"左 left {np.mean(high < days.truth):.3f} 右 right {np.mean(low > days.truth):.3f} "
        f"宽 width {np.mean(high - low):.4f} 无方差 empty {empty:.3f}"
    )


def _indexes(n: int, cv: float, effort: Effort, dice: np.random.Generator) -> list[Found]:
    found = []
    for name, shares in INDEXES.items():
        days = days_of(Design(STEPS, shares, n, cv), effort.replicates, dice)
        low, high = intervals.bounded_mean_limits(
            100 * days.estimate, days.n, variance=1e4 * days.variance, df=days.df, design_effect=days.deff
        )
        inside = float(np.mean((low <= 100 * days.truth) & (100 * days.truth <= high)))
        cell = f"{name}, n {n}, CV {cv:g}"
        if days.effective >= bars().index_n_eff and shares[0] <= bars().index_top_share:
            slack = effort.slack(bars().index, len(low))
            found.append(at_least("指数 index logit-t", cell, inside, bars().index, slack))
        else:
            why = f"标注 flagged: n_eff {days.effective:.0f}, 最高项 top {shares[0]:g}"
            found.append(for_information("指数 index logit-t", cell, inside, why))
    return found


def _difference(cell: str, days: Days, rarer: float, effort: Effort) -> Found:
    """Of each day and the next, which are independent."""
    later = [np.roll(one, -1) for one in (days.estimate, days.variance, days.df)]
    low, high = intervals.t_limits(later[0] - days.estimate, later[1] + days.variance, later[2] + days.df)
    inside = float(np.mean((low <= 0) & (high >= 0)))
    if rarer < bars().difference_rarer - 1e-9:
        why = f"标注 flagged: 少数项期望 rarer answer {rarer:.3g}"
        return for_information("两日之差 difference", cell, inside, why)
    least, most = bars().difference
    return between("两日之差 difference", cell, inside, least, most, effort.slack(0.95, len(low)))


def _mnar(effort: Effort, dice: np.random.Generator) -> list[Found]:
    """Whoever is dissatisfied answers half as often: no weight mends it, and it must show as bias."""
    design = Design((1.0, 0.0), (0.8, 0.2), 400, 0.3, "mnar")
    days = days_of(design, effort.replicates, dice)
    low, high = korn_graubard(days)
    inside = float(np.mean((low <= days.truth) & (days.truth <= high)))
    bias = float(days.estimate.mean() - days.truth)
    return [
        for_information("MNAR", "p 0.8, n 400", inside, "覆盖率不作数 coverage is no measure here"),
        at_least("MNAR 偏差 bias", "p 0.8, n 400", bias, 0.05),
    ]
