"""Why a campaign's queue is empty: said in words, the one that comes first in the way of a call first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

Why = Literal[
    "not_running", "over", "target_reached", "budget_used", "day_full", "outside_hours", "seats_held", "later",
    "all_in_contact", "none_released", "worked", "nobody_put_in", "something_due", "said_no_to_you",
]  # fmt: skip

WORDS: Final[Mapping[Why, tuple[str, str]]] = {
    "not_running": ("项目没有在执行", "it is not running"),
    "over": ("期限已过", "its last calling hour is over"),
    "target_reached": ("已达目标", "the target is reached"),
    "budget_used": ("预算用完", "the budget is used"),
    "day_full": ("今天的目标已达", "today's target is reached"),
    "outside_hours": ("不在拨打时段", "outside calling hours"),
    "seats_held": ("配额名额都被占着", "every free seat is held by a contact under way"),
    "later": ("都还没到时间", "nobody is due yet"),
    "all_in_contact": ("都在联系中", "everybody is in a contact"),
    "none_released": ("样本待投放", "more of the sample is to be released"),
    "worked": ("样本用完", "the whole sample is done"),
    "nobody_put_in": (
        "现在没有要联系的人,新的随时会进来",
        "nobody is in it just now; people are put in one by one",
    ),
    "something_due": ("有可拨打的", "somebody can be called now"),
    "said_no_to_you": ("等着的人婉拒过您,由别人再问", "who waits said no to you; somebody else asks again"),
}
"""Each reason in Chinese and English."""

REMEDIES: Final[Mapping[Why, tuple[str, str]]] = {
    "not_running": (
        "按它的状态走下一步:审批、启动或恢复",
        "take the next step from its state: approve, start or resume",
    ),
    "over": ("停访;还要做就改后面的日期另建一个", "close it; to go on, create it anew with later days"),
    "target_reached": ("不用做什么,服务会自行停访", "nothing to do: the service closes it by itself"),
    "budget_used": ("停访,或加大预算另建一个", "close it, or create it anew with a larger budget"),
    "day_full": (
        "等明天;想快一些就另建一个每日目标大的",
        "wait for tomorrow; for more a day, create it anew with a larger daily target",
    ),
    "outside_hours": ("等下一个拨打时段", "wait for the next calling hours"),
    "seats_held": (
        "等正在联系的人谈完、退出名额",
        "wait until the contacts under way end and give seats back",
    ),
    "later": ("等最近一位到时间,不要提前打", "wait until the next one is due; nobody is called before"),
    "all_in_contact": ("等正在联系的人谈完", "wait until the contacts under way end"),
    "none_released": (
        "服务每十分钟按进度投放;等不到就看它是否在执行",
        "the service releases more every ten minutes; if none comes, see whether it runs",
    ),
    "worked": (
        "样本已做完:停访,要更多完成数就另抽样本",
        "the sample is done: close it; for more interviews draw another sample",
    ),
    "nobody_put_in": ("不用做什么", "nothing to do"),
    "something_due": (
        "请调查员打开工作台,或看并发数和线路",
        "ask operators to open their desks, or look at pace and lines",
    ),
    "said_no_to_you": ("请另一位调查员再问", "another operator asks again"),
}
"""What is to be done about each, in Chinese and English."""


@dataclass(frozen=True)
class Situation:
    """What the answer depends on. `next_due`: of those who wait; `opens`: when people may be called again, None if now.

    `free_seats`: None where the campaign has no seats; `held`: seats held by contacts under way; `day_left` and `total_left`:
    interviews still wanted today and in all, None where no target is set; `can_pay`: the budget has room for one contact.
    `standing`: it has no sample, people are put in one by one.
    """

    status: str
    now: datetime
    closes_at: datetime | None
    waiting: int
    in_contact: int
    unreleased: int
    next_due: datetime | None
    opens: datetime | None
    free_seats: int | None
    held: int
    day_left: int | None
    total_left: int | None
    can_pay: bool
    standing: bool = False


@dataclass(frozen=True)
class Reason:
    """`at`: when that changes by itself, where it is known."""

    why: Why
    at: datetime | None = None


def why_empty(it: Situation) -> tuple[Reason, ...]:
    """Every reason that holds; `something_due` alone: it is not empty."""
    found = list(_stops(it)) or list(_waits(it))
    return tuple(found) or (Reason("something_due"),)


def _stops(it: Situation) -> list[Reason]:
    """What keeps everybody from being contacted, whoever is due."""
    found: list[Reason] = []
    if it.status != "running":
        found.append(Reason("not_running"))
    if it.closes_at is not None and it.closes_at <= it.now:
        found.append(Reason("over"))
    if it.total_left is not None and it.total_left <= 0:
        found.append(Reason("target_reached"))
    if not it.can_pay:
        found.append(Reason("budget_used"))
    if it.day_left is not None and it.day_left <= 0:
        found.append(Reason("day_full", it.opens))
    if it.opens is not None:
        found.append(Reason("outside_hours", it.opens))
    return found


def _waits(it: Situation) -> list[Reason]:
    """What the next person waits for."""
    found: list[Reason] = []
    if it.free_seats is not None and it.free_seats <= 0 and it.held > 0:
        found.append(Reason("seats_held"))
    if it.waiting and it.next_due is not None and it.next_due > it.now:
        found.append(Reason("later", it.next_due))
    if not it.waiting and it.in_contact:
        found.append(Reason("all_in_contact"))
    if not it.waiting and not it.in_contact:
        found.append(
            Reason("nobody_put_in" if it.standing else "none_released" if it.unreleased else "worked")
        )
    return found
