"""Working time: office hours on working days, measured and added (domain.md §4.2). One working day is seven
working hours.

Moments are aware datetimes; what is returned is in UTC. `WorkingTime` carries hours, zone and the table that
overrides the calendar; the module's functions use the packaged policy.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from types import MappingProxyType
from zoneinfo import ZoneInfo

from survey.field import calendar_cn
from survey.policies import packaged

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class WorkingTime:
    """Office `hours` in zone `tz`; `overrides` says of single days whether they are worked on, whatever the
    calendar says.
    """

    hours: tuple[tuple[time, time], ...]
    tz: str
    overrides: Mapping[date, bool] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def day(self) -> timedelta:
        """The working hours of one working day."""
        minutes = sum(_minutes(closes) - _minutes(opens) for opens, closes in self.hours)
        return timedelta(minutes=minutes)

    def is_working_day(self, day: date) -> bool:
        return self.overrides.get(day, calendar_cn.is_working_day(day))

    def stretches(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        """What is left of the current office hours, and all that follow."""
        zone = ZoneInfo(self.tz)
        day = moment.astimezone(zone).date()
        while True:
            if self.is_working_day(day):
                for opens, closes in self.hours:
                    start = datetime.combine(day, opens, zone).astimezone(UTC)
                    end = datetime.combine(day, closes, zone).astimezone(UTC)
                    if end > moment:
                        yield max(start, moment.astimezone(UTC)), end
            day += _DAY

    def add(self, moment: datetime, amount: timedelta) -> datetime:
        """The moment at which `amount` of working time has passed since `moment`; the earliest of them.

        Raises ValueError for a negative amount.
        """
        if amount < timedelta(0):
            raise ValueError(f"working time: {amount} cannot be added; an amount is not negative")
        if amount == timedelta(0):
            return moment.astimezone(UTC)
        left = amount
        for start, end in self.stretches(moment):
            if left <= end - start:
                return start + left
            left -= end - start
        raise AssertionError("stretches never end")

    def passed(self, moment: datetime, amount: timedelta) -> datetime:
        """The last moment at which no more than `amount` of working time has passed since `moment`.

        Raises ValueError for a negative amount.
        """
        if amount < timedelta(0):
            raise ValueError(f"working time: {amount} cannot have passed; an amount is not negative")
        left = amount
        for start, end in self.stretches(moment):
            if left < end - start:
                return start + left
            left -= end - start
        raise AssertionError("stretches never end")

    def with_left(self, end: datetime, amount: timedelta) -> datetime:
        """The first moment from which no more than `amount` of working time is left until `end`.

        Raises ValueError for a negative amount.
        """
        if amount < timedelta(0):
            raise ValueError(f"working time: {amount} cannot be left; an amount is not negative")
        left = amount
        for opens, closes in self._stretches_before(end):
            if left < closes - opens:
                return closes - left
            left -= closes - opens
        raise AssertionError("stretches never begin")

    def office_moment(self, moment: datetime) -> datetime:
        """`moment` itself if the office is open then, otherwise when it opens next."""
        return next(start for start, _ in self.stretches(moment))

    def _stretches_before(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        """What lies before `moment` of its office hours, and all before them, backwards."""
        zone = ZoneInfo(self.tz)
        day = moment.astimezone(zone).date()
        while True:
            if self.is_working_day(day):
                for opens, closes in reversed(self.hours):
                    start = datetime.combine(day, opens, zone).astimezone(UTC)
                    end = datetime.combine(day, closes, zone).astimezone(UTC)
                    if start < moment:
                        yield start, min(end, moment.astimezone(UTC))
            day -= _DAY

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Working time from `start` to `end`; negative where `end` is the earlier."""
        if end < start:
            return -self.between(end, start)
        total = timedelta(0)
        for opens, closes in self.stretches(start):
            if opens >= end:
                return total
            total += min(closes, end) - opens
        raise AssertionError("stretches never end")

    def end_of_working_day(self, moment: datetime, days: int) -> datetime:
        """Closing time of the `days`-th working day after the local day of `moment`, which itself does not
        count.

        Raises ValueError when days is below 1.
        """
        if days < 1:
            raise ValueError(f"working time: {days} working days; a limit in days is at least one")
        zone = ZoneInfo(self.tz)
        day = moment.astimezone(zone).date()
        for _ in range(days):
            day += _DAY
            while not self.is_working_day(day):
                day += _DAY
        return datetime.combine(day, self.hours[-1][1], zone).astimezone(UTC)


def _minutes(edge: time) -> int:
    return edge.hour * 60 + edge.minute


@cache
def working_time() -> WorkingTime:
    """The packaged policy."""
    body = packaged("followup.casework", "working_time").body
    hours = tuple((time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in body["hours"])
    return WorkingTime(hours, body["tz"])


def add_hours(moment: datetime, hours: float) -> datetime:
    """The moment `hours` working hours after `moment`."""
    return working_time().add(moment, timedelta(hours=hours))


def hours_between(start: datetime, end: datetime) -> float:
    """Working hours from `start` to `end`."""
    return working_time().between(start, end) / timedelta(hours=1)


def due_after_days(moment: datetime, days: int) -> datetime:
    """Closing time of the `days`-th working day after that of `moment`."""
    return working_time().end_of_working_day(moment, days)
