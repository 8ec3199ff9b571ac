"""The lines of a list: those on top as lines, to find its headings; those below block by block, as columns of cells."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, Protocol

import polars as pl
from polars.exceptions import PolarsError

from survey.sampling.csv_lines import Line, csv_lines
from survey.sampling.list_policy import list_policy

BLOCK_CHARACTERS: Final = 2_000_000
BLOCK_LINES: Final = 50_000
"""About so much is one block: some ten megabytes, whatever the length of the list."""
_READ_OTHERWISE: Final = '"\x1c\x1d\x1e\x1f'
"""Where one of these stands, a text is read line by line: quotes may hold separators and line ends, and the others are blanks to
Python alone."""


@dataclass(frozen=True)
class Block:
    """Lines that stand together. `numbers`: those of the lines that are not blank; `cells`: a column of texts for each heading,
    without the blanks around them, "" where a line is short; `wide`: the lines with more cells than there are headings, whole."""

    numbers: pl.Series
    cells: pl.DataFrame
    blank: tuple[int, ...] = ()
    wide: Mapping[int, Line] = field(default_factory=dict)

    def lines(self, only: pl.Series | None = None) -> Iterator[Line]:
        """Every line that is not blank, or those for which `only` is true."""
        numbers = self.numbers if only is None else self.numbers.filter(only)
        cells = self.cells if only is None else self.cells.filter(only)
        for number, texts in zip(numbers.to_list(), cells.iter_rows(), strict=True):
            yield self.wide.get(number) or Line(number, texts)


class Lines(Protocol):
    """The lines of one table, from 1. Each call reads them anew."""

    def each(self) -> Iterable[Line]:
        """One by one."""
        ...

    def below(self, number: int, width: int) -> Iterator[Block]:
        """Those below line `number`, as `width` columns."""
        ...


def top(lines: Lines, how_many: int) -> list[Line]:
    """The first lines that are not blank."""
    return list(islice((line for line in lines.each() if not line.blank), how_many))


def first_filled(blocks: Iterable[Block], how_many: int) -> list[list[str]]:
    """Of each column the texts in those lines that are among the first `how_many` with something in any one column. So the first
    values of a column, and of two side by side, are all there."""
    found: list[pl.DataFrame] = []
    filled: list[int] = []
    for block in blocks:
        filled = filled or [0] * block.cells.width
        places: set[int] = set()
        for at, cells in enumerate(block.cells):
            new = (cells != "").arg_true().head(how_many - filled[at])
            filled[at] += len(new)
            places |= set(new.to_list())
        found.append(block.cells[sorted(places)])
        if min(filled) == how_many:
            break
    return [column.to_list() for column in pl.concat(found)] if found else []


def lines_of(text: str, separator: str, file_name: str) -> Lines:
    """The lines of a CSV text. Reading them raises ListError as `csv_lines` does."""
    one_by_one = ReadLines(lambda: csv_lines(text, separator, file_name))
    lone_returns = text.count("\r") != text.count("\r\n")
    if lone_returns or any(character in text for character in _READ_OTHERWISE):
        return one_by_one
    return _SplitText(text, separator, file_name, one_by_one)


@dataclass(frozen=True)
class ReadLines:
    """Lines that are read one by one."""

    read: Callable[[], Iterable[Line]]

    def each(self) -> Iterable[Line]:
        return self.read()

    def below(self, number: int, width: int) -> Iterator[Block]:
        lines = (line for line in self.read() if line.number > number)
        while some := list(islice(lines, BLOCK_LINES)):
            yield _block(some, width)


def _block(lines: Sequence[Line], width: int) -> Block:
    filled = [line for line in lines if not line.blank]
    columns = {
        str(at): [line.cells[at].strip() if at < len(line.cells) else "" for line in filled]
        for at in range(width)
    }
    return Block(
        pl.Series("line", [line.number for line in filled], pl.Int64),
        pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)),
        tuple(line.number for line in lines if line.blank),
        {line.number: line for line in filled if len(line.cells) > width},
    )


@dataclass(frozen=True)
class _SplitText:
    """A text without quotes: every line end parts lines, every separator cells. So a block of it is read at once, and only one
    that holds a line that is too wide, line by line."""

    text: str
    separator: str
    file_name: str
    one_by_one: ReadLines

    def each(self) -> Iterable[Line]:
        return self.one_by_one.each()

    def below(self, number: int, width: int) -> Iterator[Block]:
        begin, first = 0, number + 1
        for _ in range(number):
            begin = self._line_end(begin)
        while begin < len(self.text):
            end = self._line_end(begin + BLOCK_CHARACTERS)
            text = self.text[begin:end]
            yield self._block(text, first, width)
            begin, first = end, first + text.count("\n")

    def _line_end(self, at: int) -> int:
        """Where the line ends that stands there, with its line end."""
        return self.text.find("\n", at) + 1 or len(self.text)

    def _block(self, text: str, first: int, width: int) -> Block:
        cells = _split(text, self.separator, width)
        if cells is None:
            return _block(list(csv_lines(text, self.separator, self.file_name, first)), width)
        numbers = pl.int_range(first, first + len(cells), eager=True).alias("line")
        filled = cells.select(pl.any_horizontal(pl.all() != "")).to_series()
        if filled.all():
            return Block(numbers, cells)
        return Block(numbers.filter(filled), cells.filter(filled), tuple(numbers.filter(~filled)))


def _split(text: str, separator: str, width: int) -> pl.DataFrame | None:
    """The cells of every line, blank ones too; None where a line is too wide, or a cell may be too long."""
    try:
        cells = pl.read_csv(
            text.encode(),
            has_header=False,
            separator=separator,
            quote_char=None,
            schema={str(at): pl.String for at in range(width)},
            missing_columns="insert",
        )
    except PolarsError:
        return None
    lines = text.count("\n") + (not text.endswith("\n"))
    longest = cells.select(pl.max_horizontal(pl.all().str.len_bytes().max())).item() or 0
    if len(cells) != lines or longest > list_policy().limits.max_cell:
        return None
    return cells.select(pl.all().str.strip_chars().fill_null(""))
