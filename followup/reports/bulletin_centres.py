"""Table B of a bulletin: the centres of the city by the score of their own work, with ranks and what was taken off."""

from __future__ import annotations

from followup.assessment.centre_score import CentreScore, centre_policy
from followup.reports.bulletin_facts import BulletinFacts
from followup.reports.bulletin_standing import Standing, standings
from followup.reports.centre_figures import put_score, side_of
from followup.reports.document.figures import Figure, Figures, Words, both
from followup.reports.document.model import Block, Column, Row, Section, Sentence, Table
from survey.masking import without_numbers

STANDING = "followup.reports.bulletin_standing.standings"
CENTRE = both("中心", "Centre")
NONE = both("全市没有中心。", "The city has no centres.")
NO_RANK = both("可测的太少不排名", "too little measured to rank")
ALONE = both("无可比中心不排名", "no other centre to rank beside")


def centres(figures: Figures, facts: BulletinFacts) -> Section:
    """The highest first; centres of which too little was measured below, in the order of their codes."""
    names = {line.county.centre: both(line.county.name_zh, line.county.name_en) for line in facts.counties}
    scores = {
        work.centre.code: put_score(figures, f"{work.centre.code}.score", names[work.centre.code], work)
        for work in facts.centres
    }
    sides = {code: side for code, one in scores.items() if (side := side_of(one)) is not None}
    found = standings(sides, {}, facts.period.first.toordinal())
    order = [*found, *(code for code in sorted(scores) if code not in found)]
    blocks = centre_policy().blocks
    table = Table(
        key="centres",
        title=both("各中心工作评分", "Score of the work of each centre"),
        columns=(
            Column(key="centre", head=CENTRE),
            *(Column(key=one.id, head=both(one.zh, one.en), narrow=True) for one in blocks),
            Column(key="total", head=both("总分(项数)", "Score (parts)"), rate=True),
            Column(key="measured", head=both("可测", "Measured"), narrow=True),
            Column(key="deducted", head=both("扣分", "Taken off"), narrow=True),
            Column(key="rank", head=both("名次(范围)", "Rank (range)"), rate=True),
        ),
        rows=tuple(_row(figures, code, names[code], scores[code], found.get(code)) for code in order),
        empty=NONE,
    )
    return Section(
        title=both("各中心", "The centres"),
        blocks=(_said(figures, scores, len(found)), table, _findings(facts, names)),
    )


def _row(figures: Figures, code: str, name: Words, score: CentreScore, standing: Standing | None) -> Row:
    prefix = f"{code}.score"
    rank: str | Words = NO_RANK if score.total is None else ALONE
    if standing is not None:
        rank = figures.put(
            Figure(
                key=f"{prefix}.rank", label=both(f"{name.zh} 中心名次", f"{name.en}, rank of the centre"), value=standing.rank,
                low=standing.best, high=standing.worst, query=STANDING,
            )
        )  # fmt: skip
    cells = (f"{prefix}.{one.block.id}" for one in score.blocks)
    return Row(cells=(name, *cells, f"{prefix}.total", f"{prefix}.measured", f"{prefix}.deducted", rank))


def _said(figures: Figures, scores: dict[str, CentreScore], ranked: int) -> Block:
    count = figures.count("centres.ranked", both("排名的中心", "centres ranked"), ranked, STANDING)
    left = figures.count(
        "centres.left", both("不排名的中心", "centres not ranked"), len(scores) - ranked, STANDING
    )
    return Sentence(
        words=both(
            f"评分只看中心自己的工作,居民满意高低不在内。排名的中心{{{count}}}个,可测的太少或无可比而不排名的{{{left}}}个;"
            "范围相交的,谁前谁后分不清。",
            "The score is of the centre's own work; how satisfied residents are is not in it. "
            f"Centres ranked: {{{count}}}; not ranked, for too little that could be measured or for want of another: {{{left}}}. "
            "Where ranges overlap nobody can tell who is ahead.",
        )
    )


def _findings(facts: BulletinFacts, names: dict[str, Words]) -> Table:
    kinds = centre_policy().findings
    rows = [
        Row(
            cells=(
                names[work.centre.code],
                both(kinds[one.kind].zh, kinds[one.kind].en),
                _case(one.case_number),
                _words(one.words),
            )
        )
        for work in facts.centres
        for one in work.findings
    ]
    return Table(
        key="centre_findings",
        title=both("扣分事项", "What was taken off for"),
        columns=(
            Column(key="centre", head=CENTRE),
            Column(key="kind", head=both("什么事", "What"), wide=True),
            Column(key="case", head=both("事项", "Case"), wide=True),
            Column(key="words", head=both("查到什么", "In words"), wide=True),
        ),
        rows=tuple(rows),
        empty=both("本期没有扣分事项。", "Nothing was taken off in this period."),
    )


def _case(number: str | None) -> Words:
    return both(number or "—", number or "—")


def _words(words: str) -> Words:
    return both(without_numbers(words), without_numbers(words))
