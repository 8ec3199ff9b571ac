"""The life of a campaign (调查项目): every move that there is, from which states, and what must hold first.

The commands, the guards and the documentation are made from this one table (domain.md §3.3).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

Status = Literal[
    "draft", "approved", "scheduled", "running", "paused", "closed", "auditing", "published", "archived", "cancelled"
]  # fmt: skip
Event = Literal[
    "approve", "start", "open", "pause", "resume", "close", "audit", "publish", "archive", "cancel"
]
Actor = Literal["director", "supervisor", "service", "auditor"]

STATUSES: Final[tuple[Status, ...]] = get_args(Status)

ZH: Final[Mapping[Status, str]] = {
    "draft": "草案",
    "approved": "已审批",
    "scheduled": "待开始",
    "running": "执行中",
    "paused": "暂停",
    "closed": "停访",
    "auditing": "复核",
    "published": "已发布",
    "archived": "归档",
    "cancelled": "取消",
}


@dataclass(frozen=True)
class Move:
    """One row of the table. `guards` name checks that must pass; `actors` who may do it."""

    event: Event
    leaves: tuple[Status, ...]
    enters: Status
    guards: tuple[str, ...]
    actors: tuple[Actor, ...]
    zh: str


MOVES: Final[tuple[Move, ...]] = (
    Move(
        "approve", ("draft",), "approved", ("document", "scoring", "notice", "caller"), ("director",), "审批"
    ),
    Move("start", ("approved",), "scheduled", ("not_over",), ("supervisor",), "启动"),
    Move("open", ("scheduled",), "running", ("drawn",), ("service",), "开始执行"),
    Move("pause", ("scheduled", "running"), "paused", (), ("supervisor", "service"), "暂停"),
    Move("resume", ("paused",), "scheduled", ("not_over",), ("supervisor",), "恢复"),
    Move("close", ("scheduled", "running", "paused"), "closed", (), ("supervisor", "service"), "停访"),
    Move("audit", ("closed",), "auditing", ("no_open_interview",), ("auditor",), "复核"),
    Move("publish", ("auditing",), "published", ("audited", "two_persons"), ("director",), "发布"),
    Move("archive", ("published",), "archived", (), ("director",), "归档"),
    Move("cancel", ("draft", "approved"), "cancelled", (), ("director",), "取消"),
)
"""`resume` goes by way of `scheduled`: the service opens a campaign again as it opened it first, when its hour has come."""


class NotAllowed(ValueError):
    """This move does not leave the state in which the campaign is; the message names the moves that do."""

    def __init__(self, said: str, zh: str) -> None:
        super().__init__(said)
        self.zh = zh


def move(event: Event, status: Status) -> Move:
    """The row for this event from this state. Raises NotAllowed."""
    found = next((row for row in MOVES if row.event == event and status in row.leaves), None)
    if found is not None:
        return found
    left = [row for row in MOVES if status in row.leaves and row.actors[0] != "service"]
    possible = ", ".join(row.event for row in left)
    said = f"From there it can be moved by: {possible}." if possible else "Nothing leaves that state."
    raise NotAllowed(
        f"a campaign that is {status} ({ZH[status]}) has no move {event!r}. {said}",
        f"项目现在是“{ZH[status]}”,不能这样做;可以:{'、'.join(row.zh for row in left) or '无'}。",
    )
