"""A call sheet: drawn up, printed with or without numbers, and what came of each call keyed in afterwards.

Numbers stand in the one reply to the form that asks for them; the page itself shows them with their middle hidden.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from aiohttp import web

from survey import call_sheets
from survey.access.signed_in import SignedIn
from survey.appointing import NotThen
from survey.desk_keys import UNKNOWN, read_when
from survey.desk_policy import desk_policy
from survey.desk_shift import SomebodyInHand
from survey.field.calling_hours import calling_hours
from survey.field.dispositions import dispositions
from survey.ground import Ground
from survey.operating import OnBreak
from survey.sheet_rows import read_row
from survey.store import campaigns
from survey.store.call_sheets import Line
from survey.web.desk_pages import DESK, WORK, no_moment, not_then
from survey.web.desk_view import Aside, spoken
from survey.web.gate import FORM_TOKEN, HOME, Gate, Handler, PersonHandler, address, go
from survey.web.shell import page
from survey.web.terms import PURPOSES

PATH: Final = f"{DESK}/sheet"
SHEET: Final = Aside("t", "拨打单", "Call sheet", PATH)
"""The key of the desk that leads here."""
LONGEST: Final = 4_000
Both = tuple[str, str]
SAID: Final[dict[str, Both]] = {
    "kept": ("记下了", "recorded"),
    "before": ("以前记过,不再改", "entered before; that stands"),
    "unknown": ("单子上没有这个代号", "no such token on the sheet"),
}
UNREAD: Final[Both] = ("看不懂:先写代号,再写一个键", "not understood: a token, then one key")


@dataclass(frozen=True)
class Shown:
    """One line of the sheet. `result`: what was entered; `here`: it is still on paper."""

    token: str
    number: str
    purpose: Both
    title: str
    area: str
    english: bool
    here: bool
    result: Both | None


@dataclass(frozen=True)
class Keyed:
    """What became of one row that was keyed in."""

    row: str
    said: Both
    well: bool


class CallSheetPages:
    """`/desk/sheet` and its forms, for whoever works the desk."""

    def __init__(self, ground: Ground, centre_code: str, gate: Gate) -> None:
        self._ground = ground
        self._centre = centre_code
        self._gate = gate

    def routes(self) -> list[web.RouteDef]:
        """Every page."""
        return [
            web.get(PATH, self._open(self._look)),
            web.post(f"{PATH}/draw", self._open(self._draw)),
            web.post(f"{PATH}/numbers", self._open(self._numbers)),
            web.post(f"{PATH}/rows", self._open(self._rows)),
            web.post(f"{PATH}/answers", self._open(self._answers)),
        ]

    def _open(self, handler: PersonHandler) -> Handler:
        return self._gate.open_in(self._centre, WORK, handler)

    async def _look(self, request: web.Request, who: SignedIn) -> web.StreamResponse:
        return await self._page(request, who)

    async def _draw(self, request: web.Request, who: SignedIn) -> web.StreamResponse:
        if who.contractor:
            return go(address(request, PATH, said="no_numbers"))
        typed = str((await request.post()).get("people", "")).strip()
        wanted = int(typed) if typed.isdecimal() and len(typed) < 4 else desk_policy().sheet_most
        try:
            drawn = await call_sheets.draw_up(self._ground, who.name, self._centre, wanted)
        except OnBreak:
            return go(address(request, PATH, said="break"))
        except SomebodyInHand:
            return go(address(request, PATH, said="somebody"))
        return go(address(request, PATH, said="" if drawn else "nobody"))

    async def _numbers(self, request: web.Request, who: SignedIn) -> web.StreamResponse:
        numbers = await call_sheets.numbers(self._ground, who.name, self._centre)
        return await self._page(request, who, numbers=numbers)

    async def _rows(self, request: web.Request, who: SignedIn) -> web.StreamResponse:
        """Row by row: what cannot be kept stays in the field, and the others are written."""
        typed = str((await request.post()).get("rows", ""))[:LONGEST]
        keyed = [await self._enter(who, row) for row in typed.splitlines() if row.strip()]
        left = "\n".join(one.row for one in keyed if not one.well)
        return await self._page(request, who, keyed=keyed, typed=left)

    async def _enter(self, who: SignedIn, typed: str) -> Keyed:
        row, words = read_row(typed), typed.strip()
        if row is None:
            return Keyed(words, UNREAD, False)
        zone, moment = await self._zone(), None
        if row.means == "later":
            moment = read_when(row.words, self._ground.clock.now().astimezone(zone))
            if moment is None and row.words.lower() not in UNKNOWN:
                return Keyed(words, no_moment(row.words), False)
        try:
            done = await call_sheets.enter(
                self._ground, who.name, self._centre, row.token, row.means, moment=moment, heard=row.words
            )
        except NotThen as no:
            return Keyed(words, not_then(no, zone), False)
        return Keyed(words, SAID[done], done != "unknown")

    async def _answers(self, request: web.Request, who: SignedIn) -> web.StreamResponse:
        token = str((await request.post()).get("token", ""))
        try:
            done = await call_sheets.to_desk(self._ground, who.name, self._centre, token)
        except SomebodyInHand:
            return go(address(request, PATH, said="somebody"))
        return go(address(request, DESK) if done == "kept" else address(request, PATH, said=done))

    async def _zone(self) -> ZoneInfo:
        async with self._ground.pool.acquire() as conn:
            return ZoneInfo(await campaigns.time_zone(conn, self._centre) or "UTC")

    async def _page(
        self,
        request: web.Request,
        who: SignedIn,
        *,
        numbers: dict[str, str] | None = None,
        keyed: list[Keyed] | None = None,
        typed: str = "",
    ) -> web.StreamResponse:
        zone = await self._zone()
        paper = await call_sheets.sheet_of(self._ground, who.name, self._centre)
        clear = numbers or {}

        def local(moment: datetime) -> datetime:
            return moment.astimezone(zone)

        values: dict[str, Any] = {
            "who": who,
            "lines": [_shown(one, clear.get(one.token, ""), paper.numbers) for one in paper.lines]
            if paper
            else [],
            "open": paper is not None and paper.open,
            "drawn": local(paper.sheet.drawn_at) if paper else None,
            "dial_until": local(paper.sheet.dial_until) if paper else None,
            "enter_until": local(paper.sheet.enter_until) if paper else None,
            "clear": numbers is not None,
            "windows": [(f"{opens:%H:%M}", f"{closes:%H:%M}") for opens, closes in calling_hours().windows],
            "most": desk_policy().sheet_most,
            "keyed": keyed or [],
            "typed": typed,
            "longest": LONGEST,
            "said": request.query.get("said", ""),
            "desk": address(request, DESK),
            "home": address(request, HOME),
            "token_name": FORM_TOKEN,
            "form_token": self._gate.form_token(request),
            "form": lambda name: address(request, f"{PATH}/{name}"),
        }
        return page(request, "survey.web", "call_sheet.html", values)


def _shown(line: Line, number: str, hidden: dict[str, str]) -> Shown:
    row = dispositions().get(line.disposition or "")
    result = ((row.zh, row.en) if row else ("", "")) if not line.open else None
    return Shown(
        line.token,
        spoken(number) if number else hidden[line.token],
        PURPOSES.get(line.purpose, (line.purpose, line.purpose)),
        line.title,
        line.area,
        line.lang == "en",
        line.open and line.on_sheet,
        result,
    )
