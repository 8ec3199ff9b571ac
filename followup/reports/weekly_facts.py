"""What a weekly report is made of, read at one moment: this period, and beside it the one before and the same a year ago."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import asyncpg

from followup.indicators import IndicatorReport, read_indicators
from followup.reports.callback_report import CallbackReport, make_report
from followup.reports.callback_rows import CentreNames, callback_lines, centre_names
from followup.reports.report_policy import report_policy
from followup.store import weekly_cases, weekly_field
from followup.store.weekly_cases import AppealLine, ColourLine, Counted, Decided, Suspected, UnitRounds
from followup.store.weekly_field import FieldWeek, Poll, Sample
from survey.calibrating import CalibratedAnswers, read_calibrated
from survey.indicator_reading import Wanted
from survey.periods import Period
from survey.statistics.alert_policy import alert_policy

MEASURED = (
    "safety_rate", "safety_index", "safe_after_dark", "police_satisfaction_strict", "police_satisfaction_half",
    "police_satisfaction_broad", "procuratorate_satisfaction", "court_satisfaction", "justice_satisfaction",
    "problems_settled", "police_visibility", "awareness", "participation",
)  # fmt: skip
"""Indicators of the perception survey that a week's report shows."""
HEADLINE = "safety_rate"
WEEKS = 8
"""Weeks of a line: so many that a dip can be told from how much they sway."""
YEAR_DAYS = 364
"""The same weekdays a year ago."""


@dataclass(frozen=True)
class WeeklyFacts:
    """`now`, `before`, `year_ago`: indicators of the centre; `towns`: the headline by township; `days`: what is
    watched day by day, from long before the period to its end; `calibrated`: `now` with weights that meet the
    population; `weeks`: by week, up to the period's end; `polls`: of special polls."""

    centre: CentreNames
    period: Period
    cut_off: datetime
    field: FieldWeek
    field_before: FieldWeek
    sample: Sequence[Sample]
    now: IndicatorReport
    before: IndicatorReport
    year_ago: IndicatorReport
    towns: IndicatorReport
    weeks: IndicatorReport
    days: IndicatorReport
    calibrated: CalibratedAnswers
    polls: Sequence[tuple[Poll, IndicatorReport]]
    appeals: Sequence[AppealLine]
    appeals_before: Sequence[AppealLine]
    refused: Sequence[Counted]
    events: dict[str, int]
    units: Sequence[UnitRounds]
    colours: Sequence[ColourLine]
    suspected: Suspected
    callbacks: CallbackReport
    decided_before: Decided
    majors: Sequence[Counted]


def shifted(period: Period, days: int) -> Period:
    """The same length, `days` earlier."""
    back = timedelta(days=days)
    return Period(period.first - back, period.last - back)


def weeks_wanted(centre_code: str, last: date, level: str | None = None) -> Wanted:
    """The headline of the weeks up to a day, that of the day itself as far as it has come; `level`: by area as well."""
    first = last - timedelta(days=last.weekday() + 7 * (WEEKS - 1))
    return Wanted(centre_code, first, last, "week", level, None, (HEADLINE,))


async def read_weekly_facts(
    conn: asyncpg.Connection,
    centre_code: str,
    period: Period,
    cut_off: datetime,
    before: Period | None = None,
) -> WeeklyFacts:
    """`before`: what stands beside the period; without, as many days before it.

    Raises LookupError for an unknown centre, IndicatorError for definitions that do not fit the answers.
    """
    async with conn.transaction(isolation="repeatable_read", readonly=True):
        centre = await centre_names(conn, centre_code)
        before = before or shifted(period, (period.last - period.first).days + 1)

        async def measured(
            days: Period, *, level: str | None = None, campaign: str | None = None
        ) -> IndicatorReport:
            wanted = MEASURED if level is None else (HEADLINE,)
            asked = Wanted(centre_code, days.first, days.last, None, level, campaign, wanted)
            return await read_indicators(conn, asked, cut_off)

        watch = report_policy().watch
        begun = period.first - timedelta(days=watch.days + alert_policy().past_days)
        watched = Wanted(centre_code, begun, period.last, span="day", indicators=watch.indicators)
        now = await measured(period)
        this = (conn, centre_code, period, cut_off)
        last = (conn, centre_code, before, cut_off)
        return WeeklyFacts(
            centre=centre,
            period=period,
            cut_off=cut_off,
            field=await weekly_field.field_week(*this),
            field_before=await weekly_field.field_week(*last),
            sample=await weekly_field.sample(*this),
            now=now,
            before=await measured(before),
            year_ago=await measured(shifted(period, YEAR_DAYS)),
            towns=await measured(period, level="township"),
            weeks=await read_indicators(conn, weeks_wanted(centre_code, period.last), cut_off),
            days=await read_indicators(conn, watched, cut_off),
            calibrated=await read_calibrated(conn, now.ground),
            polls=[(poll, await measured(period, campaign=poll.code)) for poll in await weekly_field.polls(*this)],
            appeals=await weekly_cases.appeals(*this),
            appeals_before=await weekly_cases.appeals(*last),
            refused=await weekly_cases.refused(*this),
            events=await weekly_cases.events(*this),
            units=await weekly_cases.unit_rounds(*this),
            colours=await weekly_cases.colours(conn, centre_code, cut_off),
            suspected=await weekly_cases.suspected(*this),
            callbacks=make_report(centre, period, cut_off, await callback_lines(*this)),
            decided_before=await weekly_cases.decided(*last),
            majors=await weekly_cases.majors(*this),
        )  # fmt: skip
