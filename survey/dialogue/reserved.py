"""Words that answer no question: never again, a person, help, thanks. words.yaml holds them."""

import re

from survey.dialogue.meaning import (
    Acknowledged,
    AsksHelp,
    AsksPerson,
    Declined,
    Meaning,
    NotMe,
    Stop,
)
from survey.dialogue.normalise import bare, clauses, normalised, whole, within, words


def reserved(body: str, *, open_question: bool, case: bool) -> Meaning | None:
    """The reserved meaning of a reply, or None. As the reply to an open question only a whole message is
    reserved: "别再发生偷盗" is an answer there."""
    plain = normalised(body)
    message = bare(plain)
    if not message:
        return AsksHelp() if re.search(r"[??]", plain) else None
    return _stop(plain, message, open_question) or _other(plain, message, open_question, case)


def _stop(plain: str, message: str, open_question: bool) -> Stop | None:
    if message in whole("stop", "all"):
        return Stop(everything=True)
    if message in whole("stop", "whole"):
        return Stop(everything=False)
    if open_question or re.search(words()["stop"]["not"], plain):
        return None
    if within("stop", "all_within").search(plain):
        return Stop(everything=True)
    token = any(piece in words()["stop"]["token"] for clause in clauses(plain) for piece in clause.split())
    return Stop(everything=False) if token or within("stop", "within").search(plain) else None


def _other(plain: str, message: str, open_question: bool, case: bool) -> Meaning | None:
    if message in whole("person", "whole"):
        return AsksPerson()
    if case and message in whole("not_me"):
        return NotMe()
    if message in whole("help", "whole"):
        return AsksHelp()
    if message in whole("declined"):
        return Declined()
    if message in whole("acknowledgement"):
        return Acknowledged()
    if open_question:
        return None
    if within("person", "within").search(plain):
        return AsksPerson()
    return AsksHelp() if within("help", "within").search(plain) else None
