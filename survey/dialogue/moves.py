"""The moves that keep a dialogue going: on to the next question, the same question again, waiting."""

from collections.abc import Sequence
from dataclasses import replace

from survey.dialogue import route
from survey.dialogue.asking import expect, put, with_instructions
from survey.dialogue.effects import Effects
from survey.dialogue.endings import earned, end
from survey.dialogue.speech import fill, pack, script
from survey.dialogue.state import State
from survey.dialogue.turn import Moved, Reaction, Turn
from survey.questionnaire.model import Item, Page, Questionnaire
from survey.questionnaire.wording import say


def waiting_for(q: Questionnaire, state: State) -> tuple[Page | None, tuple[Item, ...]]:
    """The question, or the page of questions, that waits for an answer. The dialogue must be open."""
    assert state.asking is not None
    return route.page(q, state, q.by_id[state.asking])


def go_on(
    q: Questionnaire,
    state: State,
    reaction: Reaction,
    effects: Effects,
    before: Sequence[str] = (),
    first: bool = False,
) -> Moved:
    """Ask what comes next, with the notes before it; say goodbye if nothing does. `before` is said first."""
    said = list(before)
    for item in route.ahead(q, state):
        if item.kind != "note":
            state = replace(state, asking=item.id)
            page, asked = waiting_for(q, state)
            question = put(q, state, page, asked)
            said += with_instructions(q, state, question) if first else question
            return state, Turn(pack(state, said), expect(q, state, asked), reaction, effects, "open")
        said.append(_note(state, item))
        state = replace(state, noted=(*state.noted, item.id))
        if item.tells is not None:
            state = replace(state, telling=state.facts.get(item.tells))
    said += script(q, state, "closing")
    return end(state, earned(q, state) or "broken_off", "finished", said, reaction, effects)


def _note(state: State, note: Item) -> str:
    return fill(say(note.prompt, state.lang, state.mode), state.facts)


def notes_just_said(q: Questionnaire, state: State) -> list[str]:
    """The notes right before the question being asked: whoever asks again wants to hear the result again."""
    assert state.asking is not None
    said: list[str] = []
    for item_id in reversed(state.order[: state.order.index(state.asking)]):
        if item_id not in state.noted:
            break
        said.insert(0, _note(state, q.by_id[item_id]))
    return said


def repeat(
    q: Questionnaire, state: State, reaction: Reaction, before: Sequence[str], effects: Effects
) -> Moved:
    """The same question once more, after a sentence that says why."""
    page, asked = waiting_for(q, state)
    said = [*before, *put(q, state, page, asked)]
    return state, Turn(pack(state, said), expect(q, state, asked), reaction, effects, "open")


def wait(q: Questionnaire, state: State, reaction: Reaction, effects: Effects) -> Moved:
    """Say nothing; the question stays open."""
    _, asked = waiting_for(q, state)
    return state, Turn((), expect(q, state, asked), reaction, effects, "open")
