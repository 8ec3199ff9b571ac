"""What must reach a person, on a page: the queue, taking one, the number of whoever waits, what came of it.

`/handovers` shows and changes nothing. A number is shown in the one reply to the form that asks for it, to whoever has taken the
handover, and that it was read is on record.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from aiohttp import web

from survey import handing, listening
from survey.access.refusals import NotPermitted
from survey.access.roles import Permission
from survey.access.signed_in import SignedIn
from survey.ground import Ground
from survey.handing import (
    BACK_CHECK,
    DoNotCall,
    HandoverRefusal,
    NobodyToCall,
    NoteMissing,
    NotNow,
    NotTaken,
    OwnInterview,
    ResolvedBefore,
    TakenByAnother,
    UnknownHandover,
)
from survey.store import campaigns
from survey.store.handovers import HandoverRow
from survey.web.desk_view import spoken
from survey.web.gate import HOME, Gate, Handler, PersonHandler, address, go
from survey.web.shell import page
from survey.web.terms import HANDOVER_REASONS, MODES

PATH: Final = "/handovers"
WORK: Final[Permission] = "numbers.read"
"""Whoever may call a resident back: surveyors, team leads, supervisors."""
LONGEST: Final = 1_000
Both = tuple[str, str]
REFUSED: Final[dict[type[Exception], Both]] = {
    UnknownHandover: ("没有这件事。", "There is no such handover."),
    NotTaken: ("请先接手,让别人知道有人在办。", "Take it first, so that others see who is on it."),
    TakenByAnother: ("别人已经接手了。", "Somebody else has taken it."),
    ResolvedBefore: ("已经办完了。", "It has been resolved already."),
    NoteMissing: ("请写明结果,免得别人再问一遍。", "Say what came of it, so that nobody has to ask again."),
    NobodyToCall: ("不知道是谁,没有号码。", "Nobody knows whose it is, so there is no number."),
    OwnInterview: (
        "这次访问是您自己做的,由别人回访核实。",
        "You held this interview yourself; somebody else rings about it.",
    ),
    NotNow: ("现在不在拨打时段。", "It is outside the calling hours."),
    DoNotCall: ("本人说过不要再打电话,请写明后办结。", "They want no calls: resolve it with that."),
    NotPermitted: (
        "您看不到号码(外包人员,或岗位、地区不符)。",
        "You see no numbers: a contractor, or another role or area.",
    ),
}

Act = Callable[[web.Request, SignedIn, str], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class Line:
    """One handover as the page shows it. `mine`: whoever looks has it; `ask_back`: it is a call that checks an interview."""

    ref: str
    reason: Both
    urgent: bool
    late: bool
    words: str
    where: tuple[str, ...]
    mode: Both
    due: datetime
    taken_by: str
    mine: bool
    recorded: bool
    ask_back: bool


class HandoverPages:
    """`/handovers` and its forms, for whoever may call residents back in the centre's area."""

    def __init__(self, ground: Ground, centre_code: str, gate: Gate) -> None:
        self._ground = ground
        self._centre = centre_code
        self._gate = gate

    def routes(self) -> list[web.RouteDef]:
        """Every page."""
        forms: dict[str, Act] = {"take": self._take, "number": self._number, "resolve": self._resolve}
        return [
            web.get(PATH, self._open(self._look)),
            *(web.post(f"{PATH}/{{ref}}/{name}", self._form(act)) for name, act in forms.items()),
        ]

    def _open(self, handler: PersonHandler) -> Handler:
        return self._gate.open_in(self._centre, WORK, handler)

    def _form(self, act: Act) -> Handler:
        """What cannot be done is said on the queue as it stands, with what was typed."""

        async def handler(request: web.Request, who: SignedIn) -> web.StreamResponse:
            ref = request.match_info["ref"]
            try:
                if ref not in {one.ref for one in await handing.queue(self._ground, self._centre)}:
                    raise UnknownHandover(ref=ref)
                return await act(request, who, ref)
            except (HandoverRefusal, NotPermitted) as no:
                typed = {name: str(value) for name, value in (await request.post()).items()}
                return await self._page(request, who, fault=why_not(no), about=ref, typed=typed)

        return self._open(handler)

    async def _look(self, request: web.Request, who: SignedIn) -> web.StreamResponse:
        return await self._page(request, who)

    async def _page(
        self,
        request: web.Request,
        who: SignedIn,
        *,
        fault: Both | None = None,
        about: str = "",
        number: str = "",
        typed: dict[str, str] | None = None,
    ) -> web.Response:
        now = self._ground.clock.now()
        rows = await handing.queue(self._ground, self._centre)
        async with self._ground.pool.acquire() as conn:
            zone = ZoneInfo(await campaigns.time_zone(conn, self._centre) or "UTC")
        values = {
            "lines": [_line(one, now, zone, who.name) for one in rows],
            "fault": fault,
            "about": about,
            "number": spoken(number),
            "typed": {"note": "", "words": "", **(typed or {})},
            "said": request.query.get("said", ""),
            "longest": LONGEST,
            "home": address(request, HOME),
            "form_token": self._gate.form_token(request),
            "file": lambda ref: address(request, f"{PATH}/{ref}"),
            "form": lambda ref, name: address(request, f"{PATH}/{ref}/{name}"),
        }
        return page(request, "survey.web", "handovers.html", values)

    def _back(self, request: web.Request, said: str) -> web.Response:
        return go(address(request, PATH, said=said))

    async def _take(self, request: web.Request, who: SignedIn, ref: str) -> web.StreamResponse:
        await handing.take(self._ground, ref, who.name)
        return self._back(request, "taken")

    async def _number(self, request: web.Request, who: SignedIn, ref: str) -> web.StreamResponse:
        shown = await handing.number(self._ground, ref, who.name, self._centre)
        if not shown.clear:
            raise NotPermitted("numbers.read")
        return await self._page(request, who, about=ref, number=shown.number)

    async def _resolve(self, request: web.Request, who: SignedIn, ref: str) -> web.StreamResponse:
        sent = await request.post()
        note, words = (str(sent.get(name, "")).strip()[:LONGEST] for name in ("note", "words"))
        done = await handing.resolve(self._ground, ref, who.name, note, needs_recording=bool(words))
        if words and done.recording is not None:
            await listening.take_words(self._ground, done.recording, words, by=who.name)
        return self._back(request, "resolved")


def why_not(no: Exception) -> Both:
    """Why something cannot be done with a handover, in words."""
    return next((words for kind, words in REFUSED.items() if isinstance(no, kind)), (str(no), str(no)))


def _line(row: HandoverRow, now: datetime, zone: ZoneInfo, name: str) -> Line:
    return Line(
        ref=row.ref,
        reason=HANDOVER_REASONS.get(row.reason, (row.reason, row.reason)),
        urgent=row.urgent,
        late=row.overdue(now),
        words=row.words or "",
        where=tuple(part for part in (row.campaign, row.area) if part),
        mode=MODES.get(row.mode or "", ("", "")),
        due=row.due_at.astimezone(zone),
        taken_by=row.taken_by or "",
        mine=row.taken_by == name,
        recorded=row.recording is not None,
        ask_back=row.reason == BACK_CHECK,
    )
