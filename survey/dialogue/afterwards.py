"""What still arrives when the dialogue is over: no answer is taken, but "never again" always counts."""

from dataclasses import replace

from survey.dialogue.effects import Handover, OptOut
from survey.dialogue.endings import scope_of
from survey.dialogue.inputs import Input, Message
from survey.dialogue.meaning import AsksHelp, AsksPerson, Stop
from survey.dialogue.reserved import reserved
from survey.dialogue.speech import pack, script
from survey.dialogue.state import State
from survey.dialogue.turn import Moved, Turn
from survey.questionnaire.model import Questionnaire


def after_the_end(q: Questionnaire, state: State, given: Input) -> Moved:
    """`status` stays what it was."""
    meaning = None
    if isinstance(given, Message):
        meaning = reserved(given.body, open_question=False, case=False)
    if isinstance(meaning, Stop) and not (state.stopped and not meaning.everything):
        scope = scope_of(q, state, meaning.everything)
        said = script(q, state, f"stopped_{scope}")
        state = replace(state, stopped=True)
        return state, Turn(pack(state, said), None, "opted_out", (OptOut(scope),), state.status)
    if isinstance(meaning, AsksPerson):
        said = script(q, state, "person")
        return state, Turn(pack(state, said), None, "handover", (Handover("asked_for"),), state.status)
    if isinstance(meaning, AsksHelp):
        return state, Turn(pack(state, script(q, state, "help")), None, "helped", (), state.status)
    return state, Turn((), None, "ended", (), state.status)
