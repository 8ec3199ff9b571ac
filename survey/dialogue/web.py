"""What a page that was sent means: field by field, each held against its question."""

import re
from collections.abc import Sequence
from datetime import date, datetime

from survey.dialogue import text, values
from survey.dialogue.alarm import alarm, says_minor
from survey.dialogue.inputs import Form
from survey.dialogue.meaning import Distress, Filled, Given, Meaning, Minor, Stop
from survey.dialogue.normalise import normalised, storable
from survey.dialogue.operator import BUTTONS
from survey.dialogue.options import options_of
from survey.dialogue.route import is_asked, known_of
from survey.dialogue.speech import script
from survey.dialogue.state import State
from survey.questionnaire.answer import NO_ANSWER, Answer
from survey.questionnaire.model import Questionnaire
from survey.questionnaire.parts import Item

BUTTON = "_button"
"""The field that a button of the page sends: person, stop, later, again, declined."""


def read(q: Questionnaire, state: State, asked: Sequence[Item], form: Form) -> Meaning:
    """Fields of questions that this page does not ask are left aside. An empty field is "no answer" where the question
    may be passed over."""
    if (button := BUTTONS.get(form.values.get(BUTTON, ""))) is not None:
        return Stop(everything=False) if isinstance(button, Stop) else button
    answers: dict[str, Answer] = {}
    faults: dict[str, str] = {}
    for item in asked:
        now = state._replace(answers={**state.answers, **answers})
        if not item.asks or not is_asked(q, known_of(q, now), item):
            continue
        written = form.values.get(item.id, "").strip()
        if (danger := _danger(item, written, answers)) is not None:
            return danger
        read_as = _field(q, now, item, written)
        if isinstance(read_as, Answer):
            answers[item.id] = read_as
        else:
            faults[item.id] = read_as
    return Filled(answers, faults)


def _danger(item: Item, written: str, answers: dict[str, Answer]) -> Meaning | None:
    """Words of danger, or of a child, in an open field."""
    if item.kind != "text" or not written:
        return None
    plain = normalised(written)
    if (kind := alarm(plain)) is not None:
        words = storable(written)
        return Distress(kind, words, {**answers, item.id: Answer(None, words)})
    return Minor() if says_minor(plain) else None


def _field(q: Questionnaire, state: State, item: Item, written: str) -> Answer | str:
    """The answer, or the sentence that says why it is none."""
    if written in ("", NO_ANSWER):
        needed = item.required or item.essential
        return "".join(script(q, state, "web_required")) if needed else Answer(NO_ANSWER)
    answer = _value(q, state, item, written)
    if answer is None:
        return "".join(script(q, state, f"web_wrong_{item.kind}") or script(q, state, "web_wrong"))
    why = values.objection(q, state, item, answer)
    return answer if why is None else why or "".join(script(q, state, "web_wrong"))


def _value(q: Questionnaire, state: State, item: Item, written: str) -> Answer | None:
    if (missing := values.missing(item, written)) is not None:
        return missing
    options = options_of(q, state, item)
    if options:
        return values.choice(item, options, state, set(written.split()))
    if item.kind == "date" and re.fullmatch(r"\d{4}-\d\d-\d\d", written):
        return _parsed_day(written)
    if item.kind == "appointment" and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d", written):
        return _parsed_moment(written, values.now_of(state))
    if item.kind == "text":
        words = storable(written)
        return Answer(None, words) if words else None
    meaning = text.read(q, state, (item,), written)
    return meaning.answers[item.id] if isinstance(meaning, Given) else None


def _parsed_day(written: str) -> Answer | None:
    try:
        return values.day(date.fromisoformat(written))
    except ValueError:
        return None


def _parsed_moment(written: str, now: datetime | None) -> Answer | None:
    """One that is still to come."""
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return None
    return values.moment(moment) if now is None or moment > now else None
