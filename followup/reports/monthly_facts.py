"""What a monthly summary is made of, read at one moment: the month as a whole, and what the stars of its places rest on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import get_args

import asyncpg

from followup.assessment.star_policy import Level, star_policy
from followup.indicators import IndicatorReport, read_indicators
from followup.reports.stars_given import KIND, places_in
from followup.reports.weekly_facts import WeeklyFacts, read_weekly_facts
from followup.store import issued_reports
from followup.store.sanctions import SanctionRow, sanctions
from survey.indicator_reading import Wanted
from survey.periods import Period, preceding
from survey.store import counted


@dataclass(frozen=True)
class Window:
    """Indicators by place of one level over the months that their points rest on, and over as many months before."""

    now: IndicatorReport
    before: IndicatorReport


@dataclass(frozen=True)
class MonthlyFacts:
    """`whole`: what a period's report tells of a centre. `windows`: of the levels that the county has. `held`: {area: star} in
    the summary `goes_on_from`; None: none was issued yet."""

    whole: WeeklyFacts
    windows: Mapping[Level, Window]
    held: Mapping[str, int]
    goes_on_from: str | None
    sanctions: Sequence[SanctionRow]

    @property
    def period(self) -> Period:
        """The month."""
        return self.whole.period


async def read_monthly_facts(
    conn: asyncpg.Connection, centre_code: str, period: Period, cut_off: datetime, issued_before: int | None
) -> MonthlyFacts:
    """Raises LookupError for an unknown centre and a period that is no month, IndicatorError for definitions that do not fit the
    answers."""
    if period != ending_in(period.last, 1):
        raise LookupError(
            "A monthly summary is of one month, as 2026-03; its stars are given month by month."
        )
    async with conn.transaction(isolation="repeatable_read", readonly=True):
        whole = await read_weekly_facts(conn, centre_code, period, cut_off, preceding(period))
        county = whole.now.ground.centre.area_code
        levels: list[Level] = [one for one in get_args(Level) if await counted.areas(conn, county, one)]
        last = await issued_reports.last_before(conn, centre_code, KIND, period.first, issued_before)
        return MonthlyFacts(
            whole=whole,
            windows={level: await _window(conn, centre_code, level, period, cut_off) for level in levels},
            held={one.area: one.stars for one in places_in(last.body)} if last else {},
            goes_on_from=last.number if last else None,
            sanctions=[one for one in await sanctions(conn, centre_code, cut_off) if one.in_force(period)],
        )


async def _window(
    conn: asyncpg.Connection, centre_code: str, level: Level, period: Period, cut_off: datetime
) -> Window:
    days = ending_in(period.last, star_policy().levels[level].months)

    async def measured(these: Period) -> IndicatorReport:
        asked = Wanted(centre_code, these.first, these.last, level=level, indicators=star_policy().indicators)
        return await read_indicators(conn, asked, cut_off)

    return Window(await measured(days), await measured(preceding(days)))


def ending_in(last: date, months: int) -> Period:
    """So many whole months, the last of them that of a day."""
    place = 12 * last.year + last.month - months
    after = date(last.year + last.month // 12, last.month % 12 + 1, 1)
    return Period(date(place // 12, place % 12 + 1, 1), after - timedelta(days=1))
