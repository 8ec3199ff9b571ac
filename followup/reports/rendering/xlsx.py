"""A report as a workbook with live numbers: every table on a sheet of its own, the figures one by one, and the sentences."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from followup.reports.document.model import Document
from followup.reports.document.wording import (
    Lang,
    digits,
    in_text,
    limits_shown,
    sentence_text,
    serial_text,
    shown,
)
from followup.reports.rendering.grid import Square, grid
from followup.reports.rendering.printed import Printed, facts, standing
from followup.reports.rendering.zips import stored

FIGURE_HEADS = {
    "zh": ("编号", "名称", "值", "基数 n", "下限", "上限", "单位", "印作", "出处"),
    "en": ("key", "name", "value", "n", "low", "high", "unit", "printed", "made by"),
}
FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
BOLD, GREY = Font(bold=True), PatternFill("solid", start_color="FFE8E8E8")


def to_xlsx(this: Printed, lang: Lang) -> bytes:
    """The same document gives the same bytes: its times are the data cut-off."""
    book, document = Workbook(), this.document
    first = book.worksheets[0]
    first.title = "报告" if lang == "zh" else "Report"
    _front(first, this, lang)
    for place, table in enumerate(document.tables(), 1):
        sheet = book.create_sheet(FORBIDDEN.sub(" ", f"{place} {table.title.of(lang)}")[:31].strip())
        _write(sheet, grid(document, table, lang))
    _figures(book.create_sheet("全部数字" if lang == "zh" else "All figures"), document, lang)
    cut_off = document.header.cut_off.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    book.properties.creator = document.header.centre_code
    book.properties.title = document.header.title.of(lang)
    book.properties.created = cut_off
    return _frozen(book, cut_off)


def _front(sheet: Worksheet, this: Printed, lang: Lang) -> None:
    document = this.document
    lines = [document.header.title.of(lang), serial_text(document.header, lang), *standing(this, lang)]
    for line in lines:
        sheet.append([line])
    for name, value in [*facts(this, lang), ("SHA-256", this.sha256)]:
        sheet.append([name, value])
    sheet.append([])
    for block in document.blocks():
        if block.type == "sentence":
            sheet.append([sentence_text(document, block, lang)])
            sheet.cell(sheet.max_row, 1).data_type = "s"
    sheet["A1"].font = Font(bold=True, size=16)
    sheet.column_dimensions["A"].width = 18
    sheet.column_dimensions["B"].width = 90


def _figures(sheet: Worksheet, document: Document, lang: Lang) -> None:
    lines = [[Square(head, head=True) for head in FIGURE_HEADS[lang]]]
    for key, figure in document.figures.items():
        low, high = limits_shown(figure)
        decimals = digits(figure)
        value = figure.words.of(lang) if figure.words else shown(figure)
        lines.append(
            [
                Square(key),
                Square(figure.label.of(lang)),
                Square(value, decimals, key),
                Square(figure.n),
                Square(low, decimals),
                Square(high, decimals),
                Square(figure.unit),
                Square(in_text(figure, lang)),
                Square(figure.query),
            ]
        )
    _write(sheet, lines)


def _write(sheet: Worksheet, lines: Sequence[Sequence[Square]]) -> None:
    for row, line in enumerate(lines, 1):
        for column, square in enumerate(line, 1):
            cell = sheet.cell(row, column, square.value)
            if isinstance(square.value, str):
                cell.data_type = "s"  # words that look like a formula are words
            if square.head or square.whole:
                cell.font = BOLD
            if square.head:
                cell.fill, cell.alignment = GREY, Alignment(wrap_text=True, vertical="top")
            elif isinstance(square.value, int | float):
                cell.number_format = "#,##0." + "0" * square.decimals if square.decimals else "#,##0"
            else:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
    for place, width in enumerate(_widths(lines), 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = "B2"


def _widths(lines: Sequence[Sequence[Square]]) -> Iterable[int]:
    for column in zip(*lines, strict=True):
        longest = max(sum(1 if letter.isascii() else 2 for letter in str(one.value or "")) for one in column)
        yield min(max(longest + 2, 8), 40)


def _frozen(book: Workbook, moment: datetime) -> bytes:
    """Saved without the time of saving in it."""
    out = io.BytesIO()
    book.save(out)
    said = moment.isoformat().encode() + b"Z"
    return stored(
        out.getvalue(),
        moment,
        lambda body: re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + said, body),
    )
