"""Which lists of options a question may be read out with, and in which orders: all of them, where they can be counted."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations, product
from math import factorial, prod
from typing import Final, TypeAlias

from survey.dialogue.options import keys_of, read_order
from survey.dialogue.state import State
from survey.questionnaire.answer import Answer
from survey.questionnaire.known import Known
from survey.questionnaire.model import Questionnaire
from survey.questionnaire.parts import Item, Option

MOST_ORDERS: Final = 24
"""Ways to read out one question that are told apart: four options in every order, and hardly more than one records."""
NOT_BY_VALUE: Final = frozenset({"is-missing", "replied", "now", "today"})
"""Functions that look at more than the codes that were answered."""

NOTHING: Final[Mapping[str, tuple[str, ...]]] = {}

Options: TypeAlias = tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Readings:
    """(options of the question, each order in which they are read out). `varies`: there are more than can be told one
    by one, and `heard` is only an example."""

    heard: tuple[tuple[Options, tuple[Options, ...]], ...]
    varies: bool = False


def listener(*, flipped: bool = False, dealt: Mapping[str, tuple[str, ...]] = NOTHING) -> State:
    """Somebody on the telephone who hears options in this order, and of whom nothing else is known."""
    return State("voice", "zh", 0, {}, (), flipped, dealt)


def readings(q: Questionnaire, item: Item) -> Readings:
    """How the options of a closed question may be read out on the telephone."""
    whole = q.options(item.id)
    lists, listeners = _lists(q, item), _listeners(item, whole)
    if lists is None or listeners is None or len(lists) * len(listeners) > MOST_ORDERS:
        return Readings(((whole, (tuple(read_order(listener(), item, whole)),)),), varies=True)
    return Readings(
        tuple(
            (options, tuple(tuple(read_order(one, item, options)) for one in listeners)) for options in lists
        )
    )


def keys_read(item: Item, options: Sequence[Option]) -> Mapping[str, str]:
    """The key that is said for each code: two digits where one cannot tell the options apart."""
    wide = 2 if len(options) > 6 else 1
    return {code: key.zfill(wide) for code, key in keys_of(item, options).items()}


def _listeners(item: Item, options: Options) -> list[State] | None:
    """One listener for each order; None: too many."""
    if item.options_order == "fixed":
        directions = (False, True) if item.two_directions else (False,)
        return [listener(flipped=flipped) for flipped in directions]
    moving = [one.code for one in options if one.on_scale and one.code != "other"]
    staying = [one.code for one in options if not one.on_scale or one.code == "other"]
    if item.options_order == "random" and factorial(min(len(moving), 9)) > MOST_ORDERS:
        return None
    orders = permutations(moving) if item.options_order == "random" else _rounds(moving)
    return [listener(dealt={item.id: (*order, *staying)}) for order in orders]


def _rounds(codes: Sequence[str]) -> Iterator[Sequence[str]]:
    return ((*codes[start:], *codes[:start]) for start in range(max(1, len(codes))))


def _lists(q: Questionnaire, item: Item) -> list[Options] | None:
    """What a choice filter may leave, by every answer to the questions that it looks at; None: it looks at more than
    those, or there are too many."""
    whole = q.options(item.id)
    if item.choice_filter is None:
        return [whole]
    names = sorted(item.choice_filter.names)
    closed = all(name in q.by_id and q.by_id[name].kind == "select_one" for name in names)
    if not closed or item.choice_filter.functions & NOT_BY_VALUE:
        return None
    answers: list[tuple[str | None, ...]] = [
        (None, *(option.code for option in q.options(name))) for name in names
    ]
    if prod(map(len, answers)) > MOST_ORDERS:
        return None
    found = (_left(q, item, dict(zip(names, codes, strict=True))) for codes in product(*answers))
    return list({tuple(option.code for option in options): options for options in found}.values())


def _left(q: Questionnaire, item: Item, codes: Mapping[str, str | None]) -> Options:
    assert item.choice_filter is not None
    known = Known(q, {name: Answer(code) for name, code in codes.items() if code is not None}, {})
    return tuple(option for option in q.options(item.id) if item.choice_filter.holds(known.of(option)))
