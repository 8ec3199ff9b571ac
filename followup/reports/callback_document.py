"""The callback report (回访情况报告, domain.md §7.2) as a document: decisions that wait on top, then from result to rating."""

from __future__ import annotations

from datetime import UTC, datetime

from followup.reports import terms
from followup.reports.callback_funnel import funnel_chart, funnel_counts
from followup.reports.callback_lists import waiting_table
from followup.reports.callback_report import CallbackReport
from followup.reports.callback_sections import NOTES, flag_parts, ratings_section
from followup.reports.document.figures import Figures, Words, both
from followup.reports.document.model import (
    Document,
    Header,
    Section,
    Sentence,
)
from followup.reports.floors import floor_section
from followup.reports.report_policy import versions
from followup.reports.serials import serial_of
from followup.reports.tally_figures import QUERY, tally_table

BRIEF = ("due", "reached", "contacted", "solved", "strict", "half", "broad", "redispatch")


def callback_document(report: CallbackReport) -> Document:
    """The document; it is the same for the same rows."""
    figures = Figures()
    units = tally_table(
        figures,
        "units",
        both("承办单位办理质量", "Quality of handling by unit (S satisfied, B basically, D dissatisfied)"),
        both("承办单位", "Unit"),
        [(line.unit_code or "none", _unit(line.unit_zh or line.unit_code), line.tally) for line in report.units],
        report.total,
    )  # fmt: skip
    sections = (
        Section(title=both("待决定事项", "Waiting for a decision"), blocks=waiting_table(figures, report)),
        Section(
            title=both("回访情况", "Callbacks"),
            blocks=(_overview(figures, report),),
            parts=_course(figures, report),
        ),
        ratings_section(figures, report),
        Section(title=both("标记与再次交办", "Flags and second rounds"), parts=flag_parts(figures, report)),
        Section(
            title=both("承办单位", "Units"),
            blocks=(units,),
            parts=(floor_section(figures, report.units),),
        ),
    )
    return Document(
        header=header(report),
        summary=(_headline(figures, report),),
        sections=sections,
        notes=NOTES,
        figures=figures.by_key(),
        main="units",
    )


def header(report: CallbackReport) -> Header:
    """Its header as a draft."""
    serial, year = serial_of(report.period)
    return Header(
        kind="callback",
        title=both(f"{report.centre.name_zh}回访情况报告", f"Callback report, {report.centre.name_en}"),
        serial=serial,
        year=year,
        centre_code=report.centre.code,
        centre=both(report.centre.name_zh, report.centre.name_en),
        first=report.period.first,
        last=report.period.last,
        cut_off=_whole_second(report.cut_off),
        tz=report.centre.tz,
        policies=versions(),
    )


def _whole_second(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)


def _unit(name: str) -> Words:
    return both(name or "未定", name or "none")


def _headline(figures: Figures, report: CallbackReport) -> Sentence:
    waiting = figures.count(
        "waiting.flags", both("待决定标记", "Flags without a decision"), len(report.waiting), QUERY
    )
    overdue = figures.count(
        "waiting.overdue", both("其中已逾时", "of these overdue"),
        sum(1 for line in report.waiting if line.decision_due_at and line.decision_due_at < report.cut_off), QUERY,
    )  # fmt: skip
    zh = f"待决定的标记{{{waiting}}}件,其中逾时{{{overdue}}}件。"
    en = f"Flags that wait for a decision: {{{waiting}}}, of these overdue: {{{overdue}}}."
    return Sentence(words=both(zh, en))


def _overview(figures: Figures, report: CallbackReport) -> Sentence:
    funnel = report.funnel
    keys = funnel_counts(figures, report)
    coverage = figures.share(
        "funnel.coverage", both("回访率", "Coverage"), funnel.reached, funnel.due, QUERY, both("应回访", "callbacks due"),
    )  # fmt: skip
    zh = (
        f"本期应回访{{{keys['due']}}}件,已联系{{{keys['attempted']}}}件,访到{{{keys['reached']}}}件,回访率{{{coverage}}},"
        f"给出满意度评价{{{keys['rated']}}}件;未访到{{{keys['unreached']}}}件,访到未评价{{{keys['unrated']}}}件,"
        f"仍在等待{{{keys['waiting']}}}件;另有不宜回访{{{keys['not_suitable']}}}件。"
    )
    en = (
        f"Callbacks due: {{{keys['due']}}}; attempted: {{{keys['attempted']}}}; reached: {{{keys['reached']}}}, coverage "
        f"{{{coverage}}}; rated: {{{keys['rated']}}}; not reached: {{{keys['unreached']}}}; without a rating: "
        f"{{{keys['unrated']}}}; waiting: {{{keys['waiting']}}}; not suitable, beside these: {{{keys['not_suitable']}}}."
    )
    return Sentence(words=both(zh, en))


def _course(figures: Figures, report: CallbackReport) -> tuple[Section, ...]:
    lag = _lag(figures, report)
    channels = [
        (mode, both(*terms.words(terms.CHANNELS, mode)), tally) for mode, tally in report.channels.items()
    ]
    answered = tally_table(
        figures,
        "channels",
        both("分渠道", "By channel"),
        both("渠道", "Channel"),
        channels,
        report.answered,
        columns=BRIEF,
    )
    rounds = [
        (str(number), both(f"第{number}轮", f"Round {number}"), tally)
        for number, tally in report.rounds.items()
    ]
    by_round = tally_table(
        figures,
        "rounds",
        both("分轮次", "By round"),
        both("轮次", "Round"),
        rounds,
        report.total,
        columns=BRIEF,
    )
    return (
        Section(title=both("进度", "Progress"), blocks=(funnel_chart(report), *lag)),
        Section(title=both("渠道与轮次", "Channels and rounds"), blocks=(answered, by_round)),
    )


def _lag(figures: Figures, report: CallbackReport) -> tuple[Sentence, ...]:
    if report.median_hours is None:
        return ()
    key = figures.hours(
        "funnel.hours", both("从反馈到访到", "From result to answer"), report.median_hours, QUERY
    )
    zh = f"从审核通过到访到居民,中位数{{{key}}}。"
    return (
        Sentence(words=both(zh, f"From the accepted result to the resident's answer, median: {{{key}}}.")),
    )
