"""A file of an analyst, CSV or XLSX, as columns of text or of numbers; what is wrong is said with its line."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite

from survey.policies import packaged
from survey.sampling.csv_lines import Line
from survey.sampling.filled_lines import filled_lines, too_long
from survey.sampling.refusals import ListError
from survey.sampling.workbook_lines import NO_VALUE

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_SHOWN_AT_MOST = 40


@dataclass(frozen=True)
class PlainTable:
    """The rows below the headings, in the order of the file; lines of a workbook are its rows."""

    file_name: str
    headings: tuple[str, ...]
    lines: tuple[Line, ...]

    def has(self, meaning: str) -> str | None:
        """The heading of the column that is meant where none is named (file_columns.yaml); None where there is none."""
        known: list[str] = packaged("survey.statistics", "file_columns").body[meaning]
        here = {heading.lower(): heading for heading in reversed(self.headings)}
        return next((here[name.lower()] for name in known if name.lower() in here), None)

    def heading(self, meaning: str, named: str | None) -> str:
        """The column that was named, or that is meant. Raises ListError where there is none."""
        found = named if named in self.headings else None if named else self.has(meaning)
        if found is None:
            wanted = f'no column "{named}"' if named else f"no column for {meaning}"
            raise ListError(
                self.file_name,
                f"the headings have {wanted}",
                f"Name one of these: {', '.join(filter(None, self.headings))}",
            )
        return found

    def texts(self, heading: str) -> list[str]:
        """The cells of a column, one a row, without blanks around them."""
        at = self.headings.index(heading)
        return [line.cells[at].strip() if at < len(line.cells) else "" for line in self.lines]

    def numbers(self, heading: str, fits: Callable[[float], bool], expected: str) -> list[float]:
        """The numbers of a column. `fits`, `expected`: what each must be, as a test and in words. Raises ListError."""
        found = []
        for place, text in enumerate(self.texts(heading)):
            number = as_number(text)
            if number is None or not fits(number):
                raise self.wrong(place, heading, f"{shown(text)} is no {expected}", f"Write {expected}")
            found.append(number)
        return found

    def wrong(self, place: int, heading: str, why: str, remedy: str) -> ListError:
        """What is to be raised for a cell. `place`: of the row, from 0."""
        return ListError(self.file_name, f"line {self.lines[place].number}, {heading}: {why}", remedy)

    def names(self, heading: str) -> list[str]:
        """A column that names each row once. Raises ListError."""
        names, first = self.texts(heading), dict[str, int]()
        for place, name in enumerate(names):
            if not name:
                raise self.wrong(place, heading, "the cell is empty", "Write what the row is about")
            if name in first:
                why = f"{shown(name)} stands on line {first[name]} already"
                raise self.wrong(place, heading, why, "Keep one row of the two")
            first[name] = self.lines[place].number
        return names


def read_table(data: bytes, file_name: str) -> PlainTable:
    """A CSV (UTF-8, UTF-16, GB18030) or XLSX (first sheet); its first filled line holds the headings. Raises ListError."""
    filled = filled_lines(data, file_name)
    headings = tuple(cell.strip() for cell in filled[0].cells)
    twice = next((heading for heading in filter(None, headings) if headings.count(heading) > 1), None)
    if twice is not None:
        raise ListError(
            file_name,
            f'line {filled[0].number}: the heading "{twice}" stands twice',
            "Give each column a heading of its own",
        )
    for line in filled[1:]:
        if any(cell.strip() for cell in line.cells[len(headings) :]):
            raise too_long(line, len(headings), file_name)
    return PlainTable(file_name, headings, tuple(filled[1:]))


def as_number(text: str) -> float | None:
    """A plain decimal number; None for anything else (nothing, words, %, inf)."""
    number = float(text) if _NUMBER.fullmatch(text) else None
    return number if number is not None and isfinite(number) else None


def shown(text: str) -> str:
    """A cell in a message. What could be a telephone number or an ID card is not repeated."""
    if text == NO_VALUE:
        return "a formula that no program has worked out"
    if re.search(r"\d{7}", text):
        return "what stands there"
    short = text if len(text) <= _SHOWN_AT_MOST else f"{text[:_SHOWN_AT_MOST]}…"
    return f'"{short}"' if text else "an empty cell"
