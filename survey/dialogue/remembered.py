"""A dialogue as it is stored, moved on by one input.

A step is a function, and what many residents have said until now is the same: after a wave of texts most replies come from the
same few places. So the latest moves are remembered. The seed is left out of what they are known by, because a step does not look
at it: what it has drawn stands in the state.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import Final, NamedTuple

from survey.dialogue.engine import step
from survey.dialogue.inputs import Digits, Input, Message
from survey.dialogue.state import State
from survey.dialogue.turn import Turn
from survey.questionnaire.model import Questionnaire

KEPT: Final = 2048
"""Moves of one questionnaire; each holds a state and a turn, some 4 kB."""
SHORT: Final = 12
"""Characters of a reply that somebody else may well give too; longer ones are words of somebody's own, and not kept."""
_SEED: Final = '"seed":'


class Stepped(NamedTuple):
    """Where an input has led, what that shows, and the state as it is stored."""

    state: State
    turn: Turn
    stored: str


def step_stored(q: Questionnaire, stored: str, given: Input, facts: Mapping[str, str]) -> Stepped:
    """`step` from a state that `State.to_json` has made."""
    if not _may_be_said_again(given):
        state, turn = step(q, State.from_json(stored), given, facts=facts)
        return Stepped(state, turn, state.to_json())
    before, _, rest = stored.partition(_SEED)
    seed, _, after = rest.partition(",")
    state, turn, head, tail = _remembering(q)(before, after, given, tuple(facts.items()))
    return Stepped(state._replace(seed=int(seed)), turn, f"{head}{_SEED}{seed},{tail}")


def _may_be_said_again(given: Input) -> bool:
    return isinstance(given, Digits) or (isinstance(given, Message) and len(given.body) <= SHORT)


_Move = Callable[[str, str, Input, tuple[tuple[str, str], ...]], tuple[State, Turn, str, str]]


def _remembering(q: Questionnaire) -> _Move:
    kept: _Move | None = q.memo.get("moves")
    if kept is None:
        kept = q.memo["moves"] = lru_cache(maxsize=KEPT)(partial(_move, q))
    return kept


def _move(
    q: Questionnaire, before: str, after: str, given: Input, facts: tuple[tuple[str, str], ...]
) -> tuple[State, Turn, str, str]:
    state, turn = step(q, State.from_json(f"{before}{_SEED}0,{after}"), given, facts=dict(facts))
    head, _, rest = state.to_json().partition(_SEED)
    return state, turn, head, rest.partition(",")[2]
