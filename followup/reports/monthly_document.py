"""The monthly summary with the stars (月总结及星级评定; domain.md R41, R53) as a document."""

from __future__ import annotations

from datetime import UTC

from followup.assessment.star_policy import COUNTY, packaged_stars, star_policy
from followup.reports import star_places, star_sections
from followup.reports import weekly_case_sections as of_cases
from followup.reports import weekly_field_sections as of_field
from followup.reports import weekly_later_sections as later
from followup.reports.document.figures import Figures, both
from followup.reports.document.model import Document, Header, Sentence
from followup.reports.monthly_facts import MonthlyFacts
from followup.reports.remarks import Remarks, advice, judgement
from followup.reports.report_policy import versions
from followup.reports.weekly_document import CENTRE
from followup.reports.weekly_document import NOTES as OF_WEEKS


def monthly_document(facts: MonthlyFacts, remarks: Remarks | None = None) -> Document:
    """The document; it is the same for the same rows, summary before, and remarks."""
    figures, policy, whole = Figures(), star_policy(), facts.whole
    places = {level: star_places.places_of(facts, level, policy) for level in facts.windows}
    tested = {COUNTY: of_field.perception_sides(whole)}
    for level, found in places.items():
        tested |= star_places.looked_at(found, level, policy)
    said = star_places.said_of_all(tested, policy)
    boards = {level: star_places.graded(found, said, policy) for level, found in places.items()}
    sections = (
        of_field.overview(figures, whole),
        of_field.perception(figures, whole, said),
        of_cases.appeals(figures, whole),
        of_cases.handling(figures, whole),
        later.callbacks(figures, whole),
        star_sections.stars(figures, facts, boards),
        judgement(remarks),
        advice(remarks),
        later.decisions(figures, whole),
        later.major(figures, whole),
        of_field.quality(figures, whole),
    )
    return Document(
        header=_header(facts),
        summary=star_sections.summary(figures, boards),
        sections=sections,
        notes=NOTES,
        figures=figures.by_key(),
        main=f"stars.{next(iter(boards))}" if boards else "indicators",
    )


def _header(facts: MonthlyFacts) -> Header:
    centre, period = facts.whole.centre, facts.period
    return Header(
        kind="monthly",
        title=both(
            f"{centre.name_zh.removesuffix(CENTRE)}社情民意月总结及星级评定",
            f"Monthly summary and stars, {centre.name_en}",
        ),
        serial=period.last.month,
        year=period.last.year,
        centre_code=centre.code,
        centre=both(centre.name_zh, centre.name_en),
        first=period.first,
        last=period.last,
        cut_off=facts.whole.cut_off.astimezone(UTC).replace(microsecond=0),
        tz=centre.tz,
        policies=versions()
        | {"stars": packaged_stars().version, "indicators": max(one.version for one in facts.whole.now.table.definitions)},
    )  # fmt: skip


def _note(zh: str, en: str) -> Sentence:
    return Sentence(words=both(zh, en))


NOTES = (
    OF_WEEKS[0],
    _note(
        "本总结里的全部说法——各地星级、各地得分变化、全县各项指标的变化——合为一族检验(Benjamini-Hochberg法),"
        "各类说法各占一份(星级政策),错误说法的比例控制在百分之五以内;"
        "区间含零或证据不足的,写作“无明显变化”。",
        "All that this summary claims, stars and changes of points of every place and changes of the county's indicators, is "
        "tested as one family (Benjamini-Hochberg); each kind of claim has a share of it (policy of the stars); of "
        "the claims five per cent at most are expected to be false. Where the interval holds zero or the evidence is thin it "
        "says: no evidence of change.",
    ),
    _note(
        "星级是得分所在的档。没有证据表明真实得分在原档之外的,星级不动;有证据的,一次升降一星。偶然的升降不动星。",
        "A star stands for a band of points. It is kept unless there is evidence that the true points lie outside of the "
        "band; then it moves by one. What chance explains moves no star.",
    ),
    _note(
        "“单看得分”是只按得分会评的星级,下行是得分区间两端所合的星级:偶然足以让星级在这个范围里跳动。",
        "“By points alone” is the star that the points themselves come to, with those of both ends of their interval: so far "
        "chance would make it jump.",
    ),
    _note(
        "得分由安全感、解决率、满意率、按时反馈率按星级政策的权数合成;满分一百。有一项样本不足不公布的,没有得分。"
        "案件按发生地计,县级部门办的也在内。",
        "Points are made of safety, solved, satisfaction and in time, by the weights of the policy, of a hundred. Where one of "
        "them is not published for want of answers there are no points. Cases count where they arose, those that departments of "
        "the county handled too.",
    ),
    _note(
        "红黄黑是星级的颜色,红为好的一端;与案件督办的红黄绿无关。",
        "Red, yellow and black are colours of stars, red the good end; they have nothing to do with red, yellow and green of "
        "cases.",
    ),
    *OF_WEEKS[2:],
)  # fmt: skip
