"""Words that answer no question: never again, a person, help, thanks. words.yaml holds them."""

from survey.dialogue.meaning import (
    Acknowledged,
    AsksHelp,
    AsksPerson,
    Declined,
    Meaning,
    NotMe,
    Stop,
)
from survey.dialogue.normalise import bare, clauses, expression, normalised, whole, within, words


def reserved(body: str, *, open_question: bool, case: bool) -> Meaning | None:
    """The reserved meaning of a reply, or None. As the reply to an open question only a whole message is
    reserved: "别再发生偷盗" is an answer there."""
    plain = normalised(body)
    message = bare(plain)
    if not message:
        return AsksHelp() if "?" in plain else None
    return _stop(plain, message, open_question) or _other(plain, message, open_question, case)


def _stop(plain: str, message: str, open_question: bool) -> Stop | None:
    if message in whole("stop", "all"):
        return Stop(everything=True)
    if message in whole("stop", "whole"):
        return Stop(everything=False)
    if open_question or expression("stop", "not").search(plain):
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
    if _said("person", plain):
        return AsksPerson()
    return AsksHelp() if _said("help", plain) else None


def _said(kind: str, plain: str) -> bool:
    """Whether words of this kind stand in the text, and not as something that was told."""
    return bool(within(kind, "within").search(plain)) and not expression(kind, "not").search(plain)
