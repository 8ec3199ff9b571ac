"""From an input to its meaning: each mode reads what is its own, and takes what is not in the nearest way."""

from collections.abc import Sequence

from survey.dialogue import operator, text, voice
from survey.dialogue.inputs import Choice, Correct, Digits, Hangup, Input, Message, NoInput, Words
from survey.dialogue.meaning import Back, Gone, Meaning, Silence
from survey.dialogue.state import State
from survey.questionnaire.model import Item, Questionnaire


def read(q: Questionnaire, state: State, asked: Sequence[Item], given: Input) -> Meaning:
    """`asked`: the questions that wait for an answer, at least one."""
    match given:
        case Hangup():
            return Gone()
        case NoInput():
            return Silence()
        case Digits(keys) if state.mode == "voice":
            return voice.read(q, state, asked[0], keys)
        case Digits(keys):
            return text.read(q, state, asked, keys)
        case Message(body):
            return text.read(q, state, asked, body)
        case Choice(code):
            return operator.read_choice(q, state, asked[0], code)
        case Words(typed):
            return operator.read_words(q, state, asked, typed)
        case Correct(question_id):
            return Back(question_id)
