"""Quality control on pages: what was drawn to be checked, one interview with its answers, times and recordings, the verdict.

`/quality` is the list with the error rates, `/quality/REF` one interview. Who held it is not shown before there is a verdict. A
recording is the reply to the form that asks for it, and that it was heard is on record: looking changes nothing.
"""

import secrets
from base64 import b64encode
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from aiohttp import web

from survey import checking
from survey.access import recording_hearing
from survey.access.refusals import NoReasonToHear, RecordingGone
from survey.access.signed_in import SignedIn
from survey.channels.base import Caller, CarrierAway
from survey.checking import CheckRefused, Sheet, UnknownInterview
from survey.ground import Ground
from survey.periods import NoPeriod, Period, period, preceding
from survey.store import campaigns, quality
from survey.web.gate import HOME, Gate, Handler, address, go
from survey.web.quality_view import VERDICTS, answers, findings, lines, rates, verdicts
from survey.web.shell import NOTHING, SOUND, in_both, page
from survey.web.terms import MODES, PURPOSES, words

QUALITY: Final = "/quality"
MOST: Final = 200
"""Rows of the list."""
LONGEST: Final = 1_000
REASON: Final = "质量抽查 quality check"
Both = tuple[str, str]
Act = Callable[[web.Request, SignedIn, str], Awaitable[str]]
AWAY: Final = ("运营商现在取不到录音,请稍后再听。", "The carrier does not answer just now; listen later.")


class QualityPages:
    """`/quality` and its forms, for whoever checks interviews of the centre. `dice`: what a draw goes by."""

    def __init__(
        self,
        ground: Ground,
        centre_code: str,
        gate: Gate,
        carrier: Caller,
        dice: Callable[[], int] = lambda: secrets.randbits(62),
    ) -> None:
        self._ground = ground
        self._centre = centre_code
        self._gate = gate
        self._carrier = carrier
        self._dice = dice

    def routes(self) -> list[web.RouteDef]:
        """Every page."""
        forms: dict[str, Act] = {"judge": self._judge, "ring": self._ring, "aside": self._aside}
        return [
            web.get(QUALITY, self._gate.open_in(self._centre, "quality.check", self._list)),
            web.post(f"{QUALITY}/draw", self._gate.open_in(self._centre, "quality.check", self._draw)),
            web.get(f"{QUALITY}/{{ref}}", self._gate.open_in(self._centre, "quality.check", self._file)),
            web.post(
                f"{QUALITY}/{{ref}}/hear", self._gate.open_in(self._centre, "recordings.hear", self._hear)
            ),
            *(web.post(f"{QUALITY}/{{ref}}/{name}", self._form(act)) for name, act in forms.items()),
        ]

    # -- the list -----------------------------------------------------------------------------------------------------

    async def _list(self, request: web.Request, who: SignedIn) -> web.StreamResponse:
        return await self._listed(request, who)

    async def _listed(
        self, request: web.Request, who: SignedIn, fault: Both | None = None
    ) -> web.StreamResponse:
        async with self._ground.pool.acquire() as conn:
            zone = ZoneInfo(await campaigns.time_zone(conn, self._centre) or "UTC")
            days = _month(request, self._ground.clock.now().astimezone(zone).date())
            found = await quality.waiting(conn, self._centre, MOST)
            undrawn = await checking.undrawn(self._ground, conn, self._centre)
            drawn = await quality.checked(conn, self._centre, days.first, days.last)
        before, after = preceding(days), days.last + timedelta(days=1)
        values = {
            "lines": lines(found, zone),
            "most": MOST,
            "undrawn": undrawn,
            "rates": rates(drawn),
            "month": f"{days.first:%Y-%m}",
            "before": address(request, QUALITY, month=f"{before.first:%Y-%m}"),
            "after": address(request, QUALITY, month=f"{after:%Y-%m}"),
            "who": who,
            "fault": fault,
            "said": request.query.get("said", ""),
            "home": address(request, HOME),
            "form_token": self._gate.form_token(request),
            "draw": address(request, f"{QUALITY}/draw"),
            "at": lambda ref: address(request, f"{QUALITY}/{ref}"),
        }
        return page(request, "survey.web", "quality.html", values)

    async def _draw(self, request: web.Request, who: SignedIn) -> web.StreamResponse:
        """Of the days that stood on the button: whoever presses it twice, or after midnight, draws no others."""
        sent = str((await request.post()).get("last", ""))
        try:
            last = date.fromisoformat(sent)
            await checking.draw(self._ground, self._centre, last, seed=self._dice(), by=who.name)
        except ValueError:
            raise web.HTTPBadRequest from None
        except CheckRefused as no:
            return await self._listed(request, who, in_both(no))
        return go(address(request, QUALITY, said="drawn"))

    # -- one interview ------------------------------------------------------------------------------------------------

    async def _file(self, request: web.Request, who: SignedIn) -> web.StreamResponse:
        return await self._shown(request, who)

    async def _shown(
        self,
        request: web.Request,
        who: SignedIn,
        *,
        fault: Both | None = None,
        typed: dict[str, str] | None = None,
        playing: tuple[int, str] | None = None,
    ) -> web.StreamResponse:
        ref = request.match_info["ref"]
        try:
            sheet = await checking.sheet(self._ground, self._centre, ref)
        except UnknownInterview as no:
            nowhere = {"why": in_both(no), "list": address(request, QUALITY), "home": address(request, HOME)}
            return page(request, "survey.web", "quality_nowhere.html", nowhere, 404)
        file, zone = sheet.file, ZoneInfo(sheet.file.tz)
        async with self._ground.pool.acquire() as conn:
            document = await self._ground.instruments.get(conn, file.questionnaire_id)
        values = {
            "file": file,
            "mode": words(MODES, file.mode),
            "purpose": words(PURPOSES, file.purpose),
            "began": file.opened_at.astimezone(zone),
            "lasted": _lasted(file.opened_at, file.ended_at),
            "findings": findings(file.findings),
            "answers": answers(sheet, document, zone),
            "rung": [(one, one.raised_at.astimezone(zone), _at(one.resolved_at, zone)) for one in sheet.rung],
            "said_before": verdicts(sheet, zone),
            "must_ring": sheet.must_ring,
            "may_ring": all(one.resolved_at is not None for one in sheet.rung),
            "may_hear": not who.contractor and who.may("recordings.hear", file.area_code),
            "recorded": bool(sheet.recordings),
            "playing": playing,
            "choices": VERDICTS,
            "reason": REASON,
            "fault": fault,
            "typed": {"verdict": "", "why": "", **(typed or {})},
            "said": request.query.get("said", ""),
            "longest": LONGEST,
            "list": address(request, QUALITY),
            "home": address(request, HOME),
            "form_token": self._gate.form_token(request),
            "form": lambda name: address(request, f"{QUALITY}/{ref}/{name}"),
        }
        return page(request, "survey.web", "quality_file.html", values, beyond=SOUND if playing else NOTHING)

    def _form(self, act: Act) -> Handler:
        """What was done leads on; what cannot be is said on this page, with what was typed."""

        async def handler(request: web.Request, who: SignedIn) -> web.StreamResponse:
            ref = request.match_info["ref"]
            try:
                return go(address(request, await act(request, who, ref)))
            except UnknownInterview:
                return await self._shown(request, who)
            except CheckRefused as no:
                typed = {name: str(value) for name, value in (await request.post()).items()}
                return await self._shown(request, who, fault=in_both(no), typed=typed)

        return self._gate.open_in(self._centre, "quality.check", handler)

    async def _judge(self, request: web.Request, who: SignedIn, ref: str) -> str:
        verdict, why = await _field(request, "verdict"), await _field(request, "why")
        await checking.judge(self._ground, self._centre, ref, verdict=verdict, why=why, by=who.name)
        return f"{await self._on()}?said=judged"

    async def _ring(self, request: web.Request, who: SignedIn, ref: str) -> str:
        await checking.ring(self._ground, self._centre, ref, by=who.name)
        return f"{QUALITY}?said=ring"

    async def _aside(self, request: web.Request, who: SignedIn, ref: str) -> str:
        await checking.set_aside(
            self._ground, self._centre, ref, why=await _field(request, "aside_why"), by=who.name
        )
        return f"{await self._on()}?said=aside"

    async def _on(self) -> str:
        """The first that can be judged now; the list where there is none."""
        async with self._ground.pool.acquire() as conn:
            found = await quality.waiting(conn, self._centre, MOST)
        ready = (one.ref for one in found if one.recorded or one.rung_at or not (one.ring or one.rung))
        return f"{QUALITY}/{ref}" if (ref := next(ready, None)) else QUALITY

    async def _hear(self, request: web.Request, who: SignedIn) -> web.StreamResponse:
        """The page with the sound in it; it stands at no address."""
        which, reason = await _field(request, "recording"), await _field(request, "reason")
        try:
            sheet = await checking.sheet(self._ground, self._centre, request.match_info["ref"])
            sid, place = _recording(sheet, which)
            heard = await recording_hearing.hear(self._ground, self._carrier, who.name, sid, reason)
        except UnknownInterview:
            return await self._shown(request, who)
        except (NoReasonToHear, RecordingGone) as no:
            return await self._shown(request, who, fault=in_both(no))
        except CarrierAway:
            return await self._shown(request, who, fault=AWAY)
        sound = f"data:{heard.media_type};base64,{b64encode(heard.sound).decode()}"
        return await self._shown(request, who, playing=(place, sound))


def _recording(sheet: Sheet, which: str) -> tuple[str, int]:
    """The carrier's id of a recording by its place on the page. Raises RecordingGone."""
    found = next((one for one in sheet.recordings if str(one.position) == which), None)
    if found is None:
        raise RecordingGone
    return found.sid, found.position


def _month(request: web.Request, today: date) -> Period:
    try:
        return period(request.query.get("month") or f"{today:%Y-%m}")
    except NoPeriod:
        return period(f"{today:%Y-%m}")


def _lasted(begun: datetime, over: datetime) -> tuple[int, int]:
    minutes, seconds = divmod(round((over - begun).total_seconds()), 60)
    return minutes, seconds


def _at(moment: datetime | None, zone: ZoneInfo) -> datetime | None:
    return moment.astimezone(zone) if moment is not None else None


async def _field(request: web.Request, name: str) -> str:
    return str((await request.post()).get(name, "")).strip()[:LONGEST]
