"""What keys pressed on a telephone mean."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from survey.dialogue import values
from survey.dialogue.meaning import AsksHelp, AsksPerson, Given, Meaning, Silence, Stop, Unclear
from survey.dialogue.options import codes_by_key, digits_for, options_of, takes_several
from survey.dialogue.state import State
from survey.questionnaire.answer import DK, NO_ANSWER, REFUSED, Answer
from survey.questionnaire.model import Questionnaire
from survey.questionnaire.parts import NUMERIC, Item

MISSING_KEYS: Final[Mapping[str, str]] = {"8": DK, "7": REFUSED}
RESERVED_KEYS: Final[Mapping[str, Meaning]] = {
    "9": Stop(everything=False),
    "0": AsksPerson(),
    "*": AsksHelp(),
}

SPECIAL: Final = frozenset({*MISSING_KEYS, *RESERVED_KEYS})


def plainly(q: Questionnaire, state: State, item: Item) -> Mapping[str, Given]:
    """What each key of a question means whose options are the same for everybody and of which any one may be given;
    empty for every other question. Most keys pressed in a day are one of these, so they are worked out once."""
    kept: Mapping[str, Given] | None = q.memo.get(("plainly", item.id))
    if kept is None:
        depends = item.choices_from is not None or item.choice_filter is not None
        plain = item.kind == "select_one" and item.constraint is None and not item.is_age and not depends
        codes = codes_by_key(q, state, item) if plain else {}
        kept = {key: Given({item.id: Answer(code)}) for key, code in codes.items() if len(key) == 1}
        q.memo["plainly", item.id] = kept
    return kept


def read(q: Questionnaire, state: State, item: Item, keys: str) -> Meaning:
    """An answer's own keys come before a reserved one; # only ends them. Where a number may be the answer, a star
    before a reserved key makes it reserved for certain: *9."""
    pressed = keys.strip()
    key = pressed.rstrip("#")
    if item.kind == "text":
        return _at_the_tone(item, key, pressed)
    if not key:
        return Silence() if not pressed else Unclear(keys)
    reserved = key[1:] if len(key) == 2 and key.startswith("*") else key
    answer = _answer(q, state, item, key) if reserved == key else None
    if answer is not None and (key not in SPECIAL or values.objection(q, state, item, answer) is None):
        return Given({item.id: answer})
    code = MISSING_KEYS.get(reserved)
    if code is not None and code in item.missing:
        return Given({item.id: Answer(code)})
    return RESERVED_KEYS.get(reserved) or Unclear(keys)


def _at_the_tone(item: Item, key: str, pressed: str) -> Meaning:
    """Where the answer is spoken: # or nothing at all is nothing to say."""
    if not key:
        return Given({item.id: Answer(NO_ANSWER)})
    reserved = key[1:] if len(key) == 2 and key.startswith("*") else key
    code = MISSING_KEYS.get(reserved)
    if code is not None and code in item.missing:
        return Given({item.id: Answer(code)})
    return RESERVED_KEYS.get(reserved) or Unclear(pressed)


def _answer(q: Questionnaire, state: State, item: Item, key: str) -> Answer | None:
    if item.kind in NUMERIC:
        return values.number(item, key.replace("*", "."))
    if item.kind == "date":
        return values.day(_day(key))
    if item.kind == "appointment":
        return values.moment(_moment(key, values.now_of(state)))
    codes = codes_by_key(q, state, item)
    if takes_several(state, item):
        options = options_of(q, state, item)
        if digits_for(item, options) == 1:
            return values.choice(item, options, state, {codes.get(one, "") for one in key})
    code = codes.get(key) or (codes.get(key.lstrip("0")) if len(key) > 1 else None)
    return Answer(code) if code is not None else None


def _day(key: str) -> date | None:
    """Eight keys: 20260309."""
    if len(key) != 8 or not key.isdecimal():
        return None
    try:
        return date(int(key[:4]), int(key[4:6]), int(key[6:]))
    except ValueError:
        return None


def _moment(key: str, now: datetime | None) -> datetime | None:
    """Eight keys, month, day, hour and minute (03091500): the next time that it is so."""
    if now is None or len(key) != 8 or not key.isdecimal():
        return None
    month, day, hour, minute = (int(key[place : place + 2]) for place in (0, 2, 4, 6))
    for year in (now.year, now.year + 1):
        try:
            found = datetime(year, month, day, hour, minute)  # noqa: DTZ001  # local time of the area
        except ValueError:
            continue
        if found > now:
            return found
    return None
