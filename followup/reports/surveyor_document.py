"""The sheet of the surveyors (domain.md §7.6) as a document: what each did, who differs by more than chance. No satisfaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import sqrt

import asyncpg

from followup.reports.callback_rows import CentreNames, centre_names
from followup.reports.document.figures import Figure, Figures, Words, both
from followup.reports.document.model import (
    Bar,
    Column,
    Document,
    Funnel,
    Header,
    Row,
    Section,
    Sentence,
    Table,
)
from followup.reports.rendering.funnel_geometry import outside
from followup.reports.report_policy import report_policy, versions
from followup.reports.serials import serial_of
from followup.store import surveyors as rows
from followup.store.surveyors import SurveyorRow
from survey.periods import Period
from survey.statistics.intervals import korn_graubard

QUERY = "followup.store.surveyors.SELECT_SURVEYORS"
WHO = both("工号", "Staff no.")
COUNTS: dict[str, tuple[Words, Callable[[SurveyorRow], int]]] = {
    "dials": (both("拨打", "Calls"), lambda one: one.dials),
    "completes": (both("完成访问", "Interviews"), lambda one: one.completes),
    "callbacks": (both("完成回访", "Callbacks"), lambda one: one.callbacks),
    "registrations": (both("有效登记", "Appeals taken in"), lambda one: one.registrations),
    "heard": (both("被复核", "Listened to"), lambda one: one.heard),
}
CONTACTS = both("和人说上话的", "calls with a person")
HEARD = both("被复核的访问", "interviews listened to")
REFUSED = both("拒访率", "Refusals")
VOID = both("差错率", "Void")
NOT_AUDITED = both("未复核", "not audited")


@dataclass(frozen=True)
class SurveyorFacts:
    """Read at one moment."""

    centre: CentreNames
    period: Period
    cut_off: datetime
    surveyors: Sequence[SurveyorRow]


async def read_surveyor_facts(
    conn: asyncpg.Connection, centre_code: str, period: Period, cut_off: datetime
) -> SurveyorFacts:
    """Raises LookupError for an unknown centre."""
    async with conn.transaction(isolation="repeatable_read", readonly=True):
        centre = await centre_names(conn, centre_code)
        found = await rows.surveyors(conn, centre_code, period, cut_off)
        return SurveyorFacts(centre, period, cut_off, found)


def surveyor_document(facts: SurveyorFacts) -> Document:
    """The document; it is the same for the same rows."""
    figures = Figures()
    table = _table(figures, facts)
    return Document(
        header=_header(facts),
        sections=(
            Section(title=both("和全中心比", "Against the whole centre"), blocks=_funnel(figures, facts)),
            Section(title=both("每个人做了什么", "What each did"), blocks=(table,)),
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
        policies=versions(),
    )


def _table(figures: Figures, facts: SurveyorFacts) -> Table:
    lines = []
    for one in facts.surveyors:
        prefix = f"surveyor.{one.staff_no}"
        cells = [both(one.staff_no, one.staff_no)]
        counts = [
            figures.count(f"{prefix}.{name}", label, count(one), QUERY)
            for name, (label, count) in COUNTS.items()
        ]
        _share(figures, f"{prefix}.refused", REFUSED, one.refusals, one.contacts, CONTACTS)
        if one.heard:
            _share(figures, f"{prefix}.void", VOID, one.void, one.heard, HEARD)
        else:
            figures.said(f"{prefix}.void", VOID, NOT_AUDITED, QUERY)
        lines.append(Row(cells=(*cells, *counts, f"{prefix}.refused", f"{prefix}.void")))
    heads = [Column(key=name, head=label) for name, (label, _) in COUNTS.items()]
    return Table(
        key="surveyors",
        title=both("工作量和质量", "Work and its quality"),
        columns=(
            Column(key="who", head=WHO),
            *heads,
            Column(key="refused", head=REFUSED, wide=True),
            Column(key="void", head=VOID, wide=True),
        ),
        rows=tuple(lines),
        empty=both("本期没有调查员拨打。", "No surveyor made a call in this period."),
    )


def _share(figures: Figures, key: str, label: Words, part: int, whole: int, base: Words) -> None:
    low, high = korn_graubard(part / whole, whole) if whole else (None, None)
    value = part / whole if whole else None
    figures.put(
        Figure(
            key=key,
            label=label,
            value=value,
            unit="share",
            n=whole,
            low=low,
            high=high,
            base=base,
            query=QUERY,
        )
    )


def _funnel(figures: Figures, facts: SurveyorFacts) -> tuple[Sentence | Funnel, ...]:
    """Refusals of each against those of all: whom people refuse more often than chance and luck of the draw explain."""
    refused = sum(one.refusals for one in facts.surveyors)
    contacts = sum(one.contacts for one in facts.surveyors)
    _share(figures, "all.refused", REFUSED, refused, contacts, CONTACTS)
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
