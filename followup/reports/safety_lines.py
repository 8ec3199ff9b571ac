"""The headline week by week, as lines with their intervals: of a centre, of centres side by side, of townships."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from followup.indicators import IndicatorReport
from followup.reports.document.figures import Figures, Words, both
from followup.reports.document.model import Bar, Lines, Panel
from followup.reports.indicator_figures import put_result
from followup.reports.indicator_files import area_name
from survey.statistics.indicator_table import ELSEWHERE, IndicatorResult

NOBODY = both("这些周没有人回答。", "Nobody answered in these weeks.")


def safety_line(figures: Figures, weeks: IndicatorReport) -> Lines:
    """Of one centre. `weeks`: a table by week."""
    panel = centre_panel(figures, weeks, both("全中心", "The whole centre"), "weeks")
    return Lines(
        key="weeks",
        title=both(
            "安全感,按周(竖线是95%区间,下面是基数)", "Sense of safety by week (whiskers: 95% intervals; below: bases)"
        ),
        panels=(panel,) if panel is not None else (),
        empty=NOBODY,
    )  # fmt: skip


def centres_side_by_side(figures: Figures, centres: Sequence[tuple[Words, IndicatorReport]]) -> Lines:
    """Of several centres, a panel each, in the order given: they are not ranked."""
    panels = [centre_panel(figures, weeks, name, f"centre.{weeks.wanted.centre}") for name, weeks in centres]
    return Lines(
        key="centres",
        title=both("各县安全感,按周(不排名)", "Sense of safety by county and week, not ranked"),
        panels=tuple(panel for panel in panels if panel is not None),
        empty=NOBODY,
    )


def centre_panel(figures: Figures, weeks: IndicatorReport, name: Words, prefix: str) -> Panel | None:
    """One line over all areas; None where nobody answered."""
    found = [one for one in weeks.table.rows() if one.cell.day is not None]
    if all(one.suppressed == "empty" for one in found):
        return None
    return Panel(label=name, points=_points(figures, weeks, found, name, prefix))


def township_lines(figures: Figures, weeks: IndicatorReport, whole: IndicatorReport) -> Lines:
    """A panel for each township in the order of codes, with its figure over all weeks. `weeks`: by week and township; `whole`: by
    township."""
    panels = []
    for result in whole.table.rows():
        area = result.cell.area
        if area is None or area.endswith(ELSEWHERE) or result.suppressed == "empty":
            continue
        name = both(*area_name(whole, area))
        said = put_result(
            figures, whole, result, f"area.{area}", both(f"{name.zh} 安全感", f"{name.en}: safety")
        )
        own = [one for one in weeks.table.rows() if one.cell.area == area]
        points = _points(figures, weeks, own, name, f"area.{area}")
        panels.append(Panel(label=name, points=points, said=said))
    return Lines(
        key="areas",
        title=both(
            "各乡镇安全感,按周(按代码排列,不排名)", "Sense of safety by township and week, not ranked"
        ),
        panels=tuple(panels),
        empty=both("没有乡镇有人回答。", "Nobody answered in any township."),
    )


def _points(
    figures: Figures, report: IndicatorReport, results: Sequence[IndicatorResult], name: Words, prefix: str
) -> tuple[Bar, ...]:
    return tuple(_point(figures, report, one, name, prefix) for one in results)


def _point(figures: Figures, report: IndicatorReport, one: IndicatorResult, name: Words, prefix: str) -> Bar:
    day = one.cell.day
    assert day is not None
    label = both(f"{name.zh} 安全感 {day:%m-%d}那一周", f"{name.en}: safety, week of {day:%m-%d}")
    return Bar(label=day_label(day), figure=put_result(figures, report, one, f"{prefix}.{day}", label))


def day_label(day: date) -> Words:
    """Short, alike in both languages."""
    return both(f"{day.month}-{day.day}", f"{day.month}-{day.day}")
