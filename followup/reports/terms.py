"""The words that followup's reports show for codes that are stored: (Chinese, English)."""

from collections.abc import Mapping
from typing import Final

from followup.casework.verdict import verdict_table

Words = Mapping[str, tuple[str, str]]

CHANNELS: Final[Words] = {
    "text": ("短信", "Text"),
    "voice": ("语音", "Voice"),
    "operator": ("调查员", "Operator"),
}

SOURCES: Final[Words] = {
    "import": ("其他平台已办结", "Closed elsewhere"),
    "outbound": ("调查中登记", "Raised in a survey"),
    "inbound": ("来电", "Inbound call"),
    "text": ("来信", "Inbound text"),
    "visit": ("来访", "Visit"),
}

DECISIONS: Final[Words] = {
    "redispatch": ("再次转办", "Dispatched again"),
    "reject": ("不再转办", "Not dispatched again"),
}

POSTS: Final[Words] = {
    "supervisor": ("督办员", "supervisor"),
    "deputy": ("副主任", "deputy"),
    "director": ("主任", "director"),
    "meeting": ("研判会商", "weekly meeting"),
}

_OTHER_ENDINGS: Final[Words] = {
    "closed_explained": ("解释办结", "Closed with an explanation"),
    "promised": ("已承诺", "Promised"),
    "adopted": ("采纳", "Adopted"),
    "partly_adopted": ("部分采纳", "Partly adopted"),
    "not_adopted": ("未采纳", "Not adopted"),
    "callback_not_suitable": ("不宜回访", "Callback not suitable"),
    "not_accepted": ("不予受理", "Not accepted"),
    "open": ("在办", "Open"),
}

VERDICTS: Final[Words] = {
    **{code: (said.zh, said.en) for code, said in verdict_table().words.items()},
    **_OTHER_ENDINGS,
}
"""Verdicts, the reasons of a flag, and the endings of a case."""

ANSWERS: Final[Mapping[str, Words]] = {
    "C1": {"1": ("联系过", "Contacted"), "2": ("没联系过", "Not contacted")},
    "C2": {"1": ("已解决", "Solved"), "2": ("部分解决", "Partly"), "3": ("未解决", "Not solved")},
    "C3": {
        "1": ("满意", "Satisfied"),
        "2": ("基本满意", "Fairly satisfied"),
        "3": ("不满意", "Dissatisfied"),
    },
    "C4": {
        "1": ("满意", "Satisfied"),
        "2": ("基本满意", "Fairly satisfied"),
        "3": ("不满意", "Dissatisfied"),
    },
    "C6": {"1": ("无人要求", "Nobody pressed"), "2": ("有人要求", "Somebody pressed")},
    "C7": {"1": ("要求再办", "Wants it again"), "2": ("不必再办", "Leave it")},
}

QUESTIONS: Final[Words] = {
    "C1": ("办理单位联系过您吗", "Did the unit contact you"),
    "C2": ("问题解决了吗", "Is it solved"),
    "C3": ("对办理结果满意吗", "Satisfied with the result"),
    "C4": ("办理人员的态度", "The manner of those who handled it"),
    "C6": ("有没有人要求您怎么回答", "Did anybody tell you how to answer"),
    "C7": ("需要再次转办吗", "Wants it dispatched again"),
}


def words(table: Words, code: str) -> tuple[str, str]:
    """Chinese and English for a code; a code without words stands for itself."""
    return table.get(code, (code, code))
