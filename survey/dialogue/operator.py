"""What the operator's screen sends: codes, buttons, typed words, a step back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from survey.dialogue import text, values
from survey.dialogue.meaning import (
    AsksHelp,
    AsksPerson,
    Declined,
    Given,
    Later,
    Meaning,
    Minor,
    Stop,
    Unclear,
)
from survey.dialogue.options import options_of
from survey.dialogue.state import State
from survey.questionnaire.answer import MISSING
from survey.questionnaire.model import Questionnaire
from survey.questionnaire.parts import NUMERIC, Item

BUTTONS: Final[Mapping[str, Meaning]] = {
    "again": AsksHelp(),
    "person": AsksPerson(),
    "stop": Stop(everything=True),
    "declined": Declined(),
    "declined_hard": Declined(hard=True),
    "later": Later(),
    "minor": Minor(),
}


def read_choice(q: Questionnaire, state: State, item: Item, chosen: str) -> Meaning:
    """A code of the question; several codes, parted by spaces or commas, where several may be given; the spelling of
    a number or date."""
    codes = set(chosen.replace(",", " ").split())
    if len(codes) == 1 and codes & MISSING:
        answer = values.missing(item, codes.pop())
        return Unclear(chosen) if answer is None else Given({item.id: answer})
    answer = values.choice(item, options_of(q, state, item), state, codes)
    if answer is not None:
        return Given({item.id: answer})
    if item.kind in (*NUMERIC, "date", "appointment") and chosen not in BUTTONS:
        return text.read(q, state, (item,), chosen)
    return BUTTONS.get(chosen) or Unclear(chosen)


def read_words(q: Questionnaire, state: State, asked: Sequence[Item], typed: str) -> Meaning:
    """As a written message, but "never again" said to a person reaches everything."""
    meaning = text.read(q, state, asked, typed)
    return replace(meaning, everything=True) if isinstance(meaning, Stop) else meaning
