"""Which reports issue themselves, and which of them are owed today. Policy `cadence`, typed; pure."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Final, Literal

from pydantic import PositiveInt

from followup.reports.document.model import Kind
from followup.reports.report_policy import Closed
from survey.periods import Every, Period, ending_before
from survey.policies import packaged

ONE_DAY = timedelta(days=1)
DRAFT_DUTY: Final = "callback_report"
FIRST_WORK: Final = ("daily_list", DRAFT_DUTY)
"""Duties whose first day is that on which a centre began."""


class Rule(Closed):
    """A report that issues itself: of which periods, from which day on, and how far back what was missed is made up for."""

    kind: Kind
    every: Every
    owed: Literal["next_day", "next_working_day"]
    catch_up: PositiveInt

    @property
    def duty(self) -> str:
        """Under which a period of it is noted as issued."""
        return f"issue:{self.kind}:{self.every}"


class Cadence(Closed):
    """Body of cadence.yaml, where each entry is explained."""

    not_before: time
    reports: tuple[Rule, ...]


@dataclass(frozen=True)
class Owed:
    """A report that nobody has issued by cadence yet."""

    rule: Rule
    period: Period


@cache
def cadence() -> Cadence:
    """The packaged version."""
    return Cadence.model_validate(packaged("followup.policies", "cadence").body)


def day_reached(local: datetime, not_before: time) -> date:
    """The last day whose reports may be issued at this moment: before that time of day it is yesterday."""
    return local.date() if local.time() >= not_before else local.date() - ONE_DAY


def owed(
    rule: Rule, day: date, is_working_day: Callable[[date], bool], done: Collection[date], began: date
) -> list[Owed]:
    """Periods of a rule that are owed on a day, the oldest first. `done`: first days of those that were issued by cadence.
    `began`: the first day on which the centre worked. What had ended before it was not missed; only its first morning tells
    of the day before.
    """
    found: list[Owed] = []
    earliest = began - ONE_DAY if rule.every == "day" else began
    for period in ending_before(day, rule.every, rule.catch_up):
        is_due = owed_on(rule, period, is_working_day) <= day
        if is_due and period.last >= earliest and period.first not in done:
            found.append(Owed(rule, period))
    return found[::-1]


def owed_on(rule: Rule, period: Period, is_working_day: Callable[[date], bool]) -> date:
    """The day on which the report of a period falls due."""
    day = period.last + ONE_DAY
    while rule.owed == "next_working_day" and not is_working_day(day):
        day += ONE_DAY
    return day
