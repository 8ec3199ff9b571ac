"""The carrier's requests about calls in which operators are connected: the operator's line, and the resident's answer."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from aiohttp import web

from survey import linked_calls, linked_operators
from survey.channels.twilio import twiml
from survey.channels.twilio.words import call_word
from survey.ground import Ground

Verify = Callable[[web.Request], Awaitable[dict[str, str]]]


def linked_routes(ground: Ground, *, verify: Verify) -> Sequence[web.RouteDef]:
    """`verify` gives a request's form if the carrier signed it, and raises 403 otherwise."""
    linked = _Linked(ground, verify)
    return [
        web.post("/twilio/operators/{ref}", linked.operator),
        web.post("/twilio/operators/{ref}/status", linked.operator_status),
        web.post("/twilio/linked/{ref}", linked.resident),
    ]


class _Linked:
    def __init__(self, ground: Ground, verify: Verify) -> None:
        self._ground = ground
        self._verify = verify

    async def operator(self, request: web.Request) -> web.Response:
        """An operator picked up their own telephone."""
        form, room = await self._verify(request), request.match_info["ref"]
        waits = await linked_operators.answered(self._ground, room, form["CallSid"])
        return _xml(twiml.wait_in(room) if waits else twiml.goodbye((), lang="zh"))

    async def operator_status(self, request: web.Request) -> web.Response:
        form = await self._verify(request)
        word: Any = call_word(form.get("CallStatus", ""), None, None)
        await linked_operators.over(self._ground, request.match_info["ref"], form.get("CallSid", ""), word)
        return _xml(twiml.EMPTY)

    async def resident(self, request: web.Request) -> web.Response:
        """Somebody answered who was called for an operator."""
        form = await self._verify(request)
        reply = await linked_calls.picked_up(self._ground, request.match_info["ref"], form["CallSid"])
        if reply is None:
            raise web.HTTPNotFound
        if reply.room is None:
            return _xml(twiml.goodbye((reply.say,), lang=reply.lang))
        return _xml(twiml.connect(reply.room, (reply.say,), lang=reply.lang))


def _xml(body: str) -> web.Response:
    return web.Response(text=body, content_type="text/xml")
