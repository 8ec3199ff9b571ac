"""Whoever rang back or wrote, on one page: who they are, why we called, what was before; their number, and what came of it.

`/handovers/next` takes the next of them and leads here; only whoever has taken one sees it.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, Final
from zoneinfo import ZoneInfo

from aiohttp import web

from survey import calling_in, handing
from survey.access.refusals import NotPermitted
from survey.access.signed_in import SignedIn
from survey.callers import title_of
from survey.calling_in import CallerFile
from survey.ground import Ground
from survey.handing import HandoverRefusal
from survey.store import campaigns
from survey.store.inbound_calls import LastContact
from survey.web.desk_view import note_of, past_of, spoken
from survey.web.gate import FORM_TOKEN, HOME, Gate, Handler, PersonHandler, address, go
from survey.web.handover_pages import LONGEST, WORK, why_not
from survey.web.handover_pages import PATH as HANDOVERS
from survey.web.shell import page
from survey.web.terms import HANDOVER_REASONS, MODES, PURPOSES, SCOPES

DESK: Final = "/desk"
Both = tuple[str, str]
Act = Callable[[web.Request, SignedIn, str], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class Why:
    """What we last wanted of them."""

    at: datetime
    purpose: Both
    title: Both
    mode: Both


@dataclass(frozen=True)
class StillWanted:
    """A campaign that waits for them. `appointment`: what was agreed on."""

    title: str
    purpose: Both
    appointment: datetime | None
    under_way: bool


class CallerPages:
    """`/handovers/next` and the page of one, for whoever may call residents back in the centre's area."""

    def __init__(self, ground: Ground, centre_code: str, gate: Gate) -> None:
        self._ground = ground
        self._centre = centre_code
        self._gate = gate

    def routes(self) -> list[web.RouteDef]:
        """Every page."""
        return [
            web.post(f"{HANDOVERS}/next", self._open(self._next)),
            web.get(f"{HANDOVERS}/{{ref}}", self._about(self._look)),
            web.post(f"{HANDOVERS}/{{ref}}/ring", self._about(self._ring)),
            web.post(f"{HANDOVERS}/{{ref}}/done", self._about(self._done)),
        ]

    def _open(self, handler: PersonHandler) -> Handler:
        return self._gate.open_in(self._centre, WORK, handler)

    def _about(self, act: Act) -> Handler:
        """One that is no longer in these hands is found in the queue, where it says who has it."""

        async def handler(request: web.Request, who: SignedIn) -> web.StreamResponse:
            ref = request.match_info["ref"]
            try:
                file = await calling_in.file_of(self._ground, ref, who.name, self._centre)
            except HandoverRefusal:
                return go(address(request, HANDOVERS))
            try:
                return await act(request, who, ref)
            except (HandoverRefusal, NotPermitted) as no:
                note = str((await request.post()).get("note", ""))
                return await self._page(request, file, fault=why_not(no), typed=note)

        return self._open(handler)

    async def _next(self, request: web.Request, who: SignedIn) -> web.StreamResponse:
        ref = await calling_in.take_next(self._ground, self._centre, who.name)
        return go(address(request, f"{HANDOVERS}/{ref}") if ref else address(request, DESK, said="no_caller"))

    async def _look(self, request: web.Request, who: SignedIn, ref: str) -> web.StreamResponse:
        return await self._page(request, await calling_in.file_of(self._ground, ref, who.name, self._centre))

    async def _ring(self, request: web.Request, who: SignedIn, ref: str) -> web.StreamResponse:
        shown = await handing.number(self._ground, ref, who.name, self._centre)
        if not shown.clear:
            raise NotPermitted("numbers.read")
        file = await calling_in.file_of(self._ground, ref, who.name, self._centre)
        return await self._page(request, file, number=shown.number)

    async def _done(self, request: web.Request, who: SignedIn, ref: str) -> web.StreamResponse:
        note = str((await request.post()).get("note", "")).strip()[:LONGEST]
        await handing.resolve(self._ground, ref, who.name, note)
        return go(address(request, DESK, said="resolved"))

    async def _page(
        self,
        request: web.Request,
        file: CallerFile,
        *,
        fault: Both | None = None,
        number: str = "",
        typed: str = "",
    ) -> web.StreamResponse:
        async with self._ground.pool.acquire() as conn:
            zone = ZoneInfo(await campaigns.time_zone(conn, self._centre) or "UTC")
        one, now = file.handover, self._ground.clock.now()
        values: dict[str, Any] = {
            "one": one,
            "reason": HANDOVER_REASONS.get(one.reason, (one.reason, one.reason)),
            "due": one.due_at.astimezone(zone),
            "late": one.overdue(now),
            "masked": file.number,
            "english": file.lang == "en",
            "unlinked": file.unlinked,
            "why": _why(file.last, zone) if file.last is not None else None,
            "waits": [
                StillWanted(
                    each.title,
                    PURPOSES.get(each.purpose, (each.purpose, each.purpose)),
                    each.appointment_at.astimezone(zone) if each.appointment_at else None,
                    each.under_way,
                )
                for each in file.waits
            ],
            "wrote": [(each.arrived_at.astimezone(zone), each.said) for each in file.wrote],
            "past": [past_of(each, zone) for each in file.history],
            "notes": [note_of(each, zone) for each in file.notes],
            "closed": [SCOPES.get(scope, (scope, scope)) for scope in sorted(file.closed)],
            "number": spoken(number),
            "fault": fault,
            "typed": typed,
            "longest": LONGEST,
            "desk": address(request, DESK),
            "home": address(request, HOME),
            "queue": address(request, HANDOVERS),
            "token_name": FORM_TOKEN,
            "form_token": self._gate.form_token(request),
            "form": lambda name: address(request, f"{HANDOVERS}/{one.ref}/{name}"),
        }
        return page(request, "survey.web", "caller.html", values)


def _why(last: LastContact, zone: tzinfo) -> Why:
    return Why(
        last.opened_at.astimezone(zone),
        PURPOSES.get(last.purpose, (last.purpose, last.purpose)),
        (title_of(last, "zh"), title_of(last, "en")),
        MODES.get(last.mode, (last.mode, last.mode)),
    )
