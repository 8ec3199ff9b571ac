"""Lists of single cases in the callback report: what waits, what was flagged, where contact is denied. For the centre's eyes."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from followup.reports import terms
from followup.reports.callback_report import CallbackReport
from followup.reports.callback_rows import CallbackLine
from followup.reports.document.figures import Figures, Words, both
from followup.reports.document.model import Block, Column, Row, Sentence, Table
from followup.reports.report_policy import report_policy
from followup.reports.tally_figures import QUERY
from survey.masking import without_numbers

CASE = Column(key="case", head=both("事项", "Case"), wide=True)
ROUND = Column(key="round", head=both("轮次", "Round"), narrow=True)
UNIT = Column(key="unit", head=both("承办单位", "Unit"))
WORDS = Column(key="words", head=both("居民的话", "The resident's words"), wide=True)
WHY = Column(key="why", head=both("标记原因", "Why flagged"))


def waiting_table(figures: Figures, report: CallbackReport) -> tuple[Block, ...]:
    """Flags without a decision, the oldest first, however old they are."""
    most = report_policy().most_listed
    rows = [
        Row(
            cells=(
                *_case(line),
                reasons(line),
                by_when(line, report),
                both(*terms.words(terms.POSTS, line.decision_post or "")),
                said(line),
            )
        )
        for line in report.waiting[:most]
    ]
    table = Table(
        key="waiting",
        title=both("待决定的标记(最久的在前)", "Flags without a decision, the oldest first"),
        columns=(
            CASE, ROUND, UNIT, WHY,
            Column(key="due", head=both("应决定于", "Decide by")),
            Column(key="post", head=both("待谁决定", "Whose decision")),
            WORDS,
        ),
        rows=tuple(rows),
        empty=both("没有待决定的标记。", "No flag waits for a decision."),
    )  # fmt: skip
    rest = len(report.waiting) - len(rows)
    if rest <= 0:
        return (table,)
    key = figures.count("waiting.unlisted", both("未列出", "Not listed"), rest, QUERY)
    return (
        table,
        Sentence(words=both(f"另有{{{key}}}件未列出。", f"Not listed: {{{key}}} more.")),
    )


def flagged_table(report: CallbackReport) -> Table:
    """What was flagged, and what was decided."""
    lines = report.flagged[: report_policy().most_listed]
    rows = [
        Row(
            cells=(
                *_case(line),
                reasons(line),
                _decision(line),
                _quoted(line.decision_reason),
                said(line),
            )
        )
        for line in lines
    ]
    return Table(
        key="flagged",
        title=both("被标记的事项", "Flagged cases"),
        columns=(
            CASE,
            ROUND,
            UNIT,
            WHY,
            Column(key="decision", head=both("决定", "Decision")),
            Column(key="ground", head=both("理由", "Ground")),
            WORDS,
        ),
        rows=tuple(rows),
        empty=both("本期没有标记。", "Nothing was flagged in this period."),
    )


def denied_table(report: CallbackReport) -> Table:
    """Where the unit claims to have been in touch and the resident denies it: to be verified, not yet a finding."""
    denied = [line for line in report.callbacks if line.code("C1") == "2" and line.claimed_contact]
    return Table(
        key="denied",
        title=both("单位称已联系、居民否认(待核实)", "The unit claims contact, the resident denies it (to be verified)"),
        columns=(CASE, ROUND, UNIT, WORDS),
        rows=tuple(Row(cells=(*_case(line), said(line))) for line in denied[: report_policy().most_listed]),
        empty=both("本期没有否认联系的。", "Nobody denied contact in this period."),
    )  # fmt: skip


def _case(line: CallbackLine) -> tuple[Words, Words, Words]:
    unit = line.unit_zh or line.unit_code or "未定"
    return _quoted(line.number), _quoted(str(line.round)), _quoted(unit)


def _quoted(words: str | None) -> Words:
    return both(words or "", words or "")


def said(line: CallbackLine) -> Words:
    """The resident's own words, numbers masked."""
    return _quoted(without_numbers(line.words or ""))


def reasons(line: CallbackLine) -> Words:
    """Why it was flagged."""
    named = [terms.words(terms.VERDICTS, code) for code in line.reasons]
    return both("、".join(zh for zh, _ in named), ", ".join(en for _, en in named))


def _decision(line: CallbackLine) -> Words:
    if line.decision is None:
        return both("待决定", "waiting")
    return both(*terms.words(terms.DECISIONS, line.decision))


def by_when(line: CallbackLine, report: CallbackReport) -> Words:
    """Until when it is to be decided, in local time."""
    if line.decision_due_at is None:
        return both("", "")
    local = f"{line.decision_due_at.astimezone(ZoneInfo(report.centre.tz)):%m-%d %H:%M}"
    late = line.decision_due_at < report.cut_off
    return both(f"{local} 已逾时" if late else local, f"{local} overdue" if late else local)
