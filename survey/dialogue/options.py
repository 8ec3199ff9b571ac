"""The options of a question for one respondent: which there are, by which keys, and in which order they are read out."""

from collections.abc import Mapping, Sequence
from typing import Final

from survey.dialogue.route import known_of
from survey.dialogue.state import State
from survey.questionnaire.model import Questionnaire
from survey.questionnaire.parts import Item, Option

OWN_KEYS: Final = frozenset("123456")
"""Codes that are keys themselves: 7, 8, 9, 0 and * are reserved on every telephone (settled.md §2)."""
SINGLE: Final = 6
"""Options that one key can tell apart."""


def options_of(q: Questionnaire, state: State, item: Item) -> tuple[Option, ...]:
    """The options of a question for this respondent, in the order of the document."""
    if item.choices_from is not None:
        return q.options_told(item.id, state.facts)
    options = q.options(item.id)
    if item.choice_filter is None:
        return options
    known = known_of(q, state)
    return tuple(option for option in options if item.choice_filter.holds(known.of(option)))


def keys_of(item: Item, options: Sequence[Option]) -> Mapping[str, str]:
    """From a code to the key that stands for it: the code itself where all are keys (and on a scale), else the place
    in the list."""
    if item.kind == "scale" or all(option.code in OWN_KEYS for option in options):
        return {option.code: option.code for option in options}
    return {option.code: str(place) for place, option in enumerate(options, 1)}


def codes_by_key(q: Questionnaire, state: State, item: Item) -> Mapping[str, str]:
    """The code that each key stands for; worked out once where the options are the same for everybody."""
    if item.choices_from is not None or item.choice_filter is not None:
        return _by_key(item, options_of(q, state, item))
    kept: Mapping[str, str] | None = q.memo.get(("keys", item.id))
    if kept is None:
        kept = q.memo["keys", item.id] = _by_key(item, q.options(item.id))
    return kept


def _by_key(item: Item, options: Sequence[Option]) -> Mapping[str, str]:
    return {key: code for code, key in keys_of(item, options).items()}


def digits_for(item: Item, options: Sequence[Option]) -> int:
    """How many keys a telephone waits for; 0: as many as come, ended by #."""
    if item.kind == "scale":
        assert item.range is not None
        return 1 if item.range.low >= 1 and item.range.high <= SINGLE else 0
    return 1 if len(options) <= SINGLE else 2


def read_order(state: State, item: Item, options: Sequence[Option]) -> list[Option]:
    """Half of the respondents hear a scale from its other end; what stands outside the scale stays last. Options
    with an order of their own come in it."""
    if item.id in state.dealt:
        place = {code: n for n, code in enumerate(state.dealt[item.id])}
        return sorted(options, key=lambda option: place.get(option.code, len(place)))
    scale = [option for option in options if option.on_scale]
    if state.flipped and item.two_directions:
        scale.reverse()
    return [*scale, *(option for option in options if not option.on_scale)]


def takes_several(state: State, item: Item) -> bool:
    return item.kind == "select_multiple" and state.mode in item.several_in


def may_stand_together(options: Sequence[Option], codes: set[str]) -> bool:
    """ "None of these" excludes all others."""
    alone = {option.code for option in options if option.excludes_others}
    return len(codes) == 1 or not codes & alone
