"""/Messages: create, fetch, list, cancel what has not been sent."""

from datetime import datetime, timedelta

from aiohttp import web

from . import dice, wire
from .accounts import Account
from .carrier import Carrier
from .errors import ApiError, not_found, unavailable
from .forms import Form, endpoint, hang, whole
from .ledger import Text
from .texting import OPTED_OUT, submit, waits

LONGEST_BODY = 1600
LONGEST_VALID_S = 36_000


class MessagesApi:
    """The messages of each account, those of residents among them."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier

    async def create(self, request: web.Request) -> web.Response:
        form = await Form.of(request)
        account = self._carrier.account_of(request.match_info["account"])
        text = self._checked(form, account)
        carrier, resident = self._carrier, self._carrier.resident(text.to)
        resident.creates += 1
        if carrier.faults.hit("api_5xx", text.to, "text", resident.creates):
            raise unavailable()
        text.sid = carrier.sid("SM", "out", text.to, resident.creates)
        submit(carrier, text)
        if carrier.faults.hit("hang_after_create", text.to, "text", resident.creates):
            await hang(request)
        return wire.answer(wire.text_json(account.sid, text), 201)

    def _checked(self, form: Form, account: Account) -> Text:
        """A text without its sid. Raises the ApiError that Twilio would answer."""
        to = endpoint(
            form, "To", missing=(21604, "A 'To' phone number is required."), wrong=21211, abroad=21408
        )
        service = form.one("MessagingServiceSid")
        from_ = account.number
        if service is None or form.one("From"):
            needed = (21603, "A 'From' phone number is required.")
            from_ = endpoint(form, "From", missing=needed, wrong=21212, abroad=None)
        if not account.owns(from_):
            raise ApiError(
                400, 21606, "The 'From' phone number is none of this account's that can send messages"
            )
        body = form.one("Body")
        if body is None:
            raise ApiError(400, 21602, "Message body is required.")
        if len(body) > LONGEST_BODY:
            raise ApiError(
                400, 21617, f"The concatenated message body exceeds the {LONGEST_BODY} character limit."
            )
        if self._carrier.resident(to).carrier_stopped:
            raise ApiError(400, OPTED_OUT, "Attempt to send to unsubscribed recipient")
        if dice.uniform(self._carrier.seed, to, "no route") < self._carrier.town.no_route:
            raise ApiError(
                400, 21612, "The 'To' phone number is not currently reachable using the 'From' phone number"
            )
        validity_s = whole(form, "ValidityPeriod", LONGEST_VALID_S, most=LONGEST_VALID_S)
        queue = self._carrier.queue_for_texts(from_)
        if queue is not None and queue.full:
            raise ApiError(
                429, 21611, "This 'From' number has exceeded the maximum number of queued messages"
            )
        send_at, now = _send_at(form, service), self._carrier.clock.now()
        return Text(
            "", "out", to=to, from_=from_, body=body, at=now,
            status="scheduled" if send_at else "queued", status_callback=form.one("StatusCallback"),
            send_at=send_at, service_sid=service, account=account.sid,
            expires_at=max(send_at or now, now) + timedelta(seconds=validity_s),
        )  # fmt: skip

    async def fetch(self, request: web.Request) -> web.Response:
        return wire.answer(wire.text_json(request.match_info["account"], self._text(request)))

    async def update(self, request: web.Request) -> web.Response:
        """Status=canceled, for a message that is scheduled or waits in the queue."""
        form = await Form.of(request)
        text = self._text(request)
        status = form.one("Status")
        if status == "canceled":
            if text.status != "scheduled" and not waits(self._carrier, text):
                raise ApiError(409, 30409, "This message cannot be canceled")
            text.status, text.updated_at = "canceled", self._carrier.clock.now()
        elif status is not None:
            raise ApiError(400, 20001, f"Status {status!r} is not canceled")
        return wire.answer(wire.text_json(request.match_info["account"], text))

    async def list(self, request: web.Request) -> web.Response:
        query, account = dict(request.query), request.match_info["account"]
        sent = wire.span(query, "DateSent")
        rows = [
            text
            for text in reversed(self._carrier.ledger.texts.values())
            if self._carrier.account_of(text.account).sid == account
            and query.get("To") in (None, text.to)
            and query.get("From") in (None, text.from_)
            and query.get("Status") in (None, text.status)
            and sent.holds(text.sent_at or text.at)
        ]
        path = f"{wire.account_path(account)}/Messages.json"
        return wire.page(rows, query, path, "messages", lambda t: t.sid, lambda t: wire.text_json(account, t))

    def _text(self, request: web.Request) -> Text:
        text = self._carrier.ledger.texts.get(request.match_info["sid"])
        if text is None or self._carrier.account_of(text.account).sid != request.match_info["account"]:
            raise not_found(request.path)
        return text


def _send_at(form: Form, service: str | None) -> datetime | None:
    text = form.one("SendAt")
    if text is None:
        return None
    if form.one("ScheduleType") != "fixed" or service is None:
        raise ApiError(400, 35118, "A scheduled message needs ScheduleType=fixed and a MessagingServiceSid")
    return wire.moment(text, "SendAt")
