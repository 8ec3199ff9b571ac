"""Reading: the dialogue that is under way at an operator's desk, whatever became of the screen."""

from dataclasses import dataclass
from typing import Any

from survey.dialogue.asked_back import About, AskedBack, asked_back
from survey.dialogue.asking import worded
from survey.dialogue.options import options_of
from survey.dialogue.state import State
from survey.dialogue.turn import Turn
from survey.ground import Ground
from survey.questionnaire.model import Questionnaire, missing_label
from survey.questionnaire.parts import Item
from survey.questionnaire.wording import Lang
from survey.store import desk, interviews
from survey.taking import current


@dataclass(frozen=True)
class Given:
    """An answer of the dialogue under way, as it may be read out: the question, and what was answered."""

    question_id: str
    prompt: str
    answer: str


@dataclass(frozen=True)
class Talk:
    """The dialogue under way. `step`: the number of the input that is expected next; `over`: none is; `answers`: the questions
    that can be answered anew; `asked_back`: what residents ask, and what they are told."""

    turn: Turn
    step: int
    over: bool
    lang: str
    answers: tuple[Given, ...]
    asked_back: tuple[AskedBack, ...] = ()


async def talk_of(ground: Ground, conn: Any, call_sid: str, contact_id: int, purpose: str) -> Talk | None:
    """The dialogue as the desk left it: a screen that was closed shows it again. None: it has not begun."""
    shown = await desk.shown(conn, call_sid)
    if shown is None:
        return None
    held = await interviews.of_contact(conn, contact_id)
    under_way = current(held)
    begun = under_way or next((one for one in reversed(held) if one.state is not None), None)
    answers: tuple[Given, ...] = ()
    lang: Lang = "zh"
    asked: tuple[AskedBack, ...] = ()
    if begun is not None and begun.state is not None:
        state = State.from_json(begun.state)
        answers = _given(await ground.instruments.get(conn, begun.questionnaire_id), state)
        lang = state.lang
        asked = asked_back(_about(purpose, state), lang, state.facts)
    return Talk(Turn.from_json(shown.reply), shown.step + 1, under_way is None, lang, answers, asked)


def _about(purpose: str, state: State) -> About:
    if purpose == "case":
        return "case"
    return "random" if state.facts.get("frame") == "random" else "list"


def _given(questionnaire: Questionnaire, state: State) -> tuple[Given, ...]:
    """What was answered in this dialogue, in the order of its questions."""
    items = [questionnaire.by_id[one] for one in state.order if one in state.answers]
    return tuple(
        Given(item.id, worded(questionnaire, state, item.prompt), _answer(questionnaire, state, item))
        for item in items
    )


def _answer(questionnaire: Questionnaire, state: State, item: Item) -> str:
    answer = state.answers[item.id]
    if answer.code is None:
        return answer.text or ""
    labels = {
        one.code: worded(questionnaire, state, one.label) for one in options_of(questionnaire, state, item)
    }
    return "、".join(labels.get(code) or missing_label(code, state.lang) for code in answer.code.split())
