"""A report as a document: header, sections, sentences, tables, charts. One model; what renders it knows nothing else.

A sentence is a pattern in both languages whose numbers are keys of figures. A digit that is typed into a pattern is refused.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Final, Literal

from pydantic import Field, model_validator

from followup.reports.document.figures import Figure, Frozen, Words

Kind = Literal[
    "weekly", "monthly", "callback", "unit", "bulletin", "morning", "surveyor", "village", "centre"
]
KEY: Final = re.compile(r"\{([^{}]+)\}")
TYPED: Final = re.compile(r"(?<![A-Za-z0-9.])[0-9０-９]")
"""A digit that stands for itself; the one in RR1 is part of a name."""


class Sentence(Frozen):
    """Words with {keys} of figures. `quoted`: what somebody wrote, which is nobody's figure."""

    type: Literal["sentence"] = "sentence"
    words: Words
    quoted: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """Figures that it names, in the order of the Chinese."""
        return () if self.quoted else tuple(KEY.findall(self.words.zh))

    @model_validator(mode="after")
    def _bound(self) -> Sentence:
        if self.quoted:
            return self
        zh, en = KEY.findall(self.words.zh), KEY.findall(self.words.en)
        if sorted(zh) != sorted(en):
            raise ValueError(f"{self.words.zh!r}: the languages name other figures, {zh} and {en}")
        if TYPED.search(KEY.sub("", self.words.zh)) or TYPED.search(KEY.sub("", self.words.en)):
            raise ValueError(
                f"{self.words.zh!r}: a number is typed in; name the figure that it is, as {{key}}"
            )
        return self


class Column(Frozen):
    """A column of a table. `rate`: its cells have a base and an interval. `wide`, `narrow`: how much room its words need."""

    key: str
    head: Words
    rate: bool = False
    wide: bool = False
    narrow: bool = False


class Row(Frozen):
    """`cells`: the key of a figure, words, or nothing, one per column. `whole`: a line of totals."""

    cells: tuple[str | Words | None, ...]
    whole: bool = False


class Table(Frozen):
    """Lines of figures. `empty`: what is said where there are no lines."""

    type: Literal["table"] = "table"
    key: str
    title: Words
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    empty: Words

    @model_validator(mode="after")
    def _square(self) -> Table:
        if any(len(row.cells) != len(self.columns) for row in self.rows):
            raise ValueError(f"table {self.key}: a row has not as many cells as there are columns")
        return self


class Bar(Frozen):
    """One bar of a chart and the figure that it shows."""

    label: Words
    figure: str


class Chart(Frozen):
    """Bars from 0 to `top` with their intervals; made to be told apart without colour."""

    type: Literal["chart"] = "chart"
    key: str
    title: Words
    top: float | None = None
    bars: tuple[Bar, ...]
    empty: Words


class Funnel(Frozen):
    """Shares against the numbers that they rest on, between limits that chance alone would rarely leave: lines at `centre` ±
    z·`spread`/√n for each of `levels`. `dots`: figures with a base."""

    type: Literal["funnel"] = "funnel"
    key: str
    title: Words
    centre: str
    spread: float
    levels: tuple[float, ...]
    dots: tuple[Bar, ...]
    empty: Words


class Panel(Frozen):
    """One line of points in their order, a gap where a figure has no value. `said`: the figure of the whole, beside its name."""

    label: Words
    points: tuple[Bar, ...]
    said: str | None = None


class Lines(Frozen):
    """Lines side by side on one scale, each in a panel of its own: told apart by where they stand, not by colour. Each point has
    its interval as a whisker and its base below it."""

    type: Literal["lines"] = "lines"
    key: str
    title: Words
    panels: tuple[Panel, ...]
    empty: Words


Block = Annotated[Sentence | Table | Chart | Funnel | Lines, Field(discriminator="type")]


class Section(Frozen):
    """A section, numbered by its place: 一、 and, below it, （一）."""

    title: Words
    blocks: tuple[Block, ...] = ()
    parts: tuple[Section, ...] = ()


class Issue(Frozen):
    """With what a report was issued. `corrects`: the number of the one that it takes the place of, and why."""

    number: str
    by: str
    at: datetime
    corrects: str | None = None
    correction: int = 0
    reason: str | None = None


class Header(Frozen):
    """What stands above every report. `serial`: 第N期, from the period. `policies`: {key: version} of the rules that
    were applied."""

    kind: Kind
    title: Words
    serial: int
    year: int
    centre_code: str
    centre: Words
    first: date
    last: date
    cut_off: datetime
    tz: str
    policies: dict[str, int]
    issue: Issue | None = None


class Document(Frozen):
    """A whole report. `main`: the table that a spreadsheet of it begins with."""

    header: Header
    summary: tuple[Sentence, ...] = ()
    sections: tuple[Section, ...]
    notes: tuple[Sentence, ...]
    figures: dict[str, Figure]
    main: str

    @model_validator(mode="after")
    def _bound(self) -> Document:
        named = [key for block in self.blocks() for key in keys_of(block)]
        missing = sorted({key for key in named if key not in self.figures})
        if missing:
            raise ValueError(f"the document names figures that it has not: {', '.join(missing)}")
        if self.main not in {table.key for table in self.tables()}:
            raise ValueError(f"the document has no table {self.main}")
        return self

    def blocks(self) -> list[Block]:
        """Everything that is said, from the top down."""
        found: list[Block] = list(self.summary)
        for section in self.sections:
            found += [*section.blocks, *(block for part in section.parts for block in part.blocks)]
        return [*found, *self.notes]

    def tables(self) -> list[Table]:
        """All tables, from the top down."""
        return [block for block in self.blocks() if isinstance(block, Table)]


def keys_of(block: Block) -> tuple[str, ...]:
    """Figures that a block shows."""
    if isinstance(block, Sentence):
        return block.keys
    if isinstance(block, Chart):
        return tuple(bar.figure for bar in block.bars)
    if isinstance(block, Funnel):
        return (block.centre, *(dot.figure for dot in block.dots)) if block.dots else ()
    if isinstance(block, Lines):
        points = (point.figure for panel in block.panels for point in panel.points)
        return (*points, *(panel.said for panel in block.panels if panel.said is not None))
    return tuple(cell for row in block.rows for cell in row.cells if isinstance(cell, str))
