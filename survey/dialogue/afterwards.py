"""What still arrives when the dialogue is over: no answer is taken, but "never again" always counts."""

from survey.dialogue.alarm import alarm
from survey.dialogue.effects import Handover, OptOut, WrongPerson
from survey.dialogue.endings import scope_of
from survey.dialogue.inputs import Choice, Input, Message, Never, Words
from survey.dialogue.meaning import AsksHelp, AsksPerson, Distress, Meaning, NotMe, Stop
from survey.dialogue.normalise import normalised, storable
from survey.dialogue.reserved import reserved
from survey.dialogue.speech import pack, script
from survey.dialogue.state import State
from survey.dialogue.turn import Moved, Turn
from survey.questionnaire.model import Questionnaire


def after_the_end(q: Questionnaire, state: State, given: Input) -> Moved:
    """`status` stays what it was."""
    meaning = _meaning(q, state, given)
    if isinstance(meaning, Stop) and not (state.stopped and not meaning.everything):
        scope = scope_of(q, state, meaning.everything)
        said = script(q, state, f"stopped_{scope}")
        state = state._replace(stopped=True)
        return state, Turn(pack(state, said), None, "opted_out", (OptOut(scope),), state.status)
    if isinstance(meaning, Distress):
        reason = f"distress_{meaning.kind}"
        effect = Handover(reason, meaning.words[:600], urgent=True)
        said = pack(state, script(q, state, reason))
        return state, Turn(said, None, "handover", (effect,), state.status)
    if isinstance(meaning, AsksPerson):
        said = script(q, state, "person")
        return state, Turn(pack(state, said), None, "handover", (Handover("asked_for"),), state.status)
    if isinstance(meaning, NotMe):
        said = pack(state, script(q, state, "wrong_person"))
        return state, Turn(said, None, "ended", (WrongPerson(),), state.status)
    if isinstance(meaning, AsksHelp):
        return state, Turn(pack(state, script(q, state, "help")), None, "helped", (), state.status)
    return state, Turn((), None, "ended", (), state.status)


def _meaning(q: Questionnaire, state: State, given: Input) -> Meaning | None:
    """Words alone still mean something: danger first, then "never again", a person, help, "not me". What an operator is told
    reaches everything."""
    to_operator = state.mode == "operator"
    if isinstance(given, Never) or (to_operator and given == Choice("stop")):
        return Stop(everything=to_operator)
    if not isinstance(given, Message | Words):
        return None
    body = given.body if isinstance(given, Message) else given.text
    danger = alarm(normalised(body))
    if danger is not None:
        return Distress(danger, storable(body), {})
    meaning = reserved(body, open_question=False, case=q.purpose == "case")
    return Stop(everything=True) if isinstance(meaning, Stop) and to_operator else meaning
