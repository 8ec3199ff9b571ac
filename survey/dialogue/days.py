"""Days in a written reply: calendar dates, weekdays, distances from today. Found here, resolved against today."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Any, Final

from survey.dialogue.normalise import JUST_READ, any_of, data
from survey.dialogue.numerals import chinese_whole

_WEEKDAY: Final = re.compile(r"((?:周|星期|礼拜)[一二三四五六日天](?!后))")
_NUMERALS: Final = re.compile(
    r"[〇零一二两三四五六七八九十廿]+(?=(?:个半?)?(?:年|月|日|号|点|时|分|刻|天|岁|周|星期|礼拜|小时|钟头))"
    r"|(?<=点)[〇零一二三四五六七八九十]+"
)


@dataclass(frozen=True, slots=True)
class OnDate:
    year: int | None
    month: int
    day: int


@dataclass(frozen=True, slots=True)
class OnDayOfMonth:
    day: int
    months: int | None
    """From this month; None: the month is not said."""


@dataclass(frozen=True, slots=True)
class FromToday:
    days: int


@dataclass(frozen=True, slots=True)
class OnWeekday:
    weekday: int
    weeks: int | None
    """From this week, which begins on a Monday; None: "Friday" alone."""
    surely: bool = True
    """False: "next Friday", which may be of this week or of the next."""


Day = OnDate | OnDayOfMonth | FromToday | OnWeekday


@lru_cache(maxsize=JUST_READ)
def with_figures(plain: str) -> str:
    """A normalised text whose Chinese numerals before 月, 点 and the like are figures; weekdays stay."""

    def figures(found: re.Match[str]) -> str:
        number = chinese_whole(found.group().replace("廿", "二十"))
        return found.group() if number is None else str(number)

    return "".join(
        part if _WEEKDAY.fullmatch(part) else _NUMERALS.sub(figures, part) for part in _WEEKDAY.split(plain)
    )


def find_days(text: str) -> tuple[frozenset[Day], str]:
    """The days that a text names, and the text without them."""
    found: set[Day] = set()
    chinese = bool(re.search(r"[一-鿿]", text))
    for pattern, day in _patterns(chinese):

        def take(match: re.Match[str], day: Callable[[re.Match[str]], Day] = day) -> str:
            found.add(day(match))
            return " "

        text = pattern.sub(take, text)
    return frozenset(found), text


@cache
def _patterns(chinese: bool) -> tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Day]], ...]:
    return tuple((re.compile(pattern), day) for pattern, day in _days(chinese))


def _days(chinese: bool) -> Iterator[tuple[str, Callable[[re.Match[str]], Day]]]:
    lists = data("dates.yaml")
    month, weekday = "|".join(lists["months"]), "|".join(one for one in lists["weekdays"] if len(one) > 1)
    yield (
        r"(?<!\d)(\d{4}|\d{2}(?=年))\s*[年/.\-]\s*(\d{1,2})\s*[月/.\-]\s*(\d{1,2})(?!\d)\s*[日号]?",
        lambda m: OnDate(_year(m[1]), int(m[2]), int(m[3])),
    )
    yield r"(?<!\d)(\d{4})(\d{2})(\d{2})(?!\d)", lambda m: OnDate(int(m[1]), int(m[2]), int(m[3]))
    yield r"(?<!\d)(\d{1,2})月(\d{1,2})(?!\d)[日号]?", lambda m: OnDate(None, int(m[1]), int(m[2]))
    yield (
        r"(本|这个?|下个?|上个?)月(\d{1,2})(?!\d)[日号]?",
        lambda m: OnDayOfMonth(int(m[2]), {"下": 1, "上": -1}.get(m[1][0], 0)),
    )
    yield r"(?<!\d)(\d{1,2})[日号]", lambda m: OnDayOfMonth(int(m[1]), None)
    yield (
        rf"(?<!\w)(\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+({month})\b\.?(?:\s*,?\s*(\d{{4}})\b)?",
        lambda m: OnDate(_year(m[3]), lists["months"][m[2]], int(m[1])),
    )
    yield (
        rf"\b({month})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?\b(?![:]|\s*[ap]\.?m)(?:\s*,?\s*(\d{{4}})\b)?",
        lambda m: OnDate(_year(m[3]), lists["months"][m[1]], int(m[2])),
    )
    yield (
        r"(?<![\d/])(\d{1,2})/(\d{1,2})(?:/(\d{4}))?(?![\d/])",
        lambda m: _slashed(int(m[1]), int(m[2]), _year(m[3]), chinese),
    )
    yield (
        r"((?:上|下)*)个?(这个?|本)?(?:周|星期|礼拜)([一二三四五六日天](?!后)|[1-7](?![\d后天个]))",
        lambda m: OnWeekday(lists["weekdays"][m[3]], _weeks(m[1], m[2])),
    )
    yield (
        rf"\b(?:on\s+)?(next|this|last|this coming|coming)?\s*\b({weekday})\b",
        lambda m: OnWeekday(
            lists["weekdays"][m[2]],
            {"next": 1, "last": -1, "this": 0}.get(m[1]),
            surely=m[1] not in ("next", "last"),
        ),
    )
    yield (
        r"(\d+)(天|个?(?:周|星期|礼拜))(?:之|以)?(后|前)",
        lambda m: FromToday(int(m[1][:4]) * (1 if m[2] == "天" else 7) * (1 if m[3] == "后" else -1)),
    )
    yield (
        r"\bin\s+(\d+|an?)\s+(day|week)s?\b",
        lambda m: FromToday(_count(m[1]) * (1 if m[2] == "day" else 7)),
    )
    yield (
        r"\b(\d+|an?)\s+(day|week)s?\s+ago\b",
        lambda m: FromToday(-_count(m[1]) * (1 if m[2] == "day" else 7)),
    )
    yield any_of(lists["from_today"]), lambda m: FromToday(lists["from_today"][m[0]])


def _year(written: str | None) -> int | None:
    if written is None:
        return None
    return int(written) if len(written) == 4 else 2000 + int(written)


def _count(written: str) -> int:
    return int(written[:4]) if written[0].isdigit() else 1


def _weeks(shifts: str, this: str | None) -> int | None:
    if shifts:
        return shifts.count("下") - shifts.count("上")
    return 0 if this else None


def _slashed(first: int, second: int, year: int | None, chinese: bool) -> OnDate:
    """Month and day in Chinese; otherwise whichever order is possible, and no date where both are."""
    if chinese or second > 12 or first == second:
        return OnDate(year, first, second)
    return OnDate(year, second, first) if first > 12 else OnDate(year, 0, 0)


def resolve(day: Day, today: date, *, ahead: bool) -> list[date]:
    """The dates that may be meant, the likeliest first; none if there is no such date, or if it cannot be known.
    `ahead`: of an appointment, whose second candidate counts when the first is over."""
    lists = data("dates.yaml")
    match day:
        case OnDate(None, month, number):
            return _without_year(month, number, today, lists, ahead)
        case OnDate(year, month, number):
            low, high = lists["years"]
            return _dates((year or 0, month, number)) if low <= (year or 0) <= high else []
        case OnDayOfMonth(number, months):
            shifts = (0, 1) if months is None and ahead else (months or 0,)
            return _dates(*(_month(today, shift, number) for shift in shifts))
        case FromToday(days):
            return [today + timedelta(days=days)] if abs(days) <= 3660 else []
        case OnWeekday():
            return _weekday(day, today, ahead)


def _weekday(day: OnWeekday, today: date, ahead: bool) -> list[date]:
    monday = today - timedelta(days=today.weekday())
    if day.weeks is not None:
        this = monday + timedelta(weeks=day.weeks, days=day.weekday)
        nearer = this - timedelta(weeks=day.weeks)
        between = (nearer > today) if day.weeks > 0 else (nearer < today)
        return [] if not day.surely and between else [this]
    coming = today + timedelta(days=(day.weekday - today.weekday()) % 7)
    if coming == today:
        return [today, today + timedelta(days=7)] if ahead else []
    return [coming]


def _without_year(month: int, number: int, today: date, lists: Any, ahead: bool) -> list[date]:
    days = _dates(*((today.year + shift, month, number) for shift in (0, 1, -1)))
    if ahead:
        return [one for one in days if 0 <= (one - today).days <= lists["appointment_days"]]
    near = [one for one in days if abs((one - today).days) <= lists["turn_of_year_days"]]
    return near or [one for one in days if one.year == today.year]


def _month(today: date, shift: int, number: int) -> tuple[int, int, int]:
    years, month = divmod(today.year * 12 + today.month - 1 + shift, 12)
    return years, month + 1, number


def _dates(*written: tuple[int, int, int]) -> list[date]:
    """Those that exist: there is no 31st of April."""
    dates = []
    for year, month, day in written:
        try:
            dates.append(date(year, month, day))
        except ValueError:
            continue
    return dates
