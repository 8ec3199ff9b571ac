"""Signing in, the second factor, the own password, signing out."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final
from zoneinfo import ZoneInfo

import segno
from aiohttp import web

from survey.access.codes import address as telephone_address
from survey.access.refusals import Locked, PasswordRefused, SessionEnded, WrongEntry
from survey.access.signing_in import Visit
from survey.web.gate import HOME, NEXT_STEP, SIGN_IN, Gate, address, go, new_token, own_path
from survey.web.openid_pages import Elsewhere
from survey.web.shell import page

LOCAL: Final = ZoneInfo("Asia/Shanghai")
LONGEST_ENTRY: Final = 1000
"""Characters that are looked at in any field."""


Leaving = Callable[[str], Awaitable[None]]
"""What is to be done when the member of the staff with this name goes."""
Button = Callable[[web.Request], Elsewhere | None]


def sign_in_routes(
    gate: Gate, leaving: Sequence[Leaving] = (), elsewhere: Button = lambda request: None
) -> list[web.RouteDef]:
    """`/sign-in` and what belongs to it. `elsewhere`: the button of another house, if there is one."""
    pages = _SignInPages(gate, leaving, elsewhere)
    code, password, factor = NEXT_STEP["code"], NEXT_STEP["password"], NEXT_STEP["enrol"]
    return [
        web.get(SIGN_IN, gate.open_to_all(pages.ask)),
        web.post(SIGN_IN, gate.open_to_all(pages.sign_in)),
        web.get(code, gate.open_to_signed_in(pages.ask_code, pending="code")),
        web.post(code, gate.open_to_signed_in(pages.take_code, pending="code")),
        web.get(password, gate.open_to_signed_in(pages.ask_password, pending="password")),
        web.post(password, gate.open_to_signed_in(pages.take_password, pending="password")),
        web.get(factor, gate.open_to_signed_in(pages.offer_factor, pending="enrol")),
        web.post(factor, gate.open_to_signed_in(pages.take_factor, pending="enrol")),
        web.post("/sign-out", gate.open_to_all(pages.sign_out)),
    ]


class _SignInPages:
    def __init__(self, gate: Gate, leaving: Sequence[Leaving], elsewhere: Button) -> None:
        self._gate = gate
        self._elsewhere = elsewhere
        self._leaving = leaving
        self._signing = gate.signing

    async def ask(self, request: web.Request) -> web.StreamResponse:
        visit = await self._gate.visit(request)
        if visit is not None:
            return go(self._ahead(request, visit))
        return self._sign_in_page(request)

    async def sign_in(self, request: web.Request) -> web.StreamResponse:
        name, password = await _field(request, "name"), await _field(request, "password")
        try:
            token = await self._signing.sign_in(name, password, self._gate.source(request))
        except WrongEntry:
            return self._sign_in_page(request, 401, fault="wrong", name=name)
        except Locked as locked:
            return self._sign_in_page(request, 429, fault="locked", until=_hour(locked), name=name)
        return await self._go_on(request, token)

    async def ask_code(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        if visit.pending is None:
            return go(self._ahead(request, visit))
        return self._form(request, "code.html")

    async def take_code(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        written = await _field(request, "code")
        try:
            token = await self._signing.give_code(visit, written, self._gate.source(request))
        except WrongEntry:
            return self._form(request, "code.html", 401, fault="wrong")
        except Locked as locked:
            return self._form(request, "code.html", 429, fault="locked", until=_hour(locked))
        except SessionEnded:
            return self._gate.say(request, 401, "session")
        return await self._go_on(request, token)

    async def ask_password(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        return self._password_page(request, visit)

    async def take_password(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        old, new, again = [await _field(request, name) for name in ("old", "new", "again")]
        if new != again:
            return self._password_page(request, visit, 422, fault="again")
        try:
            token = await self._signing.change_password(visit, old, new, self._gate.source(request))
        except PasswordRefused as no:
            return self._password_page(request, visit, 422, fault=no.fault)
        except WrongEntry:
            return self._password_page(request, visit, 401, fault="wrong")
        except Locked as locked:
            return self._password_page(request, visit, 429, fault="locked", until=_hour(locked))
        except SessionEnded:
            return self._gate.say(request, 401, "session")
        return await self._go_on(request, token)

    async def offer_factor(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        return await self._factor_page(request, visit)

    async def take_factor(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        written, password = await _field(request, "code"), await _field(request, "password")
        try:
            token, recovery = await self._signing.prove_second_factor(
                visit, written, password, self._gate.source(request)
            )
        except WrongEntry:
            return await self._factor_page(request, visit, 401, fault="wrong")
        except Locked as locked:
            return await self._factor_page(request, visit, 429, fault="locked", until=_hour(locked))
        except SessionEnded:
            return self._gate.say(request, 401, "session")
        response = page(
            request, "survey.web", "recovery.html",
            {"codes": recovery, "ahead": address(request, own_path(request.query.get("next", "")))},
        )  # fmt: skip
        self._gate.enter(response, token)
        return response

    async def sign_out(self, request: web.Request) -> web.StreamResponse:
        visit = await self._gate.visit(request)
        if visit is not None:
            for leave in self._leaving if visit.pending is None else ():
                await leave(visit.who.name)
            await self._signing.sign_out(visit, self._gate.source(request))
        response = go(address(request, SIGN_IN, out="1"))
        self._gate.leave(response)
        return response

    # -- pages ------------------------------------------------------------------------------------------------------

    async def _go_on(self, request: web.Request, token: str) -> web.StreamResponse:
        """To what is still to be done, else to where they wanted to go, with the new token."""
        visit = await self._signing.visit(token)
        response = go(self._ahead(request, visit) if visit else SIGN_IN)
        self._gate.enter(response, token)
        return response

    def _ahead(self, request: web.Request, visit: Visit) -> str:
        wanted = own_path(request.query.get("next", ""))
        if visit.pending is None:
            return address(request, wanted)
        return address(request, NEXT_STEP[visit.pending], next=wanted if wanted != HOME else "")

    def _sign_in_page(
        self, request: web.Request, status: int = 200, *, fault: str = "", until: str = "", name: str = ""
    ) -> web.Response:
        known = self._gate.token(request)
        token = known or new_token()
        out = request.query.get("out") == "1" and not fault
        values = {
            "fault": fault,
            "until": until,
            "name": name[:40],
            "out": out,
            "elsewhere": self._elsewhere(request),
        }
        response = page(
            request, "survey.web", "sign_in.html", {**values, **self._common(request, token)}, status
        )
        if not known:
            self._gate.enter(response, token)
        return response

    def _form(
        self,
        request: web.Request,
        template: str,
        status: int = 200,
        *,
        fault: str = "",
        until: str = "",
        **more: object,
    ) -> web.Response:
        values = {"fault": fault, "until": until, **more, **self._common(request)}
        return page(request, "survey.web", template, values, status)

    def _password_page(
        self, request: web.Request, visit: Visit, status: int = 200, *, fault: str = "", until: str = ""
    ) -> web.Response:
        return self._form(
            request, "password.html", status, fault=fault, until=until, rule=self._signing.policy.password,
            first=visit.pending == "password", account=visit.account.name, home=address(request, HOME),
        )  # fmt: skip

    async def _factor_page(
        self, request: web.Request, visit: Visit, status: int = 200, *, fault: str = "", until: str = ""
    ) -> web.Response:
        secret = await self._signing.offer_second_factor(visit)
        code = segno.make(telephone_address(secret, visit.account.name, self._signing.policy.code), error="m")
        return self._form(
            request, "second_factor.html", status, fault=fault, until=until,
            picture=code.svg_data_uri(scale=5, border=2, dark="#1f2a2c", light="#ffffff"),
            secret=" ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
            first=visit.pending == "enrol", replaces=visit.account.totp_cipher is not None, home=address(request, HOME),
        )  # fmt: skip

    def _common(self, request: web.Request, token: str = "") -> dict[str, object]:
        wanted = own_path(request.query.get("next", ""))
        here = address(request, request.path, next=wanted if wanted != HOME else "")
        return {"form_token": self._gate.form_token(request, token), "here": here,
                "sign_out": address(request, "/sign-out")}  # fmt: skip


async def _field(request: web.Request, name: str) -> str:
    value = (await request.post()).get(name, "")
    return value[:LONGEST_ENTRY] if isinstance(value, str) else ""


def _hour(locked: Locked) -> str:
    return f"{locked.until.astimezone(LOCAL):%H:%M}"
