"""/Calls: create, fetch, list, cancel or complete, and the events of a call."""

from typing import Any

from aiohttp import web

from . import wire
from .carrier import Carrier
from .clients import is_client
from .errors import ApiError, not_found, too_many, unavailable
from .forms import Form, endpoint, hang, whole
from .inbound import ring_back
from .ledger import Call
from .line import end
from .orders import CallOrder, Detection
from .player import Player
from .queues import Waiting
from .webhooks import split_overrides

EVENTS = frozenset({"initiated", "ringing", "answered", "completed"})
_WAITING = frozenset({"queued", "ringing"})
LONGEST_TWIML = 4000
QUEUE_FULL_S = 60
"""When to try again where no more calls may wait."""


class CallsApi:
    """The calls of each account."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier

    async def create(self, request: web.Request) -> web.Response:
        form = await Form.of(request)
        to = _called(form)
        from_ = endpoint(
            form, "From", missing=(21213, "'From' phone number is required"), wrong=21212, abroad=None
        )
        order = _order(form)
        carrier, account = self._carrier, self._carrier.account_of(request.match_info["account"])
        if not account.owns(from_):
            raise ApiError(400, 21212, "Invalid 'From' Phone Number: it is none of this account's")
        _admit(carrier, account.sid)
        resident = carrier.resident(to)
        resident.creates += 1
        if carrier.faults.hit("api_5xx", to, "call", resident.creates):
            raise unavailable()
        resident.calls += 1
        call = Call(
            carrier.sid("CA", to, resident.calls), "api", to, from_, carrier.clock.now(), nth=resident.calls,
            account=account.sid,
        )  # fmt: skip
        started = order(call)
        started.origin = carrier.origin = str(request.url.origin())
        _hand_over(carrier, started)
        if resident.opted_out is not None:
            carrier.ledger.contacted_after(to, call.created_at, call.sid, resident.opted_out.at)
        if carrier.faults.hit("hang_after_create", to, "call", resident.creates):
            await hang(request)
        return wire.answer(wire.call_json(account.sid, call), 201)

    async def fetch(self, request: web.Request) -> web.Response:
        call = self._order(request).call
        return wire.answer(wire.call_json(self._carrier.account_of(call.account).sid, call))

    async def update(self, request: web.Request) -> web.Response:
        """Status=canceled ends a call not yet answered, Status=completed any call."""
        form = await Form.of(request)
        order = self._order(request)
        status = form.one("Status")
        if status not in ("canceled", "completed"):
            raise ApiError(
                400, 21218, "Invalid 'Status': canceled and completed are taken, nothing else here"
            )
        if order.over:
            raise ApiError(400, 21220, "Unable to update record. Call is not in-progress")
        if order.call.status in _WAITING:
            self._carrier.spawn(end(self._carrier, order, "canceled"), f"cancel {order.call.sid}")
            order.call.status = "canceled"
        elif status == "completed":
            self._carrier.spawn(end(self._carrier, order, "completed"), f"complete {order.call.sid}")
        return wire.answer(wire.call_json(self._carrier.account_of(order.call.account).sid, order.call))

    async def list(self, request: web.Request) -> web.Response:
        query, account = dict(request.query), request.match_info["account"]
        started, ended = wire.span(query, "StartTime"), wire.span(query, "EndTime")
        rows = [
            call
            for call in reversed(self._carrier.ledger.calls.values())
            if call.kind != "desk"
            and self._carrier.account_of(call.account).sid == account
            and query.get("To") in (None, call.to)
            and query.get("From") in (None, call.from_)
            and query.get("Status") in (None, call.status)
            and started.holds(call.answered_at or call.created_at)
            and (call.ended_at is None or ended.holds(call.ended_at))
        ]
        path = f"{wire.account_path(account)}/Calls.json"
        return wire.page(rows, query, path, "calls", lambda c: c.sid, lambda c: wire.call_json(account, c))

    async def events(self, request: web.Request) -> web.Response:
        """The webhooks of a call, as Twilio keeps them; the SIP response of a failed call stands in
        their parameters."""
        call = self._order(request).call
        rows = self._carrier.events.get(call.sid, [])
        path = f"{wire.account_path(request.match_info['account'])}/Calls/{call.sid}/Events.json"
        return wire.page(rows, dict(request.query), path, "events", lambda e: str(e["at"]), _event)

    def _order(self, request: web.Request) -> CallOrder:
        order = self._carrier.orders.get(request.match_info["sid"])
        if order is None or self._carrier.account_of(order.call.account).sid != request.match_info["account"]:
            raise not_found(request.path)
        return order


def _called(form: Form) -> str:
    """A number of the town, or the address of a browser."""
    to = form.one("To")
    if to is not None and is_client(to):
        return to
    return endpoint(form, "To", missing=(21201, "No 'To' number is specified"), wrong=21211, abroad=21215)


def _admit(carrier: Carrier, account_sid: str) -> None:
    """Raises ApiError 20429 for a call that comes too fast, or finds the queue full where calls may wait."""
    queue = carrier.queue_for_calls(account_sid)
    if queue is None:
        if wait := carrier.rate_for(account_sid).take(carrier.clock.now()):
            raise too_many(wait)
    elif queue.full:
        raise too_many(QUEUE_FULL_S)


def _hand_over(carrier: Carrier, order: CallOrder) -> None:
    """Begin the call at its turn."""
    call = order.call
    carrier.take_up(order)

    def dial() -> None:
        call.left_queue_at = carrier.clock.now()
        carrier.spawn(_play(carrier, order), f"call {call.sid}")

    queue = carrier.queue_for_calls(call.account)
    if queue is None:
        dial()
    else:
        queue.join(Waiting(1, dial, lambda: order.over or call.status == "canceled"))


async def _play(carrier: Carrier, order: CallOrder) -> None:
    await Player(carrier, order).play()
    if not is_client(order.call.to):
        await ring_back(carrier, order.call)


def _order(form: Form) -> Any:
    """A function from the call to its order; checked before anything is counted or created."""
    url, twiml = form.one("Url"), form.one("Twiml")
    if twiml is not None and len(twiml) > LONGEST_TWIML:
        raise ApiError(400, 21263, f"'Twiml' is longer than {LONGEST_TWIML} characters")
    if twiml is None:
        _checked_url(url, 21205, "Url parameter is invalid")
    status = form.one("StatusCallback")
    if status is not None:
        _checked_url(status, 21609, "Invalid 'StatusCallback'")
    events = frozenset(form.many("StatusCallbackEvent")) or frozenset({"completed"})
    if not events <= EVENTS:
        raise ApiError(400, 21626, f"Invalid 'StatusCallbackEvent': {', '.join(sorted(events - EVENTS))}")
    method = form.one("Method") or "POST"
    timeout, limit = whole(form, "Timeout", 60, most=600), whole(form, "TimeLimit", 14400, most=86400)
    detection = _detection(form)
    return lambda call: CallOrder(
        call, url, method, twiml, status, events, float(timeout), float(limit), detection=detection
    )


def _detection(form: Form) -> Detection | None:
    """What is asked of machine detection; its three thresholds in milliseconds are checked, and the one for silence is used."""
    wanted = form.one("MachineDetection")
    if wanted is None:
        return None
    if wanted not in ("Enable", "DetectMessageEnd"):
        raise ApiError(400, 20001, f"MachineDetection {wanted!r} is neither Enable nor DetectMessageEnd")
    callback, background = form.one("AsyncAmdStatusCallback"), form.one("AsyncAmd") or "false"
    if background not in ("true", "false"):
        raise ApiError(400, 20001, f"AsyncAmd {background!r} is neither true nor false")
    if callback is not None:
        _checked_url(callback, 21609, "Invalid 'AsyncAmdStatusCallback'")
    timeout = whole(form, "MachineDetectionTimeout", 30, least=3, most=59)
    silence = whole(form, "MachineDetectionSilenceTimeout", 5000, least=2000, most=10000)
    whole(form, "MachineDetectionSpeechThreshold", 2400, least=1000, most=6000)
    whole(form, "MachineDetectionSpeechEndThreshold", 1200, least=500, most=5000)
    return Detection(
        wanted == "DetectMessageEnd", float(timeout), silence / 1000, background == "true", callback
    )


def _checked_url(url: str | None, code: int, message: str) -> None:
    try:
        bare, _ = split_overrides(url or "")
    except ValueError as error:
        raise ApiError(400, code, f"{message}: {error}") from None
    if not bare.startswith(("http://", "https://")):
        raise ApiError(400, code, message)


def _event(event: dict[str, Any]) -> dict[str, Any]:
    return {
        "request": {
            "method": "POST",
            "url": event["url"],
            "parameters": {_snake(n): v for n, v in event["parameters"].items()},
        },
        "response": {"response_code": event["status"], "date_created": wire.rfc2822(event["at"])},
    }


def _snake(name: str) -> str:
    return "".join("_" + letter.lower() if letter.isupper() else letter for letter in name).lstrip("_")
