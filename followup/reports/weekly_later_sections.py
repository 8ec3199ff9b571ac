"""Sections of the weekly report on what came after handling: callbacks, earlier decisions, and major reports."""

from __future__ import annotations

from followup.casework.major import major_policy
from followup.reports.document.figures import Figures, both
from followup.reports.document.model import Section, Sentence
from followup.reports.floors import floor_section
from followup.reports.tally_figures import QUERY as CALLBACKS
from followup.reports.tally_figures import tally_table
from followup.reports.tally_sentences import rating_sentences
from followup.reports.weekly_facts import WeeklyFacts

CASES = "followup.store.weekly_cases"


def callbacks(figures: Figures, facts: WeeklyFacts) -> Section:
    """五、回访: the same figures as in the callback report."""
    report, base = facts.callbacks, both("应回访", "callbacks due")
    table = tally_table(
        figures, "units", both("各单位回访结果", "Results of callbacks by unit (S satisfied, B basically, D dissatisfied)"),
        both("承办单位", "Unit"),
        [(line.unit_code or "none", both(line.unit_zh or "未定", line.unit_zh or "none"), line.tally) for line in report.units],
        report.total,
    )  # fmt: skip
    if not report.units:
        return Section(title=both("回访", "Callbacks"), blocks=(table,))
    funnel = report.funnel
    figures.count("funnel.due", both("应回访", "callbacks due"), funnel.due, CALLBACKS)
    figures.count("funnel.reached", both("已访到", "reached"), funnel.reached, CALLBACKS)
    figures.share("funnel.coverage", both("回访率", "coverage"), funnel.reached, funnel.due, CALLBACKS, base)
    figures.count(
        "flags.all", both("标记", "flagged"), sum(1 for line in report.callbacks if line.flagged), CALLBACKS
    )
    figures.count("flags.redispatched", both("再次交办", "sent again"), report.total.redispatched, CALLBACKS)
    for name, zh, en in (
        ("opened", "疑似虚假办结", "suspected false closings"),
        ("found_false", "认定虚假办结", "found false"),
        ("cleared", "排除", "cleared"),
    ):
        figures.count(
            f"suspected.{name}", both(zh, en), getattr(facts.suspected, name), f"{CASES}.COUNT_SUSPECTED"
        )
    said = (
        both("应访{funnel.due}件,已访{funnel.reached}件,回访率{funnel.coverage}。",
             "Callbacks due: {funnel.due}, reached: {funnel.reached}, coverage {funnel.coverage}."),
        both("标记{flags.all}件,再次交办{flags.redispatched}件;待核实的办结{suspected.opened}件,其中认定虚假办结{suspected.found_false}件、"
             "排除{suspected.cleared}件。",
             "Flagged: {flags.all}, sent out again: {flags.redispatched}; closings in doubt: {suspected.opened}, found false: "
             "{suspected.found_false}, cleared: {suspected.cleared}."),
    )  # fmt: skip
    first, last = (Sentence(words=words) for words in said)
    return Section(
        title=both("回访", "Callbacks"),
        blocks=(first, *rating_sentences(figures, "units.all"), last, table),
        parts=(floor_section(figures, report.units),),
    )


def decisions(figures: Figures, facts: WeeklyFacts) -> Section:
    """上期决定落实."""
    query = f"{CASES}.COUNT_DECIDED"
    figures.count(
        "decided.sent",
        both("上期决定再次交办", "sent out again by decisions before"),
        facts.decided_before.sent,
        query,
    )
    figures.count(
        "decided.reported",
        both("其中已有新结果", "of these with a new result"),
        facts.decided_before.reported,
        query,
    )
    words = both(
        "上期决定再次交办{decided.sent}件,其中已有新结果{decided.reported}件。",
        "Sent out again by decisions of the period before: {decided.sent}; of these with a new result: {decided.reported}.",
    )
    return Section(
        title=both("上期决定落实", "What became of earlier decisions"), blocks=(Sentence(words=words),)
    )


def major(figures: Figures, facts: WeeklyFacts) -> Section:
    """重大信息."""
    title = both("重大信息", "Major reports")
    if not facts.majors:
        return Section(
            title=title,
            blocks=(
                Sentence(words=both("本期没有重大信息报告。", "No major report was raised in this period.")),
            ),
        )
    classes, parts = major_policy().classes, []
    for one in facts.majors:
        word = classes.get(one.code)
        name = both(word.zh, word.en) if word else both(one.code, one.code)
        figures.said(f"major.{one.code}.name", name, name, "followup.casework.major")
        figures.count(f"major.{one.code}", name, one.n, f"{CASES}.SELECT_MAJOR")
        parts.append(f"{{major.{one.code}.name}} {{major.{one.code}}}")
    words = both("本期报告:" + "、".join(parts) + "。", "Raised in this period: " + ", ".join(parts) + ".")
    return Section(title=title, blocks=(Sentence(words=words),))
