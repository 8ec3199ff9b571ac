"""Scripts filled with what is known and packed for the mode: sentences, one signed text, lines to read aloud."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import TypeGuard

import yaml
from pydantic import TypeAdapter

from survey.dialogue.route import known_of
from survey.dialogue.state import State
from survey.questionnaire.known import Known
from survey.questionnaire.model import Questionnaire
from survey.questionnaire.parts import Line
from survey.questionnaire.wording import PLACE, Mode, pipes, say


@cache
def phrases() -> Mapping[str, tuple[Line, ...]]:
    """What every interview can say; a questionnaire's own script of the same name comes first."""
    raw = yaml.safe_load((files("survey.dialogue") / "phrases.yaml").read_text("utf-8"))
    return TypeAdapter(dict[str, tuple[Line, ...]]).validate_python(raw)


def script(q: Questionnaire, state: State, name: str, **more: str) -> tuple[str, ...]:
    """The sentences of a script that are true for this respondent; () for a script that nobody wrote. `more` is known
    to this script alone. What is the same for everybody is composed once."""
    if not more:
        kept: tuple[str, ...] | None = q.memo.get(("script", name, state.lang, state.mode))
        if kept is not None:
            return kept
    known = Known(q, state.answers, {**state.facts, **more}, state.lang) if more else known_of(q, state)
    lines = q.scripts.get(name) or phrases().get(name, ())
    spoken = (
        fill(say(line.say, state.lang, state.mode), known, state.mode)
        for line in lines
        if line.when is None or line.when.holds(known)
    )
    said = tuple(sentence for sentence in spoken if sentence)
    if not more and not any(line.when is not None or pipes(line.say) for line in lines):
        q.memo["script", name, state.lang, state.mode] = said
    return said


def fill(template: str, known: Known, mode: Mode) -> str:
    """`${name}` replaced by what is known under the name, by nothing where nothing is."""
    return PLACE.sub(lambda place: known.piped(place[1], mode), template) if "${" in template else template


def pack(state: State, sentences: Iterable[str]) -> tuple[str, ...]:
    """Voice, page and operator: the sentences. Text: one message, signed; () if there is nothing to send."""
    said = sentences if _is_whole(sentences) else tuple(sentence for sentence in sentences if sentence)
    if state.mode != "text" or not said:
        return said
    signature = state.facts.get("signature", "")
    return ((f"【{signature}】" if signature else "") + joined(state, said),)


def _is_whole(sentences: Iterable[str]) -> TypeGuard[tuple[str, ...]]:
    return isinstance(sentences, tuple) and all(sentences)


def joined(state: State, sentences: Sequence[str]) -> str:
    return ("" if state.lang.startswith("zh") else " ").join(sentences)
