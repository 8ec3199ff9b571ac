"""From dialling to the moment somebody answers, or to the end if nobody does."""

from . import dice, progress
from .clients import UNREGISTERED_SIP, is_client
from .limits import GRAIN_S
from .line import Line
from .person import picks_up, ring_s


async def dial(line: Line) -> None:
    """Returns when the call is answered; raises CallOver when it is not."""
    await line.let_pass(GRAIN_S)
    await progress.report_call(line.carrier, line.order, "initiated")
    if is_client(line.call.to):
        await _ring_browser(line)
        return
    await _pass_the_networks(line)
    outcome = (
        "busy"
        if line.resident.on_the_phone
        else picks_up(line.carrier.town, line.resident.person, line.call.nth, line.carrier.clock.now())
    )
    if outcome in ("answered", "machine"):
        await _ring(line, outcome)
        return
    signal = line.carrier.town.signals[outcome]
    line.call.sip = signal.sip
    wait = GRAIN_S
    if signal.rings:
        await _ringing(line)
        wait = line.order.timeout_s if outcome == "no_answer" else _ring_s(line)
    await line.let_pass(min(wait, line.order.timeout_s))
    await line.end(signal.status)


async def _ring_browser(line: Line) -> None:
    """A registered browser picks up; where none is, the call is over before anything rang."""
    account = line.carrier.account_of(line.call.account).sid
    if not line.carrier.clients.is_there(account, line.call.to):
        line.call.sip = UNREGISTERED_SIP
        await line.end("no-answer")
    await _ring(line, "answered")


async def _pass_the_networks(line: Line) -> None:
    """Ends the call where networks block the number that it comes from; then nobody's telephone rings."""
    carrier, call = line.carrier, line.call
    block = carrier.callers.stops(carrier.seed, call.from_, carrier.clock.now(), *call.who)
    if block is None:
        return
    ends = carrier.town.blocked_callers
    shares = {name: end.share for name, end in ends.items()}
    name = block.end or dice.choose(dice.uniform(carrier.seed, "blocked call", *call.who), shares)
    call.blocked, call.sip = True, ends[name].sip
    if ends[name].status == "no-answer":
        call.status = "ringing"
        await progress.report_call(carrier, line.order, "ringing")
        await line.let_pass(line.order.timeout_s)
    else:
        await line.let_pass(GRAIN_S)
    await line.end(ends[name].status)


async def _ring(line: Line, outcome: str) -> None:
    await _ringing(line)
    ring = _ring_s(line)
    await line.let_pass(min(ring, line.order.timeout_s))
    if ring > line.order.timeout_s:
        line.call.sip = line.carrier.town.signals["no_answer"].sip
        await line.end("no-answer")
    line.call.status = "in-progress"
    line.call.answered_at = line.call.updated_at = line.carrier.clock.now()
    line.call.answered_by = "machine" if outcome == "machine" else "human"
    if outcome == "answered":
        line.resident.spoken_at = line.call.answered_at
    await progress.report_call(line.carrier, line.order, "answered")


async def _ringing(line: Line) -> None:
    line.call.status = "ringing"
    line.call.rang += 1
    line.call.rang_from = line.carrier.clock.now()
    await progress.report_call(line.carrier, line.order, "ringing")


def _ring_s(line: Line) -> float:
    return ring_s(line.carrier.town, line.resident.person, line.call.nth)
