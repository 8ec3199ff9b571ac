"""What a call says where no answer is taken: as it is picked up, where a machine may have done so, where it comes too late.

Used by the door `interviewing` alone.
"""

from typing import Any

from survey import machines
from survey.field.opt_outs import CLOSING
from survey.ground import Ground
from survey.store import attempts, interviews, people
from survey.store.attempts import Attempt
from survey.store.interviews import Interview
from survey.taking import Arrival, begin, write_input
from survey.voice_reply import VoiceReply, recordings_in, voice_reply

GOODBYE = {"zh": "打扰您了,再见。", "en": "Sorry to have troubled you. Goodbye."}


async def picked_up(ground: Ground, conn: Any, attempt: Attempt, arrival: Arrival) -> VoiceReply:
    """The first request of a call. Who opted out while the phone was ringing is asked not one question (settled.md §4)."""
    (interview, *_) = await interviews.of_contact(conn, attempt.contact_id)
    said_no = (await people.opt_outs(conn, [attempt.person_id])).get(attempt.person_id, set())
    if said_no & CLOSING[attempt.purpose, "voice"]:
        return await _goodbye(ground, conn, attempt, interview.lang, arrival)
    if attempt.answered_by == "machine":
        return await _ask_for_a_key(ground, conn, attempt, interview, arrival)
    return await answered(ground, conn, attempt, interview, arrival)


async def answered(
    ground: Ground, conn: Any, attempt: Attempt, interview: Interview, arrival: Arrival
) -> VoiceReply:
    """A person is there: the dialogue begins."""
    await _progress(ground, conn, attempt, arrival)
    turn = await begin(ground, conn, interview)
    questionnaire = await ground.instruments.get(conn, interview.questionnaire_id)
    audio = recordings_in(questionnaire, interview.lang)
    reply = voice_reply(turn, False, interview.lang, arrival.step or 0, audio)
    await _keep(ground, conn, attempt, arrival, turn.reaction, reply, interview.id)
    return reply


async def _ask_for_a_key(
    ground: Ground, conn: Any, attempt: Attempt, interview: Interview, arrival: Arrival
) -> VoiceReply:
    """The carrier takes whoever answered for a machine: a person shows themselves before anything is said."""
    await _progress(ground, conn, attempt, arrival)
    said = await machines.press_to_begin(conn, interview)
    reply = VoiceReply((said,), 1, interview.lang, 1, "keys")
    await _keep(ground, conn, attempt, arrival, "asked_for_a_key", reply, interview.id)
    return reply


async def left_alone(
    ground: Ground, conn: Any, attempt: Attempt, interview: Interview, arrival: Arrival
) -> VoiceReply:
    """No key came from what the carrier takes for a machine: the call ends without another word."""
    reply = VoiceReply((), 0, interview.lang, (arrival.step or 0) + 1)
    await _keep(ground, conn, attempt, arrival, "machine", reply, interview.id)
    return reply


async def _goodbye(ground: Ground, conn: Any, attempt: Attempt, lang: str, arrival: Arrival) -> VoiceReply:
    await _progress(ground, conn, attempt, arrival)
    reply = VoiceReply((GOODBYE["en" if lang == "en" else "zh"],), 0, lang, 1)
    await _keep(ground, conn, attempt, arrival, "ended", reply, None)
    return reply


async def too_late(ground: Ground, conn: Any, attempt: Attempt, arrival: Arrival) -> VoiceReply:
    """The contact is over, or held in another call."""
    reply = VoiceReply((), 0, "zh", (arrival.step or 0) + 1)
    await _keep(ground, conn, attempt, arrival, "too_late", reply, None)
    return reply


async def _progress(ground: Ground, conn: Any, attempt: Attempt, arrival: Arrival) -> None:
    now, sid = ground.clock.now(), arrival.call_sid or ""
    await attempts.progress(conn, attempt.id, sid, "in_progress", None, "answered", now)


async def _keep(
    ground: Ground,
    conn: Any,
    attempt: Attempt,
    arrival: Arrival,
    effect: str,
    reply: VoiceReply,
    interview: int | None,
) -> None:
    person, contact = attempt.person_id, attempt.contact_id
    await write_input(ground, conn, arrival, effect, reply.to_json(), person, contact, interview)
