"""PURE. What stands in the inbox of a supervision office, and what its forms say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from followup.office_desk import Waiting
from followup.web.unit_desk_view import category, when

Both = tuple[str, str]


@dataclass(frozen=True)
class Sent:
    """What a form said. `assists`: all that were ticked."""

    fields: Mapping[str, str]
    assists: tuple[str, ...]

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, "")


@dataclass(frozen=True)
class Line:
    """One matter in the inbox."""

    number: str
    short: str
    category: Both
    area: Both
    title: str
    unit: str
    due: Both
    tone: str
    marks: tuple[Both, ...]


COPY: Final = "dispatched"
SECTIONS: Final = (
    ("submitted", "待交办", "To dispatch"),
    ("return_review", "退单待裁定", "Returns to decide"),
    ("in_progress", "延期待审批", "More time asked for"),
    (COPY, "再次交办抄送", "Out again: copies"),
)
"""By the state in which the matter waits."""


def line(one: Waiting, now: datetime, zone: ZoneInfo) -> Line:
    """A matter in the inbox, in words."""
    row, clock = one.row, one.clock
    marks: list[Both] = []
    if row.round > 1:
        marks.append((f"第{row.round}轮", f"round {row.round}"))
    if row.asked_days and row.status == "in_progress":
        marks.append((f"申请延期{row.asked_days}个工作日", f"{row.asked_days} working days more"))
    if row.put_off and row.status == "submitted":
        marks.append((f"暂缓:{row.put_off}", f"put off: {row.put_off}"))
    if row.apart:
        marks.append(("反映公职人员,详见卷内", "about an official: see the file"))
    return Line(
        number=row.number,
        short=row.short_number,
        category=category(row.category),
        area=(row.area_zh, row.area_en or row.area_zh),
        title=one.title,
        unit=row.unit_zh or "",
        due=when(clock.due, now, zone) if clock else ("", ""),
        tone="bad" if clock and clock.late else "",
        marks=tuple(marks),
    )
