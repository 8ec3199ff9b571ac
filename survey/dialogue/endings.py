"""How a dialogue ends, and what it is worth then."""

from collections.abc import Sequence
from typing import Final, Literal

from survey.dialogue.effects import Effects, Forget, Handover, OptOut, Scope
from survey.dialogue.meaning import Distress
from survey.dialogue.route import ahead, is_asked, known_of
from survey.dialogue.speech import pack, script
from survey.dialogue.state import State, Status
from survey.dialogue.turn import Moved, Reaction, Turn
from survey.questionnaire.known import Known
from survey.questionnaire.model import Questionnaire

QUOTA_FULL: Final = "quota_full"
"""Why a dialogue ended, the sentence that it ends with, and its disposition."""
MAY_COUNT: Final = frozenset({"open", "complete", "partial"})
"""Where a dialogue stands that is, or may become, an interview that counts."""


def earned(q: Questionnaire, state: State) -> Literal["complete", "partial"] | None:
    """What the answers given so far make of the interview, however it ends. A document without an essential question
    and without a rule is complete when nothing is left to ask."""
    known = known_of(q, state)
    if _all_that_counts(q, state, known):
        return "complete"
    return "partial" if q.partial is not None and q.partial.holds(known) else None


def _all_that_counts(q: Questionnaire, state: State, known: Known) -> bool:
    if q.complete is not None:
        return q.complete.holds(known)
    if q.essential:
        return not any(_is_lacking(q, state, known, name) for name in q.essential)
    return bool(state.answers) and not any(item.asks for item in ahead(q, state))


def _is_lacking(q: Questionnaire, state: State, known: Known, name: str) -> bool:
    answer = state.answers.get(name)
    if answer is not None and answer.replied:
        return False
    return is_asked(q, known, q.by_id[name])


def end(
    state: State,
    status: Status,
    reason: str,
    goodbye: Sequence[str],
    reaction: Reaction,
    effects: Effects,
) -> Moved:
    """The last turn. Its status is final."""
    state = state._replace(status=status, asking=None, ended=reason)
    return state, Turn(pack(state, goodbye), None, reaction, effects, status)


def hand_over(q: Questionnaire, state: State, reason: str, effects: Effects) -> Moved:
    """A person will call; the words that were not understood go with it."""
    effect = Handover(reason, " | ".join(state.heard) or None)
    goodbye = script(q, state, "person" if reason == "asked_for" else "person_instead")
    return end(state, earned(q, state) or "handover", reason, goodbye, "handover", (*effects, effect))


def in_distress(q: Questionnaire, state: State, danger: Distress, effects: Effects) -> Moved:
    """No further question: where help is to be had at once, and a person who calls at once."""
    reason = f"distress_{danger.kind}"
    recordings = (answer.recording for answer in danger.answers.values() if answer.recording is not None)
    effect = Handover(reason, danger.words[:600], urgent=True, recording=next(recordings, None))
    said = script(q, state, reason)
    return end(state, earned(q, state) or "handover", reason, said, "handover", (*effects, effect))


def no_seat(q: Questionnaire, state: State) -> Moved:
    """Thanked: enough people like this one were asked. It is nobody's refusal, and what was answered is no interview. Where it
    was none anyhow, nothing changes."""
    if state.status not in MAY_COUNT:
        return state, Turn((), None, "ended", (), state.status)
    return end(state, "screened_out", QUOTA_FULL, script(q, state, QUOTA_FULL), "ended", ())


def with_a_minor(q: Questionnaire, state: State) -> Moved:
    """Thanked, and nothing is kept: neither what was answered nor what was said."""
    state = state._replace(answers={}, heard=(), flags=(), telling=None, told_text=None)
    return end(state, "screened_out", "minor", script(q, state, "minor"), "ended", (Forget(),))


def stop(q: Questionnaire, state: State, *, everything: bool, effects: Effects) -> Moved:
    """Never again, as far as it was meant; confirmed once."""
    scope = scope_of(q, state, everything)
    state = state._replace(stopped=True)
    status = earned(q, state) or "refused"
    return end(
        state, status, "stop", script(q, state, f"stopped_{scope}"), "opted_out", (*effects, OptOut(scope))
    )


def scope_of(q: Questionnaire, state: State, everything: bool) -> Scope:
    """A survey thread stops surveys, a case thread its own channel (a page belongs to the text that led to it), a word
    said to a person everything."""
    if everything:
        return "all"
    if q.purpose == "survey":
        return "survey"
    return "case_text" if state.mode in ("text", "web") else "case_call"
