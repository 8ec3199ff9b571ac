"""The carrier's webhooks: verified, handed to the doors, answered in the carrier's language. No decision is made here."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from urllib.parse import parse_qsl

import structlog
from aiohttp import web

from survey import dialing, interviewing
from survey.channels.twilio import twiml
from survey.channels.twilio.signature import is_signed
from survey.channels.twilio.words import call_word, text_word
from survey.dispatch_policy import dispatch_policy
from survey.ground import Ground
from survey.interviewing import VoiceReply

log = structlog.get_logger()
Wake = Callable[[], Awaitable[None]]


class Webhooks:
    """Handlers for one account at one public address."""

    def __init__(self, ground: Ground, *, auth_token: str, public_url: str, wake: Wake) -> None:
        self._ground = ground
        self._wake = wake
        self._token = auth_token
        self._public_url = public_url.rstrip("/")

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/twilio/voice/{ref}/{step}", self.voice),
            web.post("/twilio/status/{ref}", self.status),
            web.post("/twilio/text", self.text),
        ]

    async def voice(self, request: web.Request) -> web.Response:
        real = self._ground.real_now()
        form = await self._verified(request)
        step = request.match_info["step"]
        if not step.isdecimal():
            raise web.HTTPNotFound
        reply = await interviewing.take_call(
            self._ground, request.match_info["ref"], form["CallSid"], int(step), form.get("Digits"), real
        )
        if reply is None:
            raise web.HTTPNotFound
        if reply.digits == 0:
            await self._wake()
        return _xml(self._spoken(request.match_info["ref"], reply))

    def _spoken(self, ref: str, reply: VoiceReply) -> str:
        if reply.digits == 0:
            return twiml.goodbye(reply.say, lang=reply.lang)
        action = f"{self._public_url}/twilio/voice/{ref}/{reply.step}{dialing.OVERRIDES}"
        return twiml.ask(
            reply.say,
            lang=reply.lang,
            action=action,
            num_digits=reply.digits,
            timeout_s=dispatch_policy().key_wait_s,
        )

    async def status(self, request: web.Request) -> web.Response:
        form = await self._verified(request)
        if "MessageSid" in form:
            sid, code = form["MessageSid"], _number(form.get("ErrorCode"))
            word: Any = text_word(form.get("MessageStatus", ""), code)
        else:
            sid, code = form.get("CallSid", ""), _number(form.get("ErrorCode"))
            word = call_word(form.get("CallStatus", ""), _number(form.get("SipResponseCode")), code)
        signal = {name: value for name, value in form.items() if name in SIGNAL_FIELDS}
        known = await dialing.record_progress(
            self._ground, request.match_info["ref"], sid, word, code, signal
        )
        if not known:
            log.warning("status of an unknown attempt", sid=sid)
        return _xml(twiml.EMPTY)

    async def text(self, request: web.Request) -> web.Response:
        real = self._ground.real_now()
        form = await self._verified(request)
        reply = await interviewing.take_text(
            self._ground, form["From"], form["MessageSid"], form.get("Body", ""), real
        )
        if reply.over:
            await self._wake()
        return _xml(twiml.message(reply.body))

    async def _verified(self, request: web.Request) -> dict[str, str]:
        """The form, if the carrier signed it; 403 otherwise. The URL is the public one, never what the request says."""
        pairs = parse_qsl(await request.text(), keep_blank_values=True)
        url = self._public_url + request.path_qs
        if not is_signed(self._token, url, pairs, request.headers.get("X-Twilio-Signature")):
            log.warning("webhook refused: not signed by the carrier", path=request.path)
            raise web.HTTPForbidden(text="signature missing or wrong")
        return dict(pairs)


SIGNAL_FIELDS = frozenset(
    {"CallSid", "MessageSid", "CallStatus", "MessageStatus", "ErrorCode", "SipResponseCode", "SequenceNumber"}
)
"""What is parked of a signal that nothing maps: never a number."""


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() else None


def _xml(body: str) -> web.Response:
    return web.Response(text=body, content_type="text/xml")


def activity_middleware(ground: Ground) -> Any:
    """Time stands still while a request is answered."""

    @web.middleware
    async def standing_still(request: web.Request, handler: Any) -> web.StreamResponse:
        with ground.clock.activity():
            response: web.StreamResponse = await handler(request)
            return response

    return standing_still


def webhook_routes(ground: Ground, *, auth_token: str, public_url: str, wake: Wake) -> Sequence[web.RouteDef]:
    """The carrier's routes. `wake` is called after a write that may have a result for others to take."""
    return Webhooks(ground, auth_token=auth_token, public_url=public_url, wake=wake).routes()
