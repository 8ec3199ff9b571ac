"""What the operator's screen sends: codes, buttons, typed words, a step back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from survey.dialogue import text
from survey.dialogue.asking import options_of
from survey.dialogue.meaning import (
    AsksHelp,
    AsksPerson,
    Declined,
    Given,
    Later,
    Meaning,
    Stop,
    Unclear,
)
from survey.dialogue.state import State
from survey.questionnaire.answer import MISSING, NO_ANSWER, Answer
from survey.questionnaire.model import Item, Option, Questionnaire

BUTTONS: Final[Mapping[str, Meaning]] = {
    "again": AsksHelp(),
    "person": AsksPerson(),
    "stop": Stop(everything=True),
    "declined": Declined(),
    "declined_hard": Declined(hard=True),
    "later": Later(),
}


def read_choice(q: Questionnaire, state: State, item: Item, chosen: str) -> Meaning:
    """A code of the question; several codes, parted by spaces or commas, where several may be given."""
    codes = set(chosen.replace(",", " ").split())
    if len(codes) == 1 and codes & MISSING:
        code = codes.pop()
        allowed = code in item.missing or code == NO_ANSWER
        return Given({item.id: Answer(code)}) if allowed else Unclear(chosen)
    options = options_of(q, item, state.facts)
    known = [option.code for option in options]
    if codes and codes <= set(known) and (len(codes) == 1 or _may_join(item, options, codes)):
        return Given({item.id: Answer(" ".join(code for code in known if code in codes))})
    return BUTTONS.get(chosen) or Unclear(chosen)


def _may_join(item: Item, options: Sequence[Option], codes: set[str]) -> bool:
    alone = {option.code for option in options if option.excludes_others}
    return item.kind == "select_multiple" and not codes & alone


def read_words(q: Questionnaire, state: State, asked: Sequence[Item], typed: str) -> Meaning:
    """As a written message, but "never again" said to a person reaches everything."""
    meaning = text.read(q, state, asked, typed)
    return replace(meaning, everything=True) if isinstance(meaning, Stop) else meaning
