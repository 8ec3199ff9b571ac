"""Charts as inline SVG: bars in grey with a black outline, intervals as whiskers, every bar with its figure in words, so that
black-and-white print loses nothing."""

from __future__ import annotations

from html import escape

from markupsafe import Markup

from followup.reports.document.figures import Figure, HasFigures
from followup.reports.document.model import Chart
from followup.reports.document.wording import Lang, in_text

LINE, LABEL, BARS, WIDTH = 30, 190, 250, 720
NARROW, NARROW_LINE = 340, 50


def top_of(document: HasFigures, chart: Chart) -> float:
    """The value at which bars end."""
    if chart.top is not None:
        return chart.top
    figures = [document.figures[bar.figure] for bar in chart.bars]
    return max((figure.high or float(figure.value or 0) for figure in figures), default=0.0) or 1.0


def svg(document: HasFigures, chart: Chart, lang: Lang) -> Markup:
    """The chart; its title stands in the text and in `aria-label`."""
    top, height = top_of(document, chart), LINE * len(chart.bars) + 8
    lines = [
        f'<svg class="chart" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(chart.title.of(lang))}">'
    ]
    for place, bar in enumerate(chart.bars):
        figure = document.figures[bar.figure]
        lines += _bar(bar.label.of(lang), figure, in_text(figure, lang), 4 + LINE * place, top)
    return Markup("".join([*lines, "</svg>"]))


def narrow_svg(document: HasFigures, chart: Chart, lang: Lang) -> Markup:
    """The same bars with their words above them: for a column as wide as a telephone."""
    top, height = top_of(document, chart), NARROW_LINE * len(chart.bars)
    told = "; ".join(
        f"{bar.label.of(lang)} {in_text(document.figures[bar.figure], lang)}" for bar in chart.bars
    )
    lines = [
        f'<svg class="chart panel" viewBox="0 0 {NARROW} {height}" role="img" '
        f'aria-label="{escape(f"{chart.title.of(lang)}: {told}")}">'
    ]
    for place, bar in enumerate(chart.bars):
        figure, y = document.figures[bar.figure], NARROW_LINE * place
        said = shorten(f"{bar.label.of(lang)} {in_text(figure, lang)}", 44)
        lines.append(f'<text x="0" y="{y + 16}">{escape(said)}</text>')
        lines += _drawn(figure, 0, y + LINE / 2 + 17, top, NARROW - 2)
    return Markup("".join([*lines, "</svg>"]))


def shorten(label: str, room: int) -> str:
    """`room`: in halves of a Chinese character."""
    used = 0
    for place, letter in enumerate(label):
        used += 1 if letter.isascii() else 2
        if used > room:
            return label[: place - 1] + "…"
    return label


def _bar(label: str, figure: Figure, said: str, y: int, top: float) -> list[str]:
    middle = y + LINE / 2 - 3
    return [
        f'<text x="{LABEL - 8}" y="{middle + 5}" text-anchor="end">{escape(shorten(label, 26))}</text>',
        *_drawn(figure, LABEL, middle, top, BARS),
        f'<text class="said" x="{LABEL + BARS + 12}" y="{middle + 5}">{escape(shorten(said, 46))}</text>',
    ]


def _drawn(figure: Figure, left: int, middle: float, top: float, room: int) -> list[str]:
    """The bar with its whisker around a height, from `left` on."""
    found = []
    if figure.value is not None:
        wide = _x(float(figure.value), top, room)
        found.append(
            f'<rect x="{left}" y="{middle - 9:g}" width="{wide:.1f}" height="18" fill="#c8c8c8" stroke="#000"/>'
        )
    if figure.low is not None and figure.high is not None:
        low, high = left + _x(figure.low, top, room), left + _x(figure.high, top, room)
        found.append(
            f'<path d="M{low:.1f} {middle - 5}v10M{low:.1f} {middle}H{high:.1f}M{high:.1f} {middle - 5}v10"'
            ' stroke="#000" stroke-width="1.6" fill="none"/>'
        )
    return found


def _x(value: float, top: float, room: int) -> float:
    return room * min(max(value / top, 0.0), 1.0)
