"""The moves that keep a dialogue going: on to the next question, the same question again, waiting."""

from collections.abc import Mapping, Sequence

from survey.dialogue import route
from survey.dialogue.asking import expect, put, put_plainly, with_instructions, worded
from survey.dialogue.effects import Effects
from survey.dialogue.endings import earned, end
from survey.dialogue.fields import fields_of
from survey.dialogue.speech import pack, script
from survey.dialogue.state import State
from survey.dialogue.turn import Moved, Reaction, Turn
from survey.questionnaire.model import Questionnaire
from survey.questionnaire.parts import Item, Page

NO_FAULTS: Mapping[str, str] = {}


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
    notes: list[tuple[str, str]] = [(f"said_{place}", words) for place, words in enumerate(before)]
    for item in route.ahead(q, state):
        if item.asks:
            state = state.about(item.id)
            if not said and (plain := put_plainly(q, state, item)) is not None:
                return state, Turn(*plain, reaction, effects, "open")
            page, asked = route.page(q, state, item)
            question = put(q, state, page, asked)
            notes += _heading(page, question)
            said += with_instructions(q, state, asked, question) if first else question
            for one in asked:
                state = state if one.asks else _noted(state, one)
            return _turn(q, state, said, notes, asked, reaction, effects, NO_FAULTS)
        words = worded(q, state, item.prompt)
        said.append(words)
        notes.append((item.id, words))
        state = _noted(state, item)
    said += script(q, state, "closing")
    return end(state, earned(q, state) or "broken_off", "finished", said, reaction, effects)


def _heading(page: Page | None, question: Sequence[str]) -> list[tuple[str, str]]:
    """The words that questions of one page have together stand above them."""
    return [("page", words) for words in question] if page is not None else []


def _noted(state: State, note: Item) -> State:
    """The note was said. Whether it was heard, the next input tells."""
    state = state._replace(noted=(*state.noted, note.id))
    return state if note.tells is None else state._replace(telling=state.facts.get(note.tells))


def notes_just_said(q: Questionnaire, state: State) -> list[tuple[str, str]]:
    """(id, words) of the notes right before the question being asked: whoever asks again wants to hear the result
    again."""
    assert state.asking is not None
    said: list[tuple[str, str]] = []
    for item_id in reversed(state.order[: state.order.index(state.asking)]):
        if item_id not in state.noted:
            break
        said.insert(0, (item_id, worded(q, state, q.by_id[item_id].prompt)))
    return said


def repeat(
    q: Questionnaire,
    state: State,
    reaction: Reaction,
    before: Sequence[str],
    effects: Effects,
    faults: Mapping[str, str] = NO_FAULTS,
    *,
    instructed: bool = False,
) -> Moved:
    """The same question once more, after a sentence that says why; `instructed`: and how to reply to it."""
    page, asked = waiting_for(q, state)
    question = put(q, state, page, asked)
    said = [*before, *(with_instructions(q, state, asked, question) if instructed else question)]
    notes = [(f"said_{place}", words) for place, words in enumerate(before)] + _heading(page, question)
    return _turn(q, state, said, notes, asked, reaction, effects, faults)


def wait(q: Questionnaire, state: State, reaction: Reaction, effects: Effects) -> Moved:
    """Say nothing; the question stays open."""
    _, asked = waiting_for(q, state)
    return state, Turn((), expect(q, state, asked), reaction, effects, "open")


def _turn(
    q: Questionnaire,
    state: State,
    said: Sequence[str],
    notes: Sequence[tuple[str, str]],
    asked: Sequence[Item],
    reaction: Reaction,
    effects: Effects,
    faults: Mapping[str, str],
) -> Moved:
    fields = fields_of(q, state, notes, asked, faults)
    return state, Turn(pack(state, said), expect(q, state, asked), reaction, effects, "open", fields)
