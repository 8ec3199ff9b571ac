"""Forms in plain text (.csv, .md) as a Book: the first field names the sheet, as pyxform reads them."""

import csv
import re
from collections.abc import Iterator, Sequence
from io import StringIO
from typing import Final

from pyxform.constants import SUPPORTED_SHEET_NAMES
from pyxform.xls2json_backends import (
    MD_CELL,
    MD_COMMENT,
    MD_COMMENT_INLINE,
    MD_PIPE_OR_ESCAPE,
    MD_SEPARATOR,
    is_markdown_table,
)

from survey.questionnaire.places import Place
from survey.questionnaire.xlsform.dropped import refused
from survey.questionnaire.xlsform.limits import MOST_COLUMNS, MOST_ROWS
from survey.questionnaire.xlsform.sheets import SURVEY, Book, Sheet

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def read_plain(data: bytes, file: str) -> Book:
    """Raises FormRefused, and csv.Error for a broken file."""
    text = _decoded(data, file)
    control = _CONTROL.search(text)
    if control is not None:
        line = text.count("\n", 0, control.start()) + 1
        raise refused("encoding", Place(file, line), "it holds control characters", "save it as CSV in UTF-8")
    markdown = file.lower().endswith(".md") or (not file.lower().endswith(".csv") and is_markdown_table(text))
    records = _lines_of_table(text) if markdown else _records(text)
    parts: dict[str, _Part] = {}
    part: _Part | None = None
    for number, (name, *fields) in _bounded(records, file):
        if name:
            part = parts.setdefault(name.lower(), _Part(name, file, number))
            part.columns = {}
        if part is not None and any(fields):
            part.take(number, fields)
    titles = {part.title: Place(file, part.line, 1) for part in parts.values()}
    known = {key: part.sheet() for key, part in parts.items() if key in SUPPORTED_SHEET_NAMES}
    if not known and len(parts) == 1:
        known = {SURVEY: next(iter(parts.values())).sheet()}
    return Book(file, known, titles, cells=False)


class _Part:
    """One sheet that is being read: its first row of fields are the headings."""

    def __init__(self, title: str, file: str, line: int) -> None:
        self.title, self._file, self.line = title, file, line
        self.columns: dict[str, int] = {}
        self._top = 1
        self._rows: list[dict[str, str]] = []
        self._numbers: list[int] = []

    def take(self, number: int, fields: Sequence[str]) -> None:
        if not self.columns:
            self._top = number
            self._name_columns(fields)
            return
        row = {
            heading: fields[place - 2] for heading, place in self.columns.items() if place - 2 < len(fields)
        }
        self._rows.append({heading: value for heading, value in row.items() if value})
        self._numbers.append(number)

    def _name_columns(self, fields: Sequence[str]) -> None:
        for place, heading in enumerate(fields, 2):
            if heading in self.columns:
                why = f"the heading {heading} stands twice"
                raise refused("heading", Place(self._file, self._top, place), why, "rename one of them")
            if heading:
                self.columns[heading] = place

    def sheet(self) -> Sheet:
        return Sheet(self.title, self.columns, self._rows, self._numbers, self._top)


def _decoded(data: bytes, file: str) -> str:
    """UTF-8, or what spreadsheet programs in China and Windows write."""
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return data.decode("utf-16")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("gb18030")
    except UnicodeDecodeError:
        raise refused(
            "encoding", Place(file), "it is neither UTF-8 nor GB 18030", "save it as CSV in UTF-8"
        ) from None


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(StringIO(text, newline=""))
    line = 1
    for fields in reader:
        yield line, [field.strip() for field in fields]
        line = reader.line_num + 1


def _lines_of_table(text: str) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(text.split("\n"), 1):
        if MD_COMMENT.match(line):
            continue
        inline = MD_COMMENT_INLINE.match(line)
        cells = MD_CELL.match(inline[1] if inline else line)
        if cells and not MD_SEPARATOR.match(cells[1]):
            yield number, [field.strip().replace(r"\|", "|") for field in MD_PIPE_OR_ESCAPE.split(cells[1])]


def _bounded(records: Iterator[tuple[int, list[str]]], file: str) -> Iterator[tuple[int, list[str]]]:
    for count, (number, fields) in enumerate(records, 1):
        if count > MOST_ROWS:
            why = f"the form has more than {MOST_ROWS:,} rows"
            raise refused("size", Place(file, number), why, "split the form")
        if len(fields) > MOST_COLUMNS:
            why = f"the row has more than {MOST_COLUMNS} fields"
            raise refused("size", Place(file, number), why, "leave out the columns that are not used")
        if fields:
            yield number, fields
