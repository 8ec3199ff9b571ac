"""From a number of the callback report to the single answer: the callbacks behind it, and one of them whole.

`/callbacks` lists those of a period, or of an issued report as they stood at its cut-off; `/callbacks/NUMBER/ROUND` is one, with
what was said, the attempts, the recordings and the case around it. A recording and a number are replies to forms, and on record.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import asyncpg
from aiohttp import web

from followup import callback_file
from followup.callback_file import NoCallback, NotInFull
from followup.casework.routing import Viewer
from followup.refusals import CaseRefusal
from followup.reports.callback_rows import callback_lines
from followup.store import issued_reports
from followup.web.callback_groups import behind, chips
from followup.web.callback_view import lines, page_of
from followup.web.flag_pages import sign_of
from followup.web.flag_view import refusal
from survey.access.refusals import NoReason, NoReasonToHear, NotPermitted, RecordingGone
from survey.access.roles import Permission
from survey.access.signed_in import SignedIn
from survey.channels.base import Caller, CarrierAway
from survey.ground import Ground
from survey.periods import FORMS, NoPeriod, Period, period
from survey.store import campaigns
from survey.web.desk_view import spoken
from survey.web.gate import HOME, Gate, Handler, address
from survey.web.shell import NOTHING, SOUND, page

CALLBACKS: Final = "/callbacks"
READ: Final[Permission] = "cases.read"
CENTRE_POSTS: Final = frozenset({"supervisor", "director"})
MOST: Final = 300
LONGEST: Final = 400
REASON: Final = "核对回访 check a callback"
Both = tuple[str, str]
REFUSED: Final[dict[type[Exception], Both]] = {
    NoCallback: ("这一轮没有回访。", "There was no callback in this round."),
    NotInFull: (
        "谁反映的、原话怎么说,只有承办的部门能看。",
        "Who raised it and what was said is for the office that handles it.",
    ),
    NoReason: ("看号码须说明理由。", "Say why you need the number: it is kept."),
    NoReasonToHear: ("听录音须说明理由。", "Say why you listen: it is kept."),
    RecordingGone: (
        "运营商那里没有这段录音了,或还没有准备好。",
        "The carrier has this recording no more, or not yet.",
    ),
    CarrierAway: ("运营商现在取不到录音,请稍后再听。", "The carrier does not answer just now; listen later."),
    NotPermitted: (
        "您看不到号码(外包人员,或岗位、地区不符)。",
        "You see no numbers: a contractor, or another role or area.",
    ),
}


@dataclass(frozen=True)
class Shown:
    """What a form has asked for: a recording by its place with its sound, or the number."""

    place: int = 0
    sound: str = ""
    number: str = ""


Act = Callable[[web.Request, SignedIn, str, int], Awaitable[Shown]]


class CallbackPages:
    """`/callbacks` and what hangs under it, for whoever reads cases of the centre."""

    def __init__(self, ground: Ground, centre_code: str, gate: Gate, carrier: Caller) -> None:
        self._ground = ground
        self._centre = centre_code
        self._gate = gate
        self._carrier = carrier

    def routes(self) -> list[web.RouteDef]:
        """Every page."""
        one = f"{CALLBACKS}/{{number}}/{{round}}"
        return [
            web.get(CALLBACKS, self._gate.open_in(self._centre, READ, self._list)),
            web.get(one, self._gate.open_in(self._centre, READ, self._file)),
            web.post(f"{one}/hear", self._form("recordings.hear", self._hear)),
            web.post(f"{one}/number", self._form("numbers.read", self._number)),
        ]

    # -- the list -----------------------------------------------------------------------------------------------------

    async def _list(self, request: web.Request, who: SignedIn) -> web.StreamResponse:
        now = self._ground.clock.now()
        asked = {name: request.query.get(name, "") for name in ("report", "period", "show", "unit")}
        fault: Both | None = None
        async with self._ground.pool.acquire() as conn:
            zone = ZoneInfo(await campaigns.time_zone(conn, self._centre) or "UTC")
            try:
                days, cut_off, asked["report"] = await self._wanted(conn, asked, now, zone)
            except NoPeriod:
                fault = (f"看不出是什么期间,例如:{FORMS}", f"That is no period; write {FORMS}")
                days, cut_off, asked["report"] = _this_week(now, zone), now, ""
            found = await callback_lines(conn, self._centre, days, cut_off)
        of_period = [one for one in found if one.day is None or days.first <= one.day <= days.last]
        chosen = behind(of_period, asked["show"], asked["unit"])
        kept = {name: asked[name] for name in ("report", "period")}
        values = {
            "lines": lines(chosen[:MOST]),
            "count": len(chosen),
            "most": MOST,
            "days": days,
            "cut_off": cut_off.astimezone(zone),
            "chips": chips(of_period),
            "units": sorted({(one.unit_code, one.unit_zh or "-") for one in of_period if one.unit_code}),
            "asked": asked,
            "fault": fault,
            "home": address(request, HOME),
            "plain": CALLBACKS,
            "show": lambda code: address(request, CALLBACKS, **kept, unit=asked["unit"], show=code),
            "at": lambda number, round_: address(request, f"{CALLBACKS}/{number}/{round_}"),
        }
        return page(request, "followup.web", "callbacks.html", values)

    async def _wanted(
        self, conn: asyncpg.Connection, asked: dict[str, str], now: datetime, zone: ZoneInfo
    ) -> tuple[Period, datetime, str]:
        """The days and the moment of an issued report, or a period as it stands now. Raises NoPeriod."""
        if asked["report"]:
            row = await issued_reports.by_number(conn, asked["report"])
            if row is None or row.centre_code != self._centre:
                raise web.HTTPNotFound
            return Period(row.first_day, row.last_day), row.cut_off, row.number
        return (period(asked["period"]) if asked["period"] else _this_week(now, zone)), now, ""

    # -- one callback -------------------------------------------------------------------------------------------------

    async def _file(self, request: web.Request, who: SignedIn) -> web.StreamResponse:
        return await self._shown(request, who, Shown())

    async def _shown(
        self, request: web.Request, who: SignedIn, shown: Shown, fault: Both | None = None
    ) -> web.StreamResponse:
        number, round_ = _which(request)
        async with self._ground.pool.acquire() as conn:
            zone = ZoneInfo(await campaigns.time_zone(conn, self._centre) or "UTC")
            try:
                file = await callback_file.file_of(
                    conn, self._centre, number, round_, _viewer(self._centre, who)
                )
            except CaseRefusal as no:
                nowhere = {
                    "why": _why(no),
                    "list": address(request, CALLBACKS),
                    "home": address(request, HOME),
                }
                return page(request, "followup.web", "callback_nowhere.html", nowhere, 404)
        area = file.passport.case.area_code
        values = {
            "file": page_of(file, zone),
            "shown": shown,
            "fault": fault,
            "reason": REASON,
            "longest": LONGEST,
            "may_hear": not who.contractor and who.may("recordings.hear", area),
            "may_dial": not who.contractor and file.sight.reporter and who.may("numbers.read", area),
            "list": address(request, CALLBACKS),
            "home": address(request, HOME),
            "form_token": self._gate.form_token(request),
            "round_at": lambda other: address(request, f"{CALLBACKS}/{number}/{other}"),
            "form": lambda name: address(request, f"{CALLBACKS}/{number}/{round_}/{name}"),
        }
        return page(
            request, "followup.web", "callback.html", values, beyond=SOUND if shown.sound else NOTHING
        )

    def _form(self, permission: Permission, act: Act) -> Handler:
        """The page again, with what was asked for, or why it is not shown."""

        async def handler(request: web.Request, who: SignedIn) -> web.StreamResponse:
            who.require(READ, await self._gate.area_of(self._centre))
            number, round_ = _which(request)
            try:
                return await self._shown(request, who, await act(request, who, number, round_))
            except (CaseRefusal, NoReason, NoReasonToHear, RecordingGone, CarrierAway) as no:
                return await self._shown(request, who, Shown(), _why(no))

        return self._gate.open_in(self._centre, permission, handler)

    async def _hear(self, request: web.Request, who: SignedIn, number: str, round_: int) -> Shown:
        which, reason = await _field(request, "recording"), await _field(request, "reason")
        place, heard = await callback_file.hear(
            self._ground, self._carrier, self._centre, number, round_, _viewer(self._centre, who), which,
            staff=who.name, reason=reason,
        )  # fmt: skip
        return Shown(place, f"data:{heard.media_type};base64,{b64encode(heard.sound).decode()}")

    async def _number(self, request: web.Request, who: SignedIn, number: str, round_: int) -> Shown:
        reason = await _field(request, "reason")
        found = await callback_file.number_of(
            self._ground, self._centre, number, round_, _viewer(self._centre, who), staff=who.name, reason=reason
        )  # fmt: skip
        if not found.clear:
            raise NotPermitted("numbers.read")
        return Shown(number=spoken(found.number))


def _viewer(centre: str, who: SignedIn) -> Viewer:
    """Supervisors and directors look as the centre; a supervision officer reads what units read."""
    held = {one.role for one in who.grants}
    return Viewer("centre" if held & CENTRE_POSTS else "office", centre, person=sign_of(who))


def _this_week(now: datetime, zone: ZoneInfo) -> Period:
    return period(f"{now.astimezone(zone):%G-W%V}")


def _which(request: web.Request) -> tuple[str, int]:
    written = request.match_info["round"]
    if not (written.isdecimal() and len(written) < 4):
        raise web.HTTPNotFound
    return request.match_info["number"], int(written)


async def _field(request: web.Request, name: str) -> str:
    return str((await request.post()).get(name, "")).strip()[:LONGEST]


def _why(no: Exception) -> Both:
    known = next((words for kind, words in REFUSED.items() if isinstance(no, kind)), None)
    if known is None and isinstance(no, CaseRefusal):
        return refusal(no)
    return known or (str(no), str(no))
