"""Indicators of a period with weights that meet the population of the centre, beside those with the weights of the draw alone."""

from __future__ import annotations

from followup.reports.document.figures import Figure, Figures, Words, both
from followup.reports.document.model import Column, Row, Section, Sentence, Table
from followup.reports.weekly_facts import WeeklyFacts
from survey.calibrating import CalibratedAnswers
from survey.statistics.estimate_cells import Cell
from survey.statistics.indicator_definitions import Mean, Share
from survey.statistics.suppression import suppression_policy
from survey.statistics.weighting import weighting_policy

QUERY = "survey.calibrating.calibrated"
TITLE = both("按人口校准", "Calibrated to the population")
MARGINS = {"area": both("乡镇", "township"), "sex": both("性别", "sex"), "age": both("年龄", "age")}


def calibrated(figures: Figures, facts: WeeklyFacts) -> Section:
    """A section of its own, which says so where nothing could be calibrated."""
    found = facts.calibrated
    if found.cells is None:
        return Section(title=TITLE, blocks=(_not(found),))
    rows = []
    for one in facts.now.table.definitions:
        if one.id in found.cells and isinstance(one, Share | Mean):
            key = _put(figures, one, found.cells[one.id])
            rows.append(Row(cells=(both(one.title.zh, one.title.en), f"now.{one.id}", key)))
    table = Table(
        key="calibrated",
        title=both("校准前后", "Before and after calibration"),
        columns=(
            Column(key="name", head=both("指标", "Indicator"), wide=True),
            Column(key="now", head=both("抽样权重", "Weights of the draw"), rate=True),
            Column(key="calibrated", head=both("校准后", "Calibrated"), rate=True),
        ),
        rows=tuple(rows),
        empty=both("没有可校准的指标。", "No indicator can be calibrated."),
    )
    return Section(title=TITLE, blocks=(_about(figures, found), table))


def _put(figures: Figures, one: Share | Mean, cell: Cell) -> str:
    shown = cell.suppressed is None
    withheld = None
    if cell.suppressed is not None and cell.suppressed != "empty":
        words = suppression_policy().words[cell.suppressed]
        withheld = both(words.zh, words.en)
    return figures.put(
        Figure(
            key=f"calibrated.{one.id}", label=both(f"{one.title.zh} 校准后", f"{one.title.en}, calibrated"),
            value=cell.value if shown else None, unit="share" if isinstance(one, Share) else "points",
            percent=one.scale == (0.0, 1.0), n=None if withheld else cell.n,
            low=cell.low if shown else None, high=cell.high if shown else None,
            base=both(one.base.zh, one.base.en), withheld=withheld, query=f"{QUERY}:{one.id} v{one.version}",
        )
    )  # fmt: skip


def _not(found: CalibratedAnswers) -> Sentence:
    if not found.population.totals:
        return Sentence(
            words=both(
                "没有录入本县成年人口,未校准;以上各数只用抽样权重。",
                "The adults of the county are not entered, so nothing is calibrated: all figures above have the weights of the "
                "draw alone.",
            )
        )
    if found.why_not is not None:
        return Sentence(
            words=both(f"未能校准:{found.why_not}", f"Could not be calibrated: {found.why_not}"), quoted=True
        )
    return Sentence(
        words=both(
            "没有性别、年龄和乡镇都知道的回答,或样本有配额,未校准。",
            "Of no answer are sex, age and township known, or the sample has quotas: nothing is calibrated.",
        )
    )


def _about(figures: Figures, found: CalibratedAnswers) -> Sentence:
    n = figures.count("calibrated.n", both("用于校准的访问", "interviews calibrated"), found.n, QUERY)
    left = figures.count(
        "calibrated.left", both("缺校准项的访问", "interviews without a margin"), found.asked - found.n, QUERY
    )
    joined = figures.count(
        "calibrated.joined", both("并入邻类的类别", "categories joined"), found.joined, QUERY
    )
    deff = figures.put(
        Figure(
            key="calibrated.deff", label=both("权重的设计效应", "design effect of the weights"), value=found.design_effect,
            unit="score", query=QUERY,
        )
    )  # fmt: skip
    margins = _list(found)
    unequal = found.design_effect > weighting_policy().kish_flag
    source = figures.said(
        "calibrated.source", both("人口数来源", "source of the population"),
        both(found.population.source.zh, found.population.source.en), "survey.policy:population",
    )  # fmt: skip
    zh = "权重差别大,区间因此变宽。" if unequal else ""
    en = " The weights differ much, which widens the intervals." if unequal else ""
    return Sentence(
        words=both(
            f"权重按{margins.zh}校准到成年人口({{{source}}}),用{{{n}}}份访问;缺其中一项的{{{left}}}份不在内;"
            f"回答太少并入邻类的类别{{{joined}}}个;权重的设计效应{{{deff}}}。{zh}",
            f"Weights are calibrated to the adults ({{{source}}}) by {margins.en}, of interviews: {{{n}}}; left out, as one of "
            f"these is not known: {{{left}}}; categories joined with a neighbour for their few answers: {{{joined}}}; design "
            f"effect of the weights: {{{deff}}}.{en}",
        )
    )


def _list(found: CalibratedAnswers) -> Words:
    named = [MARGINS.get(name, both(name, name)) for name in found.population.totals]
    return both("、".join(one.zh for one in named), ", ".join(one.en for one in named))
