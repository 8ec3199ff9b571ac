"""The desk of a unit, for a telephone first: `/unit` is what lies on it, `/unit/NUMBER` one case with what can be done now.

A unit has its own cases only: any other number is one that there is not. Looking changes nothing; what is done goes through
`followup.unit_acts`, and leads on to what comes next.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import asyncpg
from aiohttp import web

from followup import showing, unit_acts, unit_desk
from followup.intake_policy import intake_policy
from followup.refusals import CaseRefusal, NotForTheseEyes, UnknownCase
from followup.unit_desk import Seat
from followup.web.picture_response import picture_response
from followup.web.unit_desk_view import category, heard, rounds, sections, when
from followup.web.unit_gate import UnitGate
from followup.web.unit_pages import OUTCOMES, WAYS, contact_in
from followup.web.unit_quality_page import QUALITY
from followup.web.unit_words import refusal
from survey.access.roles import Permission
from survey.access.signed_in import SignedIn
from survey.ground import Ground
from survey.store import campaigns
from survey.web.gate import HOME, Gate, Handler, address, go
from survey.web.shell import page

UNIT: Final = "/unit"
HANDLE: Final[Permission] = "cases.handle"
LONGEST: Final = 2_000
TOLD_LONGEST: Final = 500
"""Characters of what a resident is told."""

Form = dict[str, str]
Act = Callable[[asyncpg.Connection, Seat, str, Form, datetime], Awaitable[str]]


class UnitDeskPages:
    """`/unit` and its forms, for whoever works for a unit of the centre."""

    def __init__(self, ground: Ground, centre_code: str, gate: Gate) -> None:
        self._ground = ground
        self._centre = centre_code
        self._gate = UnitGate(gate, ground, centre_code)

    def routes(self) -> list[web.RouteDef]:
        """Every page of the desk."""
        acts: dict[str, Act] = {
            "sign": self._sign,
            "return": self._return,
            "ask-time": self._ask_time,
            "plan": self._plan,
            "part": self._part,
            "report": self._report,
            "call": self._call,
            "answer": self._answer,
            "relay": self._relay,
        }
        return [
            web.get(UNIT, self._gate.open_to(HANDLE, self._inbox)),
            web.get(f"{UNIT}/{{number}}", self._gate.open_to(HANDLE, self._file)),
            web.get(f"{UNIT}/{{number}}/pictures/{{ref}}", self._gate.open_to(HANDLE, self._picture)),
            web.post(f"{UNIT}/{{number}}/picture", self._gate.open_to(HANDLE, self._add_picture)),
            *(web.post(f"{UNIT}/{{number}}/{name}", self._form(name, act)) for name, act in acts.items()),
        ]

    # -- looking ------------------------------------------------------------------------------------------------------

    async def _inbox(self, request: web.Request, who: SignedIn, seat: Seat) -> web.StreamResponse:
        now, ground = self._ground.clock.now(), self._ground
        async with ground.pool.acquire() as conn:
            zone = await self._zone(conn)
            found = await unit_desk.inbox(conn, ground.vault, seat, now=now)
        shown = sections(found, now, zone)
        values = {
            "who": who,
            "unit": seat.unit,
            "sections": shown,
            "doubts": [(one, when(one.answer_due_at, now, zone)) for one in found.doubts],
            "heard": heard(found.said, zone),
            "most": unit_desk.policy().listed,
            "full": len(found.cases) >= unit_desk.policy().listed,
            "said": request.query.get("said", ""),
            "home": address(request, HOME),
            "quality": address(request, QUALITY),
            "at": lambda number: address(request, f"{UNIT}/{number}"),
        }
        return page(request, "followup.web", "unit_desk.html", values)

    async def _file(self, request: web.Request, who: SignedIn, seat: Seat) -> web.StreamResponse:
        return await self._shown(request, who, seat, request.match_info["number"])

    async def _shown(
        self,
        request: web.Request,
        who: SignedIn,
        seat: Seat,
        number: str,
        *,
        fault: tuple[str, str] | None = None,
        about: str = "",
        typed: Form | None = None,
    ) -> web.StreamResponse:
        now, ground = self._ground.clock.now(), self._ground
        async with ground.pool.acquire() as conn:
            zone = await self._zone(conn)
            try:
                file = await unit_desk.file_of(conn, ground.vault, seat, number, now=now)
            except (UnknownCase, NotForTheseEyes) as no:
                nowhere = {"why": refusal(no), "list": address(request, UNIT), "home": address(request, HOME)}
                return page(request, "followup.web", "unit_desk_nowhere.html", nowhere, 404)
        clock = file.clock
        values = {
            "who": who,
            "unit": seat.unit,
            "file": file,
            "case": file.case,
            "category": category(file.case.category),
            "due": when(clock.due, now, zone) if clock else None,
            "tone": "bad" if clock and clock.late else "warn" if clock and clock.soon else "",
            "before": rounds(file.before),
            "calls": [
                (one.requested_at.astimezone(zone), OUTCOMES.get(one.outcome, one.outcome), one.seconds)
                for one in file.calls
            ],
            "picture_at": lambda ref: address(request, f"{UNIT}/{number}/pictures/{ref}"),
            "picture_bytes": unit_desk.policy().picture_bytes,
            "ways": WAYS,
            "proof_s": intake_policy().bridge.proof_seconds,
            "now": now.astimezone(zone),
            "fault": fault,
            "about": about,
            "typed": _typed(typed),
            "said": request.query.get("said", ""),
            "longest": LONGEST,
            "told_longest": TOLD_LONGEST,
            "list": address(request, UNIT),
            "home": address(request, HOME),
            "form_token": self._gate.gate.form_token(request),
            "form": lambda name: address(request, f"{UNIT}/{number}/{name}"),
        }
        return page(request, "followup.web", "unit_file.html", values, 409 if fault else 200)

    async def _picture(self, request: web.Request, who: SignedIn, seat: Seat) -> web.StreamResponse:
        number, ref = request.match_info["number"], request.match_info["ref"]
        async with self._ground.pool.acquire() as conn:
            return picture_response(await showing.picture(conn, number, ref, unit=seat.unit.code))

    async def _zone(self, conn: asyncpg.Connection) -> ZoneInfo:
        return ZoneInfo(await campaigns.time_zone(conn, self._centre) or "UTC")

    # -- acting -------------------------------------------------------------------------------------------------------

    def _form(self, name: str, act: Act) -> Handler:
        """What cannot be done is said on the same page, with what was typed."""

        async def handler(request: web.Request, who: SignedIn, seat: Seat) -> web.StreamResponse:
            number, now = request.match_info["number"], self._ground.clock.now()
            sent = {key: str(value).strip()[:LONGEST] for key, value in (await request.post()).items()}
            try:
                async with self._ground.pool.acquire() as conn:
                    said = await act(conn, seat, number, sent, now)
            except CaseRefusal as no:
                return await self._shown(
                    request, who, seat, number, fault=refusal(no), about=name, typed=sent
                )
            return go(address(request, f"{UNIT}/{number}" if said in STAYS else UNIT, said=said))

        return self._gate.open_to(HANDLE, handler)

    async def _add_picture(self, request: web.Request, who: SignedIn, seat: Seat) -> web.StreamResponse:
        number, now = request.match_info["number"], self._ground.clock.now()
        sent = (await request.post()).get("picture")
        data = sent.file.read() if isinstance(sent, web.FileField) else b""
        try:
            async with self._ground.pool.acquire() as conn:
                await unit_acts.add_picture(
                    conn, seat, number, data=data, now=now, tokens=self._ground.tokens
                )
        except CaseRefusal as no:
            return await self._shown(request, who, seat, number, fault=refusal(no), about="picture")
        return go(address(request, f"{UNIT}/{number}", said="picture") + "#pictures")

    async def _sign(
        self, conn: asyncpg.Connection, seat: Seat, number: str, sent: Form, now: datetime
    ) -> str:
        await unit_acts.sign(conn, seat, number, now=now)
        return "signed"

    async def _return(
        self, conn: asyncpg.Connection, seat: Seat, number: str, sent: Form, now: datetime
    ) -> str:
        suggested = sent.get("suggested", "")
        await unit_acts.give_back(
            conn, seat, number, reason=sent.get("reason", ""), suggested=suggested, now=now
        )
        return "returned"

    async def _ask_time(
        self, conn: asyncpg.Connection, seat: Seat, number: str, sent: Form, now: datetime
    ) -> str:
        days = int(sent["days"]) if sent.get("days", "").isdecimal() else None
        await unit_acts.ask_time(conn, seat, number, reason=sent.get("why", ""), days=days, now=now)
        return "asked"

    async def _plan(
        self, conn: asyncpg.Connection, seat: Seat, number: str, sent: Form, now: datetime
    ) -> str:
        leader, plan = sent.get("leader", ""), sent.get("plan", "")
        await unit_acts.make_plan(conn, seat, number, leader=leader, plan=plan, now=now)
        return "planned"

    async def _part(
        self, conn: asyncpg.Connection, seat: Seat, number: str, sent: Form, now: datetime
    ) -> str:
        await unit_acts.file_part(conn, seat, number, words=sent.get("part", ""), now=now)
        return "part"

    async def _report(
        self, conn: asyncpg.Connection, seat: Seat, number: str, sent: Form, now: datetime
    ) -> str:
        reported = await unit_acts.report(
            conn,
            seat,
            number,
            summary=sent.get("summary", ""),
            actions=sent.get("actions") or None,
            contact=contact_in(sent),
            resident_view=sent.get("resident_view") or None,
            parts_overridden=sent.get("parts_overridden") or None,
            now=now,
        )
        return "no_contact" if reported.returned else "reported"

    async def _call(
        self, conn: asyncpg.Connection, seat: Seat, number: str, sent: Form, now: datetime
    ) -> str:
        await unit_acts.call(conn, seat, number, now=now, tokens=self._ground.tokens)
        return "calling"

    async def _answer(
        self, conn: asyncpg.Connection, seat: Seat, number: str, sent: Form, now: datetime
    ) -> str:
        await unit_acts.answer_doubt(conn, seat, number, words=sent.get("answer", ""), now=now)
        return "answered"

    async def _relay(
        self, conn: asyncpg.Connection, seat: Seat, number: str, sent: Form, now: datetime
    ) -> str:
        await unit_acts.ask_through_centre(conn, seat, number, question=sent.get("question", ""), now=now)
        return "relayed"


STAYS: Final = ("signed", "asked", "relayed", "planned", "calling", "no_contact")
"""After these there is more to do with the same case."""
FIELDS: Final = (
    "reason", "suggested", "why", "days", "leader", "plan", "part", "summary", "actions", "contact_at", "contact_way",
    "resident_view", "parts_overridden", "answer", "question",
)  # fmt: skip


def _typed(sent: Form | None) -> Form:
    """What stands in the fields: what was sent in vain, or nothing."""
    return {name: (sent or {}).get(name, "") for name in FIELDS}
