"""The pictures that supervisors look at: the safety line, townships side by side, the way of callbacks, the colours of cases.

They are blocks of a document, made by what makes those of the reports; the page shows them by the same renderers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import asyncpg

from followup.indicators import IndicatorReport, read_indicators
from followup.reports.callback_funnel import funnel_chart, funnel_counts
from followup.reports.callback_report import CallbackReport, make_report
from followup.reports.callback_rows import callback_lines, centre_names
from followup.reports.colour_lines import colour_lines
from followup.reports.document.figures import Figure, Figures, Words, both
from followup.reports.document.model import Section
from followup.reports.safety_lines import centres_side_by_side, safety_line, township_lines
from followup.reports.weekly_facts import HEADLINE, weeks_wanted
from followup.store.colour_days import ColourDay, colour_days
from survey.indicator_reading import Wanted
from survey.periods import Period
from survey.store.areas import Centre

DAYS = 28
"""Of the callbacks and the colours: four whole weeks."""


@dataclass(frozen=True)
class Pictures:
    """What the page is made of at one moment. `centres`: those that the reader may see beside one another."""

    weeks: IndicatorReport
    town_weeks: IndicatorReport
    towns: IndicatorReport
    callbacks: CallbackReport
    days: Sequence[date]
    colours: Sequence[ColourDay]
    centres: Sequence[tuple[Words, IndicatorReport]]


async def read_pictures(
    conn: asyncpg.Connection, centre_code: str, now: datetime, beside: Sequence[Centre]
) -> Pictures:
    """`beside`: centres to be shown side by side; none for a reader who sees one. Raises LookupError for an unknown
    centre, IndicatorError for definitions that do not fit the answers."""
    async with conn.transaction(isolation="repeatable_read", readonly=True):
        centre = await centre_names(conn, centre_code)
        today = now.astimezone(ZoneInfo(centre.tz)).date()
        lately = Period(today - timedelta(days=DAYS - 1), today)
        line = weeks_wanted(centre_code, today)
        whole = Wanted(centre_code, line.first, line.last, None, "township", None, (HEADLINE,))
        found = await callback_lines(conn, centre_code, lately, now)
        return Pictures(
            weeks=await read_indicators(conn, line, now),
            town_weeks=await read_indicators(conn, weeks_wanted(centre_code, today, "township"), now),
            towns=await read_indicators(conn, whole, now),
            callbacks=make_report(centre, lately, now, found),
            days=[lately.first + timedelta(days=n) for n in range(DAYS)],
            colours=await colour_days(conn, centre_code, lately.first, today, centre.tz, now),
            centres=[
                (
                    both(one.name_zh, one.name_en),
                    await read_indicators(conn, weeks_wanted(one.code, today), now),
                )
                for one in beside
            ],
        )


@dataclass(frozen=True)
class Sheet:
    """Sections of blocks with the figures that these name, as a document has them."""

    sections: tuple[Section, ...]
    figures: Mapping[str, Figure]


def sheet(this: Pictures) -> Sheet:
    """A section for each picture; with several centres, these first."""
    figures = Figures()
    funnel_counts(figures, this.callbacks)
    sections = [
        Section(title=both("安全感", "Safety"), blocks=(safety_line(figures, this.weeks),)),
        Section(
            title=both("各乡镇", "Townships"), blocks=(township_lines(figures, this.town_weeks, this.towns),)
        ),
        Section(
            title=both("回访,近四周", "Callbacks, last four weeks"), blocks=(funnel_chart(this.callbacks),)
        ),
        Section(
            title=both("红黄绿,近四周", "Colours, last four weeks"),
            blocks=(colour_lines(figures, this.days, this.colours),),
        ),
    ]
    if this.centres:
        beside = centres_side_by_side(figures, this.centres)
        sections.insert(0, Section(title=both("各县", "Counties"), blocks=(beside,)))
    return Sheet(tuple(sections), figures.by_key())
