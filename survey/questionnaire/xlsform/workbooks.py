"""Workbooks (.xlsx, .xlsm, .xls) as a Book: read cell by cell as pyxform reads them, and no more than the limits allow."""

import io
import warnings
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final

import xlrd
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils import get_column_letter
from pyxform.constants import SUPPORTED_SHEET_NAMES
from pyxform.xls2json_backends import (
    get_excel_column_headers,
    get_excel_rows,
    is_empty,
    xls_value_to_unicode,
    xlsx_value_to_str,
)

from survey.questionnaire.places import Place
from survey.questionnaire.xlsform.dropped import FormRefused, refused
from survey.questionnaire.xlsform.limits import (
    MOST_CHARACTERS,
    MOST_COLUMNS,
    MOST_RATIO,
    MOST_ROWS,
    MOST_TEXTS,
    MOST_UNPACKED,
    RATIO_FROM,
)
from survey.questionnaire.xlsform.sheets import SURVEY, Book, Sheet

EMPTY_ROWS: Final = 60
"""After one more than so many pyxform stops to read."""
LOOKED_BELOW: Final = 1_000
"""Rows after those in which something is looked for that would be lost."""
_TABLES: Final = (".xml", ".rels", ".vml")
_TEXTS: Final = "sharedStrings.xml"
_SPLIT: Final = "leave out what is no question, or split the form"


def read_xlsx(data: bytes, file: str) -> Book:
    """Raises FormRefused, and whatever zipfile and openpyxl raise for a broken file."""
    _refuse_bombs(data, file)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl speaks of colours and lists that no form needs
        reader = ExcelReader(io.BytesIO(data), read_only=True, data_only=True)
        reader.read()
        try:
            pages = [(page.title, page) for page in reader.wb.worksheets]
            meter = _Meter(file)
            sheets = {
                key: _sheet(title, page.rows, _xlsx_text, meter) for key, title, page in _forms_sheets(pages)
            }
            return Book(file, sheets, _titles(pages, file), cells=True)
        finally:
            reader.wb.close()
            reader.archive.close()


def read_xls(data: bytes, file: str) -> Book:
    """Raises FormRefused, and whatever xlrd raises for a broken file."""
    workbook = xlrd.open_workbook(file_contents=data, logfile=io.StringIO(), ragged_rows=True, on_demand=True)
    meter = _Meter(file)
    pages = [(title, title) for title in workbook.sheet_names()]

    def text(cell: Any, row: int, heading: str) -> str | None:
        value = cell.value.strip() if isinstance(cell.value, str) else cell.value
        return None if is_empty(value) else xls_value_to_unicode(value, cell.ctype, workbook.datemode)

    try:
        sheets = {
            key: _sheet(title, workbook.sheet_by_name(title).get_rows(), text, meter)
            for key, title, _ in _forms_sheets(pages)
        }
        return Book(file, sheets, _titles(pages, file), cells=True)
    finally:
        workbook.release_resources()


def _titles(pages: Sequence[tuple[str, Any]], file: str) -> dict[str, Place]:
    return {title: Place(file, cell=f"{title}!A1") for title, _ in pages}


def _forms_sheets(pages: Sequence[tuple[str, Any]]) -> Iterator[tuple[str, str, Any]]:
    """Those that XLSForm knows by name; a workbook of one sheet is a form whatever its name is."""
    for title, page in pages:
        key = title.lower()
        if key in SUPPORTED_SHEET_NAMES:
            yield key, title, page
        elif len(pages) == 1:
            yield SURVEY, title, page


def _xlsx_text(cell: Any, row: int, heading: str) -> str | None:
    value = cell.value.strip() if isinstance(cell.value, str) else cell.value
    return None if is_empty(value) else xlsx_value_to_str(value)


def _sheet(
    title: str, cells: Iterable[Sequence[Any]], text: Callable[..., str | None], meter: "_Meter"
) -> Sheet:
    rows = iter(cells)
    top = next(rows, ())[:MOST_COLUMNS]  # a sheet may have formatted columns without end
    headings = get_excel_column_headers(_headings(top, title, meter.file))
    columns = {heading: number for number, heading in enumerate(headings, 1) if heading is not None}
    below = meter.counted(rows, title)
    found: list[dict[str, str | None]] = get_excel_rows(headings, below, meter.weighed(text, title))
    kept = [{heading: value for heading, value in row.items() if value is not None} for row in found]
    first = next((place for place, row in enumerate(islice(below, LOOKED_BELOW)) if _filled(row)), None)
    unread = None if first is None else len(kept) + EMPTY_ROWS + 3 + first
    return Sheet(title, columns, kept, range(2, len(kept) + 2), unread=unread)


def _headings(top: Sequence[Any], title: str, file: str) -> Iterator[str | None]:
    """Refuses two that are the same once blanks are trimmed: of those pyxform keeps the last, and says nothing."""
    seen: set[str | None] = set()
    for column, cell in enumerate(top, 1):
        text = None if is_empty(cell.value) else str(cell.value)
        heading = None if text is None else get_excel_column_headers([text])[0]
        if heading is not None and heading in seen:
            place = Place(file, cell=f"{title}!{get_column_letter(column)}1")
            raise refused("heading", place, f"the heading {heading} stands twice", "rename one of them")
        seen.add(heading)
        yield text


def _filled(row: Sequence[Any]) -> bool:
    return any(not is_empty(cell.value) for cell in row[:MOST_COLUMNS])


class _Meter:
    """Counts what is read of one file."""

    def __init__(self, file: str) -> None:
        self.file, self._characters = file, 0

    def counted(self, rows: Iterable[Sequence[Any]], title: str) -> Iterator[Sequence[Any]]:
        for number, row in enumerate(rows, 2):
            if number > MOST_ROWS:
                place = Place(self.file, cell=f"{title}!A{number}")
                raise refused("size", place, f"the sheet has more than {MOST_ROWS:,} rows", _SPLIT)
            yield row

    def weighed(self, text: Callable[..., str | None], title: str) -> Callable[..., str | None]:
        def weigh(cell: Any, row: int, heading: str) -> str | None:
            value = text(cell, row, heading)
            self._characters += len(value or "")
            if self._characters > MOST_CHARACTERS:
                place = Place(self.file, cell=f"{title}!A{row + 2}")
                raise refused(
                    "size", place, f"the cells hold more than {MOST_CHARACTERS:,} characters", _SPLIT
                )
            return value

        return weigh


def _refuse_bombs(data: bytes, file: str) -> None:
    """Sizes are those that the archive states; zipfile never unpacks more than those."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        tables = [part for part in archive.infolist() if part.filename.lower().endswith(_TABLES)]
        for part in tables:
            if part.file_size > RATIO_FROM and part.file_size > MOST_RATIO * max(1, part.compress_size):
                raise _bomb(
                    file, f"{part.filename} is packed more than {MOST_RATIO} times smaller than it is"
                )
        if sum(part.file_size for part in tables) > MOST_UNPACKED:
            raise _bomb(file, f"its tables are larger than {MOST_UNPACKED // 2**20} MiB when unpacked")
        texts = sum(archive.read(part).count(b"<si") for part in tables if part.filename.endswith(_TEXTS))
        if texts > MOST_TEXTS:
            raise _bomb(file, f"it holds more than {MOST_TEXTS:,} texts")


def _bomb(file: str, why: str) -> FormRefused:
    return refused(
        "size", Place(file), why, "save the form anew from a spreadsheet program, without empty rows"
    )
