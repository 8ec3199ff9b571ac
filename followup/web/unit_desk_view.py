"""PURE. What stands on the pages of a unit's desk: the inbox in sections, the most pressing first, and one case."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from followup.casework import states
from followup.casework.verdict import verdict_table
from followup.categories import categories
from followup.past_rounds import PastRound
from followup.redaction import redacted
from followup.reports.terms import ANSWERS, VERDICTS
from followup.store.unit_desk import SaidRow
from followup.unit_desk import LEAD, OPEN, Inbox, Lying

Both = tuple[str, str]
NOT_FOR_UNITS: Final = ("pressure",)
"""Reasons of a flag that a unit does not read: who said that somebody had told them how to answer."""


@dataclass(frozen=True)
class Line:
    """One case in the inbox. `tone`: of its due time."""

    number: str
    short: str
    round: int
    category: Both
    area: Both
    title: str
    due: Both
    tone: str
    marks: tuple[Both, ...]


@dataclass(frozen=True)
class Section:
    """Cases that want the same of the unit."""

    key: str
    zh: str
    en: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Heard:
    """What a resident said of a result."""

    number: str
    short: str
    category: Both
    at: datetime
    verdict: Both
    answers: tuple[Both, ...]
    words: str


Wanted = Callable[[Lying], bool]
SECTIONS: Final[tuple[tuple[str, str, str, Wanted], ...]] = (
    ("late", "已逾期", "Overdue", lambda one: _mine(one) and bool(one.clock and one.clock.late)),
    ("sign", "待签收", "To sign", lambda one: _leads(one) and one.case.status == "dispatched"),
    ("soon", "快到期", "Due soon", lambda one: _leads(one) and bool(one.clock and one.clock.soon)),
    ("working", "办理中", "Under way", lambda one: _leads(one) and one.case.status in OPEN),
    ("part", "待报协办", "Your part to file", lambda one: _assists(one)),
    ("elsewhere", "等别人办", "With others", lambda one: True),
)
"""In this order; a case stands in the first that fits."""


def _leads(one: Lying) -> bool:
    return one.case.role == LEAD and one.case.status in OPEN


def _assists(one: Lying) -> bool:
    return one.case.role != LEAD and one.case.status in OPEN and one.case.part_at is None


def _mine(one: Lying) -> bool:
    return _leads(one)


def sections(inbox: Inbox, now: datetime, zone: ZoneInfo) -> list[Section]:
    """Every section, also an empty one."""
    left = list(inbox.cases)
    made = []
    for key, zh, en, wanted in SECTIONS:
        here = [one for one in left if wanted(one)]
        left = [one for one in left if not wanted(one)]
        made.append(Section(key, zh, en, tuple(_line(one, now, zone) for one in here)))
    return made


def _line(one: Lying, now: datetime, zone: ZoneInfo) -> Line:
    case, clock = one.case, one.clock
    tone = "bad" if clock and clock.late else "warn" if clock and clock.soon else ""
    marks: list[Both] = []
    if case.role != LEAD:
        marks.append(("协办", "assisting"))
    if case.round > 1:
        marks.append((f"第{case.round}轮", f"round {case.round}"))
    if case.asked_for_time:
        marks.append(("延期待批", "more time asked for"))
    if case.status not in OPEN:
        named = states.words(case.status)
        marks.append((named.zh, named.en))
    return Line(
        number=case.number,
        short=case.short_number,
        round=case.round,
        category=category(case.category),
        area=(case.area_zh, case.area_en or case.area_zh),
        title=one.title,
        due=when(clock.due, now, zone) if clock and case.status in OPEN else ("", ""),
        tone=tone if case.status in OPEN else "",
        marks=tuple(marks),
    )


def when(moment: datetime, now: datetime, zone: ZoneInfo) -> Both:
    """A due time as people say it."""
    local, today = moment.astimezone(zone), now.astimezone(zone).date()
    clock = f"{local:%H:%M}"
    if local.date() == today:
        return f"今天 {clock}", f"today {clock}"
    if local.date() == today + timedelta(days=1):
        return f"明天 {clock}", f"tomorrow {clock}"
    return f"{local.month}月{local.day}日 {clock}", f"{local:%d %b} {clock}"


def category(code: str) -> Both:
    """The name of a category; of one that is not listed any more, its code."""
    try:
        found = categories().of_code(code)
    except KeyError:
        return code, code
    return found.name_zh, found.name_en


def heard(rows: Sequence[SaidRow], zone: ZoneInfo) -> list[Heard]:
    """What residents said, in words."""
    found = []
    for one in rows:
        given = [ANSWERS[item].get(code or "") for item, code in (("C2", one.solved), ("C3", one.satisfied))]
        verdict = one.decision if one.decision == "redispatch" else one.verdict
        found.append(
            Heard(
                number=one.number,
                short=one.short_number,
                category=category(one.category),
                at=one.settled_at.astimezone(zone),
                verdict=AFTER.get(verdict, VERDICTS.get(verdict, (verdict, verdict))),
                answers=tuple(words for words in given if words is not None),
                words=redacted(one.words) if one.words else "",
            )
        )
    return found


AFTER: Final[dict[str, Both]] = {
    "redispatch": ("再次交办", "Dispatched again"),
    "flagged": ("说明理由办结", "Closed with an explanation"),
}
"""What came of a flag that has been decided."""


def rounds(before: Sequence[PastRound]) -> list[tuple[str, str, tuple[Both, ...], str]]:
    """Earlier rounds: (unit, result, what was said of it, the resident's words)."""
    named = verdict_table().words
    return [
        (
            f"第{one.round}轮 {one.unit_zh}",
            one.result,
            tuple(
                (named[reason].zh, named[reason].en)
                for reason in one.said
                if reason in named and reason not in NOT_FOR_UNITS
            ),
            one.words or "",
        )
        for one in before
    ]
