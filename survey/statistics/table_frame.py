"""What a table of indicators is divided by: spans of days, areas, both, or nothing; and in which cell an answer belongs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Final, Literal, get_args

from survey.statistics.indicator_table import ELSEWHERE, Cell

Span = Literal["day", "week", "month"]
SPANS: Final[tuple[Span, ...]] = get_args(Span)


@dataclass(frozen=True)
class Frame:
    """Days `first` to `last`, both in it. `span`: one row per day, week (from Monday) or month; None: all days are one.
    `areas`: codes of one level, one row each; None: all areas are one. `elsewhere`: the code that areas of another level get."""

    first: date
    last: date
    span: Span | None = None
    areas: Sequence[str] | None = None
    elsewhere: str = ELSEWHERE

    @cached_property
    def days(self) -> list[date]:
        """Every day of the period."""
        return [self.first + timedelta(n) for n in range((self.last - self.first).days + 1)]

    @cached_property
    def spans(self) -> list[date | None]:
        """The first day of each row's span, inside of the period or not."""
        return [None] if self.span is None else list(dict.fromkeys(map(self._begins, self.days)))

    @cached_property
    def cells(self) -> list[Cell]:
        """Span by span, area by area; without the whole."""
        if self.span is None and self.areas is None:
            return []
        areas: Sequence[str | None] = [None] if self.areas is None else [*self.areas, self.elsewhere]
        return [Cell(day, area) for day in self.spans for area in areas]

    def span_place(self, day: date) -> int:
        """Which of the spans a day of the period is in."""
        return self._span_places[day]

    def area_places(self, codes: Iterable[str]) -> list[int]:
        """Which of the areas each of these is, or is part of."""
        known = self._area_places
        return [known[code] for code in codes]

    @property
    def areas_a_span(self) -> int:
        """How many cells there are in each span."""
        return 1 if self.areas is None else len(self.areas) + 1

    @cached_property
    def _span_places(self) -> dict[date, int]:
        if self.span is None:
            return dict.fromkeys(self.days, 0)
        place = {day: n for n, day in enumerate(self.spans)}
        return {day: place[self._begins(day)] for day in self.days}

    @cached_property
    def _area_places(self) -> "_Places":
        return _Places(self.areas)

    def _begins(self, day: date) -> date:
        if self.span == "week":
            return day - timedelta(day.weekday())
        return day.replace(day=1) if self.span == "month" else day


class _Places(dict[str, int]):
    """{area code: place}, found once for each code."""

    def __init__(self, areas: Sequence[str] | None) -> None:
        self._rows = {code: place for place, code in enumerate(areas or ())}
        self._length = len(areas[0]) if areas else 0
        self._elsewhere = len(areas) if areas is not None else 0

    def __missing__(self, code: str) -> int:
        self[code] = found = self._rows.get(code[: self._length], self._elsewhere)
        return found
