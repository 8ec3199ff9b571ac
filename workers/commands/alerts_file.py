"""Daily estimates of areas out of a file, laid out on the calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from survey.statistics.multiplicity import Floats
from survey.statistics.plain_table import PlainTable, as_number, shown
from workers.commands.analyst_files import any_number, not_negative, table_of

ONE_AREA = "全部"
LONGEST = 4000
"""Days between the first and the last: a slip in a year would fill the memory."""


@dataclass(frozen=True)
class Series:
    """`estimate`, `se`: days x areas, nan where the file has no row, or one without an estimate."""

    days: list[str]
    areas: list[str]
    estimate: Floats
    se: Floats


def read_series(
    file: Path, area: str | None, day: str | None, estimate: str | None, se: str | None
) -> Series:
    """Raises ListError with the first line that is wrong; ValueError for days too far apart."""
    table = table_of(file)
    day_heading, value_heading = table.heading("day", day), table.heading("estimate", estimate)
    names = _areas(table, area)
    days, first = _days(table, day_heading)
    areas = sorted(set(names))
    if max(days) >= LONGEST:
        raise ValueError(
            f"{table.file_name}: {max(days) + 1} days from the first to the last; {LONGEST} are the most. Check the years"
        )
    shape = (max(days) + 1, len(areas))
    values, errors = np.full(shape, np.nan), np.full(shape, np.nan)
    column = {name: place for place, name in enumerate(areas)}
    kept = [place for place, text in enumerate(table.texts(value_heading)) if text]
    filled = PlainTable(table.file_name, table.headings, tuple(table.lines[place] for place in kept))
    numbers = filled.numbers(value_heading, any_number, "plain number, such as 0.87")
    spreads = filled.numbers(table.heading("se", se), not_negative, "standard error: a number, 0 or more")
    seen: dict[tuple[int, str], int] = {}
    for row, number, spread in zip(kept, numbers, spreads, strict=True):
        key = (days[row], names[row])
        if key in seen:
            why = f"{shown(names[row])} has this day on line {seen[key]} already"
            raise table.wrong(row, day_heading, why, "Keep one row of the two")
        seen[key] = table.lines[row].number
        values[days[row], column[names[row]]], errors[days[row], column[names[row]]] = number, spread
    return Series(_names_of_days(first, shape[0]), areas, values, errors)


def _areas(table: PlainTable, area: str | None) -> list[str]:
    if area is None and table.has("area") is None:
        return [ONE_AREA] * len(table.lines)
    heading = table.heading("area", area)
    names = table.texts(heading)
    for place, name in enumerate(names):
        if not name:
            raise table.wrong(place, heading, "the cell is empty", "Write what the row is about")
    return names


def _days(table: PlainTable, heading: str) -> tuple[list[int], date | int]:
    """Days since the first, and the first: a date, or a number where all are whole numbers."""
    texts = table.texts(heading)
    numbers = [as_number(text) for text in texts]
    if all(number is not None and number.is_integer() for number in numbers):
        whole = [int(number) for number in numbers if number is not None]
        return [number - min(whole) for number in whole], min(whole)
    found = []
    for place, text in enumerate(texts):
        try:
            found.append(
                date.fromisoformat("-".join(part.zfill(2) for part in text.replace("/", "-").split("-")))
            )
        except ValueError:
            raise table.wrong(place, heading, f"{shown(text)} is no day", "Write it as 2026-03-09") from None
    return [(one - min(found)).days for one in found], min(found)


def _names_of_days(first: date | int, count: int) -> list[str]:
    if isinstance(first, date):
        return [(first + timedelta(days=day)).isoformat() for day in range(count)]
    return [str(first + day) for day in range(count)]
