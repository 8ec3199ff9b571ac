"""The operator's line in a browser: a small window beside the desk, which is called instead of a telephone.

A window of its own, because the desk is loaded anew with every answer, and a line would break each time. What the window reaches
beside us is the carrier, and no other page may: its script comes from us (docs/desk.md).
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from aiohttp import web

from survey import browser_lines, linked_operators
from survey.access.roles import Permission
from survey.access.signed_in import SignedIn
from survey.caller_settings import BrowserKey
from survey.ground import Ground
from survey.web.gate import FORM_TOKEN, Gate, Handler, PersonHandler, address
from survey.web.shell import Beyond, page

LINE: Final = "/desk/line"
WORK: Final[Permission] = "desk.work"
SDK: Final = "twilio-voice-2.18.5"
"""The carrier's own script, as its npm package has it, with its licence beside it in `vendor`."""
CARRIER: Final = Beyond(
    connect=("wss://voice-js.roaming.twilio.com", "https://sdk.twilio.com"),
    media=("mediastream:", "https://sdk.twilio.com"),
)
"""Where the carrier's script speaks to it, and where its tones lie. What it would report of each call's quality goes nowhere."""


@dataclass(frozen=True)
class LineOffer:
    """What the desk says of it. `here`: this operator's line is a browser at this moment."""

    at: str
    here: bool


class LinePages:
    """`/desk/line`, for whoever may work the queue. Without a key there is no such page."""

    def __init__(self, ground: Ground, centre_code: str, gate: Gate, key: BrowserKey | None) -> None:
        self._ground = ground
        self._centre = centre_code
        self._gate = gate
        self._key = key

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get(LINE, self._open(self._look)),
            web.get(f"{LINE}/{SDK}.js", self._open(self._sdk, quiet=True)),
            web.post(f"{LINE}/token", self._open(self._token, quiet=True)),
            web.post(f"{LINE}/duty", self._open(self._on_duty)),
            web.post(f"{LINE}/off", self._open(self._off_duty, quiet=True)),
        ]

    async def offer(self, request: web.Request, who: SignedIn) -> LineOffer | None:
        """None: operators are called on their telephones alone."""
        if self._key is None:
            return None
        here = await linked_operators.is_in_browser(self._ground, who.name)
        return LineOffer(address(request, LINE), here)

    def _open(self, handler: PersonHandler, *, quiet: bool = False) -> Handler:
        """In the centre's own area. `quiet`: asked by a window that may be alone."""
        return self._gate.open_in(self._centre, WORK, handler, quiet=quiet)

    def _configured(self) -> BrowserKey:
        if self._key is None:
            raise web.HTTPNotFound
        return self._key

    async def _look(self, request: web.Request, who: SignedIn) -> web.StreamResponse:
        self._configured()
        values = {
            "at": f"{LINE}/",
            "sdk": f"{LINE}/{SDK}.js",
            "waiting": "/desk/waiting",
            "token_name": FORM_TOKEN,
            "form_token": self._gate.form_token(request),
        }
        return page(request, "survey.web", "line.html", values, beyond=CARRIER)

    async def _sdk(self, request: web.Request, who: SignedIn) -> web.StreamResponse:
        self._configured()
        response = web.Response(body=_script(), content_type="text/javascript", charset="utf-8")
        response.enable_compression()
        return response

    async def _token(self, request: web.Request, who: SignedIn) -> web.StreamResponse:
        """In the body of an answer to a form, and nowhere else."""
        token = await browser_lines.hand_out(
            self._ground, self._configured(), who, self._gate.source(request)
        )
        return web.json_response({"token": token})

    async def _on_duty(self, request: web.Request, who: SignedIn) -> web.StreamResponse:
        """The window is registered: it is called from now on."""
        self._configured()
        return web.json_response(
            {"duty": await linked_operators.go_on_duty(self._ground, who.name, in_browser=True)}
        )

    async def _off_duty(self, request: web.Request, who: SignedIn) -> web.StreamResponse:
        """The window is closing, or its line ended. A telephone that is on duty meanwhile stays."""
        if await linked_operators.is_in_browser(self._ground, who.name):
            await linked_operators.leave(self._ground, who.name)
        return web.json_response({})


@cache
def _script() -> bytes:
    return (files("survey.web") / "vendor" / f"{SDK}.min.js").read_bytes()
