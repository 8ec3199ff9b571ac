"""The carrier's requests about calls that come in: the number's voice URL and its status URL."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import structlog
from aiohttp import web

from survey import answering, dialing
from survey.answering import MESSAGE_S, InboundReply
from survey.channels.twilio import twiml
from survey.channels.twilio.words import call_word
from survey.dispatch_policy import dispatch_policy
from survey.ground import Ground
from survey.web.webhooks import ANY_KEY, SIGNAL_FIELDS, heard

log = structlog.get_logger()
Verify = Callable[[web.Request], Awaitable[dict[str, str]]]


def inbound_routes(ground: Ground, *, verify: Verify, public_url: str, centre: str) -> Sequence[web.RouteDef]:
    """`verify` gives a request's form if the carrier signed it, and raises 403 otherwise."""
    inbound = _Inbound(ground, verify, public_url.rstrip("/"), centre)
    return [
        web.post("/twilio/inbound/voice/{step}", inbound.voice),
        web.post("/twilio/inbound/status", inbound.status),
    ]


class _Inbound:
    def __init__(self, ground: Ground, verify: Verify, public_url: str, centre: str) -> None:
        self._ground = ground
        self._verify = verify
        self._public_url = public_url
        self._centre = centre

    async def voice(self, request: web.Request) -> web.Response:
        real = self._ground.real_now()
        form = await self._verify(request)
        step = request.match_info["step"]
        if not step.isdecimal():
            raise web.HTTPNotFound
        reply = await answering.take_inbound(
            self._ground,
            form.get("From", ""),
            form["CallSid"],
            int(step),
            heard(form),
            real,
            centre=self._centre,
        )
        return _xml(self._spoken(reply))

    def _spoken(self, reply: InboundReply) -> str:
        if reply.then == "connect":
            return twiml.redirect(f"{self._public_url}/twilio/voice/{reply.connect}/0{dialing.OVERRIDES}")
        if reply.then == "hang_up":
            return twiml.goodbye(reply.say, lang=reply.lang)
        action = f"{self._public_url}/twilio/inbound/voice/{reply.step}{dialing.OVERRIDES}"
        wait = dispatch_policy().key_wait_s
        if reply.then == "recording":
            return twiml.record(
                reply.say, lang=reply.lang, action=action, max_length_s=MESSAGE_S, timeout_s=wait,
                finish_on_key=ANY_KEY, transcribe_callback=None, recording_status_callback=None,
            )  # fmt: skip
        return twiml.ask(reply.say, lang=reply.lang, action=action, num_digits=1, timeout_s=wait)

    async def status(self, request: web.Request) -> web.Response:
        form = await self._verify(request)
        word: Any = call_word(form.get("CallStatus", ""), None, None)
        signal = {name: value for name, value in form.items() if name in SIGNAL_FIELDS}
        if not await answering.inbound_over(self._ground, form.get("CallSid", ""), word, signal):
            log.warning("status of an unknown call to us", sid=form.get("CallSid"))
        return _xml(twiml.EMPTY)


def _xml(body: str) -> web.Response:
    return web.Response(text=body, content_type="text/xml")
