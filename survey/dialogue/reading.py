"""From an input to its meaning: each mode reads what is its own, and takes what is not in the nearest way."""

from collections.abc import Sequence

from survey.dialogue import operator, text, values, voice, web
from survey.dialogue.alarm import alarm, says_minor, year_minor
from survey.dialogue.inputs import (
    Choice,
    Correct,
    Digits,
    Form,
    Hangup,
    Message,
    Never,
    NoInput,
    Recorded,
    Said,
    Speech,
    Words,
)
from survey.dialogue.meaning import (
    Back,
    Distress,
    Filled,
    Given,
    Gone,
    Meaning,
    Minor,
    Silence,
    Stop,
    Unclear,
)
from survey.dialogue.normalise import normalised, storable, words
from survey.dialogue.state import State
from survey.questionnaire.answer import Answer
from survey.questionnaire.model import Questionnaire
from survey.questionnaire.parts import Item


def read(q: Questionnaire, state: State, asked: Sequence[Item], given: Said) -> Meaning:
    """`asked`: the questions that wait for an answer, at least one. What a question's own constraint does not take is
    no answer, and the age of a child ends everything."""
    if isinstance(given, Digits) and state.mode == "voice":
        plain = voice.plainly(q, state, asked[0]).get(given.keys)
        if plain is not None:
            return plain
    meaning = _read(q, state, asked, given)
    if not isinstance(meaning, Given | Filled):
        return meaning
    if any(_of_a_child(q.by_id[question_id], answer) for question_id, answer in meaning.answers.items()):
        return Minor()
    if isinstance(meaning, Filled):  # a page holds each field against its constraint itself
        return meaning
    for question_id, answer in meaning.answers.items():
        why = values.objection(q, state, q.by_id[question_id], answer)
        if why is not None:
            return Unclear(answer.code or answer.text or "", why)
    return meaning


def _of_a_child(item: Item, answer: Answer) -> bool:
    if not item.is_age or answer.code is None:
        return False
    years = answer.code.partition(".")[0]
    return years.isdecimal() and year_minor(int(years))


def _read(q: Questionnaire, state: State, asked: Sequence[Item], given: Said) -> Meaning:
    match given:
        case Hangup():
            return Gone()
        case NoInput():
            return Silence()
        case Never():
            return Stop(everything=state.mode == "operator")
        case Digits(keys) if state.mode == "voice":
            return voice.read(q, state, asked[0], keys)
        case Digits(keys):
            return text.read(q, state, asked, keys)
        case Speech(heard, confidence):
            unsure = confidence < words()["speech"]["confidence"]
            return Unclear(heard) if unsure else text.read(q, state, asked, heard)
        case Recorded(recording, _, written):
            return _recorded(q, state, asked, recording, written)
        case Message(body):
            return text.read(q, state, asked, body)
        case Form():
            return web.read(q, state, asked, given)
        case Choice(code):
            return operator.read_choice(q, state, asked[0], code)
        case Words(typed):
            return operator.read_words(q, state, asked, typed)
        case Correct(question_id):
            return Back(question_id)


def _recorded(
    q: Questionnaire, state: State, asked: Sequence[Item], recording: str, written: str | None
) -> Meaning:
    """A recording answers an open question, also before anybody has written it down. On any other question only its
    words can mean something."""
    item = asked[0]
    if item.kind != "text":
        return text.read(q, state, asked, written) if written else Unclear(f"({recording})")
    said = storable(written) if written else None
    if said and (danger := alarm(normalised(said))) is not None:
        return Distress(danger, said, {item.id: Answer(None, said, recording)})
    if said and says_minor(normalised(said)):
        return Minor()
    return Given({item.id: Answer(None, said or None, recording)})
