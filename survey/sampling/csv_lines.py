"""The lines of a CSV text, with the line of the file on which each begins."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from survey.sampling.list_policy import list_policy
from survey.sampling.refusals import ListError

SEPARATORS = (",", ";", "\t")
_WITH_ITS_END = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")


@dataclass(frozen=True, slots=True)
class Line:
    """`number` counts the lines of the file from 1; a quoted cell may hold line ends."""

    number: int
    cells: Sequence[str]

    @property
    def blank(self) -> bool:
        return not any(cell.strip() for cell in self.cells)


def has_text(text: str) -> bool:
    """Whether anything stands there but blanks, separators and quotes."""
    return re.search(r'[^\s,;"\ufeff\x00]', text) is not None


def separator_of(text: str) -> str:
    """The separator most frequent in the first line with text, outside quotes; a comma if there is none."""
    first = next(line[0] for line in re.finditer(r"[^\r\n]+", text) if has_text(line[0]))
    outside_quotes = "".join(first.split('"')[::2])
    return max(SEPARATORS, key=outside_quotes.count)


def csv_lines(text: str, separator: str, file_name: str, first: int = 1) -> Iterator[Line]:
    """The lines of a text that begins on line `first` of its file. Raises ListError for text that is not CSV (a quote that is
    never closed, a cell beyond the limit)."""
    as_they_end = (line[0] for line in _WITH_ITS_END.finditer(text))
    reader = csv.reader(as_they_end, delimiter=separator, strict=True)
    begins = first
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as broken:
            raise _not_csv(file_name, begins, broken) from None
        _refuse_long_cells(cells, begins, file_name)
        yield Line(begins, cells)
        begins = first + reader.line_num


def _not_csv(file_name: str, line: int, broken: csv.Error) -> ListError:
    if "unexpected end of data" in str(broken) or "field larger" in str(broken):
        what, remedy = f"line {line} opens a quote that is never closed", "Close it, or take it out"
    else:
        what, remedy = (
            f"line {line} has text after a closing quote",
            'Write a quote inside a quoted cell twice ("")',
        )
    return ListError(file_name, what, remedy)


def _refuse_long_cells(cells: Sequence[str], line: int, file_name: str) -> None:
    limit = list_policy().limits.max_cell
    if any(len(cell) > limit for cell in cells):
        raise ListError(
            file_name,
            f"line {line} has a cell of more than {limit} characters, as after a quote that is never closed",
            "Close the quote, or shorten the text",
        )
