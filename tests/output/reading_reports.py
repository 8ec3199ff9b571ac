"""Reading reports back: the words of each format, as somebody would who has the file alone."""

from __future__ import annotations

import io
import re
from html import unescape
from xml.etree import ElementTree
from zipfile import ZipFile

from openpyxl import load_workbook

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def html_paragraphs(body: bytes) -> list[str]:
    """Every paragraph of the page."""
    return [
        unescape(re.sub("<[^>]+>", "", found))
        for found in re.findall(r"<p(?: [^>]*)?>(.*?)</p>", body.decode(), re.S)
    ]


def html_cells(body: bytes) -> list[str]:
    """Every cell of every table, row by row."""
    return [unescape(found) for found in re.findall(r"<td[^>]*>(.*?)</td>", body.decode(), re.S)]


def html_chart(body: bytes) -> list[str]:
    """What stands beside the bars."""
    return [unescape(found) for found in re.findall(r'<text class="said"[^>]*>(.*?)</text>', body.decode())]


def docx_paragraphs(body: bytes) -> list[str]:
    """Every paragraph outside of tables."""
    text = _docx(body).find(f"{W}body")
    assert text is not None
    return [_words(one) for one in text.findall(f"{W}p")]


def docx_cells(body: bytes) -> list[str]:
    """Every cell of every table, row by row."""
    return [_words(cell) for cell in _docx(body).iter(f"{W}tc")]


def xlsx_figures(body: bytes) -> dict[str, tuple[object, object, object, object]]:
    """{key: value, base, low, high} from the sheet of all figures."""
    sheet = load_workbook(io.BytesIO(body)).worksheets[-1]
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    return {str(row[0]): (row[2], row[3], row[4], row[5]) for row in rows}


def xlsx_sentences(body: bytes) -> list[str]:
    """The first sheet's first column."""
    sheet = load_workbook(io.BytesIO(body)).worksheets[0]
    return [str(row[0]) for row in sheet.iter_rows(values_only=True) if row[0]]


def _docx(body: bytes) -> ElementTree.Element:
    with ZipFile(io.BytesIO(body)) as archive:
        return ElementTree.fromstring(archive.read("word/document.xml"))


def _words(element: ElementTree.Element) -> str:
    found = ""
    for one in element.iter():
        if one.tag == f"{W}t":
            found += one.text or ""
        elif one.tag == f"{W}br":
            found += "\n"
    return found
