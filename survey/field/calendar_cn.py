"""The mainland calendar: statutory holidays, make-up working days, Spring Festival. Pure data of the
`holidays` package.

Next year's list appears only in autumn and is provisional until then, so whoever owns days (calling hours,
working time) takes overrides from its own table.
"""

from datetime import date, timedelta
from functools import lru_cache

import holidays

_DAY = timedelta(days=1)
_SATURDAY = 5


@lru_cache(maxsize=16)
def _year(year: int) -> holidays.HolidayBase:
    return holidays.country_holidays("CN", years=year, language="zh_CN", expand=False)


def is_working_day(day: date) -> bool:
    """A day on which offices work: Monday to Friday but statutory holidays, and the make-up days (调休) at
    weekends.
    """
    return bool(_year(day.year).is_working_day(day))


def is_statutory_holiday(day: date) -> bool:
    """A day off by the State Council's notice, with the weekend days that lie inside such a holiday."""
    if day in _year(day.year):
        return True
    if day.weekday() < _SATURDAY or is_working_day(day):
        return False
    return _holiday_next_to_weekend(day, -_DAY) and _holiday_next_to_weekend(day, _DAY)


def _holiday_next_to_weekend(day: date, step: timedelta) -> bool:
    while day.weekday() >= _SATURDAY and day not in _year(day.year):
        day += step
    return day in _year(day.year)


@lru_cache(maxsize=16)
def spring_festival(year: int) -> date:
    """The first day of the first lunar month (正月初一) that falls in `year`."""
    return min(day for day, name in _year(year).items() if name.startswith("春节"))
