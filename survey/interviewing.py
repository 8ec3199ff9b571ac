"""DOOR. Everything a resident says comes in here, by whatever mode, and finished interviews go out (design.md §4).

Each input is stored once with the reply it got; the same request again gets the same reply and does nothing.
"""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias, TypeVar

from survey import machines
from survey.callers import who_called_text
from survey.claiming import CLOSING, lang_of
from survey.concluding import conclude
from survey.dialogue.alarm import alarm
from survey.dialogue.inputs import Digits, Message, NoInput, Recorded, Speech
from survey.dialogue.meaning import AsksHelp, Stop
from survey.dialogue.normalise import normalised
from survey.dialogue.reserved import reserved
from survey.dialogue.state import State
from survey.dialogue.turn import Turn
from survey.ground import Ground
from survey.handing import Raised, raise_
from survey.moving import back_by_text
from survey.questionnaire.segments import segments
from survey.store import answers, contacts, interviews, people, recordings
from survey.store.contacts import Attempt, Contact
from survey.store.interviews import Interview, TakenTwice
from survey.taking import Arrival, begin, current, take, write_input

T = TypeVar("T")
GOODBYE = {"zh": "打扰您了,再见。", "en": "Sorry to have troubled you. Goodbye."}


@dataclass(frozen=True)
class VoiceReply:
    """What to say next on a call. `waits`: for keys (or words, where `speech`), for something to record, or for nothing:
    the call ends. `digits`: keys to wait for, 0 for as many as come, ended by #. `record_s`: the longest recording.
    `step` names the next request. `audio`: the language whose recordings are played, "" where all is spoken."""

    say: tuple[str, ...]
    digits: int
    lang: str
    step: int
    waits: Literal["keys", "recording", "nothing"] = "nothing"
    speech: bool = False
    record_s: int = 0
    audio: str = ""

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, body: str) -> "VoiceReply":
        values = json.loads(body)
        if "waits" not in values:  # stored before there were recordings
            values["waits"] = "keys" if values["digits"] else "nothing"
        return cls(**{**values, "say": tuple(values["say"])})


async def _once(ground: Ground, act: Callable[[Any], Awaitable[T]]) -> T:
    """Run `act` in a transaction; where the same input is being taken at the same moment, the second finds the first's reply."""
    try:
        async with ground.pool.acquire() as conn, conn.transaction():
            return await act(conn)
    except TakenTwice:
        async with ground.pool.acquire() as conn, conn.transaction():
            return await act(conn)


# -- calls ----------------------------------------------------------------------------------------------------------


Heard: TypeAlias = Digits | Speech | Recorded | NoInput


async def take_call(
    ground: Ground, ref: str, sid: str, step: int, heard: Heard, real: datetime, detected: str | None = None
) -> VoiceReply | None:
    """A request of the carrier in call `sid`: step 0 is the answered call, later ones bring what was heard. `detected`: who
    the carrier makes out to have answered, where it says so.

    None: no attempt has this reference.
    """
    arrival = Arrival("voice", as_said(heard), real, call_sid=sid, step=step)
    return await _once(ground, lambda conn: _take_call(ground, conn, ref, arrival, heard, detected))


def as_said(heard: Heard) -> str:
    """What is stored of it as an input: the keys, the words that were recognised, the id of a recording."""
    match heard:
        case Digits(keys):
            return keys
        case Speech(words):
            return words
        case Recorded(recording, seconds):
            return f"{recording} {seconds}s"
        case NoInput():
            return ""


async def _take_call(
    ground: Ground, conn: Any, ref: str, arrival: Arrival, heard: Heard, detected: str | None
) -> VoiceReply | None:
    found = await contacts.lock_attempt(conn, ref)
    if found is None:
        return None
    attempt, is_open = found
    assert arrival.call_sid is not None and arrival.step is not None
    stored = await interviews.voice_reply(conn, arrival.call_sid, arrival.step)
    if stored is not None:
        return VoiceReply.from_json(stored)
    if attempt.sid in (None, arrival.call_sid):
        attempt = await machines.signs(conn, attempt, detected, machines.pressed(heard))
    if not is_open or attempt.sid not in (None, arrival.call_sid):
        return await _too_late_on_call(ground, conn, attempt, arrival)
    held = await interviews.of_contact(conn, attempt.contact_id)
    if arrival.step == 0:
        said_no = (await people.opt_outs(conn, [attempt.person_id])).get(attempt.person_id, set())
        if said_no & CLOSING[attempt.purpose, "voice"]:
            return await _goodbye(ground, conn, attempt, held[0].lang, arrival)
        if attempt.answered_by == "machine":
            return await _ask_for_a_key(ground, conn, attempt, held[0], arrival)
        return await _answered(ground, conn, attempt, held[0], arrival)
    if machines.waits_for_a_key(held):
        if attempt.answered_by != "person":
            return await _left_alone(ground, conn, attempt, held[0], arrival)
        if not machines.goes_on_with(machines.pressed(heard)):
            return await _answered(ground, conn, attempt, held[0], arrival)
        await begin(ground, conn, held[0])
        held = await interviews.of_contact(conn, attempt.contact_id)
    interview = current(held)
    if interview is None:
        return await _too_late_on_call(ground, conn, attempt, arrival)
    if await machines.is_over(ground, conn, attempt, interview, heard):
        return await _left_alone(ground, conn, attempt, interview, arrival)
    lang, step = interview.lang, arrival.step
    audio = await _recordings(ground, conn, interview)
    if isinstance(heard, Recorded):
        await recordings.keep(
            conn,
            heard.recording,
            arrival.call_sid,
            interview.id,
            asked_in(interview),
            heard.seconds,
            ground.clock.now(),
        )
    taken = await take(
        ground,
        conn,
        held,
        interview,
        heard,
        arrival,
        person_id=attempt.person_id,
        attempt_id=attempt.id,
        render=lambda turn, over: _voice_reply(turn, over, lang, step, audio).to_json(),
    )
    if machines.understood(heard, taken.turn):
        await machines.spoke(conn, attempt)
    return _voice_reply(taken.turn, taken.over, lang, step, audio)


async def _answered(
    ground: Ground, conn: Any, attempt: Attempt, interview: Any, arrival: Arrival
) -> VoiceReply:
    assert arrival.call_sid is not None
    await contacts.progress(
        conn, attempt.id, arrival.call_sid, "in_progress", None, "answered", ground.clock.now()
    )
    turn = await begin(ground, conn, interview)
    audio = await _recordings(ground, conn, interview)
    reply = _voice_reply(turn, False, interview.lang, arrival.step or 0, audio)
    await _keep_call_reply(ground, conn, attempt, arrival, turn.reaction, reply, interview.id)
    return reply


async def _ask_for_a_key(
    ground: Ground, conn: Any, attempt: Attempt, interview: Interview, arrival: Arrival
) -> VoiceReply:
    """The carrier takes whoever answered for a machine: a person shows themselves before anything is said."""
    now = ground.clock.now()
    await contacts.progress(conn, attempt.id, arrival.call_sid or "", "in_progress", None, "answered", now)
    said = await machines.press_to_begin(conn, interview)
    reply = VoiceReply((said,), 1, interview.lang, 1, "keys")
    await _keep_call_reply(ground, conn, attempt, arrival, "asked_for_a_key", reply, interview.id)
    return reply


async def _left_alone(
    ground: Ground, conn: Any, attempt: Attempt, interview: Interview, arrival: Arrival
) -> VoiceReply:
    """No key came from what the carrier takes for a machine: the call ends without another word."""
    reply = VoiceReply((), 0, interview.lang, (arrival.step or 0) + 1)
    await _keep_call_reply(ground, conn, attempt, arrival, "machine", reply, interview.id)
    return reply


async def _keep_call_reply(
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


async def _goodbye(ground: Ground, conn: Any, attempt: Attempt, lang: str, arrival: Arrival) -> VoiceReply:
    """The person opted out while the phone was ringing: not one question is asked (settled.md §4)."""
    now = ground.clock.now()
    await contacts.progress(conn, attempt.id, arrival.call_sid or "", "in_progress", None, "answered", now)
    reply = VoiceReply((GOODBYE["en" if lang == "en" else "zh"],), 0, lang, 1)
    await _keep_call_reply(ground, conn, attempt, arrival, "ended", reply, None)
    return reply


async def _too_late_on_call(ground: Ground, conn: Any, attempt: Attempt, arrival: Arrival) -> VoiceReply:
    reply = VoiceReply((), 0, "zh", (arrival.step or 0) + 1)
    await _keep_call_reply(ground, conn, attempt, arrival, "too_late", reply, None)
    return reply


async def _recordings(ground: Ground, conn: Any, interview: Interview) -> str:
    """The language of the recordings that its questionnaire wants played; "" for none."""
    questionnaire = await ground.instruments.get(conn, interview.questionnaire_id)
    lang = lang_of(interview.lang)
    return lang if lang in questionnaire.voice.audio else ""


def _voice_reply(turn: Turn, over: bool, lang: str, step: int, audio: str) -> VoiceReply:
    expects, say = turn.expects, turn.prompts
    if expects is None or over:
        return VoiceReply(say, 0, lang, step + 1, audio=audio)
    if expects.record_s:
        return VoiceReply(say, 0, lang, step + 1, "recording", record_s=expects.record_s, audio=audio)
    digits, speech = expects.num_digits, expects.speech
    return VoiceReply(say, digits, lang, step + 1, "keys", speech=speech, audio=audio)


def asked_in(interview: Interview) -> str:
    """The question that a dialogue waits for."""
    assert interview.state is not None
    return State.from_json(interview.state).asking or ""


@dataclass(frozen=True)
class TextReply:
    """What to text back, '' for nothing. `over`: the conversation ended with this text."""

    body: str
    over: bool = False


# -- texts ----------------------------------------------------------------------------------------------------------


async def take_text(ground: Ground, number: str, sid: str, body: str, real: datetime) -> TextReply:
    """A text from `number`, which is stored once however often it comes."""
    arrival = Arrival("text", body, real, message_sid=sid)
    return await _once(ground, lambda conn: _take_text(ground, conn, number, arrival))


async def _take_text(ground: Ground, conn: Any, number: str, arrival: Arrival) -> TextReply:
    assert arrival.message_sid is not None
    person_id = await people.find(conn, ground.vault.token(number))
    if person_id is None:
        reply = await who_called_text(ground, conn, None) if _asks_who(arrival.said) else ""
        return TextReply(await _to_person(ground, conn, arrival, "unknown_sender", None, None, reply))
    contact = await contacts.lock_open_of(conn, person_id)
    stored = await interviews.text_reply(conn, arrival.message_sid)
    if stored is not None:
        return TextReply(stored)
    if contact is None or contact.mode != "text":
        return TextReply(await _outside(ground, conn, person_id, arrival))
    attempt = await contacts.attempt_of(conn, contact.id)
    if contact.expires_at is not None and contact.expires_at <= ground.clock.now():
        await conclude(ground, conn, attempt, "text_no_reply", real=arrival.real)
        return TextReply(await _outside(ground, conn, person_id, arrival), over=True)
    held = await interviews.of_contact(conn, contact.id)
    interview = current(held)
    assert interview is not None  # a thread whose dialogues are all over is closed in the same write
    reopened = None
    if interview.mode != "text":
        interview, reopened = await back_by_text(ground, conn, interview, arrival.said)
    taken = await take(
        ground,
        conn,
        held,
        interview,
        Message(arrival.said),
        arrival,
        person_id=person_id,
        attempt_id=attempt.id,
        render=lambda turn, over: "".join(turn.prompts),
        reopened=reopened,
    )
    reply = "".join(taken.turn.prompts)
    await _keep_reply(ground, conn, contact.id, taken.input_id, reply)
    if taken.over:
        await conclude(ground, conn, attempt, "text_no_reply", real=arrival.real)
    return TextReply(reply, taken.over)


async def _outside(ground: Ground, conn: Any, person_id: int, arrival: Arrival) -> str:
    """A text while no thread with this person is open: "never again" is heard at any time; the rest a person reads."""
    last = await contacts.last_text_contact_of(conn, person_id)
    purpose = last.purpose if last else "survey"
    meaning = reserved(arrival.said, open_question=False, case=purpose == "case")
    if isinstance(meaning, Stop):
        return await _stopped(ground, conn, person_id, last, meaning.everything, arrival)
    danger = alarm(normalised(arrival.said))
    if danger is not None:
        await raise_(ground, conn, Raised(person_id, None, f"distress_{danger}", True, arrival.said))
    effect = "too_late" if last else "no_open_contact"
    if _asks_who(arrival.said):
        reply = await who_called_text(ground, conn, person_id)
    else:
        reply = await _late_reply(conn, last)
    return await _to_person(ground, conn, arrival, effect, person_id, last.id if last else None, reply)


def _asks_who(body: str) -> bool:
    """Whether a text asks who we are (核实, 你们是谁, ?): whoever it comes from is told who called, when and why."""
    return isinstance(reserved(body, open_question=False, case=False), AsksHelp)


async def _stopped(
    ground: Ground, conn: Any, person_id: int, last: Contact | None, everything: bool, arrival: Arrival
) -> str:
    scope = "all" if everything else ("case_text" if last and last.purpose == "case" else "survey")
    await people.opt_out(conn, person_id, scope, ground.clock.now(), "text", None)
    signature = await interviews.signature_of(conn, last.id if last else None)
    reply = f"{signature}已为您退订,今后不再发送。"
    input_id = await write_input(
        ground, conn, arrival, "opted_out", reply, person_id, last.id if last else None, None
    )
    await _keep_reply(ground, conn, last.id if last else None, input_id, reply)
    return reply


async def _late_reply(conn: Any, last: Contact | None) -> str:
    if last is None:
        return ""
    signature = await interviews.signature_of(conn, last.id)
    return f"{signature}谢谢您的回复。这次调查已经结束,您的短信会由工作人员阅读。"


async def _to_person(
    ground: Ground,
    conn: Any,
    arrival: Arrival,
    effect: str,
    person_id: int | None,
    contact_id: int | None,
    reply: str,
) -> str:
    assert arrival.message_sid is not None
    stored = await interviews.text_reply(conn, arrival.message_sid)
    if stored is not None:
        return stored
    input_id = await write_input(ground, conn, arrival, effect, reply, person_id, contact_id, None)
    await interviews.to_inbox(conn, input_id, effect)
    await _keep_reply(ground, conn, contact_id, input_id, reply)
    return reply


async def _keep_reply(ground: Ground, conn: Any, contact_id: int | None, input_id: int, reply: str) -> None:
    if reply:
        await interviews.sent_text(conn, contact_id, input_id, reply, segments(reply), ground.clock.now())


# -- what travels up ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Finished:
    """An interview or a unit that is finished, for whoever put the person in. `answers`: {question: (code, words)};
    `appeal`: where the questionnaire lets a resident name a problem and agree that it is registered."""

    outbox_id: int
    topic: str
    purpose: str
    unit_ref: str
    external_key: str
    centre_code: str
    area_code: str
    person_id: int
    interview_id: int | None
    mode: str | None
    status: str | None
    disposition: str
    answers: Mapping[str, tuple[str | None, str | None]]
    facts: Mapping[str, str]
    told_at: datetime | None
    told_text: str | None
    at: datetime
    arrived_real: datetime | None
    flags: Sequence[str] = ()
    appeal: Mapping[str, str] | None = None


async def finished(conn: Any, *, limit: int = 200) -> list[Finished]:
    """Results nobody has taken yet, oldest first; locked for the caller's transaction."""
    rows = await interviews.unconsumed(conn, limit)
    ids = [row["interview_id"] for row in rows if row["interview_id"] is not None]
    found = await answers.of_interviews(conn, ids)
    return [Finished(**row, answers=found.get(row["interview_id"], {})) for row in rows]


async def mark_consumed(conn: Any, outbox_ids: Sequence[int]) -> None:
    """These results were taken, in the caller's transaction."""
    await interviews.consumed(conn, outbox_ids)
