"""The sheet of the surveyors (domain.md §7.6) as a document: what each did, who differs by more than chance. No satisfaction."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import sqrt

import asyncpg

from followup import paying
from followup.paying import Entered
from followup.reports.callback_rows import centre_names
from followup.reports.document.figures import Figures, both
from followup.reports.document.model import Bar, Document, Funnel, Header, Section, Sentence, Table
from followup.reports.rendering.funnel_geometry import outside
from followup.reports.report_policy import report_policy, versions
from followup.reports.serials import serial_of
from followup.reports.surveyor_tables import (
    CONTACTS,
    QUERY,
    REFUSED,
    WHO,
    SurveyorFacts,
    outcome_table,
    quality_table,
    score_table,
    share,
    work_table,
)
from followup.store import surveyor_days
from followup.store.surveyors import surveyors
from survey.field.attempt_policy import attempt_policy
from survey.periods import Period
from survey.policies import packaged


async def read_surveyor_facts(
    conn: asyncpg.Connection,
    centre_code: str,
    period: Period,
    cut_off: datetime,
    entered: Entered | None = None,
) -> SurveyorFacts:
    """`entered`: what the centre enters for a month, by staff number. Raises LookupError for an unknown centre; what
    `followup.paying.sheet` raises."""
    async with conn.transaction(isolation="repeatable_read", readonly=True):
        centre = await centre_names(conn, centre_code)
        where = (conn, centre_code, period, cut_off)
        within = timedelta(hours=attempt_policy().appointment_hours)
        return SurveyorFacts(
            centre,
            period,
            cut_off,
            await surveyors(*where),
            await surveyor_days.outcomes(*where),
            dict(await surveyor_days.hours(*where)),
            await surveyor_days.appointments(*where, within),
            await paying.sheet(*where, entered) if entered else None,
        )


def surveyor_document(facts: SurveyorFacts) -> Document:
    """The document; it is the same for the same rows."""
    figures = Figures()
    work, outcomes, quality = (make(figures, facts) for make in (work_table, outcome_table, quality_table))
    return Document(
        header=_header(facts),
        sections=(
            Section(title=both("和全中心比", "Against the whole centre"), blocks=_funnel(figures, facts)),
            Section(title=both("每个人做了什么", "What each did"), blocks=(work,)),
            Section(title=both("调查的结果", "What surveys came to"), blocks=(outcomes,)),
            Section(title=both("质量", "Quality"), blocks=(quality,)),
            Section(title=both("月度得分", "The month's score"), blocks=_scores(figures, facts)),
        ),
        notes=NOTES,
        figures=figures.by_key(),
        main="surveyors",
    )


def _header(facts: SurveyorFacts) -> Header:
    serial, year = serial_of(facts.period)
    return Header(
        kind="surveyor",
        title=both(f"{facts.centre.name_zh}调查员工作表", f"Sheet of the surveyors, {facts.centre.name_en}"),
        serial=serial,
        year=year,
        centre_code=facts.centre.code,
        centre=both(facts.centre.name_zh, facts.centre.name_en),
        first=facts.period.first,
        last=facts.period.last,
        cut_off=facts.cut_off.astimezone(UTC).replace(microsecond=0),
        tz=facts.centre.tz,
        policies=versions() | _further_rules(),
    )


def _further_rules() -> dict[str, int]:
    """Those that this sheet applies beside those of all reports."""
    named = (
        ("followup.assessment", "surveyor_month"),
        ("followup.assessment", "pay"),
        ("survey.field", "attempts"),
    )
    return {key: packaged(package, key).version for package, key in named}


def _scores(figures: Figures, facts: SurveyorFacts) -> tuple[Table | Sentence, ...]:
    if facts.paid is None:
        return (
            _note(
                "没有交来本月由中心填写的数(目标、学习等),所以没有得分;随报告交一个表就有(--entered)。",
                "What the centre enters for a month (target, learning and so on) was not handed in, so there is no score; hand"
                " a file in with the report (--entered).",
            ),
        )
    return (score_table(figures, facts.paid),)


def _funnel(figures: Figures, facts: SurveyorFacts) -> tuple[Sentence | Funnel, ...]:
    """Refusals of each against those of all: whom people refuse more often than chance and luck of the draw explain."""
    refused = sum(one.refusals for one in facts.surveyors)
    contacts = sum(one.contacts for one in facts.surveyors)
    share(figures, "all.refused", REFUSED, refused, contacts, CONTACTS)
    centre = refused / contacts if contacts else 0.0
    dots = tuple(
        Bar(label=both(one.staff_no, one.staff_no), figure=f"surveyor.{one.staff_no}.refused")
        for one in facts.surveyors
        if one.contacts >= report_policy().fewest_ranked
    )
    plot = Funnel(
        key="funnel.surveyors",
        title=both("拒访率漏斗图(虚线:偶然之外的界限)", "Refusals, funnel plot (dashes: limits of chance)"),
        centre="all.refused",
        spread=sqrt(centre * (1 - centre)),
        levels=report_policy().funnel_levels,
        dots=dots,
        empty=both("通话不足,不画。", "Too few calls with a person to draw it."),
    )
    beyond = [dot for dot in plot.dots if outside(figures[dot.figure], centre, plot)]
    said = []
    for dot in beyond:
        high = float(figures[dot.figure].value or 0) > centre
        name = figures.said(f"{dot.figure}.name", WHO, dot.label, QUERY)
        zh, en = ("高于", "above") if high else ("低于", "below")
        said.append(
            Sentence(
                words=both(
                    f"{{{name}}}的拒访率明显{zh}全中心:{{{dot.figure}}}。",
                    f"Refusals to {{{name}}} lie {en} the centre by more than chance: {{{dot.figure}}}.",
                )
            )
        )
    rest = figures.count(
        "funnel.inside",
        both("界限以内的人", "Surveyors within the limits"),
        len(plot.dots) - len(beyond),
        QUERY,
    )
    level = Sentence(
        words=both(
            f"全中心拒访率{{all.refused}}。界限以内的{{{rest}}}人,彼此的差别与偶然分不开。",
            f"Refusals of the whole centre: {{all.refused}}. Within the limits: {{{rest}}}; what they differ by cannot be told"
            " from chance.",
        )
    )
    return (level, *said, plot)


def _note(zh: str, en: str) -> Sentence:
    return Sentence(words=both(zh, en))


NOTES = (
    _note(
        "时长:每天从第一次拨打到最后一次通话结束,逐日相加,中间的间歇也在内。有效工作量按政策surveyor_month折算。",
        "Hours: from the first call of a day to the end of the last, breaks included. Units of work: policy surveyor_month.",
    ),
    _note(
        "调查结果:此人对每个人的最后一次调查拨打。回答率低也可能是分到的号码难打。守约:从约好的时刻起有人及时拨打(政策attempts的appointment_hours);改过期的不算。",
        "Outcomes: the last survey call of this surveyor to each person. A low response rate may be due to harder numbers. Kept:"
        " somebody called in time (appointment_hours of policy attempts); appointments that were moved are left out.",
    ),
    _note(
        "“未复核”:没有听过此人的访问,质量好坏不知道,不当作全对;工资里怎么算,政策surveyor_month写明(not_audited)。",
        "“Not audited”: nobody has listened to their interviews, so their quality is not known, and is not taken for full marks;"
        " what stands in for it in pay is said in policy surveyor_month (not_audited).",
    ),
    _note(
        "居民怎么评价不在这张表里,也不进工资:谁也不因居民满意而多拿钱。",
        "What residents think is not in this sheet, and not in anybody's pay: nobody earns more because residents are content.",
    ),
    _note(
        "谁被拒得多,也看分到的号码难不难;超出界限才值得去听录音,不是结论。",
        "Who is refused more often may have had the harder numbers; outside the limits is a reason to listen, not a finding.",
    ),
)
