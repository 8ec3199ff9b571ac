"""Lines of points with their intervals, as SVG and as DrawingML: black on white, a panel for each line, all on one scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor

from markupsafe import Markup

from followup.reports.document.figures import Figure, HasFigures
from followup.reports.document.model import Bar, Lines, Panel
from followup.reports.document.wording import WITHHELD, Lang, in_text, number
from followup.reports.rendering.funnel_geometry import Point
from followup.reports.rendering.funnels import dot_shape, path_shape

WIDE, TALL, LEFT, ABOVE, BELOW = 272, 120, 52, 10, 44
LABELS = 8
"""At most so many points have their name and base below them."""
MARGIN = 0.04


@dataclass(frozen=True)
class Scale:
    """What the panels stand on, from `low` to `high`; `counts`: of whole things."""

    low: float
    high: float
    counts: bool = False

    def up(self, value: float) -> float:
        """Parts of the height, from the top."""
        return 1 - (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)


def scale_of(document: HasFigures, lines: Lines) -> Scale:
    """One for all panels: of shares up to 100 % from a ten below the lowest limit, of counts from 0."""
    figures = [document.figures[point.figure] for panel in lines.panels for point in panel.points]
    known = [figure for figure in figures if figure.value is not None]
    if all(figure.unit == "share" for figure in known):
        lowest = min((_low(figure) for figure in known), default=0.0)
        return Scale(max(floor((lowest - MARGIN) * 10) / 10, 0.0), 1.0)
    highest = max((float(figure.value or 0) for figure in known), default=0.0)
    step = 10 ** max(len(str(ceil(highest))) - 1, 0)
    return Scale(0.0, float(max(ceil(highest / step) * step, 1)), counts=True)


def _low(figure: Figure) -> float:
    return float(figure.value or 0) if figure.low is None else figure.low


def panel_svg(document: HasFigures, lines: Lines, panel: Panel, lang: Lang) -> Markup:
    """One panel; what it shows is told in words in its `aria-label`, point by point."""
    scale = scale_of(document, lines)
    points = [(point, document.figures[point.figure]) for point in panel.points]
    told = "; ".join(f"{point.label.of(lang)} {in_text(figure, lang)}" for point, figure in points)
    parts = [
        f'<svg class="chart panel" viewBox="0 0 {LEFT + WIDE + 16} {ABOVE + TALL + BELOW}" role="img" '
        f'aria-label="{escape(f"{lines.title.of(lang)}, {panel.label.of(lang)}: {told}")}">',
        f'<path d="M{LEFT} {ABOVE}V{ABOVE + TALL}H{LEFT + WIDE}" stroke="#000" fill="none"/>',
    ]
    for part in (0.0, 0.5, 1.0):
        value = scale.low + (scale.high - scale.low) * part
        if scale.counts and value != int(value):
            continue
        y = ABOVE + TALL * (1 - part)
        parts.append(f'<path d="M{LEFT - 4} {y:.1f}H{LEFT + WIDE}" stroke="#bbb" fill="none"/>')
        parts.append(_text(LEFT - 8, y + 5, _tick(points, value), "end"))
    parts += [
        f'<polyline points="{_joined(run)}" fill="none" stroke="#000" stroke-width="1.6"/>'
        for run in runs(points, scale)
    ]
    for place, (point, figure) in enumerate(points):
        parts += _point(place, len(points), point, figure, scale, lang)
    return Markup("".join([*parts, "</svg>"]))


def runs(points: Sequence[tuple[Bar, Figure]], scale: Scale) -> list[list[Point]]:
    """What is joined by a line, in parts of the plot: a figure that is not there breaks it."""
    found: list[list[Point]] = [[]]
    for place, (_, figure) in enumerate(points):
        if figure.value is None:
            found.append([])
        else:
            found[-1].append((across(place, len(points)), scale.up(float(figure.value))))
    return [run for run in found if run]


def across(place: int, of: int) -> float:
    """Where the n-th point stands, in parts of the width: its own slot's middle."""
    return (place + 0.5) / of


def _point(place: int, of: int, point: Bar, figure: Figure, scale: Scale, lang: Lang) -> list[str]:
    x, found = LEFT + WIDE * across(place, of), []
    if figure.low is not None and figure.high is not None:
        low, high = ABOVE + TALL * scale.up(figure.low), ABOVE + TALL * scale.up(figure.high)
        whisker = f"M{x - 4:.1f} {high:.1f}h8M{x:.1f} {high:.1f}V{low:.1f}M{x - 4:.1f} {low:.1f}h8"
        found.append(f'<path d="{whisker}" stroke="#000" fill="none"/>')
    if figure.value is not None:
        y = ABOVE + TALL * scale.up(float(figure.value))
        found.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{3.5 if of <= LABELS else 1.6}" fill="#000"/>')
    elif figure.withheld is not None:
        found.append(_text(x, ABOVE + TALL - 4, WITHHELD, "middle"))
    if place % ceil(of / LABELS) == 0:
        found.append(_text(x, ABOVE + TALL + 18, point.label.of(lang), "middle", small=True))
        if figure.unit != "count":
            base = f"{figure.n:,}" if figure.n is not None else WITHHELD
            found.append(_text(x, ABOVE + TALL + 36, base, "middle", small=True))
    if place == 0 and figure.unit != "count":
        found.append(_text(LEFT - 8, ABOVE + TALL + 36, "n", "end", small=True))
    return found


def _tick(points: Sequence[tuple[Bar, Figure]], value: float) -> str:
    shares = any(figure.unit == "share" for _, figure in points)
    return f"{round(100 * value)}%" if shares else f"{value:,.4g}"


def _joined(run: Sequence[Point]) -> str:
    return " ".join(f"{LEFT + WIDE * x:.1f},{ABOVE + TALL * y:.1f}" for x, y in run)


def _text(x: float, y: float, words: str, anchor: str, *, small: bool = False) -> str:
    size = ' font-size="12"' if small else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{size}>{escape(words)}</text>'


def panel_shapes(document: HasFigures, lines: Lines, panel: Panel, wide: int, tall: int) -> list[str]:
    """One panel in DrawingML shapes of a group, `wide` times `tall` points."""
    scale = scale_of(document, lines)
    points = [(point, document.figures[point.figure]) for point in panel.points]
    numbers = iter(range(1, 10_000))
    shapes = [path_shape([(0.0, 0.0), (0.0, 1.0), (1.0, 1.0)], "solid", 9525, next(numbers), wide, tall)]
    shapes += [
        path_shape(run, "solid", 12700, next(numbers), wide, tall)
        for run in runs(points, scale)
        if len(run) > 1
    ]
    for place, (_, figure) in enumerate(points):
        x = across(place, len(points))
        if figure.low is not None and figure.high is not None:
            whisker = [(x, scale.up(figure.high)), (x, scale.up(figure.low))]
            shapes.append(path_shape(whisker, "solid", 9525, next(numbers), wide, tall))
        if figure.value is not None and len(points) <= LABELS:
            at = (x, scale.up(float(figure.value)))
            shapes.append(dot_shape(at, "000000", next(numbers), wide, tall))
    return shapes


def axis(document: HasFigures, lines: Lines, panel: Panel, lang: Lang) -> str:
    """What a panel without numbers on its axes has to say: from when to when, and from where to where."""
    scale = scale_of(document, lines)
    points = [(point, document.figures[point.figure]) for point in panel.points]
    low, high = _tick(points, scale.low), _tick(points, scale.high)
    first, last = panel.points[0].label.of(lang), panel.points[-1].label.of(lang)
    if lang == "zh":
        return f"横轴:{first}至{last};纵轴:{low}至{high}"
    return f"Across: {first} to {last}; up: {low} to {high}"


def heading(document: HasFigures, panel: Panel, lang: Lang) -> str:
    """The name of a panel with the figure of the whole."""
    if panel.said is None:
        return panel.label.of(lang)
    return f"{panel.label.of(lang)} {in_text(document.figures[panel.said], lang)}"


def told(document: HasFigures, panel: Panel, lang: Lang) -> list[tuple[str, str]]:
    """Each point in words, for whoever does not see the picture."""
    return [(point.label.of(lang), in_text(document.figures[point.figure], lang)) for point in panel.points]


def bases(document: HasFigures, panel: Panel, lang: Lang) -> str:
    """The points of a panel with their bases, in one line."""
    found = []
    for point in panel.points:
        figure = document.figures[point.figure]
        shown = WITHHELD if figure.withheld is not None else number(figure, lang)
        found.append(
            f"{point.label.of(lang)} {shown}" + (f" (n={figure.n:,})" if figure.n is not None else "")
        )
    return "; ".join(found)
