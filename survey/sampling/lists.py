"""Reading a CSV list: good rows kept, bad ones told one by one, a bad file refused whole."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from survey.sampling.csv_lines import Line, csv_lines, separator_of
from survey.sampling.encodings import decode
from survey.sampling.headings import Headings, read_headings
from survey.sampling.list_policy import Column, list_policy
from survey.sampling.refusals import FieldRefused, ListError, Refusal
from survey.sampling.refused_columns import refuse_columns

R = TypeVar("R")

Values = Mapping[str, Any]
"""Field -> parsed value of one row; fields left blank are absent."""


@dataclass(frozen=True)
class ColumnSpec(Generic[R]):
    """What a list holds. `kind` names its columns in lists.yaml; a blank cell never reaches its parser.

    `build(line, texts, values)` makes the row out of the cells as given and as parsed, or raises FieldRefused
    with the field's name. Two rows may not share `key(row)`; `key_field` is the field to blame if they do.
    """

    kind: str
    parsers: Mapping[str, Callable[[str], object]]
    build: Callable[[int, Mapping[str, str], Values], R]
    key: Callable[[R], str]
    key_field: str

    @property
    def columns(self) -> Mapping[str, Column]:
        return list_policy().lists[self.kind]


@dataclass(frozen=True)
class ListRead(Generic[R]):
    """A list as read. Lines are those of the file, from 1; `blank_lines` are neither kept nor refused."""

    rows: tuple[R, ...]
    refusals: tuple[Refusal, ...]
    headings: Mapping[str, str]  # field -> heading as the file has it
    ignored: tuple[str, ...]  # headings that mean nothing here; their columns are not kept
    blank_lines: tuple[int, ...]
    encoding: str
    separator: str

    @property
    def refused_lines(self) -> frozenset[int]:
        return frozenset(refusal.line for refusal in self.refusals)

    @property
    def rows_read(self) -> int:
        return len(self.rows) + len(self.refused_lines)


def read_list(data: bytes, file_name: str, spec: ColumnSpec[R]) -> ListRead[R]:
    """Raises ListError when nothing of the file can be kept, for a column never kept RefusedColumn."""
    text, encoding = decode(data, file_name)
    separator = separator_of(text)
    lines = list(csv_lines(text, separator, file_name))
    first, *body = (line for line in lines if not line.blank)
    _refuse_too_wide(first, file_name)
    refuse_columns(first.cells, _columns(body, len(first.cells)), file_name)
    headings = read_headings(first.cells, spec.columns, file_name, encoding)
    if not body:
        raise ListError(
            file_name,
            "there is no row below the headings",
            "Export the list again and check that it has rows",
        )
    rows = _Rows(spec, headings)
    for line in body:
        rows.take(line)
    return ListRead(
        rows=tuple(rows.kept),
        refusals=tuple(rows.refusals),
        headings={name: headings.heading(name) for name in headings.columns},
        ignored=tuple(headings.texts[at] for at in headings.ignored if headings.texts[at]),
        blank_lines=tuple(line.number for line in lines if line.blank),
        encoding=encoding,
        separator=separator,
    )


def _refuse_too_wide(first: Line, file_name: str) -> None:
    limit = list_policy().limits.max_columns
    if len(first.cells) > limit:
        raise ListError(
            file_name,
            f"the first line has {len(first.cells)} columns; a list has {limit} at the most",
            "Check the separator, and delete the columns that are not needed",
        )


def _columns(body: Sequence[Line], width: int) -> list[list[str]]:
    """The values under each heading, short lines filled up."""
    return [[line.cells[at] if at < len(line.cells) else "" for line in body] for at in range(width)]


class _Rows(Generic[R]):
    """Takes line after line; what it kept and what it refused so far."""

    def __init__(self, spec: ColumnSpec[R], headings: Headings) -> None:
        self._spec = spec
        self._headings = headings
        self._first_lines: dict[str, int] = {}  # key of a row -> the line that holds it
        self.kept: list[R] = []
        self.refusals: list[Refusal] = []

    def take(self, line: Line) -> None:
        before = len(self.refusals)
        self._refuse_extra_cells(line)
        texts = self._texts(line)
        values = self._values(line.number, texts)
        if len(self.refusals) > before:
            return
        try:
            row = self._spec.build(line.number, texts, values)
            self._refuse_double(row, line.number)
        except FieldRefused as no:
            self._refuse(line.number, no.field or self._spec.key_field, no)
        else:
            self.kept.append(row)

    def _texts(self, line: Line) -> dict[str, str]:
        filled = ((name, at) for name, at in self._headings.columns.items() if at < len(line.cells))
        return {name: line.cells[at].strip() for name, at in filled if line.cells[at].strip()}

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

    def _refuse_double(self, row: R, number: int) -> None:
        first = self._first_lines.setdefault(self._spec.key(row), number)
        if first != number:
            raise FieldRefused(
                f"the same as on line {first}, which is kept",
                "delete one of the two lines",
                self._spec.key_field,
            )

    def _refuse(self, number: int, name: str, no: FieldRefused) -> None:
        self.refusals.append(Refusal(number, self._headings.heading(name), no.reason, no.remedy))
