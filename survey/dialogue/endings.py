"""How a dialogue ends, and what it is worth then."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from survey.dialogue.effects import Effects, Handover, OptOut, Scope
from survey.dialogue.speech import pack, script
from survey.dialogue.state import State, Status
from survey.dialogue.turn import Moved, Reaction, Turn
from survey.questionnaire.model import Questionnaire


def earned(q: Questionnaire, state: State) -> Literal["complete", "partial"] | None:
    """What the answers given so far make of the interview, however it ends."""
    replied = {question_id for question_id, answer in state.answers.items() if answer.replied}
    if replied.issuperset(q.essential):
        return "complete"
    return "partial" if q.partial.holds(state.answers, state.facts) else None


def end(
    state: State,
    status: Status,
    reason: str,
    goodbye: Sequence[str],
    reaction: Reaction,
    effects: Effects,
) -> Moved:
    """The last turn. Its status is final."""
    state = replace(state, status=status, asking=None, ended=reason)
    return state, Turn(pack(state, goodbye), None, reaction, effects, status)


def hand_over(q: Questionnaire, state: State, reason: str, effects: Effects) -> Moved:
    """A person will call; the words that were not understood go with it."""
    effect = Handover(reason, " | ".join(state.heard) or None)
    goodbye = script(q, state, "person" if reason == "asked_for" else "person_instead")
    return end(state, earned(q, state) or "handover", reason, goodbye, "handover", (*effects, effect))


def stop(q: Questionnaire, state: State, *, everything: bool, effects: Effects) -> Moved:
    """Never again, as far as it was meant; confirmed once."""
    scope = scope_of(q, state, everything)
    state = replace(state, stopped=True)
    status = earned(q, state) or "refused"
    return end(
        state, status, "stop", script(q, state, f"stopped_{scope}"), "opted_out", (*effects, OptOut(scope))
    )


def scope_of(q: Questionnaire, state: State, everything: bool) -> Scope:
    """A survey thread stops surveys, a case thread its own channel, a word said to a person everything."""
    if everything:
        return "all"
    if q.purpose == "survey":
        return "survey"
    return "case_text" if state.mode == "text" else "case_call"
