"""The score of a centre as figures: parts, blocks and the whole, each with what it rests on."""

from __future__ import annotations

from typing import Final

from followup.assessment.centre_score import BlockScore, CentreScore, PartScore, counted
from followup.reports.centre_facts import CentreWork
from followup.reports.document.figures import Figure, Figures, Words, both
from followup.reports.report_policy import report_policy
from survey.statistics.intervals import korn_graubard
from survey.statistics.mover import Side

SCORE: Final = "followup.assessment.centre_score.score"
WORK: Final = "followup.reports.centre_facts.read_work"
UNMEASURED: Final = both("没有可数的", "nothing to count")
TOO_LITTLE: Final = both("可测的分值太少,不评分", "too little could be measured for a score")
PARTS: Final = both("可测的项", "parts measured")


def put_score(figures: Figures, prefix: str, whose: Words, work: CentreWork) -> CentreScore:
    """All figures of a centre's score, under `prefix`."""
    found = work.score
    measured = sum(one.points is not None for block in found.blocks for one in block.parts)
    _points(figures, f"{prefix}.total", _label(whose, "总分", "total"), found.total, measured, PARTS, TOO_LITTLE,
            found.low, found.high)  # fmt: skip
    _points(
        figures,
        f"{prefix}.earned",
        _label(whose, "得分", "earned"),
        found.earned,
        measured,
        PARTS,
        TOO_LITTLE,
    )
    figures.count(
        f"{prefix}.measured", _label(whose, "可测分值", "points measured"), round(found.measured), SCORE
    )
    figures.count(f"{prefix}.deducted", _label(whose, "扣分", "deducted"), round(found.deducted), SCORE)
    for kind, times in counted([one.kind for one in work.findings]).items():
        figures.count(f"{prefix}.found.{kind}", _label(whose, kind, kind), times, SCORE)
    for block in found.blocks:
        _put_block(figures, prefix, whose, block)
    return found


def side_of(found: CentreScore) -> Side | None:
    """The total with its limits; None where there is none, or nothing in it is an estimate."""
    if found.total is None or found.low is None or found.high is None or found.low >= found.high:
        return None
    return Side(found.total, found.low, found.high)


def _put_block(figures: Figures, prefix: str, whose: Words, block: BlockScore) -> None:
    key, name = f"{prefix}.{block.block.id}", both(block.block.zh, block.block.en)
    known = sum(one.points is not None for one in block.parts)
    points = block.points if known else None
    _points(figures, key, _label(whose, name.zh, name.en), points, known, PARTS, UNMEASURED)
    figures.count(f"{key}.of", _label(whose, f"{name.zh} 可测分值", f"{name.en}, points measured"),
                  round(block.measured), SCORE)  # fmt: skip
    for one in block.parts:
        _put_part(figures, f"{key}.{one.part.id}", whose, one)


def _put_part(figures: Figures, key: str, whose: Words, one: PartScore) -> None:
    part, measure = one.part, one.measure
    label = _label(whose, part.zh, part.en)
    few = report_policy().words.private if one.points is None and measure.whole else None
    share = None if few else measure.share
    limits = korn_graubard(share, measure.whole) if part.sampled and share is not None else None
    figures.put(
        Figure(
            key=f"{key}.share",
            label=label,
            value=share,
            unit="share",
            n=None if few else measure.whole,
            low=limits.low if limits else None,
            high=limits.high if limits else None,
            base=both(part.base_zh, part.base_en),
            withheld=few,
            query=WORK,
        )
    )
    base = both(part.base_zh, part.base_en)
    _points(figures, f"{key}.points", label, one.points, measure.whole, base, UNMEASURED)


def _points(
    figures: Figures,
    key: str,
    label: Words,
    value: float | None,
    n: int,
    base: Words,
    absent: Words,
    low: float | None = None,
    high: float | None = None,
) -> None:
    """`absent`: why there are none. Limits that are the same as the value are none."""
    spread = value is not None and low is not None and high is not None and low < high
    figures.put(
        Figure(
            key=key,
            label=label,
            value=value,
            unit="points",
            n=n if value is not None else None,
            low=low if spread else None,
            high=high if spread else None,
            base=base,
            withheld=absent if value is None else None,
            query=SCORE,
        )
    )


def _label(whose: Words, zh: str, en: str) -> Words:
    return both(f"{whose.zh} {zh}", f"{whose.en}, {en}")
