"""A form as a table of texts that still knows where each of its cells stands, whatever the kind of file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from openpyxl.utils import get_column_letter

from survey.questionnaire.places import Place

SURVEY, CHOICES, SETTINGS = "survey", "choices", "settings"


@dataclass(frozen=True, slots=True)
class Sheet:
    """`columns`: the column of each heading, from 1. `rows`: the cells below by heading, empty ones left out.
    `numbers`: the row or line of the file in which each of them stands. `top`: that of the headings. `unread`: the
    first row with something in it that pyxform does not read, since many empty ones stand before it."""

    title: str
    columns: Mapping[str, int]
    rows: Sequence[Mapping[str, str]]
    numbers: Sequence[int]
    top: int = 1
    unread: int | None = None

    def with_rows(self, rows: Sequence[Mapping[str, str]]) -> "Sheet":
        return replace(self, rows=rows)


@dataclass(frozen=True, slots=True)
class Book:
    """`sheets` by the lower-case name by which XLSForm knows them; `titles` of all sheets in the file,
    and where each begins. `cells`: places are cells of a workbook; otherwise lines and fields of a text."""

    file: str
    sheets: Mapping[str, Sheet]
    titles: Mapping[str, Place]
    cells: bool

    def place(self, key: str, row: int | None = None, heading: str | None = None) -> Place:
        """Of a cell; without a row, of the heading; without a heading, of the first cell in the row."""
        sheet = self.sheets.get(key)
        if sheet is None:
            return Place(self.file)
        number = sheet.top if row is None else sheet.numbers[row]
        column = sheet.columns.get(heading or "")
        if column is None:
            filled = sheet.rows[row] if row is not None else sheet.columns
            column = min((sheet.columns[one] for one in filled), default=1)
        if self.cells:
            return Place(self.file, cell=f"{sheet.title}!{get_column_letter(column)}{number}")
        return Place(self.file, number, column)

    def with_sheets(self, sheets: Mapping[str, Sheet]) -> "Book":
        return replace(self, sheets=sheets)
