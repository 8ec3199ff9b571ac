"""The words of the page of a flag for what is stored as a code, and for what could not be done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from followup.refusals import (
    AlreadyDecided,
    AlreadyProposed,
    CallFirst,
    CaseRefusal,
    NotForTheseEyes,
    NothingProposed,
    NotPossibleNow,
    ReasonMissing,
    SecondSignerMissing,
    SomebodyWasFirst,
    UnknownCase,
    WordsWithNumbers,
)

Both = tuple[str, str]
POSTS: Final[Mapping[str, Both]] = {
    "supervisor": ("督办员", "the supervisor"),
    "deputy": ("副主任", "the deputy"),
    "director": ("主任", "the director"),
}
PROOFS: Final[Mapping[str, Both]] = {
    "bridged": ("经中心转接的通话", "a call through the centre"),
    "claimed": ("单位自己写的日期", "a date that the unit wrote"),
    "waived": ("免于提供(保密)", "waived: confidential"),
    "tried": ("联系未成", "tried in vain"),
    "none": ("没有", "none"),
}
REFUSED: Final[Mapping[type[CaseRefusal], Both]] = {
    AlreadyDecided: ("这一轮已有决定。", "This round has been decided already."),
    SomebodyWasFirst: ("刚才有人先处理了,请再看一遍。", "Somebody was first a moment ago; look again."),
    NotPossibleNow: ("这件事项已不在待决定的状态。", "This case does not wait for a decision any more."),
    ReasonMissing: (
        "请写理由,写得让本人也看得懂。",
        "Give a reason in words that the resident could be told.",
    ),
    CallFirst: (
        "短信反映的,先等承诺的电话打完。",
        "It was said by text: the call that was promised comes first.",
    ),
    WordsWithNumbers: (
        "解释会告诉本人,请不要写电话或证件号码。",
        "The explanation is told to the resident: no telephone or identity number.",
    ),
    SecondSignerMissing: ("要由另一个人签字。", "Another person must sign."),
    AlreadyProposed: (
        "已经有人提出驳回,等第二人签字。",
        "A rejection is proposed already and waits for its second signature.",
    ),
    NothingProposed: (
        "没有等待签字的驳回(已签、已退回或已另行决定)。",
        "No rejection waits: it was signed, sent back, or decided otherwise.",
    ),
    NotForTheseEyes: (
        "这件事项不由您看或决定(回避,或归市级)。",
        "This case is not for you to read or decide: a conflict of interest, or the city's.",
    ),
    UnknownCase: ("没有这个编号。", "There is no such case."),
}
