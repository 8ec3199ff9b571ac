"""The words of the campaign pages: kinds, states, moves, and what a person does next."""

from collections.abc import Mapping
from typing import Final

from survey.access.roles import Permission
from survey.field.lifecycle import MOVES, ZH, Actor
from survey.web.terms import Words

KINDS: Final[Words] = {
    "wave": ("正式调查", "Wave"),
    "poll": ("专项调查", "Poll"),
    "daily": ("日常调查", "Daily survey"),
    "standing": ("事项回访", "Callbacks"),
}
STATUSES: Final[Words] = {
    "draft": (ZH["draft"], "Draft"),
    "approved": (ZH["approved"], "Approved"),
    "scheduled": (ZH["scheduled"], "Scheduled"),
    "running": (ZH["running"], "Running"),
    "paused": (ZH["paused"], "Paused"),
    "closed": (ZH["closed"], "Closed"),
    "auditing": (ZH["auditing"], "In its audit"),
    "published": (ZH["published"], "Published"),
    "archived": (ZH["archived"], "Archived"),
    "cancelled": (ZH["cancelled"], "Cancelled"),
}
TONES: Final[Mapping[str, str]] = {
    "running": "good",
    "paused": "warn",
    "draft": "info",
    "approved": "info",
    "scheduled": "info",
}
STEPS: Final[Words] = {
    "pre_notice": ("预告短信", "text before the call"),
    "voice": ("语音", "voice"),
    "text": ("短信", "text"),
    "operator": ("调查员", "operator"),
}
EVENTS: Final[Words] = {
    "create": ("创建", "Created"),
    "approve": ("审批", "Approve"),
    "start": ("启动", "Start"),
    "open": ("开始执行", "Opened"),
    "pause": ("暂停", "Pause"),
    "resume": ("恢复", "Resume"),
    "close": ("停访", "Close"),
    "audit": ("复核", "Audit"),
    "publish": ("发布", "Publish"),
    "archive": ("归档", "Archive"),
    "cancel": ("取消", "Cancel"),
}
DONE: Final[Words] = {
    "created": ("草案已写好。", "The draft is written."),
    "approve": ("已审批。", "Approved."),
    "start": ("已启动。", "Started."),
    "pause": (
        "已暂停:不再拨出,已交运营商的撤回。",
        "Paused: nothing more is dialled, and what lies at the carrier is recalled.",
    ),
    "resume": ("已恢复。", "Resumed."),
    "close": ("已停访:正在谈的谈完。", "Closed: who is talking is let talk."),
    "cancel": ("已取消。", "Cancelled."),
}
WHYS: Final[Words] = {
    "created from its document": ("按项目文件", "created from its document"),
    "approved": ("审批通过", "approved"),
    "started": ("启动", "started"),
    "resumed": ("恢复", "resumed"),
    "its hour has come": ("到开始时间", "its hour has come"),
    "service": ("服务", "service"),
}
"""What the service itself writes into a campaign's history; what people write stands as they wrote it."""
NEXT: Final[Words] = {
    "draft": ("请主任审批", "The director is to approve it"),
    "approved": ("启动", "Start it"),
    "scheduled": ("到时自行抽样、开始", "It is drawn and opened by itself when its hour has come"),
    "running": ("正在执行,不用做什么", "It runs; nothing to do"),
    "paused": ("看清原因,再恢复或停访", "See why, then resume or close it"),
    "closed": ("复核", "Audit"),
    "auditing": ("复核访问,再由主任发布", "Look at its interviews; then the director publishes"),
    "published": ("归档", "Archive"),
    "archived": ("已归档", "Archived"),
    "cancelled": ("已取消", "Cancelled"),
}
COMMANDS: Final[Mapping[str, str]] = {
    "closed": "minyi campaign audit {code} --by {name}",
    "auditing": "minyi campaign to-check {code}",
    "published": "minyi campaign archive {code} --by {name} --why …",
}
"""What has no page yet."""
ON_PAGES: Final = ("approve", "start", "pause", "resume", "close", "cancel")
WITH_REASON: Final = ("pause", "close", "cancel")
KEYS: Final[Mapping[str, str]] = {
    "approve": "a",
    "start": "s",
    "pause": "p",
    "resume": "r",
    "close": "c",
    "cancel": "x",
}
PERMISSION: Final[Mapping[Actor, Permission]] = {
    "director": "campaigns.approve",
    "supervisor": "campaigns.manage",
}
"""Who makes a move by the table of campaigns, and what they must be permitted."""


def permission_of(event: str) -> Permission:
    """What somebody must be permitted for a move."""
    return PERMISSION[next(move.actors[0] for move in MOVES if move.event == event)]
