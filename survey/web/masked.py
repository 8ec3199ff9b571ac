"""The carrier's requests about masked calls: the line of whoever asked for one, and that of the person."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from aiohttp import web

from survey import masked_calls
from survey.channels.twilio import twiml
from survey.channels.twilio.words import call_word
from survey.dialing import OVERRIDES
from survey.dispatch_policy import dispatch_policy
from survey.ground import Ground
from survey.masked_calls import Reply
from survey.store.masked_calls import Leg

Verify = Callable[[web.Request], Awaitable[dict[str, str]]]


def masked_routes(ground: Ground, *, public_url: str, verify: Verify) -> Sequence[web.RouteDef]:
    """`verify` gives a request's form if the carrier signed it, and raises 403 otherwise."""
    masked = _Masked(ground, public_url.rstrip("/"), verify)
    at = "/twilio/masked/{ref}/{leg:asker|person}"
    return [
        web.post(at, masked.picked_up),
        web.post(f"{at}/keys", masked.pressed),
        web.post(f"{at}/status", masked.status),
    ]


class _Masked:
    def __init__(self, ground: Ground, public_url: str, verify: Verify) -> None:
        self._ground = ground
        self._public_url = public_url
        self._verify = verify

    async def picked_up(self, request: web.Request) -> web.Response:
        form, (ref, leg) = await self._verify(request), _which(request)
        return self._said(await masked_calls.picked_up(self._ground, ref, leg, form["CallSid"]), ref, leg)

    async def pressed(self, request: web.Request) -> web.Response:
        form, (ref, leg) = await self._verify(request), _which(request)
        keys = form.get("Digits", "")
        reply = await masked_calls.pressed(self._ground, ref, leg, form["CallSid"], keys)
        return self._said(reply, ref, leg)

    async def status(self, request: web.Request) -> web.Response:
        form, (ref, leg) = await self._verify(request), _which(request)
        word: Any = call_word(form.get("CallStatus", ""), None, None)
        if not await masked_calls.line_over(self._ground, ref, leg, form.get("CallSid", ""), word):
            raise web.HTTPNotFound
        return _xml(twiml.EMPTY)

    def _said(self, reply: Reply | None, ref: str, leg: Leg) -> web.Response:
        if reply is None:
            raise web.HTTPNotFound
        if reply.room is not None and leg == "asker":
            return _xml(twiml.wait_in(reply.room))
        if reply.room is not None:
            return _xml(twiml.connect(reply.room, (reply.say,), lang=reply.lang))
        if not reply.ask:
            return _xml(twiml.goodbye((reply.say,), lang=reply.lang))
        action = f"{self._public_url}/twilio/masked/{ref}/{leg}/keys{OVERRIDES}"
        wait_s = dispatch_policy().key_wait_s
        return _xml(twiml.ask((reply.say,), lang=reply.lang, action=action, num_digits=1, timeout_s=wait_s))


def _which(request: web.Request) -> tuple[str, Leg]:
    leg: Leg = "asker" if request.match_info["leg"] == "asker" else "person"
    return request.match_info["ref"], leg


def _xml(body: str) -> web.Response:
    return web.Response(text=body, content_type="text/xml")
