"""The dialogue as a function: `start` opens it, `step` takes one input; no clock, no dice, no database."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final

from survey.dialogue import route
from survey.dialogue.afterwards import after_the_end
from survey.dialogue.effects import (
    Answered,
    CallAt,
    Effect,
    Effects,
    Flagged,
    Handover,
    Told,
    WrongPerson,
)
from survey.dialogue.endings import earned, end, hand_over, in_distress, no_seat, stop, with_a_minor
from survey.dialogue.inputs import Input, NoSeat, Recorded
from survey.dialogue.meaning import (
    Acknowledged,
    AsksHelp,
    AsksPerson,
    Back,
    Declined,
    Distress,
    Filled,
    Given,
    Gone,
    Later,
    Meaning,
    Minor,
    NotMe,
    Silence,
    Stop,
    Unclear,
)
from survey.dialogue.moves import go_on, notes_just_said, repeat, wait, waiting_for
from survey.dialogue.normalise import storable
from survey.dialogue.options import takes_several
from survey.dialogue.reading import read
from survey.dialogue.speech import script
from survey.dialogue.state import State
from survey.dialogue.turn import Moved
from survey.dialogue.voice import RESERVED_KEYS
from survey.questionnaire.answer import Answer
from survey.questionnaire.model import Questionnaire
from survey.questionnaire.wording import Lang, Mode

MOST_HEARD: Final = 5
"""Replies that were not understood and are kept for the person who takes over."""
LISTED: Final = frozenset({"select_one", "select_multiple", "scale"})


class MissingFacts(ValueError):
    """An interview cannot begin without these facts, because its scripts would say something empty."""


def start(
    q: Questionnaire,
    *,
    mode: Mode,
    lang: Lang,
    seed: int,
    facts: Mapping[str, str],
    begun: State | None = None,
    same_contact: bool = False,
) -> Moved:
    """Open an interview, or go on with one that was begun in another contact or mode: nothing that was answered is
    asked again. `same_contact`: only the mode changes, so who is speaking is known. `seed` fixes the order of questions
    and options and the direction of scales for this respondent. Raises MissingFacts, naming what the questionnaire needs
    in this mode."""
    lacking = [name for name in q.facts.get(mode, ()) if not facts.get(name)]
    if lacking:
        raise MissingFacts(
            f"{q.code} in mode {mode} needs the facts {', '.join(lacking)}; pass them to start"
        )
    known = {**facts, "mode": mode, "lang": lang}
    if "result" in known:
        known["result"] = known["result"].rstrip("。. ")
    order = route.order(q, mode, seed)
    state = State(mode, lang, seed, known, order, route.flipped(q, seed), route.dealt_options(q, seed))
    if begun is not None:
        state = _taken_over(q, state, begun, same_contact)
    opening = _opening(state, begun)
    return go_on(q, state, "opened", (), before=script(q, state, opening), first=True)


def _opening(state: State, begun: State | None) -> str:
    """A second text to somebody who did not reply to the first is a reminder."""
    if begun is None:
        return "opening"
    if state.answers:
        return "going_on"
    return "reminder" if state.mode == begun.mode == "text" else "opening"


def _taken_over(q: Questionnaire, state: State, begun: State, same_contact: bool) -> State:
    """What was answered and heard before; in another contact, who is speaking is asked anew."""
    answers = {
        question_id: answer
        for question_id, answer in begun.answers.items()
        if question_id in q.by_id and (same_contact or not q.by_id[question_id].each_contact)
    }
    heard = begun.noted if begun.telling is None else ()
    return state._replace(
        flipped=begun.flipped,
        dealt=begun.dealt,
        answers=answers,
        noted=tuple(one for one in heard if one in q.by_id),
        told_text=begun.told_text,
        reminders=begun.reminders + (begun.mode == state.mode == "text"),
        flags=begun.flags,
    )


def step(q: Questionnaire, state: State, given: Input, *, facts: Mapping[str, str] | None = None) -> Moved:
    """Take one input. Never raises, whatever comes in; after the end it changes nothing but an opt-out, or that there
    was no seat for it. `facts`: what has changed in the world since, such as `now`."""
    state = state.one_more_step(facts)
    if isinstance(given, NoSeat):
        return no_seat(q, state)
    if state.status != "open":
        return after_the_end(q, state, given)
    meaning = read(q, state, waiting_for(q, state)[1], given)
    state, told = _heard_the_result(state, meaning)
    if isinstance(given, Recorded) and isinstance(meaning, Given) and given.key in RESERVED_KEYS:
        # said something, and then pressed a reserved key
        state, told = _kept(q, state, meaning.answers, told)
        meaning = RESERVED_KEYS[given.key]
    if state.step >= q.most_steps and not _is_worth_going_on(state, meaning):
        return hand_over(q, state, "too_long", told)
    return _MOVES[type(meaning)](q, state, meaning, told)


def _is_worth_going_on(state: State, meaning: Meaning) -> bool:
    """Past the bound, only what ends the dialogue, or answers a question that had no answer yet."""
    if isinstance(meaning, Given | Filled):
        return any(question_id not in state.answers for question_id in meaning.answers)
    return isinstance(meaning, Gone | Stop | Minor | Distress)


def _heard_the_result(state: State, meaning: Meaning) -> tuple[State, Effects]:
    """Whoever still says something has had the result that was said before. Silence proves nothing, and a
    stranger is nobody to have been told."""
    if state.telling is None or isinstance(meaning, Silence | Gone | NotMe):
        return state, ()
    return state._replace(told_text=state.telling, telling=None), (Told(state.telling),)


def _take(q: Questionnaire, state: State, meaning: Given, told: Effects) -> Moved:
    state, effects = _kept(q, state, meaning.answers, told, afresh=True)
    return _ended_by_answer(q, state, effects) or go_on(q, state, "answered", effects)


def _kept(
    q: Questionnaire, state: State, answers: Mapping[str, Answer], told: Effects, *, afresh: bool = False
) -> tuple[State, Effects]:
    """The answers in the state, and all that follows from them at once; `afresh`: what went wrong before is forgotten."""
    state = state.answered(answers)
    if afresh and (state.not_understood or state.silences or state.helps or state.heard):
        state = state._replace(not_understood=0, silences=0, helps=0, heard=())
    effects: list[Effect] = [
        *told,
        *[_answered(question_id, answer) for question_id, answer in answers.items()],
    ]
    if q.flags:
        known = route.known_of(q, state)
        raised = [one.flag for one in q.flags if one.flag not in state.flags and one.when.holds(known)]
        state = state._replace(flags=(*state.flags, *raised)) if raised else state
        effects += map(Flagged, raised)
    for question_id, answer in answers.items():
        if answer.recording is not None and answer.text is None:
            effects.append(Handover("recording", recording=answer.recording))
        elif q.by_id[question_id].kind == "appointment" and answer.valid:
            effects.append(CallAt(answer.code or ""))
    return state, tuple(effects)


@lru_cache(maxsize=4096)
def _answered(question_id: str, answer: Answer) -> Answered:
    return Answered(question_id, answer.code, answer.text, answer.recording)


def _ended_by_answer(q: Questionnaire, state: State, effects: Effects) -> Moved | None:
    if not q.ends:
        return None
    known = route.known_of(q, state)
    for ending in q.ends:
        if ending.when.holds(known):
            wrong = (WrongPerson(),) if ending.status == "wrong_person" else ()
            goodbye = script(q, state, ending.goodbye)
            return end(state, ending.status, ending.reason, goodbye, "answered", (*effects, *wrong))
    return None


def _fill_in(q: Questionnaire, state: State, meaning: Filled, told: Effects) -> Moved:
    """What could be taken from the page is kept; what could not is asked again on the next."""
    if not meaning.faults:
        return _take(q, state, Given(meaning.answers), told)
    state, effects = _kept(q, state, meaning.answers, told)
    if (ended := _ended_by_answer(q, state, effects)) is not None:
        return ended
    state = state._replace(asking=next(iter(meaning.faults)), not_understood=state.not_understood + 1)
    return repeat(q, state, "asked_again", (), effects, meaning.faults)


def _ask_again(q: Questionnaire, state: State, meaning: Unclear, told: Effects) -> Moved:
    heard = (*state.heard, storable(meaning.words)[:200])[-MOST_HEARD:]
    state = state._replace(not_understood=state.not_understood + 1, heard=heard)
    if state.not_understood >= q.misunderstandings(state.mode):
        return hand_over(q, state, "not_understood", told)
    _, asked = waiting_for(q, state)
    one_number = asked[0].kind in LISTED and not (state.mode == "text" and takes_several(state, asked[0]))
    once_more = "again" if len(asked) == 1 and one_number else "again_in_words"
    said = (meaning.why,) if meaning.why else script(q, state, once_more)
    return repeat(q, state, "asked_again", said, told)


def _fall_silent(q: Questionnaire, state: State, meaning: Silence, told: Effects) -> Moved:
    if state.mode == "text":
        return _remind(q, state, told)
    if state.mode == "web":
        return wait(q, state, "acknowledged", told)
    state = state._replace(silences=state.silences + 1)
    if state.silences >= q.limits.silences:
        goodbye = script(q, state, "silent_goodbye")
        return end(state, earned(q, state) or "broken_off", "silent", goodbye, "ended", told)
    (asked, *_) = waiting_for(q, state)[1]
    spoken = asked.kind == "text" or asked.speech
    said = *script(q, state, "silent_open" if spoken else "silent"), *_notes(q, state)
    return repeat(q, state, "asked_again", said, told)


def _notes(q: Questionnaire, state: State) -> list[str]:
    return [words for _, words in notes_just_said(q, state)]


def _remind(q: Questionnaire, state: State, told: Effects) -> Moved:
    """Time has passed in a text thread: one reminder, and then it is over."""
    if state.reminders >= q.limits.reminders:
        return _expire(q, state, told)
    state = state._replace(reminders=state.reminders + 1)
    said = *script(q, state, "reminder"), *_notes(q, state)
    return repeat(q, state, "reminded", said, told, instructed=True)


def _expire(q: Questionnaire, state: State, told: Effects) -> Moved:
    return end(state, earned(q, state) or _unfinished(state), "expired", (), "ended", told)


def _go(q: Questionnaire, state: State, meaning: Gone, told: Effects) -> Moved:
    if state.mode == "text":
        return _expire(q, state, told)
    return end(state, earned(q, state) or "broken_off", "hung_up", (), "ended", told)


def _unfinished(state: State) -> Any:
    return "broken_off" if state.answers else "unanswered"


def _stop(q: Questionnaire, state: State, meaning: Stop, told: Effects) -> Moved:
    return stop(q, state, everything=meaning.everything, effects=told)


def _to_person(q: Questionnaire, state: State, meaning: AsksPerson, told: Effects) -> Moved:
    return hand_over(q, state, "asked_for", told)


def _help(q: Questionnaire, state: State, meaning: AsksHelp, told: Effects) -> Moved:
    state = state._replace(helps=state.helps + 1)
    if state.helps > q.limits.helps:
        return _ask_again(q, state, Unclear("?"), told)
    said = *script(q, state, "help"), *_notes(q, state)
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


def _minor(q: Questionnaire, state: State, meaning: Minor, told: Effects) -> Moved:
    return with_a_minor(q, state)


def _distress(q: Questionnaire, state: State, meaning: Distress, told: Effects) -> Moved:
    state, effects = _kept(q, state, meaning.answers, told)
    return in_distress(q, state, meaning, effects)


def _back(q: Questionnaire, state: State, meaning: Back, told: Effects) -> Moved:
    """Only to a question that has its answer; the answer stays until another is given."""
    if meaning.question_id in state.answers:
        state = state._replace(asking=meaning.question_id, not_understood=0, silences=0, helps=0, heard=())
    return repeat(q, state, "helped", (), told)


_MOVES: Final[Mapping[type[Meaning], Callable[[Questionnaire, State, Any, Effects], Moved]]] = {
    Given: _take,
    Filled: _fill_in,
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
    Minor: _minor,
    Distress: _distress,
    Back: _back,
}
