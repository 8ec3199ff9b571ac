"""A list as people hand it in: numbers written anyhow, and a known number of rows spoilt on purpose."""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from workers.city.draws import below, choose

Spoil = Callable[[Mapping[str, str]], Mapping[str, str]]
"""From the cells of a good row by heading to those of a bad one."""


@dataclass(frozen=True, slots=True)
class SeedRow:
    """`cells` by heading; `facts` what a reader should make of them; `dirty` why it should not."""

    cells: Mapping[str, str]
    facts: Mapping[str, str] = field(default_factory=dict)
    dirty: str | None = None
    dirty_heading: str | None = None


@dataclass(frozen=True, slots=True)
class Dirty:
    """A row spoilt on purpose: line of the file from 1, what was done, and under which heading."""

    line: int
    kind: str
    heading: str


@dataclass(frozen=True)
class SeedList:
    headings: tuple[str, ...]
    rows: tuple[SeedRow, ...]

    @property
    def good(self) -> tuple[SeedRow, ...]:
        return tuple(row for row in self.rows if row.dirty is None)

    @property
    def dirty(self) -> tuple[Dirty, ...]:
        return tuple(
            Dirty(line, row.dirty, row.dirty_heading or "")
            for line, row in enumerate(self.rows, start=2)
            if row.dirty is not None
        )

    @property
    def dirty_counts(self) -> Mapping[str, int]:
        return Counter(dirty.kind for dirty in self.dirty)

    def csv(self) -> bytes:
        """The file, in UTF-8 with a byte order mark and CRLF, as spreadsheet programs write it."""
        text = io.StringIO(newline="")
        writer = csv.writer(text)
        writer.writerow(self.headings)
        writer.writerows([row.cells.get(heading, "") for heading in self.headings] for row in self.rows)
        return text.getvalue().encode("utf-8-sig")


@dataclass(frozen=True, slots=True)
class Damage:
    """A way to spoil a row. `again` (a heading) repeats that cell of an earlier good row instead."""

    kind: str
    heading: str
    spoil: Spoil | None = None
    again: str | None = None


ROWS_PER_DAMAGE = 250  # one row of each damage for every so many good ones, and one at the least


def with_damage(
    good: Sequence[SeedRow], spare: Callable[[int], SeedRow], damages: Sequence[Damage], seed: int
) -> list[SeedRow]:
    """The good rows with spoilt ones between them, each behind the row that it repeats, if it repeats one.

    `spare(i)` is a further good row, whose number stands in no other.
    """
    behind: dict[int, list[SeedRow]] = defaultdict(list)
    rounds = max(1, len(good) // ROWS_PER_DAMAGE)
    for at, damage in enumerate([*damages] * rounds):
        place = below(len(good), seed, "inserted", at)
        source = below(place + 1, seed, "repeated", at)
        behind[place].append(_spoilt(damage, spare(at), good[source]))
    return [row for at, kept in enumerate(good) for row in (kept, *behind[at])]


def _spoilt(damage: Damage, row: SeedRow, source: SeedRow) -> SeedRow:
    if damage.again is not None:
        cells: Mapping[str, str] = {**row.cells, damage.again: source.cells[damage.again]}
    else:
        assert damage.spoil is not None
        cells = damage.spoil(row.cells)
    return SeedRow(cells, {}, damage.kind, damage.heading)


def blanked(heading: str) -> Spoil:
    return lambda cells: {**cells, heading: ""}


def replaced(heading: str, text: str) -> Spoil:
    return lambda cells: {**cells, heading: text}


def cut(heading: str) -> Spoil:
    """The last digit lost."""
    return lambda cells: {**cells, heading: cells[heading].strip().removesuffix(".0")[:-1]}


def misspelt(heading: str) -> Spoil:
    """A township whose name no county has, though its end is right."""
    return lambda cells: {**cells, heading: "某" + cells[heading][-2:]}


def all_blank(cells: Mapping[str, str]) -> Mapping[str, str]:
    return dict.fromkeys(cells, "")


FULL_WIDTH = str.maketrans("0123456789+", "０１２３４５６７８９＋")

_WAYS: tuple[Callable[[str], str], ...] = (
    lambda n: n,
    lambda n: n,
    lambda n: n,
    lambda n: f"{n[:3]} {n[3:7]} {n[7:]}",
    lambda n: f"{n[:3]}-{n[3:7]}-{n[7:]}",
    lambda n: f"+86{n}",
    lambda n: f"+86 {n[:3]} {n[3:7]} {n[7:]}",
    lambda n: f"0086{n}",
    lambda n: f"86-{n}",
    lambda n: n.translate(FULL_WIDTH),
    lambda n: f"{n} ",
    lambda n: f"{n}.0",
)


def written(number: str, *words: object) -> str:
    """An E.164 mobile in one of the ways in which people write it."""
    return choose(_WAYS, "written", *words)(number.removeprefix("+86"))
