"""The unit quality sheet (承办单位办理质量, domain.md §7.4) as a document: a funnel plot in place of a league table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import sqrt

import asyncpg

from followup.reports.callback_document import header
from followup.reports.callback_report import CallbackReport, Tally, make_report
from followup.reports.callback_rows import callback_lines, centre_names
from followup.reports.callback_sections import NOTES
from followup.reports.document.figures import Figures, Words, both
from followup.reports.document.model import Bar, Column, Document, Funnel, Row, Section, Sentence, Table
from followup.reports.floors import floor_section
from followup.reports.rendering.funnel_geometry import outside
from followup.reports.report_policy import report_policy
from followup.reports.tally_figures import tally_table
from followup.reports.weekly_case_sections import rounds_table
from followup.store import weekly_cases
from followup.store.weekly_cases import Counted, UnitRounds
from survey.periods import Period

UNIT = both("承办单位", "Unit")
WHOLE = both("全中心", "the whole centre")
FALSE = "followup.store.weekly_cases.SELECT_DOUBTED"


@dataclass(frozen=True)
class UnitFacts:
    """`first`: the callbacks of first rounds alone."""

    report: CallbackReport
    first: CallbackReport
    rounds: Sequence[UnitRounds]
    false_closings: Sequence[Counted]


async def read_unit_facts(
    conn: asyncpg.Connection, centre_code: str, period: Period, cut_off: datetime
) -> UnitFacts:
    """Raises LookupError for an unknown centre."""
    async with conn.transaction(isolation="repeatable_read", readonly=True):
        centre = await centre_names(conn, centre_code)
        lines = await callback_lines(conn, centre_code, period, cut_off)
        return UnitFacts(
            make_report(centre, period, cut_off, lines),
            make_report(centre, period, cut_off, [line for line in lines if line.round == 1]),
            await weekly_cases.unit_rounds(conn, centre_code, period, cut_off),
            await weekly_cases.false_closings(conn, centre_code, period, cut_off),
        )


def unit_document(facts: UnitFacts) -> Document:
    """The document; it is the same for the same rows."""
    figures, report = Figures(), facts.report
    units = tally_table(
        figures,
        "units",
        both("回访结果", "Results of callbacks (S satisfied, B basically, D dissatisfied)"),
        UNIT,
        unit_lines(report),
        report.total,
    )
    first = tally_table(
        figures,
        "first",
        both("首次办理(第一轮)解决情况", "Solved in the first round"),
        UNIT,
        unit_lines(facts.first),
        facts.first.total,
        columns=("due", "reached", "contacted", "solved", "half"),
    )
    above = header(report)
    named = both(
        above.title.zh.replace("回访情况报告", "承办单位办理质量表"),
        above.title.en.replace("Callback report", "Quality of handling by unit"),
    )
    return Document(
        header=above.model_copy(update={"kind": "unit", "title": named}),
        sections=(
            Section(
                title=both("与全中心相比", "Against the whole centre"), blocks=unit_funnel(figures, report)
            ),
            Section(title=both("按时反馈", "Results in time"), blocks=(rounds_table(figures, facts.rounds),)),
            Section(title=both("首次解决", "Solved at once"), blocks=(first,)),
            Section(
                title=both("回访评价", "What residents say"),
                blocks=(units,),
                parts=(floor_section(figures, report.units),),
            ),
            Section(title=both("虚假办结", "False closings"), blocks=(_false(figures, facts),)),
        ),
        notes=NOTES,
        figures=figures.by_key(),
        main="units",
    )


def unit_lines(report: CallbackReport) -> list[tuple[str, Words, Tally]]:
    """Its units as lines of a table of tallies."""
    return [
        (line.unit_code or "none", _name(line.unit_zh or line.unit_code), line.tally) for line in report.units
    ]


def _name(unit: str) -> Words:
    return both(unit or "未定", unit or "none")


def unit_funnel(
    figures: Figures, report: CallbackReport, whole: Words = WHOLE
) -> tuple[Sentence | Funnel, ...]:
    """Half-weight satisfaction of units with a printed figure, against that of all; who is outside, in words. `whole`: what all
    are called together."""
    policy, mean = report_policy(), figures["units.all.half"]
    dots = [
        Bar(label=_name(line.unit_zh or line.unit_code), figure=key)
        for line in report.units
        if figures[key := f"units.{line.unit_code or 'none'}.half"].value is not None
    ]
    total = report.total.ratings
    centre = float(mean.value or 0.0)
    square = (total.satisfied + total.basically / 4) / total.valid if total.valid else 0.0
    plot = Funnel(
        key="funnel.units",
        title=both("半权满意率漏斗图(虚线:偶然之外的界限)", "Half-weight satisfaction, funnel plot (dashes: limits of chance)"),
        centre="units.all.half",
        spread=sqrt(max(square - centre**2, 0.0)),
        levels=policy.funnel_levels,
        dots=tuple(dots) if mean.value is not None else (),
        empty=both("评价不足,不画。", "Too few ratings to draw it."),
    )  # fmt: skip
    if not plot.dots:
        return (plot,)
    beyond = [dot for dot in plot.dots if outside(figures[dot.figure], centre, plot)]
    said = []
    for dot in beyond:
        high = float(figures[dot.figure].value or 0) > centre
        name = figures.said(f"{dot.figure}.name", UNIT, dot.label, "followup.store.units")
        zh, en = ("高于", "above") if high else ("低于", "below")
        said.append(
            Sentence(
                words=both(
                    f"{{{name}}}明显{zh}{whole.zh}:{{{dot.figure}}}。",
                    f"{{{name}}} lies {en} {whole.en} by more than chance: {{{dot.figure}}}.",
                )
            )
        )
    rest = figures.count(
        "funnel.inside",
        both("界限以内的单位", "units within the limits"),
        len(plot.dots) - len(beyond),
        FALSE,
    )
    level = Sentence(
        words=both(
            f"{whole.zh}半权满意率{{units.all.half}}。界限以内的单位{{{rest}}}个,它们之间的差别与偶然分不开。",
            f"Half-weight satisfaction of {whole.en}: {{units.all.half}}. Units within the limits: {{{rest}}}; what they differ "
            "by cannot be told from chance.",
        )
    )
    return (level, *said, plot)


def _false(figures: Figures, facts: UnitFacts) -> Table:
    names = {line.unit_code: line.unit_zh for line in facts.report.units}
    rows = []
    for one in facts.false_closings:
        name = _name(names.get(one.code, one.code))
        label = both(f"{name.zh} 虚假办结", f"{name.en}: false closings")
        rows.append(Row(cells=(name, figures.count(f"false.{one.code}", label, one.n, FALSE))))
    return Table(
        key="false",
        title=both("经两人决定认定的虚假办结", "False closings, by decision of two"),
        columns=(
            Column(key="unit", head=UNIT, wide=True),
            Column(key="n", head=both("件数", "Cases")),
        ),
        rows=tuple(rows),
        empty=both("本期没有认定的虚假办结。", "No closing was found to be false in this period."),
    )
