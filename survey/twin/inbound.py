"""Residents who ring the centre's own number: the carrier asks the number's voice URL what to say, as in any call."""

from collections.abc import Sequence
from datetime import datetime

from . import dice
from .carrier import Carrier
from .ledger import Call
from .menu import wish_of
from .orders import CallOrder
from .player import Player

MISSED = frozenset({"no-answer", "canceled"})


def ring_the_centre(
    carrier: Carrier, number: str, *, to: str | None = None, keys: Sequence[str] = (), wish: str | None = None
) -> Call:
    """Begin such a call to one of our numbers, the first without `to`; they press `keys` first, one at each prompt, and then
    as they mean it. `wish` is what they ring for; None leaves it to them.

    Raises ValueError where that number is none of ours, or has no voice URL."""
    to = to or carrier.account.number
    account = carrier.owner(to)
    if account is None:
        raise ValueError("this carrier has no such number of ours: see --number")
    if account.inbound_voice_url is None:
        raise ValueError("the centre's number has no voice URL: start the twin with --inbound-voice-url")
    resident = carrier.resident(number)
    resident.rings += 1
    nth = resident.rings
    call = Call(
        carrier.sid("CA", number, "inbound", nth), "inbound", to, number, carrier.clock.now(), nth=nth,
        status="ringing", account=account.sid,
    )  # fmt: skip
    order = CallOrder(
        call, account.inbound_voice_url, status_callback=account.inbound_status_url, origin=carrier.origin,
        keys=list(keys), wish=wish or wish_of(carrier.town, resident.person, nth),
    )  # fmt: skip
    carrier.take_up(order)
    carrier.spawn(_play(carrier, order), f"call {call.sid}")
    return call


async def _play(carrier: Carrier, order: CallOrder) -> None:
    """Whoever rings the centre cannot be rung meanwhile."""
    resident = carrier.resident(order.call.resident)
    resident.on_the_phone += 1
    try:
        await Player(carrier, order).play()
    finally:
        resident.on_the_phone -= 1


async def ring_back(carrier: Carrier, missed: Call) -> None:
    """Whoever did not get to the telephone in time rings the number that they see, unless they have been spoken to meanwhile or
    want no more of it; only those who do so by the town's share or by a planted trait."""
    resident, owner = carrier.resident(missed.to), carrier.owner(missed.from_)
    after_min = _after_min(carrier, missed)
    if after_min is None or owner is None or owner.inbound_voice_url is None:
        return
    await carrier.wait(after_min * 60)
    if resident.opted_out is None and not _spoken_to_since(resident.spoken_at, missed.created_at):
        ring_the_centre(carrier, missed.to, to=missed.from_)


def _after_min(carrier: Carrier, missed: Call) -> float | None:
    """Minutes until they ring back; None where they do not, or missed nothing."""
    if missed.status not in MISSED or missed.rang_from is None:
        return None
    person, policy = carrier.resident(missed.to).person, carrier.town.rings_back
    if person.rings_back is not None:
        return person.rings_back
    if person.draw("rings back", missed.nth) >= policy.share:
        return None
    delay = policy.after_min
    u = person.draw("rings back after", missed.nth)
    return dice.lognormal(u, delay.median, delay.sigma, delay.longest)


def _spoken_to_since(spoken_at: datetime | None, since: datetime) -> bool:
    return spoken_at is not None and spoken_at >= since
