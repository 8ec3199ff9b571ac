"""From a value as a mode delivers it to an answer: one spelling for each number, date and choice, whatever it came from."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Final

from survey.dialogue.options import may_stand_together, takes_several
from survey.dialogue.route import known_of
from survey.dialogue.speech import fill
from survey.dialogue.state import State
from survey.questionnaire.answer import MISSING, NO_ANSWER, Answer
from survey.questionnaire.model import Questionnaire
from survey.questionnaire.parts import Item, Option
from survey.questionnaire.wording import say

LONGEST_NUMBER: Final = 15
"""Digits; what is longer is a telephone or card number, and no answer."""


def choice(item: Item, options: Sequence[Option], state: State, codes: set[str]) -> Answer | None:
    """One code, or several where this mode takes them; in the order of the document. None: not these together."""
    known = [option.code for option in options]
    if not codes or not codes <= set(known) or not may_stand_together(options, codes):
        return None
    if len(codes) > 1 and not takes_several(state, item):
        return None
    return Answer(" ".join(code for code in known if code in codes))


def number(item: Item, written: str) -> Answer | None:
    """ "007", "7.0" and "7" are one number. None: no number, or not a whole one where one is wanted."""
    if len(written) > LONGEST_NUMBER or not re.fullmatch(r"-?\d+(\.\d+)?", written):
        return None
    try:
        value = Decimal(written)
    except InvalidOperation:
        return None
    if item.kind == "integer" and value != value.to_integral_value():
        return None
    plain = f"{value:f}"
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return Answer("0" if plain == "-0" else plain)


def day(value: date | None) -> Answer | None:
    return None if value is None else Answer(value.isoformat())


def moment(value: datetime | None) -> Answer | None:
    return None if value is None else Answer(value.isoformat("T", "minutes"))


def now_of(state: State) -> datetime | None:
    """The local time that was handed in, without its zone."""
    written = state.facts.get("now", "")
    try:
        return datetime.fromisoformat(written).replace(tzinfo=None) if written else None
    except ValueError:
        return None


def missing(item: Item, code: str) -> Answer | None:
    """A missing code that this question takes; that nothing was answered can be said of every question."""
    return Answer(code) if code in item.missing or code == NO_ANSWER else None


def is_missing(code: str) -> bool:
    return code in MISSING


def objection(q: Questionnaire, state: State, item: Item, answer: Answer) -> str | None:
    """Why the question's own constraint does not take this answer, in its words ("" if it has none); None: it does."""
    if item.constraint is None or not answer.valid:
        return None
    own = answer.code if answer.code is not None else answer.text or ""
    known = known_of(q, state)
    if item.constraint.holds(known, own):
        return None
    return fill(say(item.constraint_message, state.lang, state.mode), known, state.mode)
