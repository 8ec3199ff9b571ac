"""Status webhooks of calls and texts, and the faults that befall them on the way."""

from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import urldefrag

from . import dice
from .carrier import Carrier
from .ledger import Call, Text
from .orders import CallOrder

API_VERSION = "2010-04-01"
WARNING = 15003
SHORT_S = (5.0, 30.0)
_LONG_S = (60.0, 600.0)


async def report_call(carrier: Carrier, order: CallOrder, event: str) -> None:
    """Post a progress event (initiated, ringing, answered, completed) if it was asked for."""
    call = order.call
    if order.status_callback is None or event not in order.status_events:
        return
    params = call_params(carrier, call)
    if event == "initiated":
        params["CallStatus"] = "initiated"
    params["CallbackSource"] = "call-progress-events"
    params["Timestamp"] = format_datetime(carrier.clock.now())
    params["SequenceNumber"] = str(order.sequence)
    order.sequence += 1
    if event == "completed":
        params |= _ending(call)
    await report(carrier, call.sid, order.status_callback, params, (*call.who, event))


def call_params(carrier: Carrier, call: Call) -> dict[str, str]:
    """What every webhook of a call says."""
    return {
        "AccountSid": carrier.account_of(call.account).sid,
        "ApiVersion": API_VERSION,
        "CallSid": call.sid,
        "CallStatus": call.status,
        "Called": call.to,
        "Caller": call.from_,
        "Direction": "inbound" if call.kind == "inbound" else "outbound-api",
        "From": call.from_,
        "To": call.to,
    } | _detected(call)


def _detected(call: Call) -> dict[str, str]:
    """Who answered, as far as the carrier can tell and once it has."""
    if call.detected is None:
        return {}
    return {"AnsweredBy": call.detected, "MachineDetectionDuration": str(call.detected_ms)}


def _ending(call: Call) -> dict[str, str]:
    params = {"CallDuration": str(call.seconds), "Duration": str(-(-call.seconds // 60))}
    if call.sip is not None:
        params["SipResponseCode"] = str(call.sip)
    if call.error_code is not None:
        params["ErrorCode"] = str(call.error_code)
    return params


async def report_text(carrier: Carrier, text: Text, nth: int) -> None:
    """Post a text's delivery status, if its sender asked for it."""
    if text.status_callback is None:
        return
    params = {
        "AccountSid": carrier.account_of(text.account).sid,
        "ApiVersion": API_VERSION,
        "From": text.from_,
        "MessageSid": text.sid,
        "MessageStatus": text.status,
        "SmsSid": text.sid,
        "SmsStatus": text.status,
        "To": text.to,
    }
    if text.error_code is not None:
        params["ErrorCode"] = str(text.error_code)
    await report(carrier, text.sid, text.status_callback, params, (text.to, "text", nth, text.status))


async def report(
    carrier: Carrier, sid: str, url: str, params: dict[str, str], who: tuple[object, ...]
) -> None:
    """Send a status webhook, or lose, hold back or repeat it as the faults say."""
    faults = carrier.faults
    if faults.hit("status_loss", *who):
        carrier.record(sid, url, params, None)
        return
    for fault, span in (("status_delay", _LONG_S), ("status_reorder", SHORT_S)):
        if faults.hit(fault, *who):
            later(carrier, sid, url, params, dice.between(dice.uniform(carrier.seed, fault, *who), *span))
            return
    await deliver(carrier, sid, url, params)
    if faults.hit("status_repeat", *who):
        later(carrier, sid, url, params, SHORT_S[0])


def later(
    carrier: Carrier, sid: str, url: str, params: dict[str, str], after_s: float, method: str = "POST"
) -> None:
    """Deliver a report after so many seconds, while everything else goes on."""

    async def wait_and_deliver() -> None:
        await carrier.wait(after_s)
        await deliver(carrier, sid, url, params, method)

    carrier.spawn(wait_and_deliver(), f"late status {sid}")


async def deliver(carrier: Carrier, sid: str, url: str, params: dict[str, str], method: str = "POST") -> None:
    """Send a report of `sid`; that it was not taken is a warning."""
    answer = await carrier.poster_for(params["AccountSid"]).send(url, params, method)
    if sid.startswith("CA"):
        carrier.record(sid, urldefrag(url).url, params, answer.status)
    if not answer.ok:
        reason = f"the status webhook was answered {answer.status or 'not at all'}"
        carrier.ledger.error(carrier.clock.now(), sid, WARNING, reason)


def rfc2822(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC))
