"""An interview goes on in another mode where it stopped, and nothing is asked twice: from a text thread to its form, and back."""

from typing import Any, Final

from survey.dialogue.engine import start, step
from survey.dialogue.inputs import Message
from survey.dialogue.moves import waiting_for
from survey.dialogue.speech import pack, script
from survey.dialogue.state import State
from survey.dialogue.turn import Turn
from survey.ground import Ground
from survey.opening_facts import opening_facts
from survey.questionnaire.model import Questionnaire
from survey.questionnaire.wording import Mode
from survey.store import form_links, interviews
from survey.store.interviews import Interview

MEANT_FOR_A_QUESTION: Final = frozenset({"answered", "asked_again", "acknowledged"})
"""Reactions to words that speak of nothing but the question; "never again", a person, danger stand for themselves."""


async def in_mode(ground: Ground, conn: Any, interview: Interview, mode: Mode) -> tuple[Interview, Turn]:
    """The interview as it goes on in this mode, and how it opens there. Writes nothing."""
    assert interview.state is not None
    questionnaire = await ground.instruments.get(conn, interview.questionnaire_id)
    begun = State.from_json(interview.state)
    moved = interview._replace(mode=mode)
    unit = await interviews.beginning(conn, interview.id)
    known = await opening_facts(conn, questionnaire, moved, unit, begun.lang, ground.clock.now())
    state, turn = start(
        questionnaire,
        mode=mode,
        lang=begun.lang,
        seed=begun.seed,
        facts={**begun.facts, **known},
        begun=begun,
        same_contact=True,
    )
    if turn.status != "open":  # nothing is left to ask in this mode, so nothing goes on
        turn = turn._replace(prompts=pack(state, script(questionnaire, state, "closing")))
    return moved._replace(state=state.to_json()), turn


def asked(questionnaire: Questionnaire, state: State) -> str:
    """The questions that wait for an answer, parted by blanks; "" where none does."""
    if state.asking is None:
        return ""
    return " ".join(item.id for item in waiting_for(questionnaire, state)[1])


async def back_by_text(
    ground: Ground, conn: Any, interview: Interview, body: str
) -> tuple[Interview, Turn | None]:
    """A text has come while the form was under way: the interview goes on by text. A reply counts as an answer only where
    the thread had asked this very question before; "1" to a question that the form has answered since says nothing
    about the next. Then the Turn, which asks it; otherwise None: the text is to be taken."""
    left_at = await form_links.asked_by_text(conn, interview.contact_id)
    moved, opening = await in_mode(ground, conn, interview, "text")
    await interviews.set_mode(conn, interview.id, "text")
    assert moved.state is not None
    state = State.from_json(moved.state)
    questionnaire = await ground.instruments.get(conn, interview.questionnaire_id)
    if state.asking is not None and asked(questionnaire, state) == left_at:
        return moved, None
    _, turn = step(questionnaire, state, Message(body))
    about_the_question = turn.reaction in MEANT_FOR_A_QUESTION or (state.asking is None and not turn.prompts)
    return moved, opening if about_the_question else None
