"""Scripts filled with facts and packed for the mode: sentences, one signed text, lines to read aloud."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Final

import yaml
from pydantic import TypeAdapter

from survey.dialogue.state import State
from survey.questionnaire.model import Line, Questionnaire
from survey.questionnaire.wording import say

_PLACE: Final = re.compile(r"\{(\w+)\}")


@cache
def phrases() -> Mapping[str, tuple[Line, ...]]:
    """What every interview can say; a questionnaire's own script of the same name comes first."""
    raw = yaml.safe_load((files("survey.dialogue") / "phrases.yaml").read_text("utf-8"))
    return TypeAdapter(dict[str, tuple[Line, ...]]).validate_python(raw)


def script(q: Questionnaire, state: State, name: str) -> tuple[str, ...]:
    """The sentences of a script that are true for this respondent; () for a script that nobody wrote."""
    lines = q.scripts.get(name) or phrases().get(name, ())
    spoken = (
        fill(say(line.say, state.lang, state.mode), state.facts)
        for line in lines
        if line.when is None or line.when.holds(state.answers, state.facts)
    )
    return tuple(sentence for sentence in spoken if sentence)


def fill(template: str, facts: Mapping[str, str]) -> str:
    """`{fact}` replaced by the fact, nothing by one that is not known."""
    return _PLACE.sub(lambda place: facts.get(place[1], ""), template) if "{" in template else template


def pack(state: State, sentences: Iterable[str]) -> tuple[str, ...]:
    """Voice and operator: the sentences. Text: one message, signed; () if there is nothing to send."""
    said = tuple(sentence for sentence in sentences if sentence)
    if state.mode != "text" or not said:
        return said
    signature = state.facts.get("signature", "")
    return ((f"【{signature}】" if signature else "") + joined(state, said),)


def joined(state: State, sentences: Sequence[str]) -> str:
    return ("" if state.lang == "zh" else " ").join(sentences)
