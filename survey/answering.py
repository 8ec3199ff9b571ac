"""DOOR. Calls that come in (接听): who rings hears who called and why, and may answer now, be called, leave a message or opt out.

A call is a few requests of the carrier; each is stored once with its reply, as in a call of ours. Whoever answers now goes over
into an ordinary interview: `connect` names its attempt, and the rest of the call belongs to `survey.interviewing`.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from survey.callers import caller_of
from survey.claiming import lay_ready
from survey.concluding import conclude
from survey.dialing import record_progress
from survey.dialogue.inbound import MOST_REPEATS, Caller, Choice, chosen, menu, sentences
from survey.dialogue.inputs import Digits, Recorded
from survey.ground import Ground
from survey.handing import Raised, raise_
from survey.handover_policy import handover_policy
from survey.interviewing import Heard, as_said
from survey.moment_facts import spoken_moment
from survey.seating import hold_seats
from survey.store import attempts, contacts, due_units, inbound_calls, people
from survey.store.contacts import NewContact
from survey.store.inbound_calls import InboundCall, LastContact
from survey.vault import is_number

MESSAGE_S: Final = 120
"""The longest message, in seconds."""
STOPS: Final = {"survey": "survey", "case": "case_call"}
"""What "9" closes, by what we called about (settled.md §4)."""


@dataclass(frozen=True)
class InboundReply:
    """What to say, and what then. `connect`: the attempt whose dialogue goes on in this call."""

    say: tuple[str, ...]
    lang: str
    then: Literal["keys", "recording", "hang_up", "connect"]
    step: int
    connect: str = ""

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, body: str) -> "InboundReply":
        values = json.loads(body)
        return cls(**{**values, "say": tuple(values["say"])})


async def take_inbound(
    ground: Ground, number: str, sid: str, step: int, heard: Heard, real: datetime, *, centre: str
) -> InboundReply:
    """A request of the carrier in a call from `number`: step 0 is the call itself, later ones bring what was heard.

    `centre`: whose number was rung; a person of another centre's sample is told of that centre.
    """
    async with ground.pool.acquire() as conn, conn.transaction():
        person = await people.find(conn, ground.vault.token(number)) if is_number(number) else None
        await inbound_calls.begin(conn, sid, centre, person, ground.clock.now())
        call = await inbound_calls.lock(conn, sid)
        assert call is not None
        stored = await inbound_calls.reply_to(conn, sid, step)
        if stored is not None:
            return InboundReply.from_json(stored)
        reply = await _reply(ground, conn, call, step, heard)
        said, now = as_said(heard), ground.clock.now()
        await inbound_calls.keep_step(conn, sid, step, said, reply.to_json(), now, real)
        return reply


async def _reply(ground: Ground, conn: Any, call: InboundCall, step: int, heard: Heard) -> InboundReply:
    caller, last = await caller_of(ground, conn, call.person_id, call.centre_code)
    if call.chose == "message":
        return await _message_left(ground, conn, call, caller, step, heard)
    if step == 0:
        return _ask(caller, menu(caller), step)
    choice: Choice = chosen(caller, heard.keys) if isinstance(heard, Digits) else "unclear"
    if choice == "answer":
        ref = await _begin_interview(ground, conn, call, last)
        if ref is not None:
            return InboundReply((), caller.lang, "connect", step + 1, ref)
        choice = "call_me"  # what waited for them is gone by now: then a person calls
    if choice in ("again", "unclear"):
        return await _again(conn, call, caller, step)
    await inbound_calls.choose(conn, call.call_sid, choice)
    if choice == "message":
        say = sentences(caller.lang)["leave_message"]
        return InboundReply((say,), caller.lang, "recording", step + 1)
    if choice == "stop":
        return await _stop(ground, conn, call, caller, step)
    return await _call_back(ground, conn, call, caller, choice, step)


def _ask(caller: Caller, say: Sequence[str], step: int) -> InboundReply:
    return InboundReply(tuple(say), caller.lang, "keys", step + 1)


def _end(caller: Caller, sentence: str, step: int, **facts: str) -> InboundReply:
    return InboundReply((sentences(caller.lang)[sentence].format(**facts),), caller.lang, "hang_up", step + 1)


async def _again(conn: Any, call: InboundCall, caller: Caller, step: int) -> InboundReply:
    if call.repeats >= MOST_REPEATS:
        return _end(caller, "goodbye", step)
    await inbound_calls.repeat(conn, call.call_sid)
    return _ask(caller, menu(caller), step)


# -- what they choose -----------------------------------------------------------------------------------------------


async def _begin_interview(
    ground: Ground, conn: Any, call: InboundCall, last: LastContact | None
) -> str | None:
    """The interview or the result that waits for them, in this very call. A text thread that is open ends: it goes on here.

    Returns the attempt's reference; None where nothing waits any more.
    """
    now = ground.clock.now()
    assert call.person_id is not None
    if last is not None and last.is_open and last.mode == "text":
        await contacts.lock(conn, last.contact_id)
        attempt = await attempts.attempt_of(conn, last.contact_id)
        await conclude(ground, conn, attempt, "text_no_reply")
    due = await due_units.claim_of_person(conn, call.person_id, "voice")
    due = await hold_seats(conn, due, now)
    if not due:
        return None
    opened = await contacts.open_contacts(
        conn, [NewContact(call.person_id, due[0].purpose, "voice", None)], now
    )
    if call.person_id not in opened:
        return None
    (claimed,) = await lay_ready(ground, conn, [due], opened, None, None)
    await inbound_calls.mark_inbound(conn, claimed.attempt_id, call.call_sid)
    await inbound_calls.choose(conn, call.call_sid, "answer", claimed.attempt_id)
    return claimed.ref


async def _call_back(
    ground: Ground, conn: Any, call: InboundCall, caller: Caller, choice: Choice, step: int
) -> InboundReply:
    """A person calls; until when, is said."""
    now = ground.clock.now()
    await raise_(ground, conn, Raised(call.person_id, None, "asked_for"))
    due = handover_policy().due("asked_for", False, now)
    zone = ZoneInfo((await inbound_calls.centre(conn, call.centre_code))[2])
    said = spoken_moment(due.astimezone(zone), now.astimezone(zone), caller.lang)
    return _end(caller, "a_person" if choice == "person" else "will_call", step, due=said)


async def _stop(ground: Ground, conn: Any, call: InboundCall, caller: Caller, step: int) -> InboundReply:
    assert call.person_id is not None  # only who was contacted is offered it
    await people.opt_out(conn, call.person_id, STOPS[caller.purpose], ground.clock.now(), "voice", None)
    return _end(caller, f"stopped_{caller.purpose}", step)


async def _message_left(
    ground: Ground, conn: Any, call: InboundCall, caller: Caller, step: int, heard: Heard
) -> InboundReply:
    if not isinstance(heard, Recorded):
        return _end(caller, "nothing_said", step)
    await raise_(ground, conn, Raised(call.person_id, None, "recording", recording=heard.recording))
    return _end(caller, "message_kept", step)


async def inbound_over(ground: Ground, sid: str, word: str | None, raw: Any) -> bool:
    """The carrier says that a call to us is over; so is an interview that was held in it. False: we know of no such call."""
    async with ground.pool.acquire() as conn, conn.transaction():
        call = await inbound_calls.lock(conn, sid)
        if call is None:
            return False
        await inbound_calls.end(conn, sid, ground.clock.now())
        ref = await inbound_calls.attempt_of_call(conn, sid)
    return ref is None or await record_progress(ground, ref, sid, word, None, raw)
