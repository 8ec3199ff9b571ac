"""Dates as ODK counts them: ISO 8601 texts, and days since 1 January 1970 as numbers.

The wall clock as it is written counts; an offset behind it (+08:00) is not applied, since a county has one time.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Final

EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001 - wall clock time, see above
_OFFSET = r"(?:Z|[+-]\d\d(?::?\d\d)?)?"
_CLOCK = r"(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?"
_ISO: Final = re.compile(rf"(\d{{4}})-(\d\d)-(\d\d)(?:[T ]{_CLOCK}{_OFFSET})?", re.ASCII)
_TIME: Final = re.compile(_CLOCK + _OFFSET, re.ASCII)
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

DIRECTIVES: Final[Mapping[str, Callable[[datetime], str]]] = {
    "%": lambda moment: "%",
    "Y": lambda moment: f"{moment.year:04}",
    "y": lambda moment: f"{moment.year % 100:02}",
    "m": lambda moment: f"{moment.month:02}",
    "n": lambda moment: str(moment.month),
    "b": lambda moment: MONTHS[moment.month - 1],
    "d": lambda moment: f"{moment.day:02}",
    "e": lambda moment: str(moment.day),
    "a": lambda moment: WEEKDAYS[moment.weekday()],
    "H": lambda moment: f"{moment.hour:02}",
    "h": lambda moment: str(moment.hour),
    "M": lambda moment: f"{moment.minute:02}",
    "S": lambda moment: f"{moment.second:02}",
    "3": lambda moment: f"{moment.microsecond // 1000:03}",
}
"""What may stand behind % in format-date() and format-date-time()."""


def moment_of(text: str) -> datetime | None:
    """The date or date-time that the text is, in whole; None if it is none."""
    if len(text) < 10 or text[4] != "-":  # nearly every answer leaves here
        return None
    found = _ISO.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second, fraction = (part or "0" for part in found.groups())
    micro = int(fraction[:6].ljust(6, "0"))
    try:
        return datetime(int(year), int(month), int(day), int(hour), int(minute), int(second), micro)  # noqa: DTZ001
    except ValueError:
        return None


def days_of(moment: datetime) -> float:
    return (moment - EPOCH) / timedelta(days=1)


def moment_after(days: float) -> datetime | None:
    """The moment so many days after 1 January 1970; None beyond the calendar."""
    try:
        return EPOCH + timedelta(days=days)
    except (OverflowError, ValueError):
        return None


def time_of_day(text: str) -> float | None:
    """The share of the day that has gone by, 0 to 1, of `HH:MM`, `HH:MM:SS` or a date-time; None if it is none."""
    moment = moment_of(text)
    if moment is not None:
        return days_of(moment) % 1
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    hour, minute, second, fraction = (part or "0" for part in found.groups())
    if int(hour) > 23 or int(minute) > 59 or int(second) > 59:
        return None
    return (int(hour) * 3600 + int(minute) * 60 + int(second) + float(f"0.{fraction}")) / 86_400


def iso_date(moment: datetime) -> str:
    return date.isoformat(moment.date())


def iso_moment(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds" if moment.microsecond else "seconds")


def format_moment(moment: datetime, parts: tuple[str, ...]) -> str:
    """`parts`: the format split by `parts_of`: plain text, and directives of two characters."""
    return "".join(
        DIRECTIVES[part[1]](moment) if len(part) == 2 and part[0] == "%" else part for part in parts
    )


def parts_of(form: str) -> tuple[str, ...]:
    return tuple(re.findall(r"%.?|[^%]+", form, re.DOTALL))
