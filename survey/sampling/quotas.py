"""Quotas (配额): which cell a person belongs to, and who may have the seats that are free.

A seat is held in every quota of the campaign whose cell the list tells before a person is contacted, and in the others as soon
as an answer tells the cell. It is filled by a complete, and given back by anything else. Nobody is contacted without the first,
and nobody is asked on without the others, so no target can be overshot, however many are asked at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

TOTAL: Final = "total"
DAY: Final = "day"
"""Quotas that every campaign with a total or a daily target has; a day's cell is its local date."""
WHOLE: Final = "all"
"""The one cell of TOTAL."""
BESIDE: Final = "beside"
"""The cell of those who fit none of a quota's cells. It has no seats."""


@dataclass(frozen=True)
class Known:
    """What the list says of a person. `age` in completed years; None where it is not known."""

    area_code: str
    age: int | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Condition:
    """What puts a person into a cell: everything that is given must hold. `areas` are codes or beginnings of codes."""

    areas: tuple[str, ...] = ()
    ages: tuple[int, int] | None = None
    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def holds(self, person: Known) -> bool:
        return (
            (not self.areas or any(person.area_code.startswith(code) for code in self.areas))
            and (self.ages is None or (person.age is not None and self.ages[0] <= person.age <= self.ages[1]))
            and all(person.attributes.get(name) in values for name, values in self.attributes.items())
        )


@dataclass(frozen=True)
class Cell:
    name: str
    target: int
    when: Condition


@dataclass(frozen=True)
class Quota:
    """A division of the people into cells; a person belongs to the first that fits."""

    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class AnswerCell:
    """`answers`: questions, each with the codes that put a person here; all of them must hold."""

    name: str
    answers: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class AnswerQuota:
    """A division by what people answer; a person belongs to the first cell that fits, once all its questions are answered."""

    name: str
    cells: tuple[AnswerCell, ...]

    @property
    def questions(self) -> frozenset[str]:
        return frozenset(question for cell in self.cells for question in cell.answers)

    def cell_of(self, codes: Mapping[str, str | None]) -> str | None:
        """The cell of whoever answered this; BESIDE where none fits; None as long as an answer is owed."""
        if not self.questions <= codes.keys():
            return None
        fitting = (
            cell.name
            for cell in self.cells
            if all(codes[question] in wanted for question, wanted in cell.answers.items())
        )
        return next(fitting, BESIDE)


def answer_quotas(
    stored: Mapping[str, Sequence[tuple[str, Mapping[str, Sequence[str]]]]],
) -> tuple[AnswerQuota, ...]:
    """As a campaign's row holds them: `{"sex": [["women", {"Q10b": ["2"]}], …]}`."""
    return tuple(
        AnswerQuota(
            name,
            tuple(
                AnswerCell(cell, {question: tuple(codes) for question, codes in answers.items()})
                for cell, answers in cells
            ),
        )
        for name, cells in stored.items()
    )


def cells_of(quotas: Sequence[Quota], person: Known) -> dict[str, str]:
    """{quota: cell} of a person; BESIDE where no cell fits."""
    return {
        quota.name: next((cell.name for cell in quota.cells if cell.when.holds(person)), BESIDE)
        for quota in quotas
    }


@dataclass(frozen=True)
class Seats:
    """A cell as it stands."""

    target: int
    held: int
    filled: int

    @property
    def free(self) -> int:
        return self.target - self.held - self.filled

    @property
    def full(self) -> bool:
        """Nothing can ever become free here again."""
        return self.filled >= self.target


@dataclass(frozen=True)
class Seated:
    """Who has a seat in every quota they belong to, who must wait for one, and for whom there never will be one."""

    seated: tuple[int, ...]
    waiting: tuple[int, ...]
    without: tuple[int, ...]


Place = tuple[str, str]
"""(quota, cell)."""


def seat(wishes: Sequence[tuple[int, Sequence[Place]]], seats: Mapping[Place, Seats]) -> Seated:
    """Give out what is free, in the order of `wishes` (who, places needed). A place that is not in `seats` has none."""
    free = {place: cell.free for place, cell in seats.items()}
    seated, waiting, without = [], [], []
    for who, places in wishes:
        if any(place not in seats or seats[place].full for place in places):
            without.append(who)
        elif any(free[place] <= 0 for place in places):
            waiting.append(who)
        else:
            seated.append(who)
            for place in places:
                free[place] -= 1
    return Seated(tuple(seated), tuple(waiting), tuple(without))
