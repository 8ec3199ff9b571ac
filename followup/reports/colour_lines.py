"""How many cases were red, yellow and green, day by day, as lines side by side."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from followup.casework.colours import colour_policy
from followup.reports.document.figures import Figures, both
from followup.reports.document.model import Bar, Lines, Panel
from followup.reports.safety_lines import day_label
from followup.store.colour_days import ColourDay

QUERY = "followup.store.colour_days.SELECT_COLOUR_DAYS"


def colour_lines(figures: Figures, days: Sequence[date], found: Sequence[ColourDay]) -> Lines:
    """A panel for each colour, red first, a point for each of `days`. A colour is told by its word."""
    cases = {(one.day, one.colour): one.cases for one in found}
    panels = []
    for colour, word in colour_policy().colours.items():
        name = both(word.zh, word.en)
        points = [
            Bar(
                label=day_label(day),
                figure=figures.count(
                    f"colour.{colour}.{day}",
                    both(f"{name.zh}事项 {day:%m-%d}", f"{name.en} cases, {day:%m-%d}"),
                    cases.get((day, colour), 0),
                    QUERY,
                ),
            )
            for day in days
        ]
        panels.append(Panel(label=name, points=tuple(points), said=points[-1].figure))
    return Lines(
        key="colours",
        title=both("未办结事项的红黄绿,每天终了时的件数", "Open cases by colour at the end of each day"),
        panels=tuple(panels) if found else (),
        empty=both("这些天没有在办事项。", "No case was open in these days."),
    )
