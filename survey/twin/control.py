"""The control API under /twin/: planting residents, telling how cases went, the desk telephone, the
ledger."""

import contextlib
import hmac
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from . import numbers
from .carrier import Carrier
from .clients import SCHEME, TokenRefused
from .control_wishes import BlockWish, OutageWish, RingWish, TextWish, block, outage, ring, text
from .desk import Desk
from .opinions import Matter, safe_share
from .texting import write_later
from .wire import answer

TOKEN_HEADER = "X-Twin-Token"


class Control:
    """Handlers for whoever runs the rehearsal; all but health want the token."""

    def __init__(self, carrier: Carrier, token: str) -> None:
        self._carrier = carrier
        self._token = token
        self._desk = Desk(carrier)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/twin/health", self.health),
            web.get("/twin/ledger", self.ledger),
            web.get("/twin/errors", self.errors),
            web.post("/twin/matters", self.matters),
            web.post("/twin/residents", self.residents),
            web.post("/twin/truth", self.truth),
            web.post("/twin/inbound/calls", self.rings),
            web.post("/twin/inbound/texts", self.texts),
            web.post("/twin/callers", self.callers),
            web.post("/twin/outage", self.outage),
            web.post("/twin/clients", self.client),
            web.post("/twin/clients/{name}/gone", self.client_gone),
            web.post("/twin/desk/calls", self.dial),
            web.post("/twin/desk/calls/{id}/say", self.say),
            web.post("/twin/desk/calls/{id}/hangup", self.hang_up),
        ]

    async def health(self, request: web.Request) -> web.Response:
        return answer({"status": "ok"})

    async def ledger(self, request: web.Request) -> web.Response:
        self._allow(request)
        carrier = self._carrier
        troubles = {
            "callers": [block.as_json() for block in carrier.callers.blocks],
            "outages": [outage.as_json() for outage in carrier.outages.all],
        }
        return answer(carrier.ledger.as_json() | troubles)

    async def errors(self, request: web.Request) -> web.Response:
        self._allow(request)
        return answer(self._carrier.ledger.errors_as_json())

    async def matters(self, request: web.Request) -> web.Response:
        """[{number, matter, round, worked_on, contacted}]: how residents' cases really went; the last
        telling stands."""
        for row in await self._rows(request):
            self._carrier.tell(_town_number(row["number"]), _matter(row))
        return answer({})

    async def residents(self, request: web.Request) -> web.Response:
        """[{number, traits…}]: residents as a test or a demo wants them."""
        for row in await self._rows(request):
            wishes = {name: value for name, value in row.items() if name != "number"}
            number = _town_number(row["number"])
            with _said_why():
                self._carrier.plant(number, wishes)
            for one in self._carrier.resident(number).person.writes:
                self._carrier.spawn(
                    write_later(self._carrier, number, one.body, one.after_min * 60), "a planted text"
                )
        return answer({})

    async def truth(self, request: web.Request) -> web.Response:
        """{numbers}: the planted share that feels safe, of those numbers that are people."""
        body = await self._body(request)
        people = [self._carrier.resident(_town_number(number)).person for number in body["numbers"]]
        n, share = safe_share(self._carrier.town, people)
        return answer({"safe": share, "n": n})

    async def rings(self, request: web.Request) -> web.Response:
        """RingWish; the sid of the call."""
        body = await self._body(request)
        self._carrier.origin = self._carrier.origin or str(request.url.origin())
        with _said_why():
            wish = RingWish.model_validate(body)
            _town_number(wish.from_)
            return answer({"sid": ring(self._carrier, wish).sid})

    async def texts(self, request: web.Request) -> web.Response:
        """TextWish; the sid of the text."""
        body = await self._body(request)
        with _said_why():
            wish = TextWish.model_validate(body)
            _town_number(wish.from_)
            return answer({"sid": text(self._carrier, wish).sid})

    async def callers(self, request: web.Request) -> web.Response:
        """BlockWish, or a list of them."""
        for row in await self._rows(request):
            with _said_why():
                block(self._carrier, BlockWish.model_validate(row))
        return answer({})

    async def outage(self, request: web.Request) -> web.Response:
        """OutageWish; from when until when it is."""
        body = await self._body(request)
        with _said_why():
            return answer(outage(self._carrier, OutageWish.model_validate(body)).as_json())

    async def client(self, request: web.Request) -> web.Response:
        """{token}: a browser registers with its access token; the name under which it can be called."""
        body = await self._body(request)
        carrier = self._carrier
        accounts = frozenset({carrier.account.sid, *carrier.others})
        try:
            name = carrier.clients.register(str(body["token"]), accounts, datetime.now(UTC))
        except TokenRefused as no:
            return answer({"code": no.code, "message": str(no)}, 401)
        return answer({"name": name})

    async def client_gone(self, request: web.Request) -> web.Response:
        """Its page is closed: it can be called no more, and the line that it holds is put down."""
        self._allow(request)
        name = request.match_info["name"]
        self._carrier.clients.gone(name)
        for seat in (seat for room in self._carrier.rooms.values() for seat in room.seats):
            if seat.call.to == SCHEME + name:
                seat.rings_off = True
        return answer({})

    async def dial(self, request: web.Request) -> web.Response:
        body = await self._body(request)
        return answer(self._desk.dial(_town_number(body["to"]), body.get("reference")))

    async def say(self, request: web.Request) -> web.Response:
        body = await self._body(request)
        try:
            return answer(self._desk.say(request.match_info["id"], str(body["text"])))
        except KeyError:
            raise web.HTTPNotFound(text="no such call is going on at the desk") from None

    async def hang_up(self, request: web.Request) -> web.Response:
        self._allow(request)
        self._desk.hang_up(request.match_info["id"])
        return answer({})

    def _allow(self, request: web.Request) -> None:
        if not hmac.compare_digest(request.headers.get(TOKEN_HEADER, "").encode(), self._token.encode()):
            raise web.HTTPUnauthorized(text=f"{TOKEN_HEADER} is missing or wrong")

    async def _body(self, request: web.Request) -> Any:
        self._allow(request)
        try:
            return await request.json()
        except ValueError:
            raise _bad("the body is not JSON") from None

    async def _rows(self, request: web.Request) -> list[Any]:
        body = await self._body(request)
        return body if isinstance(body, list) else [body]


def _town_number(number: object) -> str:
    if not isinstance(number, str) or not numbers.in_town(number):
        raise _bad("a number is not of the town: it must be +86154 and eight digits")
    return number


def _matter(row: dict[str, Any]) -> Matter:
    for name, kind in (("matter", str), ("round", int), ("worked_on", bool), ("contacted", bool)):
        if not isinstance(row.get(name), kind):
            raise _bad(f"{name} of a matter is missing or no {kind.__name__}")
    return Matter(row["matter"], row["round"], row["worked_on"], row["contacted"])


@contextlib.contextmanager
def _said_why() -> Iterator[None]:
    """What cannot be done is a 400 that names the reason."""
    try:
        yield
    except ValueError as error:
        raise _bad(str(error)) from None


def _bad(why: str) -> web.HTTPBadRequest:
    return web.HTTPBadRequest(text=why)
