"""How often charts signal where nothing changes: in theory beside the published run lengths, and of the whole procedure."""

from collections.abc import Iterator

import numpy as np

from survey.statistics.alert_policy import alert_policy
from survey.statistics.alerts import Chart, cusum, ewma, standardised
from survey.statistics.multiplicity import Floats
from survey.statistics.run_lengths import cusum_arl, ewma_arl
from survey.statistics.share_scale import angles
from workers.coverage.checking import Check, Effort, Found, bars, between

SHIFTS = (0.0, 0.5, 1.0, 2.0)
EWMA_KNOWN = {(0.2, 2.962): (500, 41.8, 10.5, 3.7), (0.1, 2.814): (500, 31.3, 10.3, 4.4)}
CUSUM_KNOWN = {
    (0.5, 4.0): (335, 26.7, 8.4, 3.3),
    (0.5, 5.0): (931, 38, 10.4, 4.0),
    (0.25, 8.0): (737, 28.8, 11.4, 5.2),
}
"""Run lengths at these shifts, of the chart's two parameters (statistics.md §3.7; the same from R's package spc 0.6.7)."""

SERIES_DAYS, SHORT_SERIES = 1000, 250
RESTLESS = 1.3
"""Standard deviation of the days of a restless area, in standard errors of sampling."""
WORLDS = ("平静 calm", "起伏 restless", "比例 share .9", "比例 share .97")


def checks() -> Iterator[Check]:
    yield Check("ARL 理论 in theory", _theory)
    yield Check("ARL 已知参数 known", _known)
    yield Check("ARL 全流程 whole procedure", _procedure)


def _theory(effort: Effort, dice: np.random.Generator) -> list[Found]:
    found = []
    for (a, b), known in CUSUM_KNOWN.items():
        found += [
            _near(f"CUSUM {a:g}/{b:g}", f"移动 shift {m:g}", cusum_arl(a, b, m), arl)
            for m, arl in zip(SHIFTS, known, strict=True)
        ]
    for (a, b), known in EWMA_KNOWN.items():
        found += [
            _near(f"EWMA {a:g}/{b:g}", f"移动 shift {m:g}", ewma_arl(a, b, m), arl)
            for m, arl in zip(SHIFTS, known, strict=True)
        ]
    return found


def _known(effort: Effort, dice: np.random.Generator) -> list[Found]:
    """The charts themselves on independent normal z, which know their mean and error."""
    z = dice.standard_normal(_shape(effort))
    found = []
    for (a, b), known in CUSUM_KNOWN.items():
        chart = cusum(z, a, b)
        found.append(
            _near(
                f"CUSUM {a:g}/{b:g} 模拟",
                "移动 shift 0",
                _days_per_signal(chart, 0),
                known[0],
                _noise(chart, effort),
            )
        )
    for (a, b), known in EWMA_KNOWN.items():
        chart = ewma(z, a, b)
        found.append(
            _near(
                f"EWMA {a:g}/{b:g} 模拟",
                "移动 shift 0",
                _days_per_signal(chart, 0),
                known[0],
                _noise(chart, effort),
            )
        )
    return found


def _procedure(effort: Effort, dice: np.random.Generator) -> list[Found]:
    """What alerts.yaml states, in four worlds in which nothing changes: its `calm` row for the first, `arl0` the least of all."""
    rules = alert_policy()
    charts = {world: standardised(*_series(world, effort, dice)).z for world in WORLDS}
    found = []
    for row in rules.cusum.rows:
        made = {world: cusum(z, rules.cusum.slack, row.limit) for world, z in charts.items()}
        found += _stated(
            "CUSUM",
            row.limit,
            (row.arl0_known, row.arl0_calm, row.arl0),
            cusum_arl(rules.cusum.slack, row.limit),
            made,
            effort,
        )
    for row in rules.ewma.rows:
        made = {world: ewma(z, rules.ewma.smoothing, row.limit) for world, z in charts.items()}
        found += _stated(
            "EWMA",
            row.limit,
            (row.arl0_known, row.arl0_calm, row.arl0),
            ewma_arl(rules.ewma.smoothing, row.limit),
            made,
            effort,
        )
    return found


def _stated(
    chart: str,
    limit: float,
    stated: tuple[float, float, float],
    theory: float,
    made: dict[str, Chart],
    effort: Effort,
) -> list[Found]:
    first = alert_policy().past_days
    days = {world: _days_per_signal(one, first) for world, one in made.items()}
    least = min(days, key=lambda world: days[world])
    cell = f"限 limit {limit:g}"
    return [
        _near(f"{chart} 理论 theory", cell, theory, stated[0]),
        _near(f"{chart} {WORLDS[0]}", cell, days[WORLDS[0]], stated[1], _noise(made[WORLDS[0]], effort)),
        _near(f"{chart} 最少 least", cell, days[least], stated[2], _noise(made[least], effort), note=least),
    ]


def _series(world: str, effort: Effort, dice: np.random.Generator) -> tuple[Floats, Floats]:
    shape = _shape(effort)
    if world in WORLDS[:2]:
        spread = RESTLESS if world == WORLDS[1] else 1.0
        return spread * dice.standard_normal(shape), np.ones(shape)
    share = 0.9 if world == WORLDS[2] else 0.97
    p = dice.binomial(100, share, shape) / 100
    return angles(p, np.sqrt(p * (1 - p) / 99))


def _shape(effort: Effort) -> tuple[int, int]:
    """Days x areas: few long series, or in the short form many shorter ones, which cost less."""
    days = SERIES_DAYS if effort.share == 1 else SHORT_SERIES
    return days, max(20, effort.alarm_days // days)


def _days_per_signal(chart: Chart, first: int) -> float:
    signals = np.abs(chart.signal[first:])
    return float(signals.size / max(1, signals.sum()))


def _noise(chart: Chart, effort: Effort) -> float:
    """Relative standard errors of a count of signals that a short run is allowed."""
    return effort.allowance / float(np.sqrt(max(1, np.abs(chart.signal).sum())))


def _near(check: str, cell: str, value: float, known: float, slack: float = 0.0, note: str = "") -> Found:
    off = bars().arl_tolerance + slack
    return between(check, cell, value, round(known * (1 - off), 1), round(known * (1 + off), 1), note=note)
