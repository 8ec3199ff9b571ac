"""What a call does when a machine may have answered it. Used by the doors `interviewing` and `dialing`.

The carrier's word is never trusted against a pressed key: where it says machine before the first word, a key is asked for, and
nothing else is said; where it says so later, the next silence ends the call.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from survey.dialogue.effects import Handover
from survey.dialogue.engine import step
from survey.dialogue.inputs import Digits, Input, NoInput, Recorded, Speech
from survey.dialogue.state import State
from survey.dialogue.turn import Turn
from survey.dialogue.voice import RESERVED_KEYS
from survey.field.who_answered import heavier, who_answered
from survey.ground import Ground
from survey.store import attempts, interviews
from survey.store.attempts import Attempt
from survey.store.interviews import Interview

PRESS_TO_BEGIN: Final = {
    "zh": "您好,这里是{centre}社情民意调查中心。听到请按1。",
    "en": "Hello, this is the public opinion survey centre of {centre}. If you can hear this, press 1.",
}
"""All that is left on a machine: who called, and nothing of the person or of a case."""
_HEARD: Final = frozenset({"answered", "acknowledged", "helped", "opted_out"})


async def signs(conn: Any, attempt: Attempt, word: str | None, at: datetime, keys: str = "") -> Attempt:
    """The attempt with what has just come in: the carrier's word for who answered, keys, or neither. Its row must be locked."""
    kept = heavier(attempt.detected, word) if word is not None else attempt.detected
    if word is None and not keys:
        return attempt
    return await _keep(conn, attempt, kept, at, spoke=bool(keys) or attempt.answered_by == "person")


async def spoke(conn: Any, attempt: Attempt, at: datetime) -> Attempt:
    """The attempt, in which a person has shown themselves; its row must be locked."""
    return await _keep(conn, attempt, attempt.detected, at, spoke=True)


async def _keep(conn: Any, attempt: Attempt, word: str | None, at: datetime, *, spoke: bool) -> Attempt:
    by = who_answered(spoke, word)
    if (word, by) == (attempt.detected, attempt.answered_by):
        return attempt
    await attempts.note_answerer(conn, attempt.id, word, by)
    if attempt.status == "ended":
        await attempts.settle_answerer(conn, attempt.id, at)
    return replace(attempt, detected=word, answered_by=by)


def pressed(given: Input) -> str:
    """The keys in what came from a call; "" for none."""
    match given:
        case Digits(keys):
            return keys
        case Recorded(key=key):
            return key
    return ""


def understood(given: Input, turn: Turn) -> bool:
    """Whether words were recognised that mean something here. A machine's greeting is recognised, too, and does not."""
    wished = any(isinstance(e, Handover) and e.reason != "not_understood" for e in turn.effects)
    return isinstance(given, Speech) and (turn.reaction in _HEARD or wished)


async def is_over(ground: Ground, conn: Any, attempt: Attempt, interview: Interview, given: Input) -> bool:
    """Whether a call that a machine is said to have answered ends with this: silence, or words that mean nothing here."""
    if attempt.answered_by != "machine":
        return False
    if not isinstance(given, Speech):
        return isinstance(given, NoInput)
    assert interview.state is not None
    questionnaire = await ground.instruments.get(conn, interview.questionnaire_id)
    _, turn = step(questionnaire, State.from_json(interview.state), given)
    return not understood(given, turn)


def waits_for_a_key(held: Sequence[Interview]) -> bool:
    """A later request of a call in which no dialogue has begun: a key was asked for first."""
    return bool(held) and held[0].state is None


def goes_on_with(key: str) -> bool:
    """Whether the key that was asked for says more than that somebody is there: a person, never again."""
    return key.rstrip("#") in RESERVED_KEYS and key.rstrip("#") != "*"


async def press_to_begin(conn: Any, interview: Interview) -> str:
    """The sentence that asks for a key."""
    names = await interviews.centre_facts(conn, interview.unit_id, interview.lang)
    return PRESS_TO_BEGIN["en" if interview.lang == "en" else "zh"].format(centre=names["centre"])
