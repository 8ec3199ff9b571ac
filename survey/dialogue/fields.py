"""A page of the web form: the notes and questions on it as fields, with what was wrong in them."""

from collections.abc import Mapping, Sequence

from survey.dialogue.asking import shown, worded
from survey.dialogue.options import options_of
from survey.dialogue.state import State
from survey.dialogue.turn import Field
from survey.questionnaire.model import Questionnaire
from survey.questionnaire.parts import Item


def fields_of(
    q: Questionnaire,
    state: State,
    notes: Sequence[tuple[str, str]],
    asked: Sequence[Item],
    faults: Mapping[str, str],
) -> tuple[Field, ...]:
    """`notes`: (id, words) said above the questions; `asked`: these, with the notes between them. Empty in every other
    mode."""
    if state.mode != "web":
        return ()
    above = (_note(note_id, words) for note_id, words in notes)
    page = (
        _field(q, state, item, faults.get(item.id, ""))
        if item.asks
        else _note(item.id, worded(q, state, item.prompt))
        for item in asked
    )
    return (*above, *page)


def _note(note_id: str, words: str) -> Field:
    return Field(note_id, "note", words, "", (), (), False, "", "")


def _field(q: Questionnaire, state: State, item: Item, fault: str) -> Field:
    answer = state.answers.get(item.id)
    value = (answer.code or answer.text or "") if answer is not None else ""
    options = options_of(q, state, item)
    return Field(
        question_id=item.id,
        kind=item.kind,
        prompt=worded(q, state, item.prompt),
        hint=worded(q, state, item.hint),
        options=shown(q, state, item, options),
        missing=item.missing,
        required=item.required or item.essential,
        value=value,
        fault=fault,
    )
