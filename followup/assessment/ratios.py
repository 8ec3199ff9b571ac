"""A ratio is never printed without what it is a ratio of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Ratio:
    """`part` of `whole`, both counts."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """In [0, 1] where the part is of the whole; None where there is nothing to divide by."""
        return self.part / self.whole if self.whole else None

    @property
    def rest(self) -> int:
        """What is left of the whole: open, where the part is closed."""
        return self.whole - self.part

    def __str__(self) -> str:
        """`1269/1455 = 87.2 %`, in percent to a tenth; `0/0 = -`."""
        share = "-" if self.value is None else f"{100 * self.value:.1f} %"
        return f"{self.part}/{self.whole} = {share}"


def growth(current: int, previous: int) -> float | None:
    """环比: by which share of `previous` the count went up, negative if down; None where it was 0 before."""
    return (current - previous) / previous if previous else None


def previous_of(current: int, grown: float) -> int:
    """The count that grew by the share `grown` to `current`: what a report that gives only these two grew from."""
    return round(current / (1 + grown))


def top_share(counts: Sequence[int], places: int = 3) -> Ratio:
    """What the `places` largest of `counts` are together, of all."""
    return Ratio(sum(sorted(counts, reverse=True)[:places]), sum(counts))
