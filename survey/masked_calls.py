"""DOOR. Masked calls (隐号通话): whoever handles a matter and the person whose it is, over two lines that meet in a room.

Whoever asked for the call is rung first, and only when they have pressed a key the person is rung: in the hours of calls, within
the caps, in a contact of their own, and never after "stop". The person is put through only when they press a key too: a machine
that answers is nobody, and what is recorded as a talk was one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from survey.channels.base import Accepted, CarrierAway, Progress, Refused, Throttled, is_final
from survey.claiming import lang_of
from survey.concluding import ledger_period
from survey.dialing import OVERRIDES, Line
from survey.dispatch_policy import dispatch_policy
from survey.field.attempt_policy import attempt_policy
from survey.field.calling_hours import window_at
from survey.field.opt_outs import CLOSING
from survey.field.own_hours import OwnHours
from survey.ground import Ground
from survey.questionnaire.wording import Lang
from survey.store import contacts, masked_calls, past_attempts, people
from survey.store.contacts import NewContact
from survey.store.masked_calls import Finished, Leg, MaskedCall, NewMaskedCall

__all__ = ["Finished", "NewMaskedCall", "Reply", "join_lines", "owe", "take_finished"]

log = structlog.get_logger()
MOST: Final = 50
"""Calls that one look takes."""
JOIN, NOT_NOW, NEVER = "1", "2", "9"
NOT_TO_BE_CALLED: Final = {
    "opted_out": "对方不愿接到这类电话,不能接通。请由中心转问。",
    "outside_hours": "现在不是可以给对方打电话的时间。请在对方方便的时候再申请。",
    "often_enough": "最近给对方打的电话已经够多了。请由中心转问。",
    "in_another": "对方正在和中心通话或短信往来,请过一会儿再申请。",
    "no_number": "对方的号码已经不用了。请由中心转问。",
}
"""What whoever asked hears where the person is not rung."""
GOODBYE: Final = {"zh": "好的,不接通。再见。", "en": "All right, you will not be put through. Goodbye."}
NEVER_AGAIN: Final = {
    "zh": "好的,以后不再为您反映的事给您打电话。再见。",
    "en": "All right, we will not call you about your matters again. Goodbye.",
}
BROKE_OFF: Final = {
    "zh": "对方的线路中断了,非常抱歉。再见。",
    "en": "We are sorry: the other line broke off. Goodbye.",
}


@dataclass(frozen=True)
class Reply:
    """What a line gets: `ask` and wait for a key, or the `room`, with `say` for when it is closed, or `say` alone and the end."""

    say: str
    lang: Lang
    ask: bool = False
    room: str | None = None


async def owe(conn: Any, new: NewMaskedCall) -> None:
    """Owe a call, within the caller's transaction."""
    await masked_calls.insert(conn, new)


async def take_finished(conn: Any, limit: int = MOST) -> list[Finished]:
    """Calls that are over, each told once; within the transaction of whoever owes something to that."""
    return list(await masked_calls.take_finished(conn, limit))


# -- what a line hears -----------------------------------------------------------------------------------------------


async def picked_up(ground: Ground, ref: str, leg: Leg, sid: str) -> Reply | None:
    """Somebody picked up. None: no such call is ours."""
    async with ground.pool.acquire() as conn, conn.transaction():
        call = await masked_calls.lock(conn, ref)
        if call is None:
            return None
        lang = _lang(call, leg)
        if not _is_theirs(call, leg, sid):
            return Reply(BROKE_OFF[lang], lang)
        await masked_calls.accepted(conn, ref, leg, sid, ground.clock.now() + _silence())
        return Reply(call.asker_words if leg == "asker" else call.person_words, lang, ask=True)


async def pressed(ground: Ground, ref: str, leg: Leg, sid: str, keys: str) -> Reply | None:
    """A key was pressed, or none. The same request again gets the same reply. None: no such call is ours."""
    async with ground.pool.acquire() as conn, conn.transaction():
        call = await masked_calls.lock(conn, ref)
        if call is None:
            return None
        lang = _lang(call, leg)
        if call.sid(leg) == sid and _has_joined(call, leg):
            return Reply(BROKE_OFF[lang], lang, room=ref)
        if not _is_theirs(call, leg, sid):
            return Reply(BROKE_OFF[lang], lang)
        if keys[:1] != JOIN:
            return await _does_not_join(ground, conn, call, leg, keys)
        return await (_asker_joins if leg == "asker" else _person_joins)(ground, conn, call, sid)


def _has_joined(call: MaskedCall, leg: Leg) -> bool:
    return (
        call.state in ("asker_here", "calling_person", "joined") if leg == "asker" else call.state == "joined"
    )


def _is_theirs(call: MaskedCall, leg: Leg, sid: str) -> bool:
    """Whether this is the line that is being called."""
    return call.state == f"calling_{leg}" and call.sid(leg) in (None, sid)


async def _does_not_join(ground: Ground, conn: Any, call: MaskedCall, leg: Leg, keys: str) -> Reply:
    lang, now = _lang(call, leg), ground.clock.now()
    never = leg == "person" and keys[:1] == NEVER
    if never:
        await people.opt_out(conn, call.person_id, "case_call", now, "voice", None)
    await _end(conn, call, now, "asker_not_there" if leg == "asker" else "declined")
    return Reply(NEVER_AGAIN[lang] if never else GOODBYE[lang], lang)


async def _asker_joins(ground: Ground, conn: Any, call: MaskedCall, sid: str) -> Reply:
    """They wait, and the person is rung, if they may be."""
    now, lang = ground.clock.now(), _lang(call, "asker")
    why = await _why_not(conn, call, now)
    if why is None:
        new = NewContact(call.person_id, "case", "voice", None)
        opened = (await contacts.open_contacts(conn, [new], now)).get(call.person_id)
        if opened is not None:
            await masked_calls.asker_here(conn, call.ref, opened, sid, now + _silence())
            return Reply(BROKE_OFF[lang], lang, room=call.ref)
        why = "in_another"
    await _end(conn, call, now, why)
    return Reply(NOT_TO_BE_CALLED[why], lang)


async def _why_not(conn: Any, call: MaskedCall, now: datetime) -> str | None:
    """Why the person is not rung now; None: they are."""
    if call.number_cipher is None:
        return "no_number"
    said = (await people.opt_outs(conn, [call.person_id])).get(call.person_id, set())
    if said & CLOSING["case", "voice"]:
        return "opted_out"
    own = OwnHours(((call.own_from, call.own_until),)) if call.own_from and call.own_until else None
    if window_at(now, call.tz, "case", own=own) is None:
        return "outside_hours"
    recent = await past_attempts.recent_of(conn, [call.person_id], now - ledger_period())
    if len(recent.get(call.person_id, [])) >= attempt_policy().any_kind.at_most:
        return "often_enough"
    return None


async def _person_joins(ground: Ground, conn: Any, call: MaskedCall, sid: str) -> Reply:
    """Put through, unless they said "stop" by another way while their telephone rang."""
    now, lang = ground.clock.now(), _lang(call, "person")
    if (await people.opt_outs(conn, [call.person_id])).get(call.person_id, set()) & CLOSING["case", "voice"]:
        await _end(conn, call, now, "opted_out")
        return Reply(GOODBYE[lang], lang)
    await masked_calls.joined(conn, call.ref, sid, now, now + _silence())
    return Reply(BROKE_OFF[lang], lang, room=call.ref)


def _lang(call: MaskedCall, leg: Leg) -> Lang:
    return lang_of(call.lang if leg == "person" else "zh")


# -- the end ---------------------------------------------------------------------------------------------------------


async def line_over(ground: Ground, ref: str, leg: Leg, sid: str, word: str | None) -> bool:
    """What the carrier says of a line. A line that is over ends the call. False: no such call is ours."""
    async with ground.pool.acquire() as conn, conn.transaction():
        call = await masked_calls.lock(conn, ref)
        if call is not None and word is not None and is_final(word) and call.sid(leg) in (None, sid):
            await _end(conn, call, ground.clock.now(), _outcome(call, leg))
        return call is not None


def _outcome(call: MaskedCall, leg: Leg) -> str:
    if call.joined_at is not None:
        return "talked"
    return "asker_not_there" if leg == "asker" else "not_reached"


async def _end(conn: Any, call: MaskedCall, now: datetime, outcome: str) -> None:
    seconds = int((now - call.joined_at).total_seconds()) if call.joined_at is not None else 0
    if await masked_calls.over(conn, call.ref, now, outcome, seconds) and call.contact_id is not None:
        await contacts.close_contact(conn, call.contact_id, now)


# -- what a worker does ----------------------------------------------------------------------------------------------


async def join_lines(ground: Ground, line: Line, taken: Callable[[], None] = lambda: None) -> int:
    """Call the lines that are to be called; ask about those of which nothing was heard; end those of calls that are over. How
    many were called."""
    now, real_now = ground.clock.now(), ground.real_now()
    again = now + timedelta(seconds=dispatch_policy().ask_again_after_s)
    async with ground.pool.acquire() as conn, conn.transaction():
        to_check = await masked_calls.to_check(conn, now, real_now, again, MOST)
        claimed = [
            call
            for ref in await masked_calls.to_call(conn, MOST)
            if (call := await _claim(conn, ref, now, real_now + timedelta(seconds=line.timeout_s + 2)))
        ]
    taken()
    for call in claimed:
        await _call(ground, line, call)
    for ref in to_check:
        try:
            await _look(ground, line, ref)
        except CarrierAway as error:
            log.warning("carrier away; masked calls are asked about later", why=str(error))
    return len(claimed)


async def _claim(conn: Any, ref: str, now: datetime, lease_real: datetime) -> MaskedCall | None:
    """A line about to be called; None: it is too late for it."""
    call = await masked_calls.lock(conn, ref)
    assert call is not None  # it was held a moment ago
    if call.state == "wanted" and call.until_at <= now:
        await _end(conn, call, now, "expired")
        return None
    if call.state == "asker_here" and (why := await _why_not(conn, call, now)) is not None:
        await _end(conn, call, now, why)
        return None
    await masked_calls.calling(conn, ref, now, lease_real)
    return await masked_calls.lock(conn, ref)


async def _call(ground: Ground, line: Line, call: MaskedCall) -> None:
    at = f"{line.public_url}/twilio/masked/{call.ref}/{call.leg}"
    placed = await line.carrier.call(
        _number(ground, call), answer_url=at + OVERRIDES, status_url=f"{at}/status{OVERRIDES}"
    )
    now = ground.clock.now()
    async with ground.pool.acquire() as conn, conn.transaction():
        held = await masked_calls.lock(conn, call.ref)
        assert held is not None  # calls are never deleted
        match placed:
            case Accepted(sid):
                await masked_calls.accepted(conn, call.ref, call.leg, sid, now + _silence())
            case Refused() | Throttled():
                await _end(conn, held, now, _outcome(held, call.leg))
            case _:
                await masked_calls.check_later(conn, call.ref, now)


def _number(ground: Ground, call: MaskedCall) -> str:
    cipher = call.asker_cipher if call.leg == "asker" else call.number_cipher
    assert cipher is not None  # looked at before the person is rung
    return ground.vault.open(cipher)


async def _look(ground: Ground, line: Line, ref: str) -> None:
    """Ask the carrier about the lines of one call, or have them ended. Raises CarrierAway."""
    async with ground.pool.acquire() as conn, conn.transaction():
        call = await masked_calls.lock(conn, ref)
        assert call is not None  # calls are never deleted
        if call.state == "wanted":
            await _end(conn, call, ground.clock.now(), "expired")
            return
    if call.state == "over":
        await _end_lines(ground, line, call)
    elif call.sid(call.leg) is None and call.state in ("calling_asker", "calling_person"):
        await _settle(ground, line, call)
    else:
        for leg in _legs(call):
            said = await line.carrier.look_up_call(call.sid(leg) or "")
            if said is None or is_final(said.word):
                await line_over(ground, ref, leg, call.sid(leg) or "", "answered")


async def _end_lines(ground: Ground, line: Line, call: MaskedCall) -> None:
    """Ended, and looked at again until the carrier says so."""
    live = False
    for leg in _legs(call):
        sid = call.sid(leg) or ""
        said = await line.carrier.look_up_call(sid)
        if said is not None and not is_final(said.word):
            await line.carrier.end_call(sid)
            live = True
    if not live:
        async with ground.pool.acquire() as conn:
            await masked_calls.check_later(conn, call.ref, None)


async def _settle(ground: Ground, line: Line, call: MaskedCall) -> None:
    """Whether the carrier took the line is not known: it is matched by number and time. Never called again without asking."""
    assert call.called_at is not None  # set before the carrier is asked
    number = _number(ground, call)
    since = call.called_at - timedelta(seconds=30)
    listed = [one for one in await line.carrier.calls_since(since) if _matches(one, number, since)]
    async with ground.pool.acquire() as conn:
        others = await masked_calls.known_sids(conn, [one.sid for one in listed])
    mine = [one for one in listed if one.sid not in others]
    now = ground.clock.now()
    if mine:
        async with ground.pool.acquire() as conn:
            await masked_calls.accepted(conn, call.ref, call.leg, mine[-1].sid, now + _silence())
        if is_final(mine[-1].word):
            await line_over(ground, call.ref, call.leg, mine[-1].sid, mine[-1].word)
    elif now >= call.called_at + timedelta(seconds=dispatch_policy().ask_again_after_s):
        await line_over(ground, call.ref, call.leg, "", "failed")


def _matches(call: Progress, number: str, since: datetime) -> bool:
    return call.number == number and (call.started_at is None or call.started_at >= since)


def _legs(call: MaskedCall) -> list[Leg]:
    legs: tuple[Leg, ...] = ("asker", "person")
    return [leg for leg in legs if call.sid(leg) is not None]


def _silence() -> timedelta:
    """How long a line goes on before the carrier is asked about it."""
    return timedelta(seconds=dispatch_policy().check_call_after_s)
