"""/Messages: create, fetch, list, cancel a scheduled one, delete."""

from datetime import datetime

from aiohttp import web

from . import dice, wire
from .carrier import Carrier
from .errors import ApiError, not_found, unavailable
from .forms import Form, endpoint, hang
from .ledger import Text
from .texting import OPTED_OUT, submit

LONGEST_BODY = 1600


class MessagesApi:
    """The messages of the one account, those of residents among them."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier

    async def create(self, request: web.Request) -> web.Response:
        form = await Form.of(request)
        text = self._checked(form)
        carrier, resident = self._carrier, self._carrier.resident(text.to)
        resident.creates += 1
        if carrier.faults.hit("api_5xx", text.to, "text", resident.creates):
            raise unavailable()
        text.sid = carrier.sid("SM", "out", text.to, resident.creates)
        submit(carrier, text)
        if carrier.faults.hit("hang_after_create", text.to, "text", resident.creates):
            await hang(request)
        return wire.answer(wire.text_json(carrier.account.sid, text), 201)

    def _checked(self, form: Form) -> Text:
        """A text without its sid. Raises the ApiError that Twilio would answer."""
        to = endpoint(
            form, "To", missing=(21604, "A 'To' phone number is required."), wrong=21211, abroad=21408
        )
        service = form.one("MessagingServiceSid")
        from_ = self._carrier.account.number
        if service is None or form.one("From"):
            needed = (21603, "A 'From' phone number is required.")
            from_ = endpoint(form, "From", missing=needed, wrong=21212, abroad=None)
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
        send_at = _send_at(form, service)
        return Text(
            "", "out", to=to, from_=from_, body=body, at=self._carrier.clock.now(),
            status="scheduled" if send_at else "queued", status_callback=form.one("StatusCallback"),
            send_at=send_at, service_sid=service,
        )  # fmt: skip

    async def fetch(self, request: web.Request) -> web.Response:
        return wire.answer(wire.text_json(self._carrier.account.sid, self._text(request)))

    async def update(self, request: web.Request) -> web.Response:
        """Status=canceled, for a scheduled message alone; an empty Body redacts."""
        form = await Form.of(request)
        text = self._text(request)
        status = form.one("Status")
        if status == "canceled":
            if text.status != "scheduled":
                raise ApiError(409, 30409, "This message cannot be canceled")
            text.status, text.updated_at = "canceled", self._carrier.clock.now()
        elif status is not None:
            raise ApiError(400, 20001, f"Status {status!r} is not canceled")
        return wire.answer(wire.text_json(self._carrier.account.sid, text))

    async def list(self, request: web.Request) -> web.Response:
        query = dict(request.query)
        sent = wire.span(query, "DateSent")
        rows = [
            text
            for text in reversed(self._carrier.ledger.texts.values())
            if query.get("To") in (None, text.to)
            and query.get("From") in (None, text.from_)
            and query.get("Status") in (None, text.status)
            and sent.holds(text.sent_at or text.at)
        ]
        account = self._carrier.account.sid
        path = f"{wire.account_path(account)}/Messages.json"
        return wire.page(rows, query, path, "messages", lambda t: t.sid, lambda t: wire.text_json(account, t))

    def _text(self, request: web.Request) -> Text:
        text = self._carrier.ledger.texts.get(request.match_info["sid"])
        if text is None:
            raise not_found(request.path)
        return text


def _send_at(form: Form, service: str | None) -> datetime | None:
    text = form.one("SendAt")
    if text is None:
        return None
    if form.one("ScheduleType") != "fixed" or service is None:
        raise ApiError(400, 35118, "A scheduled message needs ScheduleType=fixed and a MessagingServiceSid")
    return wire.moment(text, "SendAt")
