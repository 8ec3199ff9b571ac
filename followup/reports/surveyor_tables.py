"""The tables of the sheet of the surveyors. Pure: rows in, figures and lines out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from followup.assessment.pay import Audit, Pay
from followup.assessment.surveyor_month import Score, Work, surveyor_month
from followup.reports.callback_rows import CentreNames
from followup.reports.document.figures import Figure, Figures, Words, both
from followup.reports.document.model import Column, Row, Table
from followup.store.surveyor_days import Appointments
from followup.store.surveyors import SurveyorRow
from survey.field.dispositions import Group
from survey.periods import Period
from survey.statistics.intervals import korn_graubard
from survey.statistics.outcome_rates import count_groups, fractions

QUERY = "followup.store.surveyors.SELECT_SURVEYORS"
OUTCOMES = "followup.store.surveyor_days.SELECT_OUTCOMES"
HOURS = "followup.store.surveyor_days.SELECT_HOURS"
KEPT = "followup.store.surveyor_days.SELECT_APPOINTMENTS"
PAID = "followup.paying.sheet"
WHO = both("工号", "Staff no.")
NOBODY = both("本期没有调查员工作。", "No surveyor worked in this period.")
CONTACTS = both("和人说上话的拨打", "calls with a person")
HEARD = both("被复核的访问", "interviews listened to")
PEOPLE = both("拨打过的人", "people called")
PROMISED = both("到期的预约", "appointments that were due")
REFUSED = both("拒访率", "Refusals")
VOID = both("差错率", "Void")
RESTS = both("质量依据", "Quality rests on")
UNITS = both("有效工作量", "Units of work")
NOT_AUDITED = both("未复核", "not audited")
WORK: dict[str, tuple[Words, Callable[[SurveyorRow], int]]] = {
    "dials": (both("拨打", "Calls"), lambda one: one.dials),
    "completes": (both("完成访问", "Interviews"), lambda one: one.completes),
    "callbacks": (both("完成回访", "Callbacks"), lambda one: one.callbacks),
    "registrations": (both("有效登记", "Appeals"), lambda one: one.registrations),
}
GROUPS: dict[str, tuple[Words, tuple[Group, ...]]] = {
    "i": (both("完成 I", "Complete I"), ("I",)),
    "p": (both("部分 P", "Partial P"), ("P",)),
    "r": (both("拒访 R", "Refused R"), ("R",)),
    "nc": (both("未接触 NC", "No contact NC"), ("NC",)),
    "o": (both("其他 O", "Other O"), ("O",)),
    "u": (both("不明 UH+UO", "Unknown UH+UO"), ("UH", "UO")),
    "ne": (both("不合格 NE", "Not eligible NE"), ("NE",)),
}


@dataclass(frozen=True)
class SurveyorFacts:
    """Read at one moment. `paid`: the month's scores; None: the period is no month, or nothing was entered for it."""

    centre: CentreNames
    period: Period
    cut_off: datetime
    surveyors: Sequence[SurveyorRow]
    outcomes: dict[str, dict[str, int]]
    hours: dict[str, float]
    appointments: dict[str, Appointments]
    paid: Sequence[Pay] | None


def work_table(figures: Figures, facts: SurveyorFacts) -> Table:
    """What each did, in how many hours."""
    lines = []
    for one in facts.surveyors:
        prefix = f"surveyor.{one.staff_no}"
        counts = [
            figures.count(f"{prefix}.{name}", label, of(one), QUERY) for name, (label, of) in WORK.items()
        ]
        units = Work(one.completes, one.callbacks, one.registrations, one.dials).valid_units(
            surveyor_month().units
        )
        valid = _score(figures, f"{prefix}.units", UNITS, units, QUERY)
        spent = figures.put(
            Figure(
                key=f"{prefix}.hours", label=both("时长", "Hours"), value=facts.hours.get(one.staff_no), unit="hours",
                query=HOURS,
            )
        )  # fmt: skip
        lines.append(Row(cells=(_who(one), *counts, valid, spent)))
    heads = [Column(key=name, head=label) for name, (label, _) in WORK.items()]
    return _table(
        "surveyors", both("工作量", "Work"), lines,
        [*heads, Column(key="units", head=UNITS), Column(key="hours", head=both("时长", "Hours"))],
    )  # fmt: skip


def outcome_table(figures: Figures, facts: SurveyorFacts) -> Table:
    """To what the last survey call of each person came, in AAPOR's groups, and its response rate."""
    lines = []
    for one in facts.surveyors:
        prefix = f"surveyor.{one.staff_no}"
        codes = facts.outcomes.get(one.staff_no, {})
        groups = count_groups(codes, [float(n) for n in codes.values()])
        counts = [
            figures.count(f"{prefix}.{name}", label, int(sum(groups[group] for group in of)), OUTCOMES)
            for name, (label, of) in GROUPS.items()
        ]
        part, whole = fractions(groups, None)["RR1"]
        rate = share(
            figures, f"{prefix}.rr1", both("回答率RR1", "RR1"), int(part), int(whole or 0), PEOPLE, OUTCOMES
        )
        lines.append(Row(cells=(_who(one), *counts, rate)))
    heads = [Column(key=name, head=label, narrow=True) for name, (label, _) in GROUPS.items()]
    rr1 = Column(key="rr1", head=both("回答率RR1", "Response rate RR1"), rate=True)
    return _table("outcomes", both("调查结果(AAPOR)", "Outcomes of surveys (AAPOR)"), lines, [*heads, rr1])


def quality_table(figures: Figures, facts: SurveyorFacts) -> Table:
    """Refusals, what was listened to and found void, appointments."""
    lines = []
    for one in facts.surveyors:
        prefix = f"surveyor.{one.staff_no}"
        refused = share(figures, f"{prefix}.refused", REFUSED, one.refusals, one.contacts, CONTACTS)
        heard = figures.count(f"{prefix}.heard", both("被复核", "Listened to"), one.heard, QUERY)
        if one.heard:
            void = share(figures, f"{prefix}.void", VOID, one.void, one.heard, HEARD)
        else:
            void = figures.said(f"{prefix}.void", VOID, NOT_AUDITED, QUERY)
        promised = facts.appointments.get(one.staff_no, Appointments(0, 0))
        label = both("守约率", "Appointments kept")
        kept = share(figures, f"{prefix}.kept", label, promised.kept, promised.due, PROMISED, KEPT)
        lines.append(Row(cells=(_who(one), refused, kept, heard, void)))
    heads = [
        Column(key="refused", head=REFUSED, rate=True),
        Column(key="kept", head=both("守约率", "Appointments kept"), rate=True),
        Column(key="heard", head=both("被复核", "Listened to"), narrow=True),
        Column(key="void", head=VOID, rate=True),
    ]
    return _table("quality", both("质量", "Quality"), lines, heads)


SCORES: dict[str, tuple[Words, Callable[[Score], float | None]]] = {
    "output": (both("产量", "Output"), lambda one: one.output),
    "quality": (both("质量", "Quality"), lambda one: one.quality),
    "learning": (both("学习", "Learning"), lambda one: one.learning),
    "total": (both("得分", "Score"), lambda one: one.total),
    "coefficient": (both("系数", "Coefficient"), lambda one: one.coefficient),
}
AUDITS: dict[Audit, Words] = {
    "own": both("本人的复核", "own audit"),
    "centre": both("未复核,按全中心", "not audited, as the centre"),
    "none": both("全中心未复核,分摊", "nobody audited, spread"),
}


def score_table(figures: Figures, paid: Sequence[Pay]) -> Table:
    """The month's score, by parts, and what its quality rests on; amounts of pay are in `minyi pay sheet` alone."""
    lines = []
    for one in paid:
        prefix = f"surveyor.{one.staff_no}.score"
        cells = [
            _score(figures, f"{prefix}.{name}", label, of(one.score), PAID)
            for name, (label, of) in SCORES.items()
        ]
        rests = figures.said(f"{prefix}.audit", RESTS, AUDITS[one.audit], PAID)
        lines.append(Row(cells=(both(one.staff_no, one.staff_no), *cells, rests)))
    heads = [Column(key=name, head=label) for name, (label, _) in SCORES.items()]
    rests_on = Column(key="audit", head=RESTS, wide=True)
    return _table("scores", both("月度得分", "The month's score"), lines, [*heads, rests_on])


def _score(figures: Figures, key: str, label: Words, value: float | None, query: str) -> str:
    return figures.put(Figure(key=key, label=label, value=value, unit="score", query=query))


def share(
    figures: Figures, key: str, label: Words, part: int, whole: int, base: Words, query: str = QUERY
) -> str:
    """Of so many; its interval says how far chance could have moved it."""
    low, high = korn_graubard(part / whole, whole) if whole else (None, None)
    value = part / whole if whole else None
    return figures.put(
        Figure(
            key=key, label=label, value=value, unit="share", n=whole, low=low, high=high, base=base, query=query
        )
    )  # fmt: skip


def _who(one: SurveyorRow) -> Words:
    return both(one.staff_no, one.staff_no)


def _table(key: str, title: Words, lines: Sequence[Row], columns: Sequence[Column]) -> Table:
    who = Column(key="who", head=WHO, narrow=True)
    return Table(key=key, title=title, columns=(who, *columns), rows=tuple(lines), empty=NOBODY)
