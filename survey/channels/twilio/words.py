"""Twilio's words and error codes -> ours. One literal map each; what is not in it is for the parking lot, never guessed.

Sources: Twilio's call and message status enums and its error and SIP response code pages (statistics.md §1.3).
"""

from survey.channels.base import CallWord, TextWord
from survey.field.who_answered import Detected

CALL_WORDS: dict[str, CallWord] = {
    "queued": "queued",
    "initiated": "queued",
    "ringing": "ringing",
    "in-progress": "in_progress",
    "answered": "in_progress",
    "completed": "answered",
    "busy": "busy",
    "no-answer": "no_answer",
    "canceled": "cancelled",
    "failed": "failed",
}

SIP_WORDS: dict[int, CallWord] = {
    403: "blocked",
    404: "unassigned",
    408: "no_answer",
    410: "unassigned",
    480: "off",
    484: "unassigned",
    486: "busy",
    487: "no_answer",
    600: "busy",
    603: "rejected",
    604: "unassigned",
    607: "blocked",
    608: "blocked",
    503: "failed",
}

CALL_ERRORS: dict[int, CallWord] = {
    13223: "unassigned",
    13224: "unassigned",
    21211: "unassigned",
    21217: "unassigned",
}

TEXT_WORDS: dict[str, TextWord] = {
    "accepted": "queued",
    "scheduled": "queued",
    "queued": "queued",
    "sending": "queued",
    "sent": "sent",
    "partially_delivered": "sent",  # it is out, and no receipt says that all of it arrived
    "delivered": "delivered",
    "read": "delivered",
    "undelivered": "unreachable",
    "failed": "failed",
    "canceled": "cancelled",
}

TEXT_ERRORS: dict[int, TextWord] = {
    21211: "unassigned",
    21610: "opted_out",
    21612: "refused_by_carrier",
    21614: "landline",
    21635: "landline",
    30003: "unreachable",
    30004: "blocked",
    30005: "unassigned",
    30006: "landline",
    30007: "filtered",
    30008: "failed",
    30036: "expired",
}


ANSWERED_BY: dict[str, Detected] = {
    "human": "human",
    "machine_start": "machine",
    "machine_end_beep": "machine",
    "machine_end_silence": "machine",
    "machine_end_other": "machine",
    "fax": "fax",
    "unknown": "unknown",
}


def call_word(status: str, sip: int | None, error_code: int | None) -> CallWord | None:
    """Our word for a call's status; a failed call is told apart by its SIP response or error code. None: nothing maps it."""
    word = CALL_WORDS.get(status)
    if word == "failed":
        return SIP_WORDS.get(sip or 0) or CALL_ERRORS.get(error_code or 0) or "failed"
    return word


def text_word(status: str, error_code: int | None) -> TextWord | None:
    """Our word for a text's status; a failure is told apart by its error code. None: nothing maps it."""
    word = TEXT_WORDS.get(status)
    if word in ("unreachable", "failed"):
        return TEXT_ERRORS.get(error_code or 0, word)
    return word
