"""DOOR. Outgoing contact: who is due is claimed, committed as `dialing`, and only then is the carrier asked (design.md §1.5).

Ring at most once: an attempt whose request got no answer is `unknown` until the carrier has said what became of it.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from survey import linked_calls, machines
from survey.caller_health import look_at_numbers
from survey.channels.base import (
    Accepted,
    Carrier,
    CarrierAway,
    Placed,
    Progress,
    Refused,
    Throttled,
    Unknown,
    is_final,
    rank,
)
from survey.claiming import Claimed, claim
from survey.concluding import conclude
from survey.dispatch_policy import dispatch_policy
from survey.field.calling_hours import Purpose, window_at
from survey.field.carrier_signals import Signal, UnknownSignal, from_carrier
from survey.field.pacing import Bucket
from survey.field.who_answered import Detection
from survey.ground import Ground
from survey.sharing import CHANNEL, Going, Sharing, keep, open_sharing
from survey.store import attempts, contacts, pace, people, tellings
from survey.store.attempts import Attempt
from survey.store.due_units import DueUnit
from survey.store.pace import Pace

log = structlog.get_logger()
AT_ONCE = 32  # requests to the carrier under way together
LINES_AGAIN_S = 1.0
"""Seconds until room is looked for again, where all lines are in use, or a limit inside the channel's holds somebody back."""
NUMBERS_AGAIN_S = 60.0
"""Seconds until a number is looked for again, when all of ours rest."""


@dataclass(frozen=True)
class Line:
    """A carrier, where its webhooks find us, and how much it takes a second."""

    carrier: Carrier
    public_url: str
    calls_per_second: float
    texts_per_second: float
    timeout_s: float

    def answer_url(self, ref: str) -> str:
        return f"{self.public_url}/twilio/voice/{ref}/0{OVERRIDES}"

    def linked_url(self, ref: str) -> str:
        return f"{self.public_url}/twilio/linked/{ref}{OVERRIDES}"

    def status_url(self, ref: str) -> str:
        return f"{self.public_url}/twilio/status/{ref}{OVERRIDES}"

    def machine_url(self, ref: str) -> str:
        return f"{self.public_url}/twilio/machine/{ref}{OVERRIDES}"


OVERRIDES = "#rc=5&rp=all&ct=2000&rt=8000"  # ask the carrier to try a webhook again, should we be restarting


def _nobody() -> None:
    """Nobody wants to know."""


async def dial_due(ground: Ground, line: Line, taken: Callable[[], None] = _nobody) -> int:
    """Claim what is due in voice and text, as much as the pace allows, and hand it to the carrier. How many attempts.

    `taken` is called when all is claimed, before the carrier is asked: from then on others may claim."""
    per_second = {"voice": line.calls_per_second, "text": line.texts_per_second}
    async with ground.pool.acquire() as conn:
        channels = await pace.open_channels(conn, ground.clock.now())
    claimed = [one for mode in channels for one in await _claim_batch(ground, line, mode, per_second[mode])]
    taken()
    await hand_over(ground, line, claimed)
    return len(claimed)


async def hand_over(ground: Ground, line: Line, claimed: Sequence[Claimed]) -> None:
    """Ask the carrier for calls and texts that are committed as `dialing`, and write what it answered."""
    slots = asyncio.Semaphore(AT_ONCE)
    placed = await asyncio.gather(*(_place(ground, line, slots, one) for one in claimed))
    await _write_outcomes(ground, claimed, placed)


async def _claim_batch(ground: Ground, line: Line, mode: str, per_second: float) -> list[Claimed]:
    """As much as the channel's bucket and its lines allow, committed as `dialing`; what it used is taken out of the bucket."""
    now = ground.clock.now()
    lease = ground.real_now() + timedelta(seconds=line.timeout_s + 2)
    async with ground.pool.acquire() as conn, conn.transaction():
        channel = await pace.lock(conn, mode)
        if channel.next_at > now:
            return []
        bucket = bucket_of(channel, per_second).filled(now)
        await look_at_numbers(conn, now)
        sharing = await open_sharing(conn, channel, mode, bucket, now)
        claimed = await _claim_fitting(ground, conn, mode, sharing, lease)
        going = [going_of(one) for one in claimed]
        sharing.charge(going)
        await keep(conn, mode, sharing, going, next_moment(sharing, now))
        return claimed


async def _claim_fitting(
    ground: Ground, conn: Any, mode: str, sharing: Sharing, lease: datetime
) -> list[Claimed]:
    """How long texts are is known when they are written: where they come out longer than there is room for, they are taken
    back, and those claimed that fit."""
    most = sharing.most
    if most <= 0:
        return []
    written = conn.transaction()
    await written.start()
    claimed = await claim(ground, conn, mode, limit=most, lease_real=lease, sharing=sharing)
    if sharing.fits([going_of(one) for one in claimed]):
        await written.commit()
        return claimed
    await written.rollback()
    return await claim(ground, conn, mode, limit=most, lease_real=lease, sharing=sharing)


def going_of(one: Claimed) -> Going:
    return Going(one.lead, one.caller, one.tokens)


def bucket_of(channel: Pace, per_second: float) -> Bucket:
    """At the rate of the channel's row, or of the settings. It holds a burst, or one batch where work goes in batches."""
    rate = channel.rate if channel.rate is not None else per_second
    seconds = channel.batch_s or channel.burst_s
    return Bucket(rate, max(1.0, rate * seconds), channel.tokens, channel.filled_at)


def next_moment(sharing: Sharing, now: datetime) -> datetime:
    """When there is a token again, or a line, or room inside the channel; in batches at the next whole multiple."""
    if sharing.channel.batch_s:
        return next_batch(now, sharing.channel.batch_s)
    if sharing.any_number and not sharing.numbers:
        return now + timedelta(seconds=NUMBERS_AGAIN_S)
    soon = min(LINES_AGAIN_S, sharing.channel.burst_s)  # nothing that runs in meanwhile is lost
    lines = sharing.rooms[CHANNEL].lines
    waits = sharing.held_back or sharing.closed or (lines is not None and lines <= 0)
    return max(sharing.buckets[CHANNEL].ready_at(), now + timedelta(seconds=soon) if waits else now)


def next_batch(now: datetime, every_s: float) -> datetime:
    """The next moment at which a batch may be handed over: whole multiples of `every_s` since the epoch."""
    return now + timedelta(seconds=every_s - now.timestamp() % every_s)


async def _place(ground: Ground, line: Line, slots: asyncio.Semaphore, one: Claimed) -> Placed:
    number = ground.vault.open(one.number_cipher)
    async with slots:
        if one.mode == "operator":
            answer_url, status_url = line.linked_url(one.ref), line.status_url(one.ref)
            return await line.carrier.call(
                number, answer_url=answer_url, status_url=status_url, caller=one.caller
            )
        if one.mode == "voice":
            return await line.carrier.call(
                number,
                answer_url=line.answer_url(one.ref),
                status_url=line.status_url(one.ref),
                detection=detection_for(one.lead),
                machine_url=line.machine_url(one.ref),
                caller=one.caller,
            )
        purpose: Purpose = "case" if one.lead.purpose == "case" else "survey"
        window = window_at(ground.clock.now(), one.lead.tz, purpose, own=one.lead.own_hours)
        left = (window.closes - ground.clock.now()).total_seconds() if window is not None else 1.0
        return await line.carrier.text(
            number, one.body, status_url=line.status_url(one.ref), valid_s=int(left), caller=one.caller
        )


def detection_for(unit: DueUnit) -> Detection:
    """As the campaign wants it, or as the policy does for its purpose."""
    return unit.machine_detection or dispatch_policy().machine_detection[unit.purpose]


async def _write_outcomes(ground: Ground, claimed: Sequence[Claimed], placed: Sequence[Placed]) -> None:
    """What the carrier answered, in one transaction; refusals end their attempt."""
    if not claimed:
        return
    pairs = list(zip(claimed, placed, strict=True))
    async with ground.pool.acquire() as conn, conn.transaction():
        if taken := [(one.attempt_id, p.sid) for one, p in pairs if isinstance(p, Accepted)]:
            await attempts.accepted(conn, taken)
        if silent := [one.attempt_id for one, p in pairs if isinstance(p, Unknown)]:
            await attempts.unknown(conn, silent, ground.clock.now())
        for one, answer in pairs:
            if isinstance(answer, Refused | Throttled):
                await _refused(ground, conn, one, answer)


async def _refused(ground: Ground, conn: Any, one: Claimed, answer: Refused | Throttled) -> None:
    attempt = await attempts.attempt(conn, one.ref)
    assert attempt is not None  # it was committed before the carrier was asked
    word = answer.word if isinstance(answer, Refused) else "refused_by_carrier"
    if isinstance(answer, Refused) and answer.opted_out:
        await carrier_opt_out(ground, conn, attempt)
    code = code_of(attempt.mode, word, closing=True)
    await conclude(ground, conn, attempt, code)


async def carrier_opt_out(ground: Ground, conn: Any, attempt: Attempt) -> None:
    """The carrier blocks this person for us: the text channel is lost, and it counts as a survey refusal (settled.md §4)."""
    now = ground.clock.now()
    for scope in ("text_channel", "survey"):
        await people.opt_out(conn, attempt.person_id, scope, now, "carrier", attempt.id)


def code_of(mode: str, word: str, *, closing: bool = False) -> str:
    """The disposition that a carrier's word comes to. Raises UnknownSignal."""
    code = from_carrier(Signal("text" if mode == "text" else "voice", word), closing=closing)
    return code or "technical"


# -- news of an attempt under way -----------------------------------------------------------------------------------


async def record_progress(
    ground: Ground, ref: str, sid: str, word: str | None, error_code: int | None, raw: Any
) -> bool:
    """A status webhook, or what a poll found: never moves anything back. False: nothing of ours is known under `ref`."""
    now = ground.clock.now()
    async with ground.pool.acquire() as conn, conn.transaction():
        held = await attempts.lock_attempt(conn, ref)
        if held is None or word is None:
            await contacts.park(conn, "status", raw, now)
            return held is not None
        await _advance(ground, conn, held[0], sid, word, error_code)
        return True


async def _advance(
    ground: Ground, conn: Any, attempt: Attempt, sid: str, word: str, error_code: int | None
) -> None:
    if attempt.carrier_word is not None and rank(word) <= rank(attempt.carrier_word):
        return
    if attempt.linked and is_final(word) and await linked_calls.line_over(ground, conn, attempt, sid, word):
        return
    status = {"ringing": "ringing", "in_progress": "answered"}.get(
        word, "accepted" if attempt.sid is None else ""
    )
    moved = await attempts.progress(conn, attempt.id, sid, word, error_code, status, ground.clock.now())
    if not moved or not is_final(word):
        return
    if word == "opted_out":
        await carrier_opt_out(ground, conn, attempt)
    if word == "answered" and attempt.answered_by == "machine":
        word = "machine"
    try:
        code = linked_calls.code_of(attempt, word) or code_of(attempt.mode, word)
    except UnknownSignal:
        await contacts.park(conn, "outcome", {"ref": attempt.ref, "word": word}, ground.clock.now())
        code = "technical"
    await conclude(ground, conn, attempt, code, real=ground.real_now())


async def record_detection(ground: Ground, ref: str, sid: str, word: str | None, raw: Any) -> bool:
    """Who the carrier makes out to have answered, told while the call goes on, or late. False: nothing of ours is known under
    `ref`."""
    async with ground.pool.acquire() as conn, conn.transaction():
        held = await attempts.lock_attempt(conn, ref)
        if held is None or word is None:
            await contacts.park(conn, "machine", raw, ground.clock.now())
        elif held[0].sid in (None, sid):
            await machines.signs(conn, held[0], word, ground.clock.now())
        return held is not None


# -- asking the carrier ---------------------------------------------------------------------------------------------


async def reconcile(ground: Ground, line: Line) -> int:
    """Settle attempts of which nobody knows whether the carrier took them. How many were settled."""
    now = ground.clock.now()
    async with ground.pool.acquire() as conn:
        await attempts.give_up_leases(conn, ground.real_now(), now)
        open_ones = await attempts.unsettled(conn, now)
        again = now + timedelta(seconds=dispatch_policy().ask_again_after_s)
        await attempts.ask_later(conn, [attempt.id for attempt in open_ones], again)
    if not open_ones:
        return 0
    since = min(a.dialing_at for a in open_ones) - timedelta(minutes=1)
    modes = {attempt.mode for attempt in open_ones}
    try:
        calls = await line.carrier.calls_since(since) if modes - {"text"} else []
        texts = await line.carrier.texts_since(since) if "text" in modes else []
    except CarrierAway as error:
        log.warning("carrier away; attempts stay unsettled", attempts=len(open_ones), why=str(error))
        return 0
    for attempt in open_ones:
        await _settle(ground, attempt, texts if attempt.mode == "text" else calls)
    return len(open_ones)


async def _settle(ground: Ground, attempt: Attempt, listed: list[Progress]) -> None:
    """Match by person and time: a person has one open contact, so at most one call or text of that moment is ours."""
    async with ground.pool.acquire() as conn, conn.transaction():
        await contacts.lock(conn, attempt.contact_id)
        standing = await attempts.attempt(conn, attempt.ref)
        if standing is None or standing.status != "unknown":
            return  # a webhook told more while the carrier was being asked
        number = ground.vault.open(await people.sealed_number(conn, attempt.person_id))
        earliest = attempt.dialing_at - timedelta(seconds=30)
        mine = [
            p for p in listed if p.number == number and (p.started_at is None or p.started_at >= earliest)
        ]
        told = await tellings.told_sids(conn, [p.sid for p in mine]) if attempt.mode == "text" else set()
        mine = [p for p in mine if p.sid not in told]
        if mine:
            await attempts.accepted(conn, [(attempt.id, mine[-1].sid)])
            current = await attempts.attempt(conn, attempt.ref)
            assert current is not None
            await attempts.check_later(
                conn, [attempt.id], ground.clock.now() + timedelta(seconds=dispatch_policy().check_again_s)
            )
            await _advance(ground, conn, current, mine[-1].sid, mine[-1].word, mine[-1].error_code)
        elif ground.clock.now() < (
            again := attempt.dialing_at + timedelta(seconds=dispatch_policy().ask_again_after_s)
        ):
            await attempts.check_later(
                conn, [attempt.id], again
            )  # the carrier may list it only a little later
        else:
            await conclude(
                ground, conn, attempt, "technical"
            )  # it never was: nothing rang, and no attempt is spent


async def check_silent(ground: Ground, line: Line) -> int:
    """Ask the carrier about attempts whose final word should have come by now. How many were asked about, or put off together
    because it is away."""
    async with ground.pool.acquire() as conn:
        silent = await attempts.to_check(conn, ground.clock.now(), 200)
    await _ask_about(ground, line, silent)
    return len(silent)


async def _ask_about(ground: Ground, line: Line, silent: Sequence[Attempt]) -> None:
    """One after the other. A carrier that is away is not asked about the others: where it takes every request and answers none,
    that would hold a worker up for minutes."""
    for place, attempt in enumerate(silent):
        try:
            await _check(ground, line, attempt)
        except CarrierAway as error:
            others = [one.id for one in silent[place + 1 :]]
            log.warning("carrier away; asked again later", attempts=len(others) + 1, why=str(error))
            async with ground.pool.acquire() as conn:
                again = ground.clock.now() + timedelta(seconds=dispatch_policy().check_again_s)
                await attempts.check_later(conn, others, again)
            return


async def _check(ground: Ground, line: Line, attempt: Attempt) -> None:
    """Raises CarrierAway; then it is asked again later, as after an answer that is none yet."""
    if attempt.sid is None:
        return
    look_up = line.carrier.look_up_text if attempt.mode == "text" else line.carrier.look_up_call
    again = ground.clock.now() + timedelta(seconds=dispatch_policy().check_again_s)
    async with ground.pool.acquire() as conn:
        await attempts.check_later(conn, [attempt.id], again)
    said = await look_up(attempt.sid)
    if said is not None:
        await record_progress(ground, attempt.ref, attempt.sid, said.word, said.error_code, None)


# -- waiting that ends ----------------------------------------------------------------------------------------------


async def expire_threads(ground: Ground, line: Line) -> int:
    """Text threads whose waiting has ended are closed; a receipt lost on the way is asked for first. How many."""
    async with ground.pool.acquire() as conn:
        over = await contacts.expired(conn, ground.clock.now(), 500)
        waited = [await attempts.attempt_of(conn, contact_id) for contact_id in over]
    without_receipt = [one for one in waited if one.carrier_word in (None, "queued", "sent")]
    await _ask_about(ground, line, without_receipt)
    for attempt in waited:
        async with ground.pool.acquire() as conn, conn.transaction():
            await contacts.lock(conn, attempt.contact_id)
            current = await attempts.attempt(conn, attempt.ref)
            assert current is not None
            code = code_of("text", current.carrier_word or "sent", closing=True)
            await conclude(ground, conn, current, code, real=ground.real_now())
    return len(over)
