"""A sample out of a list file, with unequal probabilities: by a size in one of its columns (statistics.md §2 (b), (c)).

Each unit has a permanent random number made of the seed and of what names it, so that no dice are thrown, the same list and
record give the same sample, and a unit keeps its number from one list to the next.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from io import StringIO
from math import isfinite
from typing import Final, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict

from survey.sampling.csv_lines import Line
from survey.sampling.filled_lines import filled_lines, too_long
from survey.sampling.poisson import Floats, Indices, inclusion_probabilities, poisson, sequential_poisson
from survey.sampling.refusals import ListError
from survey.sampling.refused_columns import refuse_columns

LIST_DRAW_VERSION: Final = 1
"""Raised whenever the same record and list would come to another sample."""
PROBABILITY, WEIGHT = "入样概率", "设计权重"

Method = Literal["poisson", "sequential-poisson"]


class ListDraw(BaseModel):
    """By what a sample was drawn out of a list file. `n`: units wanted, for `poisson` on average; `start`: where on the circle it
    begins; `list`, `sample`: names of the files, each with its hash; `units`: of the list, `drawn` of the sample."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["list"] = "list"
    version: int = LIST_DRAW_VERSION
    method: Method
    n: int
    seed: int
    start: float
    size_column: str | None
    id_column: str | None
    list: str
    list_sha256: str
    units: int
    sample: str
    sample_sha256: str
    drawn: int
    at: datetime


@dataclass(frozen=True)
class Design:
    """How a sample is to be drawn. `size_column` None: all units alike; `id_column` None: a unit is named by its line."""

    method: Method
    n: int
    seed: int
    start: float = 0.0
    size_column: str | None = None
    id_column: str | None = None


@dataclass(frozen=True)
class Units:
    """The rows of a list file below its headings, in its order."""

    file_name: str
    headings: tuple[str, ...]
    lines: tuple[Line, ...]

    def column(self, heading: str) -> list[str]:
        """The cells under a heading. Raises ListError."""
        if heading not in self.headings:
            known = ", ".join(self.headings)
            raise ListError(
                self.file_name, f"there is no column {heading}", f"Name one of these columns: {known}"
            )
        return self.cells(self.headings.index(heading))

    def cells(self, at: int) -> list[str]:
        """The cells of a column by its place, from 0."""
        return [line.cells[at].strip() if at < len(line.cells) else "" for line in self.lines]


@dataclass(frozen=True)
class Drawn:
    """Units drawn, by their place in the list, and the probability of every unit of the list."""

    places: Indices
    chance: Floats


def read_units(data: bytes, file_name: str) -> Units:
    """A CSV or XLSX file whose first filled line holds the headings. Raises ListError, for a column never kept RefusedColumn."""
    filled = filled_lines(data, file_name)
    headings = tuple(cell.strip() for cell in filled[0].cells)
    units = Units(file_name, headings, tuple(filled[1:]))
    _check_shape(units, filled[0].number)
    refuse_columns(headings, [units.cells(at) for at in range(len(headings))], file_name)
    return units


def _check_shape(units: Units, heading_line: int) -> None:
    for heading in filter(None, units.headings):
        if units.headings.count(heading) > 1 or heading in (PROBABILITY, WEIGHT):
            raise ListError(
                units.file_name,
                f'line {heading_line}: the heading "{heading}" stands twice, or is one that the sample gets',
                "Give each column a heading of its own",
            )
    for line in units.lines:
        if len(line.cells) > len(units.headings):
            raise too_long(line, len(units.headings), units.file_name)


def draw_units(units: Units, design: Design) -> Drawn:
    """Raises ListError where a size is none, or a unit is named twice."""
    chance = _chances(units, design)
    prn = np.array([_prn(design.seed, name) for name in _names(units, design.id_column)])
    if design.method == "poisson":
        return Drawn(poisson(prn, chance, design.start), chance)
    return Drawn(np.sort(sequential_poisson(prn, chance, design.start, design.n)), chance)


def _chances(units: Units, design: Design) -> Floats:
    try:
        return inclusion_probabilities(_sizes(units, design.size_column), design.n)
    except ValueError as error:
        raise ListError(units.file_name, str(error), "Draw fewer, or check the sizes") from None


def _sizes(units: Units, heading: str | None) -> Floats:
    if heading is None:
        return np.ones(len(units.lines))
    texts = units.column(heading)
    sizes = [_size(text) for text in texts]
    wrong = [line.number for line, size in zip(units.lines, sizes, strict=True) if size is None]
    if wrong:
        more = f", and {len(wrong) - 1} more lines" if len(wrong) > 1 else ""
        raise ListError(
            units.file_name,
            f"line {wrong[0]}, {heading}: this is no size{more}",
            "Write a plain number there, 0 or more; 0 is never drawn",
        )
    return np.array(sizes, dtype=np.float64)


def _size(text: str) -> float | None:
    try:
        size = float(text)
    except ValueError:
        return None
    return size if isfinite(size) and size >= 0 else None


def _names(units: Units, heading: str | None) -> list[str]:
    """What names each unit: the cell in its column, or the number of its line."""
    if heading is None:
        return [str(line.number) for line in units.lines]
    names = units.column(heading)
    first: dict[str, int] = {}
    for line, name in zip(units.lines, names, strict=True):
        if not name or name in first:
            why = f"says the same as line {first[name]}" if name else "is empty"
            raise ListError(
                units.file_name,
                f"line {line.number}, {heading}: this {why}, and a unit must be named once",
                "Take out the double, or name a column with a different text on each line",
            )
        first[name] = line.number
    return names


def _prn(seed: int, name: str) -> float:
    """The permanent random number of a unit, in [0, 1): the first 53 bits of a hash."""
    first = int.from_bytes(sha256(f"{seed}\n{name}".encode()).digest()[:8], "big") >> 11
    return float(first) * 2.0**-53


def sample_file(units: Units, drawn: Drawn) -> bytes:
    """The rows drawn as CSV in UTF-8, in the order of the list, each with its probability and its weight."""
    written = StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow([*units.headings, PROBABILITY, WEIGHT])
    for place in drawn.places:
        cells, chance = units.lines[place].cells, float(drawn.chance[place])
        missing = [""] * (len(units.headings) - len(cells))
        writer.writerow([*cells, *missing, repr(chance), repr(1 / chance)])
    return written.getvalue().encode()


def record_of(
    design: Design, units: Units, drawn: Drawn, data: bytes, sample: tuple[str, bytes], at: datetime
) -> ListDraw:
    """`data`: the bytes of the list; `sample`: name and bytes of the file made."""
    return ListDraw(
        method=design.method, n=design.n, seed=design.seed, start=design.start,
        size_column=design.size_column, id_column=design.id_column,
        list=units.file_name, list_sha256=sha256(data).hexdigest(), units=len(units.lines),
        sample=sample[0], sample_sha256=sha256(sample[1]).hexdigest(), drawn=len(drawn.places), at=at,
    )  # fmt: skip


def design_of(record: ListDraw) -> Design:
    """The design that a record holds."""
    return Design(
        record.method, record.n, record.seed, record.start, record.size_column, record.id_column
    )  # fmt: skip


def summary(units: Units, design: Design, drawn: Drawn) -> Mapping[str, float]:
    """What tells whether a draw came out as it should. `estimated_units`: the sum of the weights."""
    chance = drawn.chance[drawn.places]
    return {
        "units": len(units.lines),
        "wanted": design.n,
        "drawn": len(drawn.places),
        "certain": int(np.count_nonzero(drawn.chance >= 1)),
        "least_probability": float(chance.min(initial=1.0)),
        "largest_probability": float(chance.max(initial=0.0)),
        "estimated_units": float((1 / chance).sum()),
    }


def lines_drawn(units: Units, drawn: Drawn) -> Sequence[Mapping[str, float]]:
    """Each unit drawn by its line in the list, with its probability and weight: no cell of the list."""
    return [
        {
            "line": units.lines[place].number,
            "probability": float(drawn.chance[place]),
            "weight": 1 / float(drawn.chance[place]),
        }
        for place in drawn.places
    ]
