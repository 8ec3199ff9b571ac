"""The dialogue as a function: `start` opens it, `step` takes one input; no clock, no dice, no database."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from survey.dialogue import route
from survey.dialogue.afterwards import after_the_end
from survey.dialogue.effects import Answered, Effects, Told, WrongPerson
from survey.dialogue.endings import earned, end, hand_over, stop
from survey.dialogue.inputs import Input
from survey.dialogue.meaning import (
    Acknowledged,
    AsksHelp,
    AsksPerson,
    Back,
    Declined,
    Given,
    Gone,
    Later,
    Meaning,
    NotMe,
    Silence,
    Stop,
    Unclear,
)
from survey.dialogue.moves import go_on, notes_just_said, repeat, wait, waiting_for
from survey.dialogue.normalise import storable
from survey.dialogue.reading import read
from survey.dialogue.speech import script
from survey.dialogue.state import State
from survey.dialogue.turn import Moved
from survey.questionnaire.model import Questionnaire
from survey.questionnaire.wording import Lang, Mode


class MissingFacts(ValueError):
    """An interview cannot begin without these facts, because its scripts would say something empty."""


def start(q: Questionnaire, *, mode: Mode, lang: Lang, seed: int, facts: Mapping[str, str]) -> Moved:
    """Open an interview. `seed` fixes the order of questions and the direction of scales for this respondent.
    Raises MissingFacts, naming what the questionnaire needs in this mode."""
    lacking = [name for name in q.facts.get(mode, ()) if not facts.get(name)]
    if lacking:
        raise MissingFacts(
            f"{q.code} in mode {mode} needs the facts {', '.join(lacking)}; pass them to start"
        )
    known = {**facts, "mode": mode}
    if "result" in known:
        known["result"] = known["result"].rstrip("。. ")
    order = route.order(q, mode, seed)
    state = State(mode, lang, seed, known, order, route.flipped(q, seed))
    return go_on(q, state, "opened", (), before=script(q, state, "opening"), first=True)


def step(q: Questionnaire, state: State, given: Input) -> Moved:
    """Take one input. Never raises, whatever comes in; after the end it changes nothing but an opt-out."""
    state = replace(state, step=state.step + 1)
    if state.status != "open":
        return after_the_end(q, state, given)
    meaning = read(q, state, waiting_for(q, state)[1], given)
    state, told = _heard_the_result(state, meaning)
    if state.step >= q.limits.steps and not isinstance(meaning, Gone | Stop | Given):
        return hand_over(q, state, "too_long", told)
    return _MOVES[type(meaning)](q, state, meaning, told)


def _heard_the_result(state: State, meaning: Meaning) -> tuple[State, Effects]:
    """Whoever still says something has had the result that was said before. Silence proves nothing, and a
    stranger is nobody to have been told."""
    if state.telling is None or isinstance(meaning, Silence | Gone | NotMe):
        return state, ()
    return replace(state, told_text=state.telling, telling=None), (Told(state.telling),)


def _take(q: Questionnaire, state: State, meaning: Given, told: Effects) -> Moved:
    effects = *told, *(Answered(qid, answer.code, answer.text) for qid, answer in meaning.answers.items())
    answers = {**state.answers, **meaning.answers}
    state = replace(state, answers=answers, not_understood=0, silences=0, helps=0, heard=())
    for ending in q.ends:
        if ending.when.holds(state.answers, state.facts):
            wrong = (WrongPerson(),) if ending.status == "wrong_person" else ()
            goodbye = script(q, state, ending.goodbye)
            return end(state, ending.status, ending.reason, goodbye, "answered", (*effects, *wrong))
    return go_on(q, state, "answered", effects)


def _ask_again(q: Questionnaire, state: State, meaning: Unclear, told: Effects) -> Moved:
    heard = (*state.heard, storable(meaning.words)[:200])
    state = replace(state, not_understood=state.not_understood + 1, heard=heard)
    if state.not_understood >= q.limits.not_understood[state.mode]:
        return hand_over(q, state, "not_understood", told)
    _, asked = waiting_for(q, state)
    once_more = "again" if len(asked) == 1 and asked[0].kind != "text" else "again_in_words"
    return repeat(q, state, "asked_again", script(q, state, once_more), told)


def _fall_silent(q: Questionnaire, state: State, meaning: Silence, told: Effects) -> Moved:
    if state.mode == "text":
        return end(state, earned(q, state) or _unfinished(state), "expired", (), "ended", told)
    state = replace(state, silences=state.silences + 1)
    if state.silences >= q.limits.silences:
        goodbye = script(q, state, "silent_goodbye")
        return end(state, earned(q, state) or "broken_off", "silent", goodbye, "ended", told)
    said = *script(q, state, "silent"), *notes_just_said(q, state)
    return repeat(q, state, "asked_again", said, told)


def _go(q: Questionnaire, state: State, meaning: Gone, told: Effects) -> Moved:
    if state.mode == "text":
        return _fall_silent(q, state, Silence(), told)
    return end(state, earned(q, state) or "broken_off", "hung_up", (), "ended", told)


def _unfinished(state: State) -> Any:
    return "broken_off" if state.answers else "unanswered"


def _stop(q: Questionnaire, state: State, meaning: Stop, told: Effects) -> Moved:
    return stop(q, state, everything=meaning.everything, effects=told)


def _to_person(q: Questionnaire, state: State, meaning: AsksPerson, told: Effects) -> Moved:
    return hand_over(q, state, "asked_for", told)


def _help(q: Questionnaire, state: State, meaning: AsksHelp, told: Effects) -> Moved:
    state = replace(state, helps=state.helps + 1)
    if state.helps > q.limits.helps:
        return _ask_again(q, state, Unclear("?"), told)
    said = *script(q, state, "help"), *notes_just_said(q, state)
    return repeat(q, state, "helped", said, told)


def _acknowledge(q: Questionnaire, state: State, meaning: Acknowledged, told: Effects) -> Moved:
    if state.mode == "text":
        return wait(q, state, "acknowledged", told)
    return repeat(q, state, "acknowledged", (), told)


def _decline(q: Questionnaire, state: State, meaning: Declined, told: Effects) -> Moved:
    reason = "declined_hard" if meaning.hard else "declined"
    return end(state, earned(q, state) or "refused", reason, script(q, state, "declined"), "ended", told)


def _later(q: Questionnaire, state: State, meaning: Later, told: Effects) -> Moved:
    return end(state, earned(q, state) or "unanswered", "later", script(q, state, "later"), "ended", told)


def _not_me(q: Questionnaire, state: State, meaning: NotMe, told: Effects) -> Moved:
    goodbye = script(q, state, "wrong_person")
    return end(state, "wrong_person", "not_me", goodbye, "ended", (*told, WrongPerson()))


def _back(q: Questionnaire, state: State, meaning: Back, told: Effects) -> Moved:
    """Only to a question that has its answer; the answer stays until another is given."""
    if meaning.question_id in state.answers:
        state = replace(state, asking=meaning.question_id, not_understood=0, silences=0, helps=0, heard=())
    return repeat(q, state, "helped", (), told)


_MOVES: Final[Mapping[type[Meaning], Callable[[Questionnaire, State, Any, Effects], Moved]]] = {
    Given: _take,
    Unclear: _ask_again,
    Silence: _fall_silent,
    Gone: _go,
    Stop: _stop,
    AsksPerson: _to_person,
    AsksHelp: _help,
    Acknowledged: _acknowledge,
    Declined: _decline,
    Later: _later,
    NotMe: _not_me,
    Back: _back,
}
