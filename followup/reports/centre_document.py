"""The score of a centre (中心得分, domain.md §4.6) as a document: what it earned, of what, and what was taken off,
with its cases."""

from __future__ import annotations

from datetime import UTC

from followup.assessment.centre_score import CentreScore
from followup.reports import centre_sections as sections
from followup.reports.centre_facts import CentreFacts
from followup.reports.centre_figures import put_score, side_of
from followup.reports.document.figures import Figures, both
from followup.reports.document.model import Block, Document, Header, Section, Sentence
from followup.reports.indicator_figures import claims_of
from followup.reports.report_policy import versions
from followup.reports.serials import serial_of
from survey.policies import packaged


def centre_document(facts: CentreFacts) -> Document:
    """The document; it is the same for the same rows."""
    figures, work = Figures(), facts.now
    name = both(work.centre.name_zh, work.centre.name_en)
    score = put_score(figures, "score", name, work)
    parts = [
        Section(title=both("总分", "The score"), blocks=_whole(figures, facts, score)),
        Section(title=both("各块得分", "By block"), blocks=(sections.blocks_table(score),)),
        Section(
            title=both("每一分从哪里来", "Where each point comes from"), blocks=(sections.parts_table(score),)
        ),
        Section(title=both("扣分", "Taken off"), blocks=sections.taken_off(figures, work)),
        Section(title=both("没有测到的", "Not measured"), blocks=(sections.unmeasured(figures, score),)),
        Section(title=both("旁边要看的", "Beside the score"), blocks=sections.beside(figures, work)),
    ]
    if facts.quarters:  # the score of a year is made of its quarters, not of its counts
        parts[0] = sections.year(figures, facts)
    return Document(
        header=_header(facts),
        sections=tuple(parts),
        notes=NOTES,
        figures=figures.by_key(),
        main="blocks",
    )


def _header(facts: CentreFacts) -> Header:
    work = facts.now
    serial, year = serial_of(work.period)
    return Header(
        kind="centre",
        title=both(f"{work.centre.name_zh}工作评分", f"Score of the work, {work.centre.name_en}"),
        serial=serial,
        year=year,
        centre_code=work.centre.code,
        centre=both(work.centre.name_zh, work.centre.name_en),
        first=work.period.first,
        last=work.period.last,
        cut_off=facts.cut_off.astimezone(UTC).replace(microsecond=0),
        tz=work.centre.tz,
        policies=versions() | {"centre_score": packaged("followup.assessment", "centre_score").version},
    )


def _whole(figures: Figures, facts: CentreFacts, score: CentreScore) -> tuple[Block, ...]:
    said = [_said(score)]
    if score.vetoed:
        said.append(
            Sentence(
                words=both(
                    "有一票否决的事项,本期不得分。", "A veto stands, so the period has no points at all."
                )
            )
        )
    sides = {"score": (side_of(facts.before.score), side_of(score))}
    moved = figures.said("score.moved", both("和上期比", "beside the period before"), claims_of(sides)["score"],
                         "followup.reports.indicator_figures.claims_of")  # fmt: skip
    said.append(Sentence(words=both(f"和上期比:{{{moved}}}。", f"Beside the period before: {{{moved}}}.")))
    return tuple(said)


def _said(score: CentreScore) -> Sentence:
    if score.total is None:
        return Sentence(
            words=both(
                "只有{score.measured}分可测,太少,本期不评分;扣{score.deducted}分。",
                "Only {score.measured} points could be measured, too few for a score; taken off: {score.deducted}.",
            )
        )
    return Sentence(
        words=both(
            "本期总分{score.total}。可测的{score.measured}分折成百分得{score.earned},扣{score.deducted}分。",
            "Score of this period: {score.total}. Of {score.measured} points that could be measured it earned, out of a hundred, "
            "{score.earned}; taken off: {score.deducted}.",
        )
    )


def _note(zh: str, en: str) -> Sentence:
    return Sentence(words=both(zh, en))


NOTES = (
    _note(
        "居民满意的高低不进分,只列在旁边:否则等于花钱让中心报喜。问题是否解决按本人在回访中说的算。",
        "How satisfied residents are is not in the score, only beside it, or a centre were paid for good news. Whether a "
        "matter is solved counts, by the word of whoever raised it.",
    ),
    _note(
        "没有可数的项既不给分也不扣分,总分按可测的分值折成百分;可测的太少时不评分。",
        "What nothing was counted of is neither given nor lost; the score is out of the points that were measured, and there "
        "is none where these are too few.",
    ),
    _note(
        "区间来自抽样的两项:复核没有问题的访问和本人确认解决;其余是全数清点。",
        "The interval comes from the two parts that are samples, interviews found sound and matters confirmed as solved; the "
        "others are counted whole.",
    ),
    _note(
        "分值和办法是可改的规则(centre_score),不是法律。",
        "Points and method are rules that can be changed (centre_score), not law.",
    ),
)
