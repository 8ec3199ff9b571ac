"""Paragraphs, tables and bars in WordprocessingML."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from xml.sax.saxutils import escape
from zlib import crc32

from followup.reports.document.figures import Figure
from followup.reports.document.model import Chart, Column, Document, Funnel, Lines, Table
from followup.reports.document.wording import Lang, in_text
from followup.reports.rendering.charts import top_of
from followup.reports.rendering.docx_styles import ROOM
from followup.reports.rendering.funnel_geometry import geometry
from followup.reports.rendering.funnels import across, axes, funnel_shapes, legend
from followup.reports.rendering.html import cells
from followup.reports.rendering.lines import axis, bases, heading, panel_shapes

EMU = 635
"""English metric units in a twentieth of a point."""
BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
CROWDED = 9
"""A table of more columns has smaller letters and narrow counts."""
PANEL = (200, 90)
"""Width and height of a panel with a line, in points."""
PLOT = (400, 190)
"""Width and height of a funnel plot, in points."""
TALL = 170
"""Height of a bar, in twentieths of a point."""


def paragraph(text: str, style: str, *, right: bool = False) -> str:
    """One paragraph; line breaks in `text` stay."""
    lines = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n"))
    side = '<w:jc w:val="right"/>' if right else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{side}</w:pPr><w:r>{lines}</w:r></w:p>'


def table(document: Document, this: Table, lang: Lang) -> str:
    """The table under its title, its heads repeated on every page, no row broken. The heads alone stay with the next row,
    and nothing empty follows: LibreOffice leaves the next heading alone at the foot of a page otherwise."""
    title = paragraph(this.title.of(lang), "TableTitle")
    if not this.rows:
        return title + paragraph(this.empty.of(lang), "Body")
    crowded = len(this.columns) > CROWDED
    shares = [_share(column, crowded) for column in this.columns]
    shares[0] = max(shares[0], 2.0)
    widths = [round(ROOM * share / sum(shares)) for share in shares]
    heads = [(column.head.of(lang), False) for column in this.columns]
    small = "Small" if crowded else ""
    rows = [_row(heads, widths, f"{small}Head", repeated=True)]
    rows += [
        _row(cells(document, this, row, lang), widths, small + ("Head" if row.whole else "Cell"))
        for row in this.rows
    ]
    return title + _table(widths, rows, BORDERS)


def _share(column: Column, crowded: bool) -> float:
    if column.wide:
        return 3.2
    if column.narrow:
        return 1.2 if crowded else 0.8
    return 1.7 if column.rate else 1.5


def chart(document: Document, this: Chart, lang: Lang) -> str:
    """Bars as drawings in a table: label, bar with its interval, figure in words."""
    title = paragraph(this.title.of(lang), "TableTitle")
    if not this.bars:
        return title + paragraph(this.empty.of(lang), "Body")
    widths = [round(ROOM * part) for part in (0.26, 0.34, 0.40)]
    top = top_of(document, this)
    rows = []
    numbers = count(
        1 + 1000 * (crc32(this.key.encode()) % 1_000_000)
    )  # no two drawings of a document have the same
    for place, bar in zip(numbers, this.bars, strict=False):
        figure = document.figures[bar.figure]
        drawn = f'<w:p><w:pPr><w:pStyle w:val="Cell"/></w:pPr><w:r>{_bar(figure, top, widths[1] - 240, place)}</w:r></w:p>'
        texts = [paragraph(bar.label.of(lang), "Cell", right=True), drawn, paragraph(in_text(figure, lang), "Cell")]  # fmt: skip
        rows.append(_squares(texts, widths))
    return title + _table(widths, rows, "")


def funnel(document: Document, this: Funnel, lang: Lang) -> str:
    """The plot, and below it who is which dot."""
    title = paragraph(this.title.of(lang), "TableTitle")
    if not this.dots:
        return title + paragraph(this.empty.of(lang), "Body")
    plot = geometry(document, this)
    shapes = funnel_shapes(plot, *PLOT)
    size = (20 * PLOT[0] * EMU, 20 * PLOT[1] * EMU)
    drawn = _drawing(shapes, size, crc32(this.key.encode()) % 1_000_000)
    found = [title, f'<w:p><w:pPr><w:pStyle w:val="Plot"/></w:pPr><w:r>{drawn}</w:r></w:p>']
    found.append(paragraph(axes(plot, across(document, this, lang), lang), "Plot"))
    widths = [round(ROOM * 0.4), round(ROOM * 0.6)]
    rows = [
        _squares([paragraph(name, "Cell"), paragraph(said, "Cell")], widths)
        for name, said in legend(document, this, lang)
    ]
    return "".join(found) + _table(widths, rows, "")


def lines(document: Document, this: Lines, lang: Lang) -> str:
    """Two panels beside one another, each with its name above and its points in words below."""
    title = paragraph(this.title.of(lang), "TableTitle")
    if not this.panels:
        return title + paragraph(this.empty.of(lang), "Body")
    size = (20 * PANEL[0] * EMU, 20 * PANEL[1] * EMU)
    squares = []
    for number, panel in enumerate(this.panels, 1 + 1000 * (crc32(this.key.encode()) % 1_000_000)):
        drawn = _drawing(panel_shapes(document, this, panel, *PANEL), size, number)
        squares.append(
            paragraph(heading(document, panel, lang), "Cell")
            + f'<w:p><w:pPr><w:pStyle w:val="Plot"/></w:pPr><w:r>{drawn}</w:r></w:p>'
            + paragraph(axis(document, this, panel, lang), "Cell")
            + paragraph(bases(document, panel, lang), "Cell")
        )
    if len(squares) % 2:
        squares.append(paragraph("", "Cell"))
    widths = [ROOM // 2, ROOM // 2]
    rows = [_squares(squares[place : place + 2], widths) for place in range(0, len(squares), 2)]
    return title + _table(widths, rows, "") + paragraph("", "Cell")


def plain_table(lines: Sequence[tuple[str, str]]) -> str:
    """Names and values without lines between them: the facts above a report."""
    widths = [round(ROOM * 0.18), round(ROOM * 0.82)]
    edges = "".join(
        f'<w:{side} w:val="single" w:sz="8" w:space="0" w:color="000000"/>' for side in ("top", "bottom")
    )
    rows = [_squares([paragraph(name, "Fact"), paragraph(value, "Fact")], widths) for name, value in lines]
    return _table(widths, rows, edges) + paragraph("", "Cell")


def _table(widths: Sequence[int], rows: Sequence[str], borders: str) -> str:
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="40" w:type="dxa"/><w:right w:w="40" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _row(
    texts: Sequence[tuple[str, bool]],
    widths: Sequence[int],
    style: str,
    *,
    repeated: bool = False,
) -> str:
    squares = [paragraph(text, style, right=numeric) for text, numeric in texts]
    return _squares(squares, widths, repeated=repeated)


def _squares(paragraphs: Sequence[str], widths: Sequence[int], *, repeated: bool = False) -> str:
    grey = '<w:shd w:val="clear" w:color="auto" w:fill="EEEEEE"/>' if repeated else ""
    inside = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{grey}</w:tcPr>{one}</w:tc>'
        for one, width in zip(paragraphs, widths, strict=True)
    )
    head = "<w:tblHeader/>" if repeated else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{head}</w:trPr>{inside}</w:tr>"


def _bar(figure: Figure, top: float, room: int, place: int) -> str:
    """A grey bar with a black outline and the interval as a whisker; nothing where there is no value."""
    if figure.value is None:
        return ""
    shapes = [_room(room), _shape(1, 0, 20, _at(float(figure.value), top, room), TALL - 40, "C8C8C8")]
    if figure.low is not None and figure.high is not None:
        low, high = _at(figure.low, top, room), _at(figure.high, top, room)
        shapes += [
            _shape(2, low, TALL // 2 - 6, max(high - low, 12), 12, "000000"),
            _shape(3, low, 20, 12, TALL - 40, "000000"),
            _shape(4, max(high - 12, 0), 20, 12, TALL - 40, "000000"),
        ]
    return _drawing(shapes, (room * EMU, TALL * EMU), place)


def _drawing(shapes: Sequence[str], extent: tuple[int, int], number: int) -> str:
    """A group of shapes in the line of the text."""
    size = f'cx="{extent[0]}" cy="{extent[1]}"'
    return (
        '<mc:AlternateContent><mc:Choice Requires="wpg"><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent {size}/><wp:docPr id="{number}" name="drawing {number}"/><wp:cNvGraphicFramePr/>'
        '<a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingGroup"><wpg:wgp>'
        f'<wpg:cNvGrpSpPr/><wpg:grpSpPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/><a:chOff x="0" y="0"/><a:chExt {size}/>'
        f"</a:xfrm></wpg:grpSpPr>{''.join(shapes)}</wpg:wgp></a:graphicData></a:graphic></wp:inline></w:drawing></mc:Choice>"
        "<mc:Fallback/></mc:AlternateContent>"
    )


def _room(wide: int) -> str:
    """Nothing to be seen, as wide as the longest bar may be: LibreOffice stretches a group until its shapes
    fill it, so that without it every bar would be the longest."""
    return (
        '<wps:wsp><wps:cNvPr id="9" name="9"/><wps:cNvSpPr/><wps:spPr><a:xfrm><a:off x="0" y="0"/>'
        f'<a:ext cx="{wide * EMU}" cy="{TALL * EMU}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        "<a:noFill/><a:ln><a:noFill/></a:ln></wps:spPr><wps:bodyPr/></wps:wsp>"
    )


def _shape(number: int, x: int, y: int, wide: int, tall: int, fill: str) -> str:
    return (
        f'<wps:wsp><wps:cNvPr id="{number}" name="{number}"/><wps:cNvSpPr/><wps:spPr><a:xfrm><a:off x="{x * EMU}" y="{y * EMU}"/>'
        f'<a:ext cx="{max(wide, 1) * EMU}" cy="{tall * EMU}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        f'<a:solidFill><a:srgbClr val="{fill}"/></a:solidFill><a:ln w="6350"><a:solidFill><a:srgbClr val="000000"/>'
        "</a:solidFill></a:ln></wps:spPr><wps:bodyPr/></wps:wsp>"
    )


def _at(value: float, top: float, room: int) -> int:
    return round(room * min(max(value / top, 0.0), 1.0))
