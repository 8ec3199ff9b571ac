"""The way of callbacks from due to rated, as counts and as a chart: of the callback report and of the page of charts."""

from __future__ import annotations

from followup.reports.callback_report import CallbackReport
from followup.reports.document.figures import Figures, both
from followup.reports.document.model import Bar, Chart
from followup.reports.tally_figures import QUERY

FUNNEL = {
    "due": both("应回访", "Due"),
    "attempted": both("已联系", "Attempted"),
    "reached": both("已访到", "Reached"),
    "rated": both("已评价", "Rated"),
    "unreached": both("未访到", "Not reached"),
    "unrated": both("未评价", "Not rated"),
    "waiting": both("等待中", "Waiting"),
    "not_suitable": both("不宜回访", "Not suitable"),
}
STEPS = ("due", "attempted", "reached", "rated")
NOBODY = both("本期没有到期的回访。", "No callback was due in this period.")


def funnel_counts(figures: Figures, report: CallbackReport) -> dict[str, str]:
    """{what: key} of each step, and of what else became of those due."""
    return {
        name: figures.count(f"funnel.{name}", label, getattr(report.funnel, name), QUERY)
        for name, label in FUNNEL.items()
    }


def funnel_chart(report: CallbackReport) -> Chart:
    """Over the figures of `funnel_counts`."""
    return Chart(
        key="funnel",
        title=both("从应访到评价(件)", "From due to rated (cases)"),
        bars=tuple(Bar(label=FUNNEL[step], figure=f"funnel.{step}") for step in STEPS)
        if report.funnel.due
        else (),
        empty=NOBODY,
    )
