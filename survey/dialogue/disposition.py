"""The own, stable disposition code of a dialogue; AAPOR's numbers stand beside them in the field's data."""

from collections.abc import Mapping
from typing import Final

from survey.dialogue.endings import QUOTA_FULL
from survey.dialogue.state import State, Status
from survey.questionnaire.wording import Mode

_BY_STATUS: Final[Mapping[Status, str]] = {
    "complete": "complete",
    "partial": "partial",
    "screened_out": "ineligible",
    "wrong_person": "wrong_person",
    "handover": "handover_pending",
}
_BY_ENDING: Final[Mapping[str, str]] = {
    "stop": "opted_out",
    "declined": "refusal_soft",
    "declined_hard": "refusal_hard",
    "later": "appointment",
    "expired": "text_no_reply",
}


def disposition(state: State, mode: Mode) -> str | None:
    """One of complete, partial, refusal_hard, refusal_soft, break_off, ineligible, quota_full, appointment,
    wrong_person, unknown_eligibility, opted_out, text_no_reply, handover_pending, other; None while open."""
    if state.status == "open":
        return None
    if state.ended == QUOTA_FULL:
        return QUOTA_FULL
    if state.status in _BY_STATUS:
        return _BY_STATUS[state.status]
    if state.status == "broken_off":
        return "break_off" if state.answers or mode == "text" else "unknown_eligibility"
    return _BY_ENDING.get(state.ended or "", "other")
