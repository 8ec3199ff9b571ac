"""The sections of a centre's score."""

from __future__ import annotations

from collections.abc import Sequence

from followup.assessment.centre_score import CentreScore, PartScore, annual, centre_policy
from followup.reports.centre_facts import CentreFacts, CentreWork
from followup.reports.centre_figures import SCORE, put_score
from followup.reports.document.figures import Figure, Figures, Words, both
from followup.reports.document.model import Block, Column, Row, Section, Sentence, Table
from followup.reports.report_policy import report_policy
from followup.reports.small_cells import total_kept_back
from followup.reports.tally_figures import QUERY as CALLBACKS
from followup.reports.tally_figures import RATED, put_tally
from survey.masking import without_numbers

FOUND = "followup.store.centre_findings.SELECT_OF_PERIOD"
NO_LOGINS = both("没有记录能说明", "no record tells it")


def blocks_table(score: CentreScore) -> Table:
    """One line a block."""
    return Table(
        key="blocks",
        title=both("各块得分和可测分值", "Points of each block, and points that were measured"),
        columns=(
            Column(key="block", head=both("制度", "System"), wide=True),
            Column(key="points", head=both("得分(项数)", "Points (parts)")),
            Column(key="of", head=both("可测分值", "Measured")),
            Column(key="full", head=both("满分", "Full")),
        ),
        rows=tuple(
            Row(
                cells=(
                    both(one.block.zh, one.block.en),
                    f"score.{one.block.id}",
                    f"score.{one.block.id}.of",
                    _plain(sum(part.points for part in one.block.parts)),
                )
            )
            for one in score.blocks
        ),
        empty=both("没有制度。", "There are no blocks."),
    )


def parts_table(score: CentreScore) -> Table:
    """One line a part: so many of so many, and the points that brings."""
    rows = [
        Row(
            cells=(
                both(block.block.zh, block.block.en),
                both(one.part.zh, one.part.en),
                both(one.part.base_zh, one.part.base_en),
                f"score.{block.block.id}.{one.part.id}.share",
                f"score.{block.block.id}.{one.part.id}.points",
                _plain(one.part.points),
            )
        )
        for block in score.blocks
        for one in block.parts
        if one.points is not None
    ]
    return Table(
        key="parts",
        title=both("每一项", "Each part"),
        columns=(
            Column(key="block", head=both("制度", "System")),
            Column(key="part", head=both("项", "Part"), wide=True),
            Column(key="base", head=both("基数", "Base"), wide=True),
            Column(key="share", head=both("做到", "Done"), rate=True),
            Column(key="points", head=both("得分(基数)", "Points (base)")),
            Column(key="full", head=both("满分", "Full"), narrow=True),
        ),
        rows=tuple(rows),
        empty=both("本期没有可数的工作。", "There was no work to count in this period."),
    )


def taken_off(figures: Figures, work: CentreWork) -> tuple[Block, ...]:
    """Every finding with its case."""
    kinds = centre_policy().findings
    rows = []
    for place, one in enumerate(work.findings, 1):
        kind = kinds[one.kind]
        label = both(kind.zh, kind.en)
        off = both("一票否决", "veto") if kind.veto else None
        points = off or figures.count(f"finding.{place}", label, round(kind.points), FOUND)
        words = without_numbers(one.words)
        number = one.case_number or "—"
        rows.append(
            Row(
                cells=(
                    label,
                    points,
                    both(number, number),
                    both(words, words),
                    both(one.found_by, one.found_by),
                )
            )
        )
    return (
        Table(
            key="findings",
            title=both("查实的事项", "What was found"),
            columns=(
                Column(key="kind", head=both("什么事", "What")),
                Column(key="points", head=both("扣分", "Taken off")),
                Column(key="case", head=both("事项", "Case"), wide=True),
                Column(key="words", head=both("查到什么", "In words"), wide=True),
                Column(key="by", head=both("查实人", "Found by")),
            ),
            rows=tuple(rows),
            empty=both("本期没有查实的扣分事项。", "Nothing was found in this period that takes points off."),
        ),
    )


def unmeasured(figures: Figures, score: CentreScore) -> Table:
    """Parts of which nothing was counted, with the reason."""
    rows = [
        Row(
            cells=(
                both(block.block.zh, block.block.en),
                both(one.part.zh, one.part.en),
                _plain(one.part.points),
                _why(one),
            )
        )
        for block in score.blocks
        for one in block.parts
        if one.points is None
    ]
    return Table(
        key="unmeasured",
        title=both("既不给分也不扣分", "Neither given nor lost"),
        columns=(
            Column(key="block", head=both("制度", "System")),
            Column(key="part", head=both("项", "Part"), wide=True),
            Column(key="points", head=both("分值", "Points")),
            Column(key="why", head=both("原因", "Why"), wide=True),
        ),
        rows=tuple(rows),
        empty=both("各项都测到了。", "Everything was measured."),
    )


def _why(one: PartScore) -> Words:
    if one.part.id == "logins":
        return NO_LOGINS
    if one.measure.whole:
        return report_policy().words.private
    return both(f"本期没有:{one.part.base_zh}", f"none in this period: {one.part.base_en}")


def beside(figures: Figures, work: CentreWork) -> tuple[Block, ...]:
    """What residents think of the results, and who was not reached: reported, not scored."""
    total, funnel = work.callbacks.total, work.callbacks.funnel
    withheld = total_kept_back({question: total.asked(question) for question in RATED})
    put_tally(figures, "total", both("合计", "total"), total, withheld)
    for name, label in (
        ("unreached", both("未访到", "not reached")),
        ("unrated", both("未评价", "not rated")),
    ):
        figures.count(f"funnel.{name}", label, getattr(funnel, name), CALLBACKS)
    pressed = sum("pressure" in line.reasons for line in work.callbacks.callbacks)
    figures.put(
        Figure(
            key="pressure", label=both("居民说被要求怎么回答的", "residents told what to answer"),
            value=None if withheld else pressed, withheld=withheld, query=CALLBACKS,
        )
    )  # fmt: skip
    return (
        Sentence(
            words=both(
                "居民对办理结果的满意率:半权{total.half},严口径{total.strict},宽口径{total.broad}。",
                "Satisfaction of residents with results: half weight {total.half}, strict {total.strict}, broad {total.broad}.",
            )
        ),
        Sentence(
            words=both(
                "未访到{funnel.unreached}件,未评价{funnel.unrated}件;说有人要求怎么回答的{pressure}件。",
                "Not reached: {funnel.unreached}; not rated: {funnel.unrated}; told by somebody what to answer: {pressure}.",
            )
        ),
    )


def year(figures: Figures, facts: CentreFacts) -> Section:
    """The four quarters, and with the inspection the year."""
    rows, totals = [], []
    for place, work in enumerate(facts.quarters, 1):
        term = both(f"Q{place}", f"Q{place}")
        found = put_score(figures, f"q{place}", term, work)
        totals.append(found.total)
        rows.append(Row(cells=(term, f"q{place}.total", f"q{place}.measured", f"q{place}.deducted")))
    table = Table(
        key="quarters",
        title=both("四季", "The four quarters"),
        columns=(
            Column(key="quarter", head=both("季", "Quarter")),
            Column(key="total", head=both("总分", "Score"), rate=True),
            Column(key="measured", head=both("可测分值", "Measured")),
            Column(key="deducted", head=both("扣分", "Taken off")),
        ),
        rows=tuple(rows),
        empty=both("没有季度。", "No quarter."),
    )
    return Section(title=both("全年", "The year"), blocks=(_annual(figures, facts, totals), table))


def _annual(figures: Figures, facts: CentreFacts, totals: Sequence[float | None]) -> Sentence:
    """Out of the quarters that have a score; without an inspection there is none of the year."""
    known = [one for one in totals if one is not None]
    count = figures.count("year.quarters", both("有分的季度", "quarters with a score"), len(known), SCORE)
    if facts.inspection is None or facts.inspection.points is None or not known:
        return Sentence(
            words=both(
                f"有分的季度{{{count}}}个;没有年终检查的得分,或没有一季有分,所以全年不评分。",
                f"Quarters with a score: {{{count}}}. Without an inspection, or without any quarter, the year has none.",
            )
        )
    inspected = figures.put(
        Figure(
            key="year.inspection", label=both("年终检查", "inspection"), value=facts.inspection.points, unit="points", n=1,
            query=FOUND,
        )
    )  # fmt: skip
    whole = figures.put(
        Figure(
            key="year.total", label=both("全年", "the year"), value=annual(known, facts.inspection.points), unit="points",
            n=len(known), query="followup.assessment.centre_score.annual",
        )
    )  # fmt: skip
    return Sentence(
        words=both(
            f"全年{{{whole}}}:有分的季度{{{count}}}个的平均,加年终检查{{{inspected}}},按规则的权重。",
            f"The year: {{{whole}}}, of {{{count}}} quarters with a score and of the inspection, {{{inspected}}}, by the "
            "weights of the rules.",
        )
    )


def _plain(points: float) -> Words:
    return both(f"{points:g}", f"{points:g}")
