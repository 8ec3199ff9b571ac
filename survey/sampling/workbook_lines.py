"""The rows of a workbook (.xlsx) as lines of text, each with the number of its row.

A cell is read as a person sees it: a whole number without ".0", a date in ISO form, a merged cell in every row it covers. A
formula counts with the value that the spreadsheet program last showed; one without a value is marked, so that its row is told.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries

from survey.sampling.csv_lines import Line
from survey.sampling.list_policy import list_policy
from survey.sampling.refusals import ListError

NO_VALUE: Final = "\x00formula"
"""Stands in a cell whose formula has no value; no cell of a person can hold it."""
_MERGED: Final = re.compile(rb'<mergeCell\s[^>]*ref="([A-Z]+\d+:[A-Z]+\d+)"')
_SHEET: Final = re.compile(r"xl/worksheets/[^/]+\.xml")
_SAVE: Final = 'Open it in the spreadsheet program and save it as "Excel workbook (.xlsx)" or "CSV UTF-8", then load that file'


@dataclass(frozen=True)
class Sheet:
    """One sheet with its lines, the empty ones among them."""

    title: str
    lines: tuple[Line, ...]


def is_workbook(data: bytes) -> bool:
    """Whether these are the bytes of a ZIP archive, as an .xlsx file is one."""
    return data.startswith(b"PK\x03\x04")


def sheets(data: bytes, file_name: str) -> tuple[Sheet, ...]:
    """Every sheet in which anything stands. Raises ListError for what is no workbook, or one that would fill the memory."""
    _refuse_what_is_none(data, file_name)
    try:
        shown = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        written = load_workbook(io.BytesIO(data), read_only=True) if _has_formulas(data) else None
        merged = _merged(data)
        found = [
            Sheet(sheet.title, tuple(_lines(sheet, written, merged.get(_path(sheet), ()))))
            for sheet in shown.worksheets
        ]
    except ListError:
        raise
    except (
        Exception
    ) as broken:  # openpyxl raises whatever its parsers do: KeyError, ValueError, BadZipFile, ParseError …
        raise ListError(file_name, f"this workbook cannot be read ({type(broken).__name__})", _SAVE) from None
    return tuple(sheet for sheet in found if any(not line.blank for line in sheet.lines))


def _refuse_what_is_none(data: bytes, file_name: str) -> None:
    limit = list_policy().limits.max_unpacked_mb
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            unpacked = sum(part.file_size for part in archive.infolist())
    except zipfile.BadZipFile:
        raise ListError(file_name, "this workbook or ZIP archive is broken or cut short", _SAVE) from None
    if not any(_SHEET.fullmatch(name) for name in names):
        raise ListError(
            file_name, "this is a ZIP archive and no workbook", "Unpack it, and load the list inside"
        ) from None
    if unpacked > limit * 2**20:
        raise ListError(
            file_name, f"unpacked this workbook has {unpacked // 2**20} MB; {limit} are the most",
            'Save the sheet as "CSV UTF-8", and load that',
        )  # fmt: skip


def _has_formulas(data: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return any(b"<f" in archive.read(name) for name in archive.namelist() if _SHEET.fullmatch(name))


def _merged(data: bytes) -> dict[str, tuple[tuple[int, int, int, int], ...]]:
    """{file of a sheet: (first column, first row, last column, last row) of what is merged in it}."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {
            name: tuple(_box(ref.decode()) for ref in _MERGED.findall(archive.read(name)))
            for name in archive.namelist()
            if _SHEET.fullmatch(name)
        }


def _path(sheet: Any) -> str:
    """The sheet's file inside the workbook, which openpyxl keeps to itself: sheets may stand in another order than files."""
    return str(sheet._worksheet_path).lstrip("/")


def _box(ref: str) -> tuple[int, int, int, int]:
    first_column, first_row, last_column, last_row = range_boundaries(ref)
    return first_column or 1, first_row or 1, last_column or 1, last_row or 1


def _lines(sheet: Any, written: Any, merged: Sequence[tuple[int, int, int, int]]) -> Iterator[Line]:
    formulas = written[sheet.title].iter_rows() if written is not None else None
    down = _Merged(merged)
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        cells = [_text(value) for value in row]
        if formulas is not None:
            for at, cell in enumerate(next(formulas)):
                if cells[at : at + 1] == [""] and isinstance(cell.value, str) and cell.value.startswith("="):
                    cells[at] = NO_VALUE
        yield Line(number, down.filled(number, cells))


class _Merged:
    """Fills the rows that a merged cell covers, below its own, with its text; beside it nothing is filled."""

    def __init__(self, boxes: Sequence[tuple[int, int, int, int]]) -> None:
        self._tall = [box for box in boxes if box[3] > box[1]]
        self._texts: dict[tuple[int, int, int, int], str] = {}

    def filled(self, number: int, cells: list[str]) -> list[str]:
        for box in self._tall:
            column, first, _, last = box
            if first == number and column <= len(cells):
                self._texts[box] = cells[column - 1]
            elif first < number <= last and column <= len(cells) and not cells[column - 1]:
                cells[column - 1] = self._texts.get(box, "")
        return cells


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(" ", "seconds")
    return value.isoformat() if isinstance(value, date | time) else str(value)
