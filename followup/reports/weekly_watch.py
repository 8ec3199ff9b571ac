"""Indicators day by day beside their own past: EWMA and CUSUM, with the false alarms to expect (statistics.md §3.7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from followup.reports.document.figures import Figure, Figures, Words, both
from followup.reports.document.model import Column, Row, Section, Sentence, Table
from followup.reports.report_policy import report_policy
from followup.reports.weekly_facts import WeeklyFacts
from survey.statistics.alert_policy import alert_policy
from survey.statistics.alerts import Chart, cusum, ewma, standardised
from survey.statistics.indicator_definitions import Share
from survey.statistics.share_scale import angles

QUERY = "followup.reports.weekly_watch.watched"
CHARTS = 2
"""An EWMA, which sees both ways, and a CUSUM, which gathers falls."""
YEAR = 365
QUIET = both("没有报警", "no alert")
UNWATCHED = both("以往天数不足,未监测", "too few days before, not watched")
LOWER, HIGHER = both("低于以往", "lower than before"), both("高于以往", "higher than before")


@dataclass(frozen=True)
class Watched:
    """One indicator. `days`: with an estimate, since the charts began; `said`: its alerts in the period, the oldest
    first; None: it has too few days to be watched."""

    indicator: str
    title: Words
    days: int
    said: list[tuple[date, str, Words]] | None


def watched(facts: WeeklyFacts) -> tuple[list[Watched], float]:
    """Every indicator of policy `reports`, and how many false alarms a year all of them together bring at the most where nothing
    changes. Days of which too little is known to be printed are left out."""
    table, rules, policy = facts.days.table, alert_policy(), report_policy().watch
    days = facts.days.ground.frame.days
    shares = [one for one in table.definitions if isinstance(one, Share)]
    of = [table.estimates[one.id] for one in shares]
    value = np.stack([one.value[: len(days)] for one in of], axis=1)
    error = np.sqrt(np.stack([one.variance[: len(days)] for one in of], axis=1))
    held = standardised(*angles(value, error))
    active = np.any(~np.isnan(held.z[_period(facts)]), axis=0)
    charts = CHARTS * int(active.sum())
    apart = charts * YEAR / policy.false_alarms_a_year
    (fall, fall_days), (both_ways, both_days) = rules.cusum.for_days(apart), rules.ewma.for_days(apart)
    drawn = {
        "CUSUM": cusum(held.z, rules.cusum.slack, fall),
        "EWMA": ewma(held.z, rules.ewma.smoothing, both_ways),
    }
    found = [
        Watched(
            one.id, both(one.title.zh, one.title.en), int(np.sum(~np.isnan(value[:, at]))),
            _alerts(facts, drawn, at) if active[at] else None,
        )
        for at, one in enumerate(shares)
    ]  # fmt: skip
    return found, int(active.sum()) * (YEAR / fall_days + YEAR / both_days)


def _period(facts: WeeklyFacts) -> slice:
    days = facts.days.ground.frame.days
    return slice(days.index(facts.period.first), None)


def _alerts(facts: WeeklyFacts, drawn: dict[str, Chart], at: int) -> list[tuple[date, str, Words]]:
    days, period = facts.days.ground.frame.days, _period(facts)
    return sorted(
        (
            (days[period.start + int(day)], name, LOWER if chart.signal[period][day, at] < 0 else HIGHER)
            for name, chart in drawn.items()
            for day in np.flatnonzero(chart.signal[period][:, at])
        ),
        key=lambda one: one[:2],
    )


def watch(figures: Figures, facts: WeeklyFacts) -> Section:
    """每日监测."""
    found, false_alarms = watched(facts)
    rows = []
    for one in found:
        days = figures.count(
            f"watch.{one.indicator}.days", both(f"{one.title.zh} 有数的日数", f"{one.title.en}: days with a figure"), one.days,
            QUERY,
        )  # fmt: skip
        said = figures.said(
            f"watch.{one.indicator}",
            both(f"{one.title.zh} 报警", f"{one.title.en}: alerts"),
            _words(one),
            QUERY,
        )
        rows.append(Row(cells=(one.title, days, said)))
    table = Table(
        key="watch",
        title=both("每日监测", "Day by day"),
        columns=(
            Column(key="name", head=both("指标", "Indicator"), wide=True),
            Column(key="days", head=both("有数的日数", "Days with a figure"), narrow=True),
            Column(key="said", head=both("报警", "Alerts"), wide=True),
        ),
        rows=tuple(rows),
        empty=both("没有监测的指标。", "No indicator is watched."),
    )
    return Section(title=both("每日监测", "Day by day"), blocks=(_about(figures, found, false_alarms), table))


def _about(figures: Figures, found: list[Watched], false_alarms: float) -> Sentence:
    seen = [one for one in found if one.said is not None]
    if not seen:
        return Sentence(
            words=both(
                "每天的结果与此前三周相比需要足够的以往天数,本期还不够,没有监测。",
                "Each day is held against three weeks before it; there are not yet days enough, so nothing was watched.",
            )
        )
    n = figures.count("watch.series", both("监测的指标", "indicators watched"), len(seen), QUERY)
    alerts = figures.count(
        "watch.alerts",
        both("本期报警", "alerts in the period"),
        sum(len(one.said or ()) for one in seen),
        QUERY,
    )
    rate = figures.put(
        Figure(
            key="watch.false_alarms", label=both("毫无变化时一年误报上限", "false alarms a year at most, nothing changing"),
            value=false_alarms, unit="score", query=QUERY,
        )
    )  # fmt: skip
    return Sentence(
        words=both(
            f"{{{n}}}项指标的每天结果与此前三周相比(EWMA看升降,CUSUM看下降),本期报警{{{alerts}}}次。"
            f"毫无变化时,全部图一年误报至多约{{{rate}}}次;报警是请人去看的信号,不是结论。",
            f"Indicators held day by day against three weeks before (EWMA both ways, CUSUM for falls): {{{n}}}; alerts in the "
            f"period: {{{alerts}}}. Where nothing changes, all charts together give some {{{rate}}} false alarms a year at the "
            "most; an alert asks somebody to look, and is no finding.",
        )
    )


def _words(one: Watched) -> Words:
    if one.said is None:
        return UNWATCHED
    if not one.said:
        return QUIET
    return both(
        "；".join(f"{day.month}月{day.day}日{words.zh}({chart})" for day, chart, words in one.said),
        "; ".join(f"{day:%d %B} {words.en} ({chart})" for day, chart, words in one.said),
    )
