"""Table C of a bulletin: the units of all counties, by what residents say of their results. No ranks: a funnel plot."""

from __future__ import annotations

from dataclasses import replace

from followup.reports.bulletin_facts import BulletinFacts
from followup.reports.callback_report import CallbackReport, UnitLine, make_report
from followup.reports.document.figures import Figures, both
from followup.reports.document.model import Section
from followup.reports.tally_figures import tally_table
from followup.reports.unit_document import unit_funnel, unit_lines

CITY = both("全市", "the whole city")
COLUMNS = ("due", "reached", "contacted", "solved", "half", "redispatch")


def units(figures: Figures, facts: BulletinFacts) -> Section:
    """County by county, in each the unit with most callbacks first."""
    report = city_report(facts)
    table = tally_table(
        figures,
        "units",
        both("全市承办单位(不排名)", "Units of the city (not ranked)"),
        both("承办单位", "Unit"),
        unit_lines(report),
        report.total,
        columns=COLUMNS,
    )
    return Section(
        title=both("全市承办单位", "Units of the city"), blocks=(*unit_funnel(figures, report, CITY), table)
    )


def city_report(facts: BulletinFacts) -> CallbackReport:
    """The callbacks of all centres as one report, each unit under the name of its county."""
    callbacks = [line for work in facts.centres for line in work.callbacks.callbacks]
    names = {line.county.centre: line.county.name_zh for line in facts.counties}
    whole = make_report(facts.centre, facts.period, facts.cut_off, callbacks)
    named = [
        UnitLine(
            one.unit_code or f"{work.centre.code}-none",
            f"{names[work.centre.code]}{one.unit_zh or '(未定)'}",
            one.tally,
        )
        for work in facts.centres
        for one in work.callbacks.units
    ]
    return replace(whole, units=tuple(named))
