"""Residents who ring the centre's own number: the carrier asks the number's voice URL what to say, as in any call."""

from .carrier import Carrier
from .ledger import Call
from .orders import CallOrder
from .player import Player


def ring_the_centre(carrier: Carrier, number: str, keys: list[str]) -> Call:
    """Begin such a call. Raises ValueError where the number has no voice URL."""
    account = carrier.account
    if account.inbound_voice_url is None:
        raise ValueError("the centre's number has no voice URL: start the twin with --inbound-voice-url")
    nth = sum(call.kind == "inbound" and call.from_ == number for call in carrier.ledger.calls.values()) + 1
    call = Call(
        carrier.sid("CA", number, "inbound", nth),
        "inbound",
        account.number,
        number,
        carrier.clock.now(),
        nth=nth,
        status="ringing",
    )
    order = CallOrder(call, account.inbound_voice_url, status_callback=account.inbound_status_url, keys=keys)
    carrier.take_up(order)
    carrier.spawn(Player(carrier, order).play(), f"call {call.sid}")
    return call
