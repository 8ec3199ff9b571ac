"""What a bulletin is made of, read at one moment: indicators of every county of the city, and of the period before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from followup.indicators import IndicatorReport, read_indicators
from followup.reports.bulletin_stars import StarYear, read_star_year
from followup.reports.callback_rows import CentreNames, centre_names
from followup.reports.centre_facts import CentreWork, read_work
from followup.store import counties
from followup.store.counties import County
from survey.indicator_reading import Wanted
from survey.periods import Period, preceding, quarters

HEADLINE = "safety_rate"
MEASURED = (HEADLINE, "safe_after_dark", "police_satisfaction_broad", "composite")
"""Indicators of the perception survey that a bulletin shows; counties are ranked by the first."""


@dataclass(frozen=True)
class CountyFacts:
    """`quarters`: the headline of the four quarters, where the period is a year; `towns`: the headline by township."""

    county: County
    now: IndicatorReport
    before: IndicatorReport
    quarters: Sequence[IndicatorReport] = ()
    towns: IndicatorReport | None = None


@dataclass(frozen=True)
class BulletinFacts:
    """`centre`: the one that the bulletin is made at; `counties`: all of its city, at least one; `centres`: the work of
    theirs, of a year none; `stars`: of a year alone."""

    centre: CentreNames
    period: Period
    cut_off: datetime
    counties: Sequence[CountyFacts]
    centres: Sequence[CentreWork] = ()
    stars: Sequence[StarYear] = ()


async def read_bulletin_facts(
    conn: asyncpg.Connection,
    centre_code: str,
    period: Period,
    cut_off: datetime,
    issued_before: int | None = None,
) -> BulletinFacts:
    """Raises LookupError for an unknown centre and one that lies in no city, IndicatorError for definitions that do
    not fit the answers."""
    async with conn.transaction(isolation="repeatable_read", readonly=True):
        centre = await centre_names(conn, centre_code)
        found = await counties.of_city(conn, centre_code)
        if not found:
            raise LookupError(
                f"Centre {centre_code} is that of no county of a city; a bulletin is of a city."
            )

        async def measured(
            code: str, days: Period, wanted: Sequence[str] = MEASURED, level: str | None = None
        ) -> IndicatorReport:
            asked = Wanted(code, days.first, days.last, level=level, indicators=wanted)
            return await read_indicators(conn, asked, cut_off)

        lines = [
            CountyFacts(
                county=one,
                now=await measured(one.centre, period),
                before=await measured(one.centre, preceding(period)),
                quarters=[await measured(one.centre, days, (HEADLINE,)) for days in quarters(period)],
                towns=await measured(one.centre, period, (HEADLINE,), "township"),
            )
            for one in found
        ]
        scored = [] if quarters(period) else found  # of a year a centre's score is made of its quarters
        work = [await read_work(conn, one.centre, period, cut_off) for one in scored]
        starred = found if quarters(period) else []
        stars = [await read_star_year(conn, one, period, cut_off, issued_before) for one in starred]
        return BulletinFacts(centre, period, cut_off, lines, work, stars)
