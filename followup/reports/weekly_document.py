"""The weekly report (社情民意调查周报, domain.md §7.1) as a document."""

from __future__ import annotations

from datetime import UTC

from followup.reports import weekly_case_sections as of_cases
from followup.reports import weekly_field_sections as of_field
from followup.reports import weekly_later_sections as later
from followup.reports.document.figures import Figures, both
from followup.reports.document.model import Document, Header, Sentence
from followup.reports.remarks import Remarks, advice, judgement
from followup.reports.report_policy import versions
from followup.reports.serials import serial_of
from followup.reports.weekly_facts import WeeklyFacts

CENTRE, WEEKLY = "社情民意调查中心", "社情民意调查周报"


def weekly_document(facts: WeeklyFacts, remarks: Remarks | None = None) -> Document:
    """The document; it is the same for the same rows and remarks."""
    figures = Figures()
    sections = (
        of_field.overview(figures, facts),
        of_field.perception(figures, facts),
        of_cases.appeals(figures, facts),
        of_cases.handling(figures, facts),
        later.callbacks(figures, facts),
        judgement(remarks),
        advice(remarks),
        later.decisions(figures, facts),
        later.major(figures, facts),
        of_field.quality(figures, facts),
    )
    return Document(
        header=header(facts),
        sections=sections,
        notes=NOTES,
        figures=figures.by_key(),
        main="indicators",
    )


def header(facts: WeeklyFacts) -> Header:
    """Its header as a draft."""
    serial, year = serial_of(facts.period)
    centre = facts.centre
    return Header(
        kind="weekly",
        title=both(
            f"{centre.name_zh.removesuffix(CENTRE)}{WEEKLY}", f"Weekly report, {centre.name_en}"
        ),
        serial=serial,
        year=year,
        centre_code=centre.code,
        centre=both(centre.name_zh, centre.name_en),
        first=facts.period.first,
        last=facts.period.last,
        cut_off=facts.cut_off.astimezone(UTC).replace(microsecond=0),
        tz=centre.tz,
        policies=versions() | {"indicators": max(one.version for one in facts.now.table.definitions)},
    )  # fmt: skip


def _note(zh: str, en: str) -> Sentence:
    return Sentence(words=both(zh, en))


NOTES = (
    _note(
        "比率后括号内n是基数;区间为百分之九十五:比例用Korn-Graubard法,指数用logit-t法,变化由两期区间合成。",
        "n behind a rate is its base; intervals are of ninety-five per cent: Korn-Graubard's for shares, logit-t for "
        "an index; that of a"
        " change is made of the intervals of both periods.",
    ),
    _note(
        "变化的区间含零,或连同其他指标一并检验后证据不足的,写作“无明显变化”;全部指标合为一族,错误说法的比例控制在百分之五。",
        "Where the interval of a change holds zero, or the evidence is thin when all indicators are tested together, "
        "it says: no evidence of"
        " change. All indicators are one family; of what is claimed a share of five per cent may be expected to be false.",
    ),
    _note(
        "RR1、COOP1、REF1按AAPOR标准定义,基数是本期释放的样本,不含专项调查;仍在联系的样本计入分母。",
        "RR1, COOP1 and REF1 are AAPOR's, of the sample released in the period without special polls; who is still "
        "being tried counts in"
        " the denominator.",
    ),
    _note(
        "回答太少、指向个人或不可靠的数不公布,并说明原因;样本量不足的不排名。配额样本不给抽样区间。",
        "What rests on too few answers, could point to persons or is unreliable is not published, with the reason; "
        "nothing is ranked on too"
        " few. Quota samples have no design-based interval.",
    ),
    _note(
        "应访是本期到期的全部回访;未访到和未评价单列,不算满意。满意率三种读法一并列出。",
        "Callbacks due are all that fell due in the period; not reached and not rated stand apart and never count as "
        "satisfied. Satisfaction"
        " is given in three readings.",
    ),
    _note(
        "表中“*”是不公布的数,“—”是没有回答或没有数据。",
        "In tables * stands for a figure that is not published, — for no answer or no data.",
    ),
)
