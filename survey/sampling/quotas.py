"""Quotas (配额): which cell a person belongs to, and who may have the seats that are free.

A seat is held in every quota of the campaign before a person is contacted. It is filled by a complete, and given back by
anything else. Nobody is contacted without one, so no target can be overshot, however many are asked at once.
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
