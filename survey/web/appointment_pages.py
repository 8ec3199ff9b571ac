"""What was promised to residents, on a page: appointments, one's own first; another moment for one; who is to be called back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from aiohttp import web

from survey import appointing, handing
from survey.access.signed_in import SignedIn
from survey.appointing import NotThen
from survey.desk_keys import read_when
from survey.ground import Ground
from survey.store import appointments, campaigns
from survey.store.appointments import Waiting
from survey.web.desk_pages import DESK, WORK, no_moment, not_then
from survey.web.desk_view import Aside
from survey.web.gate import FORM_TOKEN, HOME, Gate, Handler, PersonHandler, address, go
from survey.web.handover_pages import PATH as HANDOVERS
from survey.web.shell import page
from survey.web.terms import HANDOVER_REASONS, MODES

PATH: Final = f"{DESK}/appointments"
APPOINTMENTS: Final = Aside("y", "预约和回电", "Appointments", PATH)
"""The key of the desk that leads here."""
MOST: Final = 200
"""Appointments that are listed, the next first."""
CALL_BACK: Final = ("asked_for", "call_at")
"""Reasons of a handover that are a promise to call back."""
LONGEST: Final = 60
Both = tuple[str, str]


@dataclass(frozen=True)
class Line:
    """An appointment as the page shows it. `due`: its time has come."""

    ref: str
    at: datetime
    due: bool
    where: str
    title: str
    mode: Both
    agreed_by: str


@dataclass(frozen=True)
class Promised:
    """Somebody whom a person is to call back, and until when."""

    until: datetime
    late: bool
    reason: Both
    where: str
    taken_by: str


class AppointmentPages:
    """`/desk/appointments`, for whoever works the desk."""

    def __init__(self, ground: Ground, centre_code: str, gate: Gate) -> None:
        self._ground = ground
        self._centre = centre_code
        self._gate = gate

    def routes(self) -> list[web.RouteDef]:
        """The list, and another moment for one of it."""
        return [
            web.get(PATH, self._open(self._look)),
            web.post(f"{PATH}/{{unit}}/move", self._open(self._move)),
        ]

    def _open(self, handler: PersonHandler) -> Handler:
        return self._gate.open_in(self._centre, WORK, handler)

    async def _look(self, request: web.Request, who: SignedIn) -> web.StreamResponse:
        return await self._page(request, who)

    async def _move(self, request: web.Request, who: SignedIn) -> web.StreamResponse:
        """Where nothing stands any more, the list says so by what is in it."""
        unit = request.match_info["unit"]
        typed = str((await request.post()).get("when", "")).strip()[:LONGEST]
        zone = await self._zone()
        moment = read_when(typed, self._ground.clock.now().astimezone(zone))
        if moment is None:
            return await self._page(request, who, fault=no_moment(typed), about=unit, typed=typed)
        if unit not in {one.ref for one in await self._standing()}:
            return go(address(request, PATH, said="gone"))
        try:
            moved = await appointing.move(self._ground, unit, moment, by=who.name)
        except NotThen as no:
            return await self._page(request, who, fault=not_then(no, zone), about=unit, typed=typed)
        return go(address(request, PATH, said="moved" if moved else "gone"))

    async def _standing(self) -> list[Waiting]:
        async with self._ground.pool.acquire() as conn:
            return await appointments.standing(conn, self._centre, MOST)

    async def _zone(self) -> ZoneInfo:
        async with self._ground.pool.acquire() as conn:
            return ZoneInfo(await campaigns.time_zone(conn, self._centre) or "UTC")

    async def _page(
        self,
        request: web.Request,
        who: SignedIn,
        *,
        fault: Both | None = None,
        about: str = "",
        typed: str = "",
    ) -> web.StreamResponse:
        now, zone = self._ground.clock.now(), await self._zone()
        standing = await self._standing()
        waiting = await handing.queue(self._ground, self._centre)
        values: Mapping[str, Any] = {
            "mine": [_line(one, now) for one in standing if one.agreed_by == who.name],
            "others": [_line(one, now) for one in standing if one.agreed_by != who.name],
            "most": MOST if len(standing) == MOST else 0,
            "promised": [
                Promised(
                    one.due_at.astimezone(zone),
                    one.overdue(now),
                    HANDOVER_REASONS.get(one.reason, (one.reason, one.reason)),
                    " · ".join(part for part in (one.campaign, one.area) if part),
                    one.taken_by or "",
                )
                for one in waiting
                if one.reason in CALL_BACK
            ],
            "fault": fault,
            "about": about,
            "typed": typed,
            "longest": LONGEST,
            "said": request.query.get("said", ""),
            "handovers": address(request, HANDOVERS),
            "desk": address(request, DESK),
            "home": address(request, HOME),
            "token_name": FORM_TOKEN,
            "form_token": self._gate.form_token(request),
            "move": lambda ref: address(request, f"{PATH}/{ref}/move"),
        }
        return page(request, "survey.web", "appointments.html", values)


def _line(one: Waiting, now: datetime) -> Line:
    local = ZoneInfo(one.tz)
    return Line(
        one.ref,
        one.appointment_at.astimezone(local),
        one.due_at <= now,
        one.area,
        one.title,
        MODES.get(one.mode, (one.mode, one.mode)),
        one.agreed_by or "",
    )
