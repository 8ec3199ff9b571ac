"""第N期: the number of an issue, from its period alone, so that a draft has it too."""

from __future__ import annotations

from survey.periods import Period


def serial_of(period: Period) -> tuple[int, int]:
    """(number, year): of a day its number in the year, of anything longer the ISO week of its last day."""
    last = period.last
    if period.first == last:
        return last.timetuple().tm_yday, last.year
    year, week, _ = last.isocalendar()
    return week, year
