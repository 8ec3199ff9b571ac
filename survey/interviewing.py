"""DOOR. Everything a resident says comes in here, by whatever mode, and finished interviews go out (design.md §4).

Each input is stored once with the reply it got; the same request again gets the same reply and does nothing. Inputs of many
people that came at the same moment are taken in one transaction where they only move their dialogues on (`take_calls`,
`take_texts`); the others are taken alone: the same step and the same write, of one, and all that follows (`take_call`,
`take_text`).
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias, TypeVar

from survey import call_turns, machines
from survey.concluding import conclude
from survey.dialogue.inputs import Digits, Message, NoInput, Recorded, Speech
from survey.dialogue.state import State
from survey.dialogue.turn import Turn
from survey.ground import Ground
from survey.moving import back_by_text
from survey.outside_threads import outside
from survey.store import answers, attempts, contacts, inputs, interviews, people, recordings
from survey.store.attempts import Attempt
from survey.store.contacts import Contact
from survey.store.inputs import Asked, Before, TakenTwice
from survey.store.interviews import Interview
from survey.taking import Arrival, Put, begin, current, take, take_moves
from survey.vault import is_number
from survey.voice_reply import VoiceReply, recordings_in, voice_reply

T = TypeVar("T")


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


class Call(NamedTuple):
    """A request of the carrier in call `sid` of the attempt `ref`: step 0 is the answered call, later ones bring what was heard.
    `real`: when it came, in real time; `detected`: who the carrier makes out to have answered, where it says so."""

    ref: str
    sid: str
    step: int
    heard: Heard
    real: datetime
    detected: str | None = None

    @property
    def arrival(self) -> Arrival:
        return Arrival("voice", as_said(self.heard), self.real, call_sid=self.sid, step=self.step)


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


async def take_calls(ground: Ground, calls: Sequence[Call]) -> list[VoiceReply | None]:
    """Requests of different calls, together. None: this one is to be taken alone, and nothing was done with it."""
    replies: dict[str, str] = {}
    puts: dict[str, Put] = {}
    async with ground.pool.acquire() as conn, conn.transaction():
        held = await attempts.lock_free_attempts(conn, [call.ref for call in calls])
        known = [call for call in calls if call.ref in held]
        asked = [Asked(held[call.ref][0].contact_id, call_sid=call.sid, step=call.step) for call in known]
        for call, before in zip(known, await inputs.before(conn, asked), strict=True):
            attempt, is_open = held[call.ref]
            if before.stored is not None:
                replies[call.ref] = before.stored
            elif before.interview and _belongs(call, attempt, is_open) and _only_goes_on(call, attempt):
                puts[call.ref] = await _put_to_call(ground, conn, call, attempt, before.interview)
        replies |= await _moves(ground, conn, puts)
    found = [replies.get(call.ref) for call in calls]
    return [None if reply is None else VoiceReply.from_json(reply) for reply in found]


def _only_goes_on(call: Call, attempt: Attempt) -> bool:
    """Whether it brings no more than what a person said who is known to be one: no call that was picked up, no recording to be
    kept, no news of who answered."""
    news = call.detected is not None or attempt.answered_by != "person"
    return call.step > 0 and not news and not isinstance(call.heard, Recorded)


async def _moves(ground: Ground, conn: Any, puts: Mapping[str, Put]) -> dict[str, str]:
    """The replies of those that only move their dialogues on."""
    taken = await take_moves(ground, conn, list(puts.values()))
    return {name: one.reply for name, one in zip(puts, taken, strict=True) if one is not None}


async def take_call(
    ground: Ground, ref: str, sid: str, step: int, heard: Heard, real: datetime, detected: str | None = None
) -> VoiceReply | None:
    """A request of the carrier, whatever comes of it. None: no attempt has this reference."""
    call = Call(ref, sid, step, heard, real, detected)
    return await _once(ground, lambda conn: _take_call(ground, conn, call))


async def _take_call(ground: Ground, conn: Any, call: Call) -> VoiceReply | None:
    found = await attempts.lock_attempt(conn, call.ref)
    if found is None:
        return None
    attempt, is_open = found
    arrival, asked = call.arrival, Asked(attempt.contact_id, call_sid=call.sid, step=call.step)
    (before,) = await inputs.before(conn, [asked])
    if before.stored is not None:
        return VoiceReply.from_json(before.stored)
    if attempt.sid in (None, call.sid):
        attempt = await machines.signs(
            conn, attempt, call.detected, ground.clock.now(), machines.pressed(call.heard)
        )
    if not _belongs(call, attempt, is_open):
        return await call_turns.too_late(ground, conn, attempt, arrival)
    if call.step == 0:
        return await call_turns.picked_up(ground, conn, attempt, arrival)
    interview = before.interview
    if interview is None:
        held = await interviews.of_contact(conn, attempt.contact_id)
        if not machines.waits_for_a_key(held):
            return await call_turns.too_late(ground, conn, attempt, arrival)
        if attempt.answered_by != "person":
            return await call_turns.left_alone(ground, conn, attempt, held[0], arrival)
        if not machines.goes_on_with(machines.pressed(call.heard)):
            return await call_turns.answered(ground, conn, attempt, held[0], arrival)
        await begin(ground, conn, held[0])
        interview = current(await interviews.of_contact(conn, attempt.contact_id))
        assert interview is not None  # it has just begun
    return await _take_in_call(ground, conn, call, attempt, interview)


async def _take_in_call(
    ground: Ground, conn: Any, call: Call, attempt: Attempt, interview: Interview
) -> VoiceReply:
    heard = call.heard
    if await machines.is_over(ground, conn, attempt, interview, heard):
        return await call_turns.left_alone(ground, conn, attempt, interview, call.arrival)
    if isinstance(heard, Recorded):
        asked, now = asked_in(interview), ground.clock.now()
        await recordings.keep(conn, heard.recording, call.sid, interview.id, asked, heard.seconds, now)
    put = await _put_to_call(ground, conn, call, attempt, interview)
    taken = await take(ground, conn, put, attempt_id=attempt.id)
    if machines.understood(heard, taken.turn):
        await machines.spoke(conn, attempt, ground.clock.now())
    return VoiceReply.from_json(taken.reply)


def _belongs(call: Call, attempt: Attempt, is_open: bool) -> bool:
    """Whether the call is the one that this attempt is about, and goes on."""
    return is_open and attempt.sid in (None, call.sid)


async def _put_to_call(ground: Ground, conn: Any, call: Call, attempt: Attempt, interview: Interview) -> Put:
    questionnaire = await ground.instruments.get(conn, interview.questionnaire_id)
    lang, audio = interview.lang, recordings_in(questionnaire, interview.lang)

    def render(turn: Turn, over: bool) -> str:
        return voice_reply(turn, over, lang, call.step, audio).to_json()

    return Put(interview, call.heard, call.arrival, attempt.person_id, render)


def asked_in(interview: Interview) -> str:
    """The question that a dialogue waits for."""
    assert interview.state is not None
    return State.from_json(interview.state).asking or ""


# -- texts ----------------------------------------------------------------------------------------------------------


class Text(NamedTuple):
    """A text from `number`, under the carrier's id. `real`: when it came, in real time."""

    number: str
    sid: str
    body: str
    real: datetime

    @property
    def arrival(self) -> Arrival:
        return Arrival("text", self.body, self.real, message_sid=self.sid)


class TextReply(NamedTuple):
    """What to text back, '' for nothing. `over`: the conversation ended with this text."""

    body: str
    over: bool = False


async def take_texts(ground: Ground, texts: Sequence[Text]) -> list[TextReply | None]:
    """Texts from different numbers, together. None: this one is to be taken alone, and nothing was done with it."""
    numbers = [text.number for text in texts if is_number(text.number)]
    tokens = dict(zip(numbers, ground.vault.tokens(numbers), strict=True))
    replies: dict[str, str] = {}
    puts: dict[str, Put] = {}
    async with ground.pool.acquire() as conn, conn.transaction():
        held = await contacts.lock_free_open(conn, list(tokens.values()))
        known = [(text, held[tokens[text.number]]) for text in texts if tokens.get(text.number) in held]
        asked = [Asked(contact.id, message_sid=text.sid) for text, contact in known]
        for (text, contact), before in zip(known, await inputs.before(conn, asked), strict=True):
            if before.stored is not None:
                replies[text.number] = before.stored
            elif before.interview and before.interview.mode == "text" and _is_thread(ground, contact):
                puts[text.number] = _put_to_thread(text, contact, before.interview)
        replies |= await _moves(ground, conn, puts)
    found = [replies.get(text.number) for text in texts]
    return [None if reply is None else TextReply(reply) for reply in found]


async def take_text(ground: Ground, number: str, sid: str, body: str, real: datetime) -> TextReply:
    """A text from `number`, whatever comes of it; it is stored once however often it comes."""
    text = Text(number, sid, body, real)
    return await _once(ground, lambda conn: _take_text(ground, conn, text))


async def _take_text(ground: Ground, conn: Any, text: Text) -> TextReply:
    token, arrival = ground.vault.token(text.number), text.arrival
    contact = await contacts.lock_open(conn, token)
    if contact is None:
        stored = await inputs.text_reply(conn, text.sid)
        person_id = await people.find(conn, token)
        return TextReply(await outside(ground, conn, person_id, arrival) if stored is None else stored)
    (before,) = await inputs.before(conn, [Asked(contact.id, message_sid=text.sid)])
    if before.stored is not None:
        return TextReply(before.stored)
    asks_nothing = before.interview is None and await interviews.is_notice(conn, contact.id)
    if contact.mode != "text" or asks_nothing:
        return TextReply(await outside(ground, conn, contact.person_id, arrival))
    attempt = await attempts.attempt_of(conn, contact.id)
    if not _is_thread(ground, contact):
        await conclude(ground, conn, attempt, "text_no_reply", real=text.real)
        return TextReply(await outside(ground, conn, contact.person_id, arrival), over=True)
    return await _take_in_thread(ground, conn, text, contact, attempt, before)


def _is_thread(ground: Ground, contact: Contact) -> bool:
    """Whether it is a text thread that still waits for replies."""
    in_time = contact.expires_at is None or contact.expires_at > ground.clock.now()
    return contact.mode == "text" and in_time


async def _take_in_thread(
    ground: Ground, conn: Any, text: Text, contact: Contact, attempt: Attempt, before: Before
) -> TextReply:
    interview = before.interview
    assert interview is not None  # a thread whose dialogues are all over is closed in the same write
    reopened = None
    if interview.mode != "text":
        interview, reopened = await back_by_text(ground, conn, interview, text.body)
    put = _put_to_thread(text, contact, interview)
    taken = await take(ground, conn, put, attempt_id=attempt.id, reopened=reopened)
    if taken.over:
        await conclude(ground, conn, attempt, "text_no_reply", real=text.real)
    return TextReply(taken.reply, taken.over)


def _put_to_thread(text: Text, contact: Contact, interview: Interview) -> Put:
    return Put(interview, Message(text.body), text.arrival, contact.person_id, _as_text)


def _as_text(turn: Turn, over: bool) -> str:
    return "".join(turn.prompts)


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
