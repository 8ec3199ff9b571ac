"""The supervisor's queue of flags: the resident's words beside the unit's claim, and what becomes of the case.

`/flags` is the queue, `/flags/NUMBER` one file; a decision leads on to the next. Looking changes nothing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from aiohttp import web

from followup import callbacks, flag_file, moves, rejecting, routes, showing
from followup.casework.posts import signed_as
from followup.casework.routing import Viewer
from followup.refusals import CaseRefusal, NotForTheseEyes, UnknownCase
from followup.web.flag_view import lines, page_of, refusal
from followup.web.picture_response import picture_response
from survey.access.signed_in import SignedIn
from survey.ground import Ground
from survey.store import campaigns
from survey.web.gate import HOME, Gate, Handler, address, go
from survey.web.shell import page

FLAGS: Final = "/flags"
DECIDE: Final = "cases.decide"
MOST: Final = 200
"""Rows of the list; those that go to the next post first come first."""
LONGEST: Final = 2_000

Act = Callable[[web.Request, str, str, datetime], Awaitable[str]]


def sign_of(who: SignedIn) -> str:
    """How they sign a decision: their post and the name of their account."""
    return signed_as(who.name, {one.role for one in who.grants})


class FlagPages:
    """`/flags` and its forms, for whoever may decide on cases of the centre."""

    def __init__(self, ground: Ground, centre_code: str, gate: Gate) -> None:
        self._ground = ground
        self._centre = centre_code
        self._gate = gate

    def routes(self) -> list[web.RouteDef]:
        """Every page of the queue."""
        forms: dict[str, Act] = {
            "confirm": self._confirm,
            "propose": self._propose,
            "sign": self._sign,
            "send-back": self._send_back,
        }
        return [
            web.get(FLAGS, self._gate.open_in(self._centre, DECIDE, self._list)),
            web.get(f"{FLAGS}/{{number}}", self._gate.open_in(self._centre, DECIDE, self._file)),
            web.get(
                f"{FLAGS}/{{number}}/pictures/{{ref}}",
                self._gate.open_in(self._centre, DECIDE, self._picture),
            ),
            *(web.post(f"{FLAGS}/{{number}}/{name}", self._form(act)) for name, act in forms.items()),
        ]

    # -- looking ------------------------------------------------------------------------------------------------------

    async def _list(self, request: web.Request, who: SignedIn) -> web.StreamResponse:
        now = self._ground.clock.now()
        async with self._ground.pool.acquire() as conn:
            zone = ZoneInfo(await campaigns.time_zone(conn, self._centre) or "UTC")
            found = await flag_file.waiting_decisions(conn, self._centre, now, MOST)
        values = {
            "lines": lines(found, now, zone),
            "most": MOST,
            "who": who,
            "said": request.query.get("said", ""),
            "home": address(request, HOME),
            "at": lambda number: address(request, f"{FLAGS}/{number}"),
        }
        return page(request, "followup.web", "flags.html", values)

    async def _file(self, request: web.Request, who: SignedIn) -> web.StreamResponse:
        return await self._shown(request, who, request.match_info["number"])

    async def _shown(
        self,
        request: web.Request,
        who: SignedIn,
        number: str,
        *,
        fault: tuple[str, str] | None = None,
        typed: dict[str, str] | None = None,
    ) -> web.StreamResponse:
        now, sign = self._ground.clock.now(), sign_of(who)
        async with self._ground.pool.acquire() as conn:
            zone = ZoneInfo(await campaigns.time_zone(conn, self._centre) or "UTC")
            try:
                file = await flag_file.file_of(conn, number, sign=sign, now=now)
            except (UnknownCase, NotForTheseEyes) as no:
                return self._nowhere(request, refusal(no))
            if file.case.centre_code != self._centre:
                return self._nowhere(request, refusal(UnknownCase(number=number)))
        waits = file.case.status == "redispatch_review"
        values = {
            "file": page_of(file, zone, sign),
            "pictures": [address(request, f"{FLAGS}/{number}/pictures/{one.ref}") for one in file.pictures],
            "waits": waits,
            "who": who,
            "fault": fault,
            "typed": {"reason": "", "ground": "", "words": "", "why": "", **(typed or {})},
            "said": request.query.get("said", ""),
            "longest": LONGEST,
            "list": address(request, FLAGS),
            "callback": address(request, f"/callbacks/{number}/{file.case.round}"),
            "home": address(request, HOME),
            "form_token": self._gate.form_token(request),
            "form": lambda name: address(request, f"{FLAGS}/{number}/{name}"),
        }
        return page(request, "followup.web", "flag.html", values)

    async def _picture(self, request: web.Request, who: SignedIn) -> web.StreamResponse:
        """For whoever may read the file that it stands in."""
        number, ref = request.match_info["number"], request.match_info["ref"]
        async with self._ground.pool.acquire() as conn:
            try:
                case = await moves.read(conn, number)
                await routes.sight(conn, case, Viewer("centre", self._centre, person=sign_of(who)))
            except (UnknownCase, NotForTheseEyes):
                raise web.HTTPNotFound from None
            return picture_response(await showing.picture(conn, number, ref))

    def _nowhere(self, request: web.Request, why: tuple[str, str]) -> web.StreamResponse:
        values = {"why": why, "list": address(request, FLAGS), "home": address(request, HOME)}
        return page(request, "followup.web", "flag_nowhere.html", values, 404)

    # -- deciding -----------------------------------------------------------------------------------------------------

    def _form(self, act: Act) -> Handler:
        """What is decided leads on to the next file; what cannot be is said on this one, with what was typed."""

        async def handler(request: web.Request, who: SignedIn) -> web.StreamResponse:
            number, sign, now = request.match_info["number"], sign_of(who), self._ground.clock.now()
            try:
                async with self._ground.pool.acquire() as conn:
                    if (await moves.read(conn, number)).centre_code != self._centre:
                        raise UnknownCase(number=number)
                said = await act(request, number, sign, now)
            except CaseRefusal as no:
                typed = {name: str(value) for name, value in (await request.post()).items()}
                return await self._shown(request, who, number, fault=refusal(no), typed=typed)
            return await self._on(request, said, now)

        return self._gate.open_in(self._centre, DECIDE, handler)

    async def _on(self, request: web.Request, said: str, now: datetime) -> web.StreamResponse:
        """To the first that can be decided now; to the list where there is none."""
        async with self._ground.pool.acquire() as conn:
            found = await flag_file.waiting_decisions(conn, self._centre, now, MOST)
        ready = next((one.number for one in found if one.call_until is None and not one.proposed), None)
        return go(address(request, f"{FLAGS}/{ready}" if ready else FLAGS, said=said))

    async def _confirm(self, request: web.Request, number: str, sign: str, now: datetime) -> str:
        reason = await _words(request, "reason")
        async with self._ground.pool.acquire() as conn:
            decided = await callbacks.confirm(conn, number, by=sign, reason=reason, now=now)
        return decided.decision

    async def _propose(self, request: web.Request, number: str, sign: str, now: datetime) -> str:
        reason, ground = await _words(request, "words"), await _words(request, "ground")
        async with self._ground.pool.acquire() as conn:
            await rejecting.propose(conn, number, by=sign, ground=ground, reason=reason, now=now)
        return "proposed"

    async def _sign(self, request: web.Request, number: str, sign: str, now: datetime) -> str:
        async with self._ground.pool.acquire() as conn:
            await rejecting.sign(conn, number, by=sign, now=now)
        return "reject"

    async def _send_back(self, request: web.Request, number: str, sign: str, now: datetime) -> str:
        reason = await _words(request, "why")
        async with self._ground.pool.acquire() as conn:
            await rejecting.send_back(conn, number, by=sign, reason=reason, now=now)
        return "sent_back"


async def _words(request: web.Request, name: str) -> str:
    return str((await request.post()).get(name, "")).strip()[:LONGEST]
