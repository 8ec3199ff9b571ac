"""Our side of the dialogue bench: sessions played with `survey.dialogue`, as fast as it can."""

import time
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from survey.dialogue import Digits, State, start, step
from survey.questionnaire.loader import from_yaml
from survey.questionnaire.model import Questionnaire
from workers.bench.result import Measured, Way
from workers.bench.sessions import CHECKED, CODES, MEASURED, Given, Planned

DOCUMENT: Final = "six_questions.yaml"
KEYS: Final = {code: Digits(code) for code in CODES}


class WrongSession(RuntimeError):
    """A session did not go as planned, so its time means nothing."""


@cache
def six_questions() -> Questionnaire:
    """The questionnaire of this bench."""
    return from_yaml((files("workers.bench") / DOCUMENT).read_text("utf-8"), name=DOCUMENT)


def in_memory(q: Questionnaire, planned: Planned, seed: int) -> State:
    """One session on the telephone, the state kept as it is from step to step."""
    state, turn = start(q, mode="voice", lang="zh", seed=seed, facts={})
    while turn.expects is not None:
        state, turn = step(q, state, KEYS[planned[turn.expects.question_id]])
    return state


def through_json(q: Questionnaire, planned: Planned, seed: int) -> State:
    """One session as the service has it: between any two steps the state is a string."""
    state, turn = start(q, mode="voice", lang="zh", seed=seed, facts={})
    while turn.expects is not None:
        stored = state.to_json()
        state, turn = step(q, State.from_json(stored), KEYS[planned[turn.expects.question_id]])
    return state


WAYS: Final[Mapping[Way, Callable[[Questionnaire, Planned, int], State]]] = {
    "memory": in_memory,
    "json": through_json,
}


def check() -> list[Given]:
    """The checked sessions as they went. Raises WrongSession if a session through JSON goes differently."""
    played = []
    for seed, planned in enumerate(CHECKED):
        memory, json = (_given(play(six_questions(), planned, seed)) for play in WAYS.values())
        if memory != json:
            raise WrongSession(f"a session through JSON ended differently: {json}, not {memory}")
        played.append(memory)
    return played


def _given(state: State) -> Given:
    return [(question, answer.code or "") for question, answer in state.answers.items()]


def measure(way: Way, seconds: float) -> Measured:
    """Batches of sessions until `seconds` have passed. Raises WrongSession if one is not complete."""
    q, play = six_questions(), WAYS[way]
    answers = sessions = 0
    took = 0.0
    began = time.perf_counter()
    while took < seconds:
        for planned in MEASURED:
            state = play(q, planned, sessions)
            if state.status != "complete":
                raise WrongSession(f"session {sessions} of {DOCUMENT} ended as {state.status}")
            answers += len(state.answers)
            sessions += 1
        took = time.perf_counter() - began
    return Measured(answers, sessions, took)
