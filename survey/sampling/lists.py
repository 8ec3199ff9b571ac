"""Reading a list (CSV or XLSX): good rows kept, doubles merged, bad rows told one by one, a bad file refused whole."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, Generic, TypeVar

from survey.sampling.csv_lines import Line, separator_of
from survey.sampling.encodings import decode
from survey.sampling.headings import Headings, further_columns, has_headings, read_headings
from survey.sampling.list_fields import words
from survey.sampling.list_lines import Block, Lines, ReadLines, first_filled, lines_of, top
from survey.sampling.list_policy import Column, list_policy, refused_policy
from survey.sampling.refusals import FieldRefused, ListError, Refusal
from survey.sampling.refused_columns import refuse_columns
from survey.sampling.workbook_lines import NO_VALUE, Sheet, is_workbook, sheets

R = TypeVar("R")

Values = Mapping[str, Any]
"""Field -> parsed value of one row; fields left blank are absent."""


@dataclass(frozen=True)
class ColumnSpec(Generic[R]):
    """What a list holds. `kind` names its columns in lists.yaml; a blank cell never reaches its parser.

    `build(line, texts, values)` makes the row out of the cells as given and as parsed, or raises FieldRefused
    with the field's name. Two rows may not share `key(row)`; `key_field` is the field to blame if they do, unless
    `merge(first, second)` makes one row of both, with the fields in which they differ.
    """

    kind: str
    parsers: Mapping[str, Callable[[str], object]]
    build: Callable[[int, Mapping[str, str], Values], R]
    key: Callable[[R], str]
    key_field: str
    merge: Callable[[R, R], tuple[R, tuple[str, ...]] | None] = lambda first, second: None

    @property
    def columns(self) -> Mapping[str, Column]:
        return list_policy().lists[self.kind]


@dataclass(frozen=True, slots=True)
class Merged:
    """A line that says what `into` says already: both are one row. `differs`: fields in which the first line stands."""

    line: int
    into: int
    differs: tuple[str, ...]

    def __str__(self) -> str:
        told = (
            f"; it differs in {', '.join(self.differs)}, where line {self.into} stands"
            if self.differs
            else ""
        )
        return f"line {self.line}: the same person as on line {self.into}, merged{told}"


@dataclass(frozen=True)
class ListRead(Generic[R]):
    """A list as read. Lines are those of the file, from 1; `blank_lines` are neither kept nor refused, nor are those above
    the headings."""

    rows: tuple[R, ...]
    refusals: tuple[Refusal, ...]
    merged: tuple[Merged, ...]
    headings: Mapping[str, str]  # field -> heading as the file has it
    ignored: tuple[str, ...]  # headings that mean nothing here; their columns are not kept
    blank_lines: tuple[int, ...]
    encoding: str
    separator: str  # of a CSV file; the sheet's name of a workbook

    @property
    def refused_lines(self) -> frozenset[int]:
        return frozenset(refusal.line for refusal in self.refusals)

    @property
    def rows_read(self) -> int:
        return len(self.rows) + len(self.merged) + len(self.refused_lines)


@dataclass(frozen=True)
class OpenList:
    """A file of which something may be kept: its columns are known, none of them is refused, and rows stand below. `further`:
    heading -> position of the columns that are kept beside ours. `separator` as in `ListRead`; `blank_above`: blank lines above
    the headings."""

    headings: Headings
    further: Mapping[str, int]
    lines: Lines
    heading_line: int
    blank_above: tuple[int, ...]
    encoding: str
    separator: str

    def blocks(self) -> Iterator[Block]:
        """What stands below the headings, read anew each time."""
        return self.lines.below(self.heading_line, len(self.headings.texts))

    @property
    def known(self) -> Mapping[str, str]:
        """Field -> heading as the file has it."""
        return {name: self.headings.heading(name) for name in self.headings.columns}

    @property
    def ignored(self) -> tuple[str, ...]:
        """Headings whose columns are not kept."""
        texts, kept = self.headings.texts, self.further.values()
        return tuple(texts[at] for at in self.headings.ignored if texts[at] and at not in kept)


def open_list(
    data: bytes, file_name: str, spec: ColumnSpec[R], mapping: Mapping[str, str], keep: Sequence[str]
) -> OpenList:
    """Raises ListError and RefusedColumn, as `read_list` does."""
    table = _workbook(data, file_name, spec, mapping) if is_workbook(data) else _csv(data, file_name)
    first = _heading_line(table.lines, spec, mapping)
    _refuse_too_wide(first, file_name)
    width = len(first.cells)
    sample = first_filled(table.lines.below(first.number, width), refused_policy().content.sample)
    refuse_columns(first.cells, sample, file_name)
    headings = read_headings(first.cells, spec.columns, file_name, table.encoding, mapping)
    further = further_columns(headings, keep, file_name)
    if not any(len(block.numbers) for block in table.lines.below(first.number, width)):
        raise ListError(
            file_name,
            "there is no row below the headings",
            "Export the list again and check that it has rows",
        )
    above = takewhile(lambda line: line.number < first.number, table.lines.each())
    blank = tuple(line.number for line in above if line.blank)
    return OpenList(headings, further, table.lines, first.number, blank, table.encoding, table.separator)


def read_list(
    data: bytes,
    file_name: str,
    spec: ColumnSpec[R],
    *,
    mapping: Mapping[str, str] | None = None,
    keep: Sequence[str] = (),
) -> ListRead[R]:
    """Raises ListError when nothing of the file can be kept, for a column never kept RefusedColumn.

    `mapping`: heading of the file -> field, for headings that are not known. `keep`: headings of further columns, whose
    texts come to `build` as `values["attributes"]`.
    """
    found = open_list(data, file_name, spec, mapping or {}, keep)
    rows = Rows(spec, found.headings, found.further)
    blank = list(found.blank_above)
    for block in found.blocks():
        blank += block.blank
        for line in block.lines():
            rows.take(line)
    return ListRead(
        rows=tuple(rows.kept),
        refusals=tuple(rows.refusals),
        merged=tuple(rows.merged),
        headings=found.known,
        ignored=found.ignored,
        blank_lines=tuple(blank),
        encoding=found.encoding,
        separator=found.separator,
    )


@dataclass(frozen=True)
class _Table:
    """The lines of a file. `separator`: what stands between cells, or the sheet they are from."""

    lines: Lines
    encoding: str
    separator: str


def _csv(data: bytes, file_name: str) -> _Table:
    text, encoding = decode(data, file_name)
    separator = separator_of(text)
    return _Table(lines_of(text, separator, file_name), encoding, separator)


def _workbook(data: bytes, file_name: str, spec: ColumnSpec[Any], mapping: Mapping[str, str]) -> _Table:
    """The one sheet that has the headings; the first with anything in it, if none has."""
    found = sheets(data, file_name)
    if not found:
        raise ListError(file_name, "the file is empty", "Export the list again and check that it has rows")
    fitting = [sheet for sheet in found if _fits(sheet, spec, mapping)]
    if len(fitting) > 1:
        named = ", ".join(f'"{sheet.title}"' for sheet in fitting)
        raise ListError(
            file_name,
            f"the sheets {named} all hold such a list",
            "Save each as a file of its own, and load them one by one",
        )
    sheet = fitting[0] if fitting else found[0]
    return _Table(ReadLines(lambda: sheet.lines), "XLSX", sheet.title)


def _fits(sheet: Sheet, spec: ColumnSpec[Any], mapping: Mapping[str, str]) -> bool:
    return _is_heading(_heading_line(ReadLines(lambda: sheet.lines), spec, mapping), spec, mapping)


def _heading_line(lines: Lines, spec: ColumnSpec[Any], mapping: Mapping[str, str]) -> Line:
    """The first of the lines on top that has the headings: a title may stand above them. The very first, if none has."""
    on_top = top(lines, list_policy().limits.heading_lines)
    return next((line for line in on_top if _is_heading(line, spec, mapping)), on_top[0])


def _is_heading(line: Line, spec: ColumnSpec[Any], mapping: Mapping[str, str]) -> bool:
    return has_headings(line.cells, spec.columns, mapping)


def _refuse_too_wide(first: Line, file_name: str) -> None:
    limit = list_policy().limits.max_columns
    if len(first.cells) > limit:
        raise ListError(
            file_name,
            f"the first line has {len(first.cells)} columns; a list has {limit} at the most",
            "Check the separator, and delete the columns that are not needed",
        )


class Rows(Generic[R]):
    """Takes line after line; what it kept and what it refused so far."""

    def __init__(self, spec: ColumnSpec[R], headings: Headings, further: Mapping[str, int]) -> None:
        self._spec = spec
        self._headings = headings
        self._further = further
        self.first: dict[str, tuple[int, int]] = {}  # key of a row -> (its line, its place among those kept)
        self.kept: list[R] = []  # in the order of their lines
        self.refusals: list[Refusal] = []
        self.merged: list[Merged] = []

    def take(self, line: Line) -> None:
        before = len(self.refusals)
        self._refuse_extra_cells(line)
        texts = self._texts(line)
        values = self._values(line.number, texts)
        values["attributes"] = self._attributes(line)
        if len(self.refusals) > before:
            return
        try:
            row = self._spec.build(line.number, texts, values)
            self._keep(row, line.number)
        except FieldRefused as no:
            self._refuse(line.number, no.field or self._spec.key_field, no)

    def _texts(self, line: Line) -> dict[str, str]:
        filled = ((name, at) for name, at in self._headings.columns.items() if at < len(line.cells))
        texts = {name: line.cells[at].strip() for name, at in filled if line.cells[at].strip()}
        for name in [name for name, text in texts.items() if text == NO_VALUE]:
            self._refuse(line.number, name, _no_value())
            del texts[name]
        return texts

    def _attributes(self, line: Line) -> dict[str, str]:
        """Texts of the further columns that are kept; each is held to have no personal number in it."""
        kept: dict[str, str] = {}
        for heading, at in self._further.items():
            text = line.cells[at].strip() if at < len(line.cells) else ""
            if not text:
                continue
            try:
                if text == NO_VALUE:
                    raise _no_value()
                if len(text) > list_policy().limits.max_attribute:
                    most = list_policy().limits.max_attribute
                    raise FieldRefused(
                        f"{len(text)} characters where {most} are the most", "shorten the text"
                    )
                kept[heading] = words(text)
            except FieldRefused as no:
                self.refusals.append(Refusal(line.number, heading, no.reason, no.remedy))
        return kept

    def _values(self, number: int, texts: Mapping[str, str]) -> dict[str, object]:
        """Every field of the row that can be taken; the others are refused, each by itself."""
        values: dict[str, object] = {}
        for name, column in self._spec.columns.items():
            try:
                if name in texts:
                    values[name] = self._value(name, column, texts[name])
                elif column.required:
                    raise FieldRefused("the field is empty", "fill it in")
            except FieldRefused as no:
                self._refuse(number, name, no)
        return values

    def _value(self, name: str, column: Column, text: str) -> object:
        if len(text) > column.max_length:
            raise FieldRefused(
                f"{len(text)} characters where {column.max_length} are the most", "shorten the text"
            )
        return self._spec.parsers[name](text)

    def _refuse_extra_cells(self, line: Line) -> None:
        width = len(self._headings.texts)
        if any(cell.strip() for cell in line.cells[width:]):
            why = FieldRefused(
                f"{len(line.cells)} cells under {width} headings",
                "put text that holds the separator in quotes",
            )
            self.refusals.append(Refusal(line.number, "the line", why.reason, why.remedy))

    def _keep(self, row: R, number: int) -> None:
        """A row by itself, or together with one that was kept before. Raises FieldRefused."""
        key = self._spec.key(row)
        if key not in self.first:
            self.first[key] = (number, len(self.kept))
            self.kept.append(row)
            return
        first, at = self.first[key]
        together = self._spec.merge(self.kept[at], row)
        if together is None:
            raise FieldRefused(
                f"the same as on line {first}, which is kept",
                "delete one of the two lines",
                self._spec.key_field,
            )
        self.kept[at], differs = together
        self.merged.append(Merged(number, first, tuple(self._headings.heading(name) for name in differs)))

    def _refuse(self, number: int, name: str, no: FieldRefused) -> None:
        self.refusals.append(Refusal(number, self._headings.heading(name), no.reason, no.remedy))


def _no_value() -> FieldRefused:
    return FieldRefused(
        "a formula without a value", "open the file in the spreadsheet program and save it again"
    )
