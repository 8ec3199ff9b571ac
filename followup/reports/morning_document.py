"""The morning sheet (晨报): one page for whoever decides today. What waits for a decision, three numbers, one resident's words,
and what is not known.

It is of the day before and ends with it, so that it is the same whenever it is made; its numbers are of the days of policy
`reports` that end with that day, because a day alone says nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import asyncpg

from followup.indicators import IndicatorReport, read_indicators
from followup.reports.callback_lists import by_when, reasons, said
from followup.reports.callback_report import CallbackReport, make_report
from followup.reports.callback_rows import CallbackLine, callback_lines, centre_names
from followup.reports.document.figures import Figures, both
from followup.reports.document.model import Block, Column, Document, Header, Row, Section, Sentence, Table
from followup.reports.indicator_figures import put_result
from followup.reports.report_policy import report_policy, versions
from followup.reports.serials import serial_of
from followup.reports.small_cells import total_kept_back
from followup.reports.tally_figures import QUERY, RATED, put_tally
from survey.indicator_reading import Wanted
from survey.periods import Period

HEADLINE = "safety_rate"


@dataclass(frozen=True)
class MorningFacts:
    """`callbacks`: of the window of days, with everything that waits; `safety`: the headline of the window."""

    period: Period
    cut_off: datetime
    callbacks: CallbackReport
    safety: IndicatorReport


async def read_morning_facts(
    conn: asyncpg.Connection, centre_code: str, period: Period, cut_off: datetime
) -> MorningFacts:
    """Raises LookupError for an unknown centre, IndicatorError for definitions that do not fit the answers."""
    window = Period(period.last - timedelta(days=report_policy().morning.days - 1), period.last)
    async with conn.transaction(isolation="repeatable_read", readonly=True):
        centre = await centre_names(conn, centre_code)
        lines = await callback_lines(conn, centre_code, window, cut_off)
        wanted = Wanted(centre_code, window.first, window.last, None, None, None, (HEADLINE,))
        return MorningFacts(
            period,
            cut_off,
            make_report(centre, window, cut_off, lines),
            await read_indicators(conn, wanted, cut_off),
        )


def morning_document(facts: MorningFacts) -> Document:
    """The document; it is the same for the same rows."""
    figures, report = Figures(), facts.callbacks
    return Document(
        header=_header(facts),
        sections=(
            Section(title=both("今天等您决定", "Decisions due today"), blocks=_decisions(figures, report)),
            Section(title=both("三个数", "Three numbers"), blocks=_numbers(figures, facts)),
            Section(title=both("一位居民的话", "One resident's words"), blocks=(_words(report),)),
            Section(title=both("我们还不知道的", "What we do not know"), blocks=_unknown(figures, report)),
        ),
        notes=(),
        figures=figures.by_key(),
        main="decisions",
    )


def _header(facts: MorningFacts) -> Header:
    centre = facts.callbacks.centre
    serial, year = serial_of(facts.period)
    definitions = facts.safety.table.definitions
    return Header(
        kind="morning",
        title=both(f"{centre.name_zh}晨报", f"Morning sheet, {centre.name_en}"),
        serial=serial,
        year=year,
        centre_code=centre.code,
        centre=both(centre.name_zh, centre.name_en),
        first=facts.period.first,
        last=facts.period.last,
        cut_off=facts.cut_off.astimezone(UTC).replace(microsecond=0),
        tz=centre.tz,
        policies=versions() | {"indicators": max(one.version for one in definitions)},
    )


def _decisions(figures: Figures, report: CallbackReport) -> tuple[Block, ...]:
    """The oldest first: what yesterday left undecided stands on top."""
    most = report_policy().morning.decisions
    shown = report.waiting[:most]
    table = Table(
        key="decisions",
        title=both(
            "待决定的标记,最久的在前(打开:minyi case show 编号)",
            "Flags without a decision, the oldest first (open: minyi case show NUMBER)",
        ),
        columns=(
            Column(key="case", head=both("事项", "Case"), wide=True),
            Column(key="why", head=both("标记原因", "Why flagged"), wide=True),
            Column(key="due", head=both("应决定于", "Decide by"), wide=True),
        ),
        rows=tuple(_decision(line, report) for line in shown),
        empty=both("没有待决定的标记。", "No flag waits for a decision."),
    )
    count = figures.count(
        "waiting.flags", both("待决定标记", "Flags without a decision"), len(report.waiting), QUERY
    )
    late = figures.count(
        "waiting.overdue", both("其中已逾时", "of these overdue"),
        sum(1 for line in report.waiting if line.decision_due_at and line.decision_due_at < report.cut_off), QUERY,
    )  # fmt: skip
    sentence = Sentence(
        words=both(
            f"共{{{count}}}件,其中已逾时{{{late}}}件。", f"In all {{{count}}}, of these overdue {{{late}}}."
        )
    )
    return sentence, table


def _decision(line: CallbackLine, report: CallbackReport) -> Row:
    return Row(cells=(both(line.number, line.number), reasons(line), by_when(line, report)))


def _numbers(figures: Figures, facts: MorningFacts) -> tuple[Block, ...]:
    """Each with its interval and base, or with the reason why it is not told."""
    table = facts.safety.table
    (definition,) = table.definitions
    days = figures.count("window.days", both("天数", "days"), report_policy().morning.days, "policy reports")
    label = both(definition.title.zh, definition.title.en)
    safety = put_result(figures, facts.safety, table.total(definition.id), "safety", label)
    total = facts.callbacks.total
    kept_back = total_kept_back({question: total.asked(question) for question in RATED})
    put_tally(figures, "total", both("合计", "total"), total, kept_back)
    lines = (
        (f"觉得安全的(近{{{days}}}日):{{{safety}}}。", f"Feel safe (last {{{days}}} days): {{{safety}}}."),
        ("回访说“已解决”的:{total.solved}。", "Said at the callback to be solved: {total.solved}."),
        ("满意率(半权):{total.half}。", "Satisfied with the result, half weight: {total.half}."),
    )
    return tuple(Sentence(words=both(zh, en)) for zh, en in lines)


def _words(report: CallbackReport) -> Sentence:
    """Of the newest flag with words; numbers in them are masked. Whoever wants more opens the case."""
    spoken: Sequence[CallbackLine] = [line for line in (*report.waiting, *report.flagged) if line.words]
    if not spoken:
        return Sentence(words=both("近日没有居民留下原话。", "Nobody left words of their own lately."))
    newest = max(spoken, key=lambda line: (line.decision_due_at or report.cut_off, line.number))
    words = said(newest)
    return Sentence(
        words=both(f"“{words.zh}”({newest.number})", f"“{words.en}” ({newest.number})"), quoted=True
    )


def _unknown(figures: Figures, report: CallbackReport) -> tuple[Block, ...]:
    funnel = report.funnel
    coverage = figures.share(
        "funnel.coverage", both("回访率", "Coverage"), funnel.reached, funnel.due, QUERY, both("应回访", "callbacks due"),
    )  # fmt: skip
    counts = {
        "unreached": both("未访到", "Not reached"),
        "unrated": both("未评价", "Not rated"),
        "waiting": both("等待中", "Waiting"),
    }
    keys = {
        name: figures.count(f"funnel.{name}", label, getattr(funnel, name), QUERY)
        for name, label in counts.items()
    }
    return (
        Sentence(
            words=both(
                f"回访率{{{coverage}}}:没有访到的{{{keys['unreached']}}}件和访到没评价的{{{keys['unrated']}}}件,"
                f"怎么想我们不知道;还有{{{keys['waiting']}}}件正在联系。",
                f"Coverage {{{coverage}}}: what the residents of {{{keys['unreached']}}} cases that were not reached and of "
                f"{{{keys['unrated']}}} without a rating think is not known; {{{keys['waiting']}}} are being tried.",
            )
        ),
    )
