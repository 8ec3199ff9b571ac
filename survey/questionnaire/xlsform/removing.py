"""A form without the features that are listed: what is then left must be the same in both forms."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from openpyxl.utils import column_index_from_string

from survey.questionnaire.places import Place
from survey.questionnaire.xlsform.dropped import Dropped
from survey.questionnaire.xlsform.headings import LIST_NAME, NAME, PARAMETERS, TYPE, Key, Table
from survey.questionnaire.xlsform.hostile import rows_of
from survey.questionnaire.xlsform.kinds import understand
from survey.questionnaire.xlsform.sheets import CHOICES, SETTINGS, SURVEY, Book

_TABLES = (SURVEY, CHOICES, SETTINGS)


@dataclass
class Removed:
    """`otherwise`: names of questions that are asked in another way; `cells`: (sheet, name of the row, column) of
    cells that are carried over in part."""

    otherwise: set[str] = field(default_factory=set)
    cells: set[tuple[str, str, Key]] = field(default_factory=set)


class Remover:
    """Takes the features out of the form in which they were found, and keeps what must be taken out of another."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._tables = {key: Table(book, key) for key in _TABLES}
        self._rows: dict[str, list[dict[str, str]]] = {
            key: [dict(row) for row in sheet.rows] for key, sheet in book.sheets.items()
        }
        self._at = {
            (sheet.title if book.cells else "", number): (key, row)
            for key, sheet in book.sheets.items()
            for row, number in enumerate(sheet.numbers)
        }
        self._tops = {
            (sheet.title if book.cells else "", sheet.top): key for key, sheet in book.sheets.items()
        }
        self.removed = Removed()
        self._take_out_remarks()

    def take_out(self, dropped: Iterable[Dropped]) -> Book:
        left_out: set[str] = set()
        for one in sorted(dropped, key=lambda one: one.effect == "otherwise"):
            title, number, column = _spot(one.place)
            if one.effect == "sheet":
                left_out.add(self._tops.get((title, number), ""))
            elif (title, number) in self._at:
                self._take(one, *self._at[title, number], column)
            elif one.effect == "column" and (title, number) in self._tops:
                self._column(self._tops[title, number], column)
        sheets = {
            key: sheet.with_rows(self._rows[key])
            for key, sheet in self._book.sheets.items()
            if key not in left_out
        }
        return self._book.with_sheets(sheets)

    def _take_out_remarks(self) -> None:
        """Rows that are no questions, and what stands behind the end of a group: pyxform reads them for their
        references alone."""
        survey = self._tables[SURVEY]
        used = {row.number: row for row in rows_of(survey)}
        for number, cells in enumerate(self._rows[SURVEY]):
            if number not in used:
                cells.clear()
                continue
            cells.pop(str(survey.heading(("disabled",))), None)
            if used[number].means.ends:
                self._rows[SURVEY][number] = {str(survey.heading(TYPE)): used[number].written}

    def _take(self, one: Dropped, key: str, row: int, column: int) -> None:
        match one.effect:
            case "question" | "option":
                self._rows[key][row] = {}
            case "otherwise":
                name = self._tables[key].value(row, NAME)
                self.removed.otherwise.add(name)
            case "group":
                self._clear(key, range(row, self._end(row) + 1))
            case "frame":
                self._clear(key, (row, self._end(row)))
            case "list":
                table = self._tables[key]
                name = table.value(row, LIST_NAME)
                self._clear(key, [n for n in range(len(table.rows)) if table.value(n, LIST_NAME) == name])
            case "cell":
                self._cell(key, row, column)

    def _clear(self, key: str, rows: Iterable[int]) -> None:
        for row in rows:
            self._rows[key][row] = {}

    def _end(self, begin: int) -> int:
        """The row that ends the group which begins here."""
        table, depth = self._tables[SURVEY], 0
        for row in range(begin, len(table.rows)):
            means = understand(table.value(row, TYPE))
            if means is not None and means.begins:
                depth += 1
            elif means is not None and means.ends:
                depth -= 1
                if depth == 0:
                    return row
        return begin

    def _cell(self, key: str, row: int, column: int) -> None:
        table = self._tables.get(key)
        heading = next((one for one, at in self._book.sheets[key].columns.items() if at == column), None)
        if table is None or heading is None:
            return
        self._rows[key][row].pop(heading, None)
        if key == SETTINGS or table.keys[heading] == PARAMETERS:
            name = table.value(row, NAME) if key == SURVEY else ""
            self.removed.cells.add((key, name, table.keys[heading]))

    def _column(self, key: str, column: int) -> None:
        heading = next((one for one, at in self._book.sheets[key].columns.items() if at == column), None)
        if heading is not None:
            for row in self._rows[key]:
                row.pop(heading, None)


def without(book: Book, removed: Removed) -> Book:
    """The other form: cells that were taken out there are taken out here too, and what is asked otherwise becomes
    the same placeholder in both."""
    sheets = {}
    for key, sheet in book.sheets.items():
        table = Table(book, key) if key in _TABLES else None
        rows = [
            _row(table, row, cells, key, removed) if table else cells for row, cells in enumerate(sheet.rows)
        ]
        sheets[key] = sheet.with_rows(rows)
    return book.with_sheets(sheets)


def _row(table: Table, row: int, cells: Mapping[str, str], key: str, removed: Removed) -> Mapping[str, str]:
    name = table.value(row, NAME) if key == SURVEY else ""
    if key == SURVEY and name in removed.otherwise and cells:
        return {str(table.heading(TYPE)): "hidden", str(table.heading(NAME)): name}
    return {
        heading: text
        for heading, text in cells.items()
        if (key, name, table.keys[heading]) not in removed.cells
    }


def _spot(place: Place) -> tuple[str, int, int]:
    """Title of the sheet ("" in a text), row or line, column."""
    if place.cell is None:
        return "", place.line or 0, place.column or 0
    title, _, cell = place.cell.rpartition("!")
    letters = cell.rstrip("0123456789")
    return title, int(cell[len(letters) :] or 0), column_index_from_string(letters)
