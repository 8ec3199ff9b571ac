"""The words that pages show for codes that are stored, in Chinese and English; a code without words stands
for itself.
"""

from collections.abc import Mapping
from typing import Final

from markupsafe import Markup

from survey.web.shell import both

Words = Mapping[str, tuple[str, str]]

PURPOSES: Final[Words] = {"survey": ("平安调查", "Safety survey"), "case": ("事项回访", "Case callback")}

MODES: Final[Words] = {
    "voice": ("语音", "Voice"),
    "text": ("短信", "Text"),
    "operator": ("调查员", "Operator"),
    "centre": ("中心", "Centre"),
    "carrier": ("运营商", "Carrier"),
    "web": ("网页", "Web"),
}

HANDOVER_REASONS: Final[Words] = {
    "asked_for": ("要求人工", "asked for a person"),
    "not_understood": ("没听懂回答", "not understood"),
    "too_long": ("谈得过长", "went on too long"),
    "distress_violence": ("说到暴力", "violence"),
    "distress_self_harm": ("说到轻生自伤", "self-harm"),
    "distress_emergency": ("正有险情", "an emergency"),
    "back_check": ("回访核实一次访问", "ring to check an interview"),
    "recording": ("录音待听", "a recording to hear"),
    "wrote": ("发来短信", "sent a text"),
}
HANDOVER_STATES: Final[Words] = {
    "waiting": ("等待", "waiting"),
    "taken": ("已接手", "taken"),
    "resolved": ("已办完", "resolved"),
}

ATTEMPT_STATES: Final[Words] = {
    "dialing": ("正在呼出", "Dialling"),
    "unknown": ("待核对", "Unknown, being asked"),
    "accepted": ("已交运营商", "With the carrier"),
    "ringing": ("振铃中", "Ringing"),
    "answered": ("通话中", "Answered"),
    "ended": ("等待回复", "Waiting for a reply"),
}

OPERATOR_STATES: Final[Words] = {
    "wanted": ("上岗中", "Going on duty"),
    "calling": ("接线中", "Being rung up"),
    "unknown": ("待核对", "Unknown, being asked"),
    "ready": ("等待接入", "Waits for a call"),
    "in_call": ("通话中", "In a call"),
    "wrap_up": ("记录中", "Writing up"),
    "leaving": ("下岗中", "Going off duty"),
}
"""Where an operator stands who is connected to whoever answers."""

EFFECTS: Final[Words] = {
    "opened": ("接通", "Opened"),
    "answered": ("已记录", "Answer kept"),
    "asked_again": ("再问一次", "Asked again"),
    "acknowledged": ("礼貌回应", "Acknowledged"),
    "helped": ("已解释", "Explained"),
    "opted_out": ("不再联系", "Opted out"),
    "handover": ("转人工", "To a person"),
    "ended": ("结束", "Ended"),
    "too_late": ("回复过晚", "Too late"),
    "no_open_contact": ("进收件箱", "To the inbox"),
    "unknown_sender": ("未知号码", "Unknown sender"),
}

EFFECT_TONES: Final[Mapping[str, str]] = {
    "answered": "good",
    "asked_again": "warn",
    "helped": "info",
    "opted_out": "bad",
    "handover": "info",
    "too_late": "warn",
    "unknown_sender": "warn",
    "no_open_contact": "warn",
}

STATUSES: Final[Words] = {
    "waiting": ("未轮到", "Not its turn yet"),
    "open": ("进行中", "Open"),
    "complete": ("完成", "Complete"),
    "partial": ("半成品", "Partial"),
    "screened_out": ("不符条件", "Not eligible"),
    "refused": ("拒访", "Refused"),
    "broken_off": ("中断", "Broken off"),
    "wrong_person": ("非本人", "Not this person"),
    "handover": ("转人工", "To a person"),
    "unanswered": ("没有回答", "Nothing answered"),
}

SCOPES: Final[Words] = {
    "survey": ("不再参加调查", "No surveys"),
    "case_text": ("事项不发短信", "No texts about cases"),
    "case_call": ("事项不打电话", "No calls about cases"),
    "all": ("不再有任何联系", "No contact at all"),
    "text_channel": ("短信通道被拦", "Text channel lost"),
}


def words(table: Words, code: str) -> tuple[str, str]:
    """Chinese and English for a code."""
    return table.get(code, (code, code))


def term(table: Words, code: str) -> Markup:
    """The two-language span for a code."""
    return both(*words(table, code))
