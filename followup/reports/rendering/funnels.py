"""A funnel plot as SVG and as DrawingML: dots outside the limits are filled, so that black-and-white print tells them apart."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from markupsafe import Markup

from followup.reports.document.figures import HasFigures
from followup.reports.document.model import Funnel
from followup.reports.document.wording import Lang, in_text
from followup.reports.rendering.funnel_geometry import Geometry, Point, Spot, geometry

WIDE, TALL, LEFT, ABOVE = 560, 260, 60, 10
DASHES = ("6 4", "2 3")
EMU = 12700
"""English metric units in a point."""


def legend(document: HasFigures, funnel: Funnel, lang: Lang) -> list[tuple[str, str]]:
    """Each dot by its number: whose it is, and its figure in words."""
    return [
        (f"{number} {dot.label.of(lang)}", in_text(document.figures[dot.figure], lang))
        for number, dot in enumerate(funnel.dots, 1)
    ]


def funnel_svg(document: HasFigures, funnel: Funnel, lang: Lang) -> Markup:
    """The plot; who is which number stands in the legend below it."""
    found = geometry(document, funnel)
    axis = f"{across(document, funnel, lang)} n"
    parts = [
        f'<svg class="chart" viewBox="0 0 {LEFT + WIDE + 40} {ABOVE + TALL + 40}" role="img" '
        f'aria-label="{escape(funnel.title.of(lang))}">',
        f'<path d="M{LEFT} {ABOVE}V{ABOVE + TALL}H{LEFT + WIDE}" stroke="#000" fill="none"/>',
        _line(found.middle, 'stroke-width="1.5"'),
    ]
    parts += [
        _line(line, f'stroke-dasharray="{DASHES[place // 2]}"') for place, line in enumerate(found.limits)
    ]
    parts += [_label(LEFT - 8, ABOVE + 5 + TALL * (1 - k / 4), f"{25 * k}%", "end") for k in range(5)]
    parts += [
        _label(LEFT + WIDE * k / 2, ABOVE + TALL + 18, f"{found.most * k // 2:,}", "middle") for k in range(3)
    ]
    parts.append(_label(LEFT + WIDE / 2, ABOVE + TALL + 34, axis, "middle"))
    for spot in found.spots:
        x, y = _at(spot.at)
        fill = "#000" if spot.outside else "#fff"
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{fill}" stroke="#000"/>')
        parts.append(_label(x + 8, y + 4, str(spot.number), "start"))
    return Markup("".join([*parts, "</svg>"]))


def _at(point: Point) -> Point:
    return LEFT + WIDE * point[0], ABOVE + TALL * point[1]


def _line(points: Sequence[Point], style: str) -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in map(_at, points))
    return f'<polyline points="{path}" fill="none" stroke="#000" {style}/>'


def _label(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def funnel_shapes(found: Geometry, wide: int, tall: int) -> list[str]:
    """The plot in DrawingML shapes of a group, `wide` times `tall` points."""
    frame = [(0.0, 0.0), (0.0, 1.0), (1.0, 1.0)]
    lines = [(frame, "solid", 9525), (found.middle, "solid", 12700)]
    lines += [(line, ("dash", "sysDot")[place // 2], 9525) for place, line in enumerate(found.limits)]
    shapes = [
        path_shape(points, dash, weight, number, wide, tall)
        for number, (points, dash, weight) in enumerate(lines, 1)
    ]
    for spot in found.spots:
        fill = "000000" if spot.outside else "FFFFFF"
        shapes.append(dot_shape(spot.at, fill, 100 + spot.number, wide, tall))
        shapes.append(_number(spot, 200 + spot.number, wide, tall))
    return shapes


def across(document: HasFigures, funnel: Funnel, lang: Lang) -> str:
    """What the shares rest on: answers to a question, calls with a person."""
    base = document.figures[funnel.centre].base
    if base is None:
        return "回答数" if lang == "zh" else "ratings"
    return base.of(lang)


def axes(found: Geometry, what: str, lang: Lang) -> str:
    """What a plot without numbers on its axes has to say. `what`: the shares rest on."""
    if lang == "zh":
        return f"横轴:{what},0至{found.most:,};纵轴:0至100%;实线:全中心;实心点:界限之外"
    return f"Across: {what}, 0 to {found.most:,}; up: 0 to 100 %; line: the whole centre; filled: outside the limits"


def _number(spot: Spot, number: int, wide: int, tall: int) -> str:
    """The number of a dot, beside it."""
    place = (round(spot.at[0] * wide * EMU) + 5 * EMU, round(spot.at[1] * tall * EMU) - 6 * EMU)
    words = (
        f'<wps:txbx><w:txbxContent><w:p><w:pPr><w:pStyle w:val="SmallCell"/></w:pPr><w:r><w:t>{spot.number}</w:t></w:r></w:p>'
        '</w:txbxContent></wps:txbx><wps:bodyPr lIns="0" tIns="0" rIns="0" bIns="0"/>'
    )
    inside = '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/><a:ln><a:noFill/></a:ln>'
    shape = _shape(number, place, (14 * EMU, 12 * EMU), inside)
    return shape.replace("<wps:bodyPr/>", words)


def path_shape(points: Sequence[Point], dash: str, weight: int, number: int, wide: int, tall: int) -> str:
    """A line in DrawingML through points in parts of the plot, `wide` times `tall` points; `dash` is a name of DrawingML."""
    steps = [f'<a:pt x="{round(x * wide * EMU)}" y="{round(y * tall * EMU)}"/>' for x, y in points]
    drawn = f"<a:moveTo>{steps[0]}</a:moveTo>" + "".join(f"<a:lnTo>{step}</a:lnTo>" for step in steps[1:])
    size = f'w="{wide * EMU}" h="{tall * EMU}"'
    geometry = (
        '<a:custGeom><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/><a:rect l="0" t="0" r="r" b="b"/>'
        f'<a:pathLst><a:path {size} fill="none">{drawn}</a:path></a:pathLst></a:custGeom>'
    )
    line = f'<a:ln w="{weight}"><a:solidFill><a:srgbClr val="000000"/></a:solidFill><a:prstDash val="{dash}"/></a:ln>'
    return _shape(number, (0, 0), (wide * EMU, tall * EMU), f"{geometry}<a:noFill/>{line}")


def dot_shape(at: Point, fill: str, number: int, wide: int, tall: int) -> str:
    """A dot in DrawingML at a place in parts of the plot."""
    side = 6 * EMU
    place = (round(at[0] * wide * EMU) - side // 2, round(at[1] * tall * EMU) - side // 2)
    inside = (
        f'<a:prstGeom prst="ellipse"><a:avLst/></a:prstGeom><a:solidFill><a:srgbClr val="{fill}"/></a:solidFill>'
        '<a:ln w="9525"><a:solidFill><a:srgbClr val="000000"/></a:solidFill></a:ln>'
    )
    return _shape(number, place, (side, side), inside)


def _shape(number: int, at: tuple[int, int], size: tuple[int, int], inside: str) -> str:
    return (
        f'<wps:wsp><wps:cNvPr id="{number}" name="{number}"/><wps:cNvSpPr/><wps:spPr><a:xfrm>'
        f'<a:off x="{at[0]}" y="{at[1]}"/><a:ext cx="{size[0]}" '
        f'cy="{size[1]}"/></a:xfrm>{inside}</wps:spPr><wps:bodyPr/></wps:wsp>'
    )
