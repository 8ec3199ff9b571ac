"""Who may see a page. Every page of the people who work here is behind this; a handler is handed who is there.

    app.add_routes([web.get("/day", gate.open_to("day.read", handler))])

Cookies, forms and addresses: docs/access.md.
"""

import hmac
import secrets
from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlencode, urlsplit

from aiohttp import web

from survey.access.refusals import AccessRefusal, NotPermitted
from survey.access.roles import Permission
from survey.access.signed_in import VISITOR, SignedIn
from survey.access.signing_in import SigningIn, Visit, form_token
from survey.store import areas
from survey.web.shell import lang_of, page

SIGN_IN: Final = "/sign-in"
HOME: Final = "/home"
NEXT_STEP: Final = {
    "code": "/sign-in/code",
    "password": "/account/password",
    "enrol": "/account/second-factor",
}
"""Where somebody is sent who has not yet done all that a sign-in needs."""
FORM_TOKEN: Final = "form_token"
SAFE: Final = frozenset({"GET", "HEAD"})
A_YEAR_S: Final = 31_536_000

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
PersonHandler = Callable[[web.Request, SignedIn], Awaitable[web.StreamResponse]]
VisitHandler = Callable[[web.Request, Visit], Awaitable[web.StreamResponse]]


class Gate:
    """The one gate of a web process.

    `public_url`: the address of the pages; with https the cookie is for https alone, without it only this very machine is let in.
    `fictional`: nobody real is in this database: plain http will do everywhere, and visitors see what the policy opens to them.
    `proxies`: how many proxies of ours stand in front.
    """

    def __init__(
        self, signing: SigningIn, *, public_url: str, fictional: bool = False, proxies: int = 0
    ) -> None:
        self.signing = signing
        url = urlsplit(public_url)
        self._secure = url.scheme == "https"
        self._origin = f"{url.scheme}://{url.netloc}"
        self._fictional = fictional
        self._proxies = proxies
        self._areas: dict[str, str] = {}
        # __Host-: for this host and https alone, whatever a neighbouring host sets
        self.cookie: Final = "__Host-minyi" if self._secure else "minyi"

    # -- what pages are wrapped in ----------------------------------------------------------------------------------

    def open_to(self, permission: Permission, handler: PersonHandler, *, quiet: bool = False) -> Handler:
        """Only for people with this permission, in one area or another; which area a page is about, it asks by
        `SignedIn.require`, or is opened by `open_in`. `quiet`: fetched by a page that refreshes itself; nobody need be there, so
        it keeps no session alive.
        """

        async def guarded(request: web.Request) -> web.StreamResponse:
            who = await self._who(request, quiet)
            if permission not in who.permissions:
                raise NotPermitted(permission)
            return await handler(request, who)

        return _known(self._guarded(guarded), permission, quiet)

    def open_in(
        self, centre: str, permission: Permission, handler: PersonHandler, *, quiet: bool = False
    ) -> Handler:
        """Only for people with this permission in the area of this centre."""

        async def guarded(request: web.Request, who: SignedIn) -> web.StreamResponse:
            who.require(permission, await self.area_of(centre))
            return await handler(request, who)

        return self.open_to(permission, guarded, quiet=quiet)

    def open_to_signed_in(self, handler: VisitHandler, *, pending: str | None = None) -> Handler:
        """For whoever has a session, whatever their role. `pending`: also while this is still to be done."""

        async def guarded(request: web.Request) -> web.StreamResponse:
            return await handler(request, await self._visit(request, {None, pending}))

        return self._guarded(guarded)

    def open_to_all(self, handler: Handler) -> Handler:
        """For everybody: the sign-in itself."""
        return self._guarded(handler)

    # -- what handlers need -----------------------------------------------------------------------------------------

    async def area_of(self, centre: str) -> str:
        """The area that a centre is for, once and for all; a centre that is not set up yet counts as its own."""
        if centre not in self._areas:
            async with self.signing.pool.acquire() as conn:
                area = await areas.centre_area(conn, centre)
            if area is None:
                return centre
            self._areas[centre] = area
        return self._areas[centre]

    def source(self, request: web.Request) -> str:
        """The address that somebody comes from; what they claim themselves does not count."""
        passed_on = [one.strip() for one in request.headers.get("X-Forwarded-For", "").split(",")]
        if self._proxies and len(passed_on) >= self._proxies:
            return passed_on[-self._proxies] or "unknown"
        return request.remote or "unknown"

    def token(self, request: web.Request) -> str:
        """What the browser's cookie holds; "": nothing."""
        return request.cookies.get(self.cookie, "")

    def form_token(self, request: web.Request, token: str = "") -> str:
        """What the forms of a page carry. `token`: of the cookie that goes out with it, if it is another one."""
        return form_token(token or self.token(request))

    def enter(self, response: web.StreamResponse, token: str) -> None:
        """Give the browser a token."""
        response.set_cookie(self.cookie, token, path="/", secure=self._secure, httponly=True, samesite="Lax")

    def leave(self, response: web.StreamResponse) -> None:
        """Take the cookie away."""
        response.del_cookie(self.cookie, path="/", secure=self._secure, httponly=True, samesite="Lax")

    async def visit(self, request: web.Request, *, noticed: bool = True) -> Visit | None:
        """The session of this request, where there is a live one."""
        token = self.token(request)
        return await self.signing.visit(token, noticed=noticed) if token else None

    # -- inside -----------------------------------------------------------------------------------------------------

    def _guarded(self, handler: Handler) -> Handler:
        async def guarded(request: web.Request) -> web.StreamResponse:
            try:
                if not (self._secure or self._fictional or is_here(request)):
                    return self.say(request, 403, "cleartext")
                if request.method not in SAFE and not await self._is_ours(request):
                    return self.say(request, 403, "foreign")
                return self._shut(await handler(request))
            except _SignInFirst as first:
                return self._shut(first.response(request))
            except web.HTTPRequestEntityTooLarge:
                return self.say(request, 413, "large")
            except NotPermitted as no:
                visit = await self.visit(request, noticed=False)
                if visit is not None:
                    what = f"{request.method} {request.path} {' '.join(map(str, no.args))}"
                    await self.signing.refused(visit.who, what, self.source(request))
                return self.say(request, 403, "role")

        guarded.behind_gate = True  # type: ignore[attr-defined]  # a test holds that no page is forgotten
        return guarded

    async def _who(self, request: web.Request, quiet: bool) -> SignedIn:
        visit = await self.visit(request, noticed=not quiet)
        if visit is not None and visit.pending is None:
            return visit.who
        if self._fictional and visit is None and request.method in SAFE:
            return VISITOR
        raise _SignInFirst(NEXT_STEP[visit.pending] if visit and visit.pending else SIGN_IN, quiet)

    async def _visit(self, request: web.Request, allowed: set[str | None]) -> Visit:
        visit = await self.visit(request)
        if visit is None:
            raise _SignInFirst(SIGN_IN, False)
        if visit.pending not in allowed:
            raise _SignInFirst(NEXT_STEP[visit.pending or ""], False)
        return visit

    async def _is_ours(self, request: web.Request) -> bool:
        """Whether a form was sent by a page of ours, in this browser. Every browser names the page that sends one."""
        scheme = "https" if self._secure else "http"
        if request.headers.get("Origin") not in (self._origin, f"{scheme}://{request.host}"):
            return False
        token, sent = self.token(request), (await request.post()).get(FORM_TOKEN)
        return (
            bool(token)
            and isinstance(sent, str)
            and hmac.compare_digest(form_token(token).encode(), sent.encode())
        )

    def say(self, request: web.Request, status: int, why: str) -> web.StreamResponse:
        """A page that says no, and what to do."""
        return self._shut(page(request, "survey.web", "refused.html", {"why": why, "home": HOME}, status))

    def _shut(self, response: web.StreamResponse) -> web.StreamResponse:
        """With `no-referrer` a browser would not say which page sends a form; no address of ours is a secret here."""
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Cache-Control"] = "no-store"
        if self._secure:
            response.headers["Strict-Transport-Security"] = f"max-age={A_YEAR_S}"
        return response


def _known(handler: Handler, permission: Permission, quiet: bool) -> Handler:
    """The handler, with what it needs to be opened written on it: pages are looked at by what the router knows of them."""
    handler.permission = permission  # type: ignore[attr-defined]
    handler.quiet = quiet  # type: ignore[attr-defined]
    return handler


class _SignInFirst(AccessRefusal):
    """请先登录。Sign in first."""

    def __init__(self, where: str, quiet: bool) -> None:
        super().__init__()
        self._where = where
        self._quiet = quiet

    def response(self, request: web.Request) -> web.StreamResponse:
        """To the sign-in and back here; what is fetched by a page's script, or sent, cannot come back."""
        if self._quiet or request.method not in SAFE:
            values = {"why": "session", "home": HOME}
            return page(request, "survey.web", "refused.html", values, 401)
        asked = str(request.rel_url.without_query_params("lang"))
        return go(address(request, self._where, next=asked if asked != HOME else ""))


def go(where: str) -> web.Response:
    """To another page of ours."""
    return web.Response(status=303, headers={"Location": where})


def new_token() -> str:
    """Of a browser that is not signed in: it opens nothing, and only ties the form to this browser."""
    return secrets.token_urlsafe(32)


def address(request: web.Request, path: str, **query: str) -> str:
    """An address of ours in the language of this page."""
    given = {name: value for name, value in query.items() if value}
    if lang_of(request) == "en":
        given["lang"] = "en"
    joint = "&" if "?" in path else "?"
    return f"{path}{joint}{urlencode(given)}" if given else path


def own_path(text: str) -> str:
    """Where to go on after the sign-in, if it is a path of ours; home otherwise. Nobody is led away by a link to us."""
    plain = text.isascii() and text.isprintable() and "\\" not in text and " " not in text
    return text if plain and text.startswith("/") and not text.startswith("//") else HOME


def is_here(request: web.Request) -> bool:
    """Whether browser and pages are on one machine: from a loopback address, to one, and through no proxy."""
    if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    host = urlsplit(f"//{request.host}").hostname or ""  # another name that leads here is somebody's trick
    return _is_loopback(request.remote or "") and (host == "localhost" or _is_loopback(host))


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
