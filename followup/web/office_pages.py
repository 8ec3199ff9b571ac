"""The desk of a supervision office (督办): `/dispatch` is what waits for it, `/dispatch/NUMBER` one matter with its decision.

What is decided leads on to the next matter. Looking changes nothing; each act goes through `followup.office_desk`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import asyncpg
from aiohttp import web

from followup import office_desk
from followup.move_refusals import AnotherOffice, TwoLeads
from followup.office_desk import Waiting, office_of
from followup.refusals import CaseRefusal, NotForTheseEyes, UnknownCase
from followup.unit_desk import Seat
from followup.web.office_view import COPY, SECTIONS, Sent, line
from followup.web.unit_desk_view import category, rounds, when
from followup.web.unit_gate import SeatHandler, UnitGate
from followup.web.unit_words import refusal
from survey.access.refusals import NotPermitted
from survey.access.roles import Permission
from survey.access.signed_in import SignedIn
from survey.ground import Ground
from survey.store import campaigns
from survey.web.gate import HOME, Gate, Handler, address, go
from survey.web.shell import page

DISPATCH: Final = "/dispatch"
SUPERVISE: Final[Permission] = "cases.supervise"
LONGEST: Final = 2_000
OTHER: Final = "other"
"""The choice of a unit that was not suggested."""
Both = tuple[str, str]
Act = Callable[[asyncpg.Connection, Seat, str, Sent, str, datetime], Awaitable[str]]


def sign_of(who: SignedIn) -> str:
    """How somebody of the office signs (followup.casework.posts)."""
    return f"督查室-{who.name}"


class OfficePages:
    """`/dispatch` and its forms, for whoever works for a supervision office of the centre's county."""

    def __init__(self, ground: Ground, centre_code: str, gate: Gate) -> None:
        self._ground = ground
        self._centre = centre_code
        self._gate = UnitGate(gate, ground, centre_code)

    def routes(self) -> list[web.RouteDef]:
        """Every page of the desk."""
        acts: dict[str, Act] = {
            "give": self._give,
            "put-off": self._put_off,
            "hand-back": self._hand_back,
            "allow": self._allow,
            "deny": self._deny,
            "grant": self._grant,
            "refuse-time": self._refuse_time,
            "change-lead": self._change_lead,
        }
        return [
            web.get(DISPATCH, self._open(self._inbox)),
            web.get(f"{DISPATCH}/{{number}}", self._open(self._file)),
            *(web.post(f"{DISPATCH}/{{number}}/{name}", self._form(name, act)) for name, act in acts.items()),
        ]

    def _open(self, handler: SeatHandler) -> Handler:
        """Not for a unit that is no supervision office, whatever the role says."""

        async def guarded(request: web.Request, who: SignedIn, seat: Seat) -> web.StreamResponse:
            if office_of(seat) is None:
                raise NotPermitted(f"{SUPERVISE} no office")
            return await handler(request, who, seat)

        return self._gate.open_to(SUPERVISE, guarded)

    # -- looking ------------------------------------------------------------------------------------------------------

    async def _waiting(self, conn: asyncpg.Connection, who: SignedIn, seat: Seat) -> list[Waiting]:
        vault, now = self._ground.vault, self._ground.clock.now()
        return await office_desk.inbox(conn, vault, seat, sign=sign_of(who), now=now)

    async def _inbox(self, request: web.Request, who: SignedIn, seat: Seat) -> web.StreamResponse:
        now = self._ground.clock.now()
        async with self._ground.pool.acquire() as conn:
            zone = await self._zone(conn)
            found = await self._waiting(conn, who, seat)
        values = {
            "who": who,
            "unit": seat.unit,
            "sections": [
                (key, zh, en, [line(one, now, zone) for one in found if one.row.status == key])
                for key, zh, en in SECTIONS
            ],
            "said": request.query.get("said", ""),
            "home": address(request, HOME),
            "at": lambda number: address(request, f"{DISPATCH}/{number}"),
        }
        return page(request, "followup.web", "office_desk.html", values)

    async def _file(self, request: web.Request, who: SignedIn, seat: Seat) -> web.StreamResponse:
        return await self._shown(request, who, seat, request.match_info["number"])

    async def _shown(
        self,
        request: web.Request,
        who: SignedIn,
        seat: Seat,
        number: str,
        *,
        fault: Both | None = None,
        sent: Sent | None = None,
    ) -> web.StreamResponse:
        now, ground = self._ground.clock.now(), self._ground
        async with ground.pool.acquire() as conn:
            zone = await self._zone(conn)
            try:
                file = await office_desk.file_of(conn, ground.vault, seat, number, sign=sign_of(who), now=now)
            except (UnknownCase, NotForTheseEyes) as no:
                nowhere = {
                    "why": refusal(no),
                    "list": address(request, DISPATCH),
                    "home": address(request, HOME),
                }
                return page(request, "followup.web", "unit_desk_nowhere.html", nowhere, 404)
        clock, typed = file.clock, sent or Sent({}, ())
        chosen = typed["lead"] or (file.suggested[0].code if file.suggested else OTHER)
        values = {
            "who": who,
            "file": file,
            "case": file.case,
            "category": category(file.case.category),
            "due": when(clock.due, now, zone) if clock else None,
            "tone": "bad" if clock and clock.late else "",
            "before": rounds(file.before),
            "limits": {
                name: (when(one.sign_by, now, zone), when(one.handle_by, now, zone))
                for name, one in (("normal", file.normal), ("complex", file.complex))
                if one is not None
            },
            "new_due": when(file.new_due, now, zone) if file.new_due else None,
            "old_due": when(file.case.due_at, now, zone) if file.case.due_at else None,
            "chosen": chosen,
            "ticked": typed.assists if sent else tuple(one.code for one in file.suggested[1:]),
            "other": OTHER,
            "fault": fault,
            "typed": typed,
            "said": request.query.get("said", ""),
            "longest": LONGEST,
            "list": address(request, DISPATCH),
            "home": address(request, HOME),
            "form_token": self._gate.gate.form_token(request),
            "form": lambda name: address(request, f"{DISPATCH}/{number}/{name}"),
        }
        return page(request, "followup.web", "office_file.html", values, 409 if fault else 200)

    async def _zone(self, conn: asyncpg.Connection) -> ZoneInfo:
        return ZoneInfo(await campaigns.time_zone(conn, self._centre) or "UTC")

    # -- deciding -----------------------------------------------------------------------------------------------------

    def _form(self, name: str, act: Act) -> Handler:
        """What is decided leads on to the next matter; what cannot be is said on this one, with what was typed."""

        async def handler(request: web.Request, who: SignedIn, seat: Seat) -> web.StreamResponse:
            number, now = request.match_info["number"], self._ground.clock.now()
            form = await request.post()
            fields = {key: str(value).strip()[:LONGEST] for key, value in form.items()}
            sent = Sent(fields, tuple(str(one) for one in form.getall("assist", ()) if one))
            try:
                async with self._ground.pool.acquire() as conn:
                    said = await act(conn, seat, number, sent, sign_of(who), now)
            except AnotherOffice:
                return await self._shown(
                    request, who, seat, number, fault=refusal(UnknownCase(number=number))
                )
            except CaseRefusal as no:
                return await self._shown(request, who, seat, number, fault=refusal(no), sent=sent)
            return await self._on(request, who, seat, number, said)

        return self._open(handler)

    async def _on(
        self, request: web.Request, who: SignedIn, seat: Seat, number: str, said: str
    ) -> web.StreamResponse:
        """To what must be done next: with this matter where its return was allowed, else the first that nobody has put off."""
        async with self._ground.pool.acquire() as conn:
            found = await self._waiting(conn, who, seat)
        ready = [one.row.number for one in found if not one.row.put_off and one.row.status != COPY]
        following = number if said == "allowed" and number in ready else next(iter(ready), None)
        return go(address(request, f"{DISPATCH}/{following}" if following else DISPATCH, said=said))

    async def _give(
        self, conn: asyncpg.Connection, seat: Seat, number: str, sent: Sent, sign: str, now: datetime
    ) -> str:
        if sent["other"] and sent["lead"] not in ("", OTHER):
            raise TwoLeads(number=number)
        lead = sent["other"] if sent["lead"] in ("", OTHER) else sent["lead"]
        await office_desk.dispatch(
            conn,
            seat,
            number,
            lead=lead,
            assists=sent.assists,
            all_parts=bool(sent["all_parts"]),
            complex_=bool(sent["complex"]),
            leader=sent["leader"] or None,
            plan=sent["plan"] or None,
            sign=sign,
            now=now,
        )
        return "given"

    async def _put_off(
        self, conn: asyncpg.Connection, seat: Seat, number: str, sent: Sent, sign: str, now: datetime
    ) -> str:
        await office_desk.put_off(conn, seat, number, reason=sent["why_later"], sign=sign, now=now)
        return "put_off"

    async def _hand_back(
        self, conn: asyncpg.Connection, seat: Seat, number: str, sent: Sent, sign: str, now: datetime
    ) -> str:
        await office_desk.hand_back(conn, seat, number, reason=sent["why_back"], sign=sign, now=now)
        return "handed_back"

    async def _allow(
        self, conn: asyncpg.Connection, seat: Seat, number: str, sent: Sent, sign: str, now: datetime
    ) -> str:
        reason = sent["reason"]
        await office_desk.decide_return(conn, seat, number, allowed=True, reason=reason, sign=sign, now=now)
        return "allowed"

    async def _deny(
        self, conn: asyncpg.Connection, seat: Seat, number: str, sent: Sent, sign: str, now: datetime
    ) -> str:
        reason = sent["why_not"]
        await office_desk.decide_return(conn, seat, number, allowed=False, reason=reason, sign=sign, now=now)
        return "denied"

    async def _grant(
        self, conn: asyncpg.Connection, seat: Seat, number: str, sent: Sent, sign: str, now: datetime
    ) -> str:
        await office_desk.decide_time(conn, seat, number, granted=True, reason="", sign=sign, now=now)
        return "granted"

    async def _refuse_time(
        self, conn: asyncpg.Connection, seat: Seat, number: str, sent: Sent, sign: str, now: datetime
    ) -> str:
        reason = sent["why_not"]
        await office_desk.decide_time(conn, seat, number, granted=False, reason=reason, sign=sign, now=now)
        return "time_refused"

    async def _change_lead(
        self, conn: asyncpg.Connection, seat: Seat, number: str, sent: Sent, sign: str, now: datetime
    ) -> str:
        lead, reason = sent["new_lead"], sent["why_change"]
        await office_desk.change_lead(conn, seat, number, lead=lead, reason=reason, sign=sign, now=now)
        return "changed"
