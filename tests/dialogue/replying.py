"""Somebody who answers as a question wants it, in whichever mode: keys, words, codes or a page for the same answers."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from coming_in import Move
from talks import FACTS

from survey.dialogue import (
    Choice,
    Digits,
    Expect,
    Form,
    Input,
    Message,
    Recorded,
    State,
    Turn,
    Words,
    start,
    step,
)
from survey.dialogue.route import known_of
from survey.questionnaire import Item, Mode, Questionnaire
from survey.questionnaire.wording import MODES

KNOWN = {**FACTS, "now": "2026-03-09T10:00", "townships": "991721100=城关镇;991721101=石寨镇"}


def opened(
    q: Questionnaire, mode: Mode, seed: int, begun: State | None = None, *, same_contact: bool = False
) -> tuple[State, Turn]:
    return start(q, mode=mode, lang="zh", seed=seed, facts=KNOWN, begun=begun, same_contact=same_contact)


def wanted(q: Questionnaire, item: Item, options: Sequence[str], index: int) -> str:
    """The answer to a question that is number `index` of those that it can have: its code, or its words."""
    if item.kind == "select_multiple" and len(item.several_in) == len(MODES):
        alone = {option.code for option in q.options(item.id) if option.excludes_others}
        several = [code for code in options if code not in alone]
        chosen = [code for place, code in enumerate(several) if index >> place & 1]
        return " ".join(chosen) or options[0]
    if options:
        return options[index % len(options)]
    if item.kind in ("integer", "decimal"):
        low, high = _bounds(item)
        return str(low + index % (high - low + 1))
    if item.kind == "date":
        return date(2026, 1 + index % 12, 1 + index % 28).isoformat()
    if item.kind == "appointment":
        return datetime(2026, 4, 1 + index % 28, 9 + index % 9, 15).isoformat("T", "minutes")  # noqa: DTZ001
    return f"这里有{index}处路灯坏了"


def _bounds(item: Item) -> tuple[int, int]:
    limits = re.findall(r"\d+", item.constraint.source) if item.constraint is not None else ["1", "200"]
    low, high = (int(limit) for limit in limits)
    return (max(low, 18), max(high, 18)) if item.is_age else (low, high)


def codes(q: Questionnaire, state: State, item: Item) -> list[str]:
    """The codes that this respondent can choose from, in the order of the document."""
    if item.choices_from is not None:
        return ["991721100", "991721101"]
    known = known_of(q, state)
    return [
        option.code
        for option in q.options(item.id)
        if item.choice_filter is None or item.choice_filter.holds(known.of(option))
    ]


def reply(q: Questionnaire, state: State, turn: Turn, index: Mapping[str, int]) -> Input:
    """What somebody sends who means these answers, in the mode of the interview, as the turn tells them to."""
    assert turn.expects is not None
    items = [q.by_id[question_id] for question_id in turn.expects.question_ids]
    meant = {item.id: wanted(q, item, codes(q, state, item), index[item.id]) for item in items}
    if state.mode == "web":
        return Form(meant)
    if len(items) > 1:
        return Message("".join(_key(q, item, meant[item.id]) for item in items))
    return _single(state.mode, items[0], turn.expects, meant[items[0].id])


def _key(q: Questionnaire, item: Item, code: str) -> str:
    own = [option.code for option in q.options(item.id)]
    return code if set(own) <= set("123456") else str(own.index(code) + 1)


def _single(mode: Mode, item: Item, expects: Expect, meant: str) -> Input:
    keys = {option.code: option.key for option in expects.options}
    if item.kind == "text":
        words: dict[Mode, Input] = {"voice": Recorded("RE1", 5, meant, "#"), "text": Message(meant)}
        return words.get(mode, Words(meant))
    if mode == "operator":
        return Choice(meant)
    if mode == "text":
        return Message(",".join(keys.get(code, code) for code in meant.split()))
    pressed = "".join(keys.get(code, code) for code in meant.split())
    if item.kind == "date":
        pressed = meant.replace("-", "")
    if item.kind == "appointment":
        pressed = re.sub(r"\D", "", meant)[4:]
    wide = expects.num_digits
    return Digits(pressed.zfill(wide) if wide else f"{pressed}#")


def taken(q: Questionnaire, state: State, turn: Turn, move: Move) -> Input:
    if not isinstance(move, int):
        return move
    return reply(q, state, turn, dict.fromkeys(q.by_id, move)) if turn.expects is not None else Message("1")


def held(q: Questionnaire, mode: Mode, seed: int, index: Mapping[str, int]) -> State:
    """The interview of somebody who answers all that they are asked. Each reply is understood at once."""
    state, turn = opened(q, mode, seed)
    while turn.expects is not None:
        given_ = reply(q, state, turn, index)
        state, turn = step(q, state, given_)
        assert turn.reaction == "answered", (mode, given_)
    return state


def answered(state: State) -> Mapping[str, tuple[str | None, str | None]]:
    return {question_id: (one.code, one.text) for question_id, one in state.answers.items()}
