"""What a key pressed on a telephone means."""

from collections.abc import Mapping
from typing import Final

from survey.dialogue.asking import options_of
from survey.dialogue.meaning import AsksHelp, AsksPerson, Given, Meaning, Silence, Stop, Unclear
from survey.dialogue.state import State
from survey.questionnaire.answer import DK, REFUSED, Answer
from survey.questionnaire.model import Item, Questionnaire

MISSING_KEYS: Final[Mapping[str, str]] = {"8": DK, "7": REFUSED}
RESERVED_KEYS: Final[Mapping[str, Meaning]] = {
    "9": Stop(everything=False),
    "0": AsksPerson(),
    "*": AsksHelp(),
}


def read(q: Questionnaire, state: State, item: Item, keys: str) -> Meaning:
    """An option's own key comes before a reserved one; # only ends a number."""
    key = keys.strip().rstrip("#")
    if not key:
        return Silence() if not keys.strip() else Unclear(keys)
    if item.kind != "text" and any(key == option.code for option in options_of(q, item, state.facts)):
        return Given({item.id: Answer(key)})
    missing = MISSING_KEYS.get(key)
    if missing is not None and missing in item.missing:
        return Given({item.id: Answer(missing)})
    return RESERVED_KEYS.get(key) or Unclear(keys)
