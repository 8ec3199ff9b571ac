"""DOOR. Texts that tell somebody something and ask nothing: notices to those who handle cases, and to residents.

They go by the carrier's line, its pace and its number plan like every other text. Tell at most once: a text stands as `sending`
before the carrier is asked; no answer leaves it `unknown`, and only the carrier's own list settles it.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog

from survey.channels.base import (
    Accepted,
    CarrierAway,
    Placed,
    Progress,
    Refused,
    Throttled,
    Unknown,
    is_final,
    rank,
)
from survey.dialing import AT_ONCE, LINES_AGAIN_S, OVERRIDES, Line, bucket_of, next_moment
from survey.dispatch_policy import dispatch_policy
from survey.field.opt_outs import CLOSING
from survey.field.shares import Key
from survey.ground import Ground
from survey.ids import Tokens
from survey.questionnaire.segments import segments
from survey.sharing import CHANNEL, Sharing, keep, open_sharing
from survey.store import contacts, pace, people, tellings
from survey.store.tellings import NewTelling, Telling

__all__ = ["NewTelling", "owe", "reconcile", "record_progress", "tell_due"]

log = structlog.get_logger()
MOST = 200
"""Texts looked at together."""
GONE, STOPPED, TOO_LATE = "no_address", "opted_out", "too_late"
"""Outcomes of texts that were never handed over; the others are the carrier's words."""


async def owe(conn: Any, telling: NewTelling, tokens: Tokens) -> None:
    """Owe a text, within the caller's transaction. Owing it again changes nothing."""
    await tellings.insert(conn, tokens(), telling, segments(telling.body))


# -- handing over ---------------------------------------------------------------------------------------------------


async def tell_due(ground: Ground, line: Line) -> int:
    """Hand over what is due, as much as the pace of texts allows. How many were handed over."""
    claimed = await _claim(ground, line)
    slots = asyncio.Semaphore(AT_ONCE)
    answers = await asyncio.gather(*(_hand_over(ground, line, slots, one) for one in claimed))
    if claimed:
        async with ground.pool.acquire() as conn, conn.transaction():
            for one, answer in zip(claimed, answers, strict=True):
                await _keep_answer(ground, conn, one, answer)
    return len(claimed)


async def _claim(ground: Ground, line: Line) -> list[Telling]:
    """Committed as `sending` before the carrier is asked; their segments are taken out of every bucket they pass."""
    now = ground.clock.now()
    async with ground.pool.acquire() as conn, conn.transaction():
        channel = await pace.lock(conn, "text")
        if channel.next_at > now:
            return []
        bucket = bucket_of(channel, line.texts_per_second).filled(now)
        sharing = await open_sharing(conn, channel, "text", bucket, now)
        may = await _who_may_be_told(conn, await tellings.lock_due(conn, now, MOST), now)
        caller, claimed = _fitting(sharing, may)
        lease = ground.real_now() + timedelta(seconds=line.timeout_s + 2)
        await tellings.claim(conn, [one.id for one in claimed], now, lease, caller)
        if may:
            await keep(conn, "text", sharing, [], _next_moment(sharing, now))
        return claimed


def _next_moment(sharing: Sharing, now: datetime) -> datetime:
    """Where campaigns' texts go in batches, what is told between two of them does not put the next one off."""
    if not sharing.channel.batch_s:
        return next_moment(sharing, now)
    if not sharing.held_back:
        return sharing.channel.next_at
    return max(sharing.buckets[CHANNEL].ready_at(), now + timedelta(seconds=LINES_AGAIN_S))


async def _who_may_be_told(conn: Any, due: Sequence[Telling], now: datetime) -> list[Telling]:
    """Without those whose address is gone, whose window has closed, who want no texts, or who are in another contact."""
    persons = [one.person_id for one in due if one.person_id is not None]
    said = await people.opt_outs(conn, persons)
    busy = await tellings.in_contact(conn, persons)
    may = []
    for one in due:
        if one.cipher is None:
            await tellings.end(conn, one.id, now, GONE)
        elif said.get(one.person_id or 0, set()) & CLOSING["case", "text"]:
            await tellings.end(conn, one.id, now, STOPPED)
        elif now >= one.until_at:
            await tellings.end(conn, one.id, now, TOO_LATE)
        elif one.person_id in busy:
            await tellings.put_off(conn, one.id, now + timedelta(seconds=dispatch_policy().try_again_s))
        else:
            may.append(one)
    return may


def _fitting(sharing: Sharing, may: Sequence[Telling]) -> tuple[str | None, list[Telling]]:
    """From our first number that works, those for whom there is room; what they take is charged."""
    if sharing.any_number and not sharing.numbers:
        return None, []
    ours = sharing.numbers[0] if sharing.numbers else None
    keys: list[Key] = [CHANNEL]
    if ours is not None:
        keys += [("number", ours.number), ("account", ours.account)]
    keys = [key for key in keys if key in sharing.rooms]
    claimed: list[Telling] = []
    for one in may:
        if not all(sharing.rooms[key].lets(one.segments, not claimed) for key in keys):
            sharing.held_back = True
            break
        for key in keys:
            sharing.rooms[key] = sharing.rooms[key].without(one.segments)
            if key in sharing.buckets:
                sharing.buckets[key] = sharing.buckets[key].taken(one.segments)
        claimed.append(one)
    return (ours.number if ours is not None else None), claimed


async def _hand_over(ground: Ground, line: Line, slots: asyncio.Semaphore, one: Telling) -> Placed:
    assert one.cipher is not None  # it could be told when it was claimed
    valid_s = int((one.until_at - ground.clock.now()).total_seconds())
    async with slots:
        return await line.carrier.text(
            ground.vault.open(one.cipher),
            one.body,
            status_url=f"{line.public_url}/twilio/told/{one.ref}{OVERRIDES}",
            valid_s=max(1, valid_s),
            caller=one.caller,
        )


async def _keep_answer(ground: Ground, conn: Any, one: Telling, answer: Placed) -> None:
    now, policy = ground.clock.now(), dispatch_policy()
    if isinstance(answer, Accepted):
        await tellings.accepted(conn, one.id, answer.sid, now + timedelta(seconds=policy.check_call_after_s))
    elif isinstance(answer, Unknown):
        await tellings.unknown(conn, one.id, now)
    elif isinstance(answer, Throttled):
        await tellings.back_to_waiting(conn, one.id, now + timedelta(seconds=max(1.0, answer.retry_after_s)))
    else:
        await _refused(conn, one, answer, now)


async def _refused(conn: Any, one: Telling, answer: Refused, now: datetime) -> None:
    if answer.opted_out:
        await _carrier_blocks(conn, one, now)
    await tellings.end(conn, one.id, now, answer.word)


async def _carrier_blocks(conn: Any, one: Telling, now: datetime) -> None:
    """The carrier blocks a resident for us: as in a survey, the text channel is lost (settled.md §4)."""
    if one.person_id is not None:
        for scope in ("text_channel", "survey"):
            await people.opt_out(conn, one.person_id, scope, now, "carrier", None)


# -- what became of it ----------------------------------------------------------------------------------------------


async def record_progress(
    ground: Ground, ref: str, sid: str, word: str | None, error_code: int | None, raw: Any
) -> bool:
    """A status webhook, or what was asked: never moves anything back. False: nothing of ours is known under `ref`."""
    now = ground.clock.now()
    async with ground.pool.acquire() as conn, conn.transaction():
        one = await tellings.lock(conn, ref)
        if one is None or word is None:
            await contacts.park(conn, "status", raw, now)
            return one is not None
        await _advance(conn, one, sid, word, error_code, now)
        return True


async def _advance(
    conn: Any, one: Telling, sid: str, word: str, error_code: int | None, now: datetime
) -> None:
    if one.carrier_word is not None and rank(word) <= rank(one.carrier_word):
        return
    if not await tellings.progress(conn, one.id, sid, word, error_code):
        return
    if word == "opted_out":
        await _carrier_blocks(conn, one, now)
    if is_final(word) or word == "delivered":
        await tellings.end(conn, one.id, now, word)


async def reconcile(ground: Ground, line: Line) -> int:
    """Ask the carrier about texts of which nobody knows whether it took them, and about those that are silent. How many."""
    now = ground.clock.now()
    async with ground.pool.acquire() as conn:
        await tellings.give_up_leases(conn, ground.real_now(), now)
        asked = await tellings.to_ask(conn, now)
        again = now + timedelta(seconds=dispatch_policy().ask_again_after_s)
        await tellings.check_later(conn, [one.id for one in asked if one.status == "unknown"], again)
    unknown = [one for one in asked if one.status == "unknown"]
    if unknown:
        await _settle_unknown(ground, line, unknown)
    await _ask_about(ground, line, [one for one in asked if one.status == "accepted"])
    return len(asked)


async def _ask_about(ground: Ground, line: Line, silent: Sequence[Telling]) -> None:
    """One after the other; a carrier that is away is not asked about the others."""
    for place, one in enumerate(silent):
        try:
            await _ask(ground, line, one)
        except CarrierAway as error:
            others = [each.id for each in silent[place + 1 :]]
            log.warning("carrier away; asked again later", texts=len(others) + 1, why=str(error))
            async with ground.pool.acquire() as conn:
                again = ground.clock.now() + timedelta(seconds=dispatch_policy().check_again_s)
                await tellings.check_later(conn, others, again)
            return


async def _settle_unknown(ground: Ground, line: Line, unknown: Sequence[Telling]) -> None:
    since = min(one.sending_at for one in unknown if one.sending_at is not None) - timedelta(minutes=1)
    try:
        listed = await line.carrier.texts_since(since)
    except CarrierAway as error:
        log.warning("carrier away; texts stay unsettled", texts=len(unknown), why=str(error))
        return
    for one in unknown:
        async with ground.pool.acquire() as conn, conn.transaction():
            await _settle(ground, conn, one.ref, listed)


async def _settle(ground: Ground, conn: Any, ref: str, listed: Sequence[Progress]) -> None:
    """Found by number, words and time among what belongs to nothing of ours yet. What the carrier does not list a minute later
    it never took: it is owed again."""
    now, policy = ground.clock.now(), dispatch_policy()
    one = await tellings.lock(conn, ref)
    if one is None or one.status != "unknown" or one.sending_at is None:
        return  # a webhook told more while the carrier was being asked
    number = ground.vault.open(one.cipher) if one.cipher is not None else ""
    earliest = one.sending_at - timedelta(seconds=30)
    alike = [
        p
        for p in listed
        if p.number == number
        and p.body in ("", one.body)
        and (p.started_at is None or p.started_at >= earliest)
    ]
    taken = await tellings.known_sids(conn, [p.sid for p in alike])
    mine = [p for p in alike if p.sid not in taken]
    if mine:
        check_at = now + timedelta(seconds=policy.check_again_s)
        await tellings.accepted(conn, one.id, mine[-1].sid, check_at)
        await _advance(conn, one, mine[-1].sid, mine[-1].word, mine[-1].error_code, now)
    elif now >= one.sending_at + timedelta(seconds=policy.ask_again_after_s):
        await tellings.never_was(conn, one.id, now)


async def _ask(ground: Ground, line: Line, one: Telling) -> None:
    """One whose receipt has not come. It is asked about ever more seldom; after a day it did not arrive. Raises CarrierAway."""
    now, policy = ground.clock.now(), dispatch_policy()
    assert one.sid is not None and one.sending_at is not None  # it was accepted
    since = now - one.sending_at
    again = now + max(timedelta(seconds=policy.check_again_s), since)
    limit = one.sending_at + timedelta(seconds=policy.receipt_s)
    async with ground.pool.acquire() as conn:
        await tellings.check_later(conn, [one.id], min(again, max(limit, now + timedelta(seconds=60))))
    said = await line.carrier.look_up_text(one.sid)
    if said is not None:
        await record_progress(ground, one.ref, one.sid, said.word, said.error_code, None)
    if now >= limit:
        async with ground.pool.acquire() as conn:
            await tellings.end(conn, one.id, now, "no_receipt")
