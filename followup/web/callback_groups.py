"""PURE. Which callbacks stand behind a number of the callback report: by the same rules by which the report counts them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from followup.reports.callback_report import STEPS
from followup.reports.callback_rows import CallbackLine

Both = tuple[str, str]
Holds = Callable[[CallbackLine], bool]


def _gave(question: str, code: str) -> Holds:
    return lambda line: line.status != "not_suitable" and line.code(question) == code


GROUPS: Final[Mapping[str, tuple[Both, Holds]]] = {
    "due": (("应回访", "due"), STEPS["due"]),
    "attempted": (("已联系", "attempted"), STEPS["attempted"]),
    "reached": (("访到", "reached"), STEPS["reached"]),
    "rated": (("已评价", "rated"), STEPS["rated"]),
    "unreached": (("未访到", "not reached"), STEPS["unreached"]),
    "unrated": (("未评价", "not rated"), STEPS["unrated"]),
    "waiting": (("等待中", "waiting"), STEPS["waiting"]),
    "not_suitable": (("不宜回访", "not suitable"), STEPS["not_suitable"]),
    "not_contacted": (("单位没有联系", "unit made no contact"), _gave("C1", "2")),
    "solved": (("已解决", "solved"), _gave("C2", "1")),
    "partly": (("部分解决", "partly solved"), _gave("C2", "2")),
    "unsolved": (("未解决", "not solved"), _gave("C2", "3")),
    "satisfied": (("满意", "satisfied"), _gave("C3", "1")),
    "basically": (("基本满意", "basically satisfied"), _gave("C3", "2")),
    "dissatisfied": (("不满意", "dissatisfied"), _gave("C3", "3")),
    "pressure": (("有人要求怎么答", "told what to say"), _gave("C6", "2")),
    "flagged": (("标记", "flagged"), lambda line: line.flagged),
    "redispatched": (("再次交办", "sent out again"), lambda line: line.decision == "redispatch"),
    "rejected": (("驳回", "rejected"), lambda line: line.decision == "reject"),
    "undecided": (("待决定", "undecided"), lambda line: line.flagged and line.decision is None),
}


@dataclass(frozen=True)
class Chip:
    """A group and how many are in it."""

    code: str
    name: Both
    count: int


def chips(lines: Sequence[CallbackLine]) -> list[Chip]:
    """Every group that anybody is in."""
    counted = [Chip(code, name, sum(map(holds, lines))) for code, (name, holds) in GROUPS.items()]
    return [one for one in counted if one.count]


def behind(lines: Sequence[CallbackLine], group: str, unit: str) -> list[CallbackLine]:
    """Those in a group and of a unit; an unknown group, or "", and "" are all."""
    holds = GROUPS[group][1] if group in GROUPS else lambda line: True
    return [line for line in lines if holds(line) and unit in ("", line.unit_code)]
